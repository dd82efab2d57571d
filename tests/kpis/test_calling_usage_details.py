"""The 33 columns of Calling Usage Details over forty legs counted by hand."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.columns.legs import joined, legs_of
from partnerhub.columns.queue_stats import ServiceStats
from partnerhub.columns.usage import UsageColumns
from partnerhub.domain.calls import (
    CallLeg,
    CallType,
    Direction,
    EndpointType,
    Feature,
    UserKind,
)
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.layouts import CALLING_USAGE_DETAILS
from partnerhub.domain.quality import MEASURES, QualityThresholds, is_poor_quality
from partnerhub.kpis.calling.facts import Source
from partnerhub.kpis.calling.usage_cells import (
    ENDPOINT_COLUMNS,
    ROUTED_COLUMNS,
    TYPE_COLUMNS,
)
from partnerhub.kpis.calling.usage_details import UsageDetails
from partnerhub.kpis.calling.usage_sources import range_usage
from tests.kpis.calling_legs import ACME, BOLT, FORTY

WEEK = UsageDetails(first="2026-11-15", last="2026-11-21")


def report(legs, details=WEEK) -> dict[tuple[str, str], dict[str, int]]:
    usage = details.finish(details.summarize(legs_of(legs)))
    return rows(usage)


def rows(usage: UsageColumns) -> dict[tuple[str, str], dict[str, int]]:
    return {
        (who, place): {key: int(column[at]) for key, column in usage.counts.items()}
        for at, (who, place) in enumerate(
            zip(usage.organization.tolist(), usage.location.tolist(), strict=True)
        )
    }


OSLO = {
    # Ann makes 14 (two internal, ten to the outside, two without a column); Bob takes 7.
    "total_calls": 14,
    "total_call_legs": 21,
    # Jitter once, video loss once; those on endpoints without quality data never.
    "total_poor_call_quality": 2,
    # 18 legs of 60 s, two of 29, one of 0: 1138 s, 18.97 minutes.
    "call_minutes": 19,
    # 60 + 90 s, 2.5 minutes, half up.
    "call_minutes_video": 3,
    "call_legs_audio": 9,
    "call_legs_video": 2,
    "call_legs_desk_phone": 15,
    "call_legs_room_device": 2,
    "call_legs_other_devices": 1,
    "calls_hunt_group": 1,
    "calls_auto_attendant": 1,
    "call_queue_total_calls": 2,
    "total_internal_calls": 2,
    "total_toll_free_calls": 1,
    "total_premium_calls": 1,
    "total_integrated_audio_calls": 1,
    "total_national_calls": 1,
    "total_inbound_calls": 5,
    "total_operator_calls": 1,
    "total_short_code_calls": 1,
    "total_international_calls": 1,
    "total_mobile_calls": 1,
    "total_emergency_calls": 1,
    "total_unknown_calls": 1,
}
NONE = dict.fromkeys(OSLO, 0)
UNMEASURED = {
    "total_poor_call_quality": -1,
    "call_minutes_video": -1,
    "call_legs_audio": -1,
    "call_legs_video": -1,
}
EXPECTED = {
    (ACME, "Oslo"): OSLO,
    (ACME, "Rome"): NONE | UNMEASURED | {"calls_hunt_group": 1},
    (ACME, ""): NONE
    | UNMEASURED
    | {
        "total_call_legs": 1,
        "call_minutes": -1,
        "call_legs_desk_phone": 1,
        "total_national_calls": 1,
    },
    (BOLT, "Oslo"): NONE
    | {
        "total_calls": 2,
        "total_call_legs": 3,
        "call_minutes": 3,
        "call_legs_audio": 1,
        "call_legs_desk_phone": 3,
        "total_national_calls": 2,
        "total_inbound_calls": 1,
    },
}


def test_forty_legs_by_hand():
    assert report(FORTY) == EXPECTED


def test_every_column_of_the_report_is_counted_or_named_as_not_told():
    told = {"customer_name", "org_id", "location", *OSLO}
    assert set(CALLING_USAGE_DETAILS.keys) - told == {
        "call_queue_timed_out_calls",
        "call_queue_overflowed_calls",
        "call_queue_transferred_calls",
        "call_queue_abandoned_calls",
        "total_spark_calls",
    }
    assert len(CALLING_USAGE_DETAILS.keys) == 33


def test_types_without_a_column_are_named():
    assert WEEK.summarize(legs_of(FORTY)).types == {"SIP_URI": 1, "SIP_MOON": 1}


def test_bounds_can_be_inclusive_and_measures_be_required_together():
    inclusive = QualityThresholds(inclusive=True)
    details = UsageDetails(first=WEEK.first, last=WEEK.last, thresholds=inclusive)
    assert report(FORTY, details)[ACME, "Oslo"]["total_poor_call_quality"] == 3
    together = UsageDetails(
        first=WEEK.first,
        last=WEEK.last,
        thresholds=QualityThresholds(combine="all", inclusive=True),
    )
    assert report(FORTY, together)[ACME, "Oslo"]["total_poor_call_quality"] == 1


def test_a_range_cannot_end_before_it_starts():
    with pytest.raises(InvalidValue, match="ends before it starts"):
        UsageDetails(first="2026-11-22", last="2026-11-21")


# --- a naive loop says the same -------------------------------------------------------

MAYBE_FLAG = st.none() | st.booleans()


def measures(bound: float):
    return st.none() | st.sampled_from((0.0, bound, bound * 2))


BOUNDS = {"jitter_ms": 150.0, "latency_ms": 400.0, "loss_pct": 5.0}
LEGS = st.lists(
    st.builds(
        CallLeg,
        organization=st.sampled_from((ACME, BOLT)),
        location=st.sampled_from(("", "Oslo", "Rome")),
        user=st.sampled_from(("", "ann", "bob")),
        start=st.sampled_from(
            [dt.datetime(2026, 11, day, 12, tzinfo=dt.UTC) for day in range(7, 24)]
        ),
        duration_s=st.none() | st.integers(0, 2**31 - 1),
        direction=st.sampled_from(Direction),
        call_type=st.sampled_from([*CallType, "SIP_MOON", "SIP_MARS", ""]),
        user_kind=st.sampled_from([*UserKind, *[UserKind.USER] * 5]),
        endpoint=st.sampled_from(EndpointType),
        features=st.sampled_from([Feature.NONE, *Feature]),
        ipv6=st.booleans(),
        audio=MAYBE_FLAG,
        video=MAYBE_FLAG,
        video_s=st.none() | st.integers(0, 100),
        **{name: measures(BOUNDS[name.partition("_")[2]]) for name in MEASURES},
    ),
    max_size=30,
)


def naive(legs: list[CallLeg]) -> dict[tuple[str, str], dict[str, int]]:
    """The report as its rules read, one place at a time."""
    inside = [leg for leg in legs if WEEK.first <= leg.start.date() <= WEEK.last]
    found = {}
    for place in {(leg.organization, leg.location) for leg in inside}:
        here = [leg for leg in inside if (leg.organization, leg.location) == place]
        users = [leg for leg in here if leg.user_kind is UserKind.USER]
        calls = [leg for leg in users if leg.direction is Direction.ORIGINATING]
        ratings = [is_poor_quality(leg) for leg in users]
        seconds = [leg.duration_s for leg in users if leg.duration_s is not None]
        video_s = [leg.video_s for leg in users if leg.video_s is not None]
        has_media = any(leg.audio is not None or leg.video is not None for leg in users)
        row = {
            "total_calls": len(calls),
            "total_call_legs": len(users),
            "total_poor_call_quality": -1
            if all(poor is None for poor in ratings)
            else sum(poor is True for poor in ratings),
            "call_minutes": -1
            if users and not seconds
            else int(sum(seconds) / 60 + 0.5),
            "call_minutes_video": int(sum(video_s) / 60 + 0.5) if video_s else -1,
            "call_legs_audio": sum(leg.audio is True for leg in users)
            if has_media
            else -1,
            "call_legs_video": sum(leg.video is True for leg in users)
            if has_media
            else -1,
        }
        for endpoint, key in ENDPOINT_COLUMNS.items():
            row[key] = sum(leg.endpoint is endpoint for leg in users)
        for kind, key in ROUTED_COLUMNS.items():
            row[key] = sum(
                leg.user_kind is kind and leg.direction is Direction.TERMINATING
                for leg in here
            )
        for call_type, key in TYPE_COLUMNS.items():
            counted = calls if call_type is CallType.INTERNAL else users
            row[key] = sum((leg.call_type or "UNKNOWN") == call_type for leg in counted)
        found[place] = row
    return found


@given(legs=LEGS)
def test_a_naive_loop_agrees(legs):
    assert report(legs) == naive(legs)


@given(legs=LEGS, cuts=st.lists(st.integers(0, 30), max_size=5), data=st.data())
def test_any_split_order_and_grouping_gives_the_same(legs, cuts, data):
    whole = WEEK.summarize(legs_of(legs))
    bounds = [0, *sorted(min(cut, len(legs)) for cut in cuts), len(legs)]
    parts = [
        WEEK.summarize(legs_of(legs[low:high]))
        for low, high in itertools.pairwise(bounds)
    ]
    while len(parts) > 1:  # in any order, in any grouping
        one = parts.pop(data.draw(st.integers(0, len(parts) - 1)))
        other = parts.pop(data.draw(st.integers(0, len(parts) - 1)))
        parts.append(one + other)
    assert rows(WEEK.finish(parts[0])) == rows(WEEK.finish(whole))
    assert parts[0].types == whole.types


@given(left=LEGS, right=LEGS)
def test_joined_columns_are_those_of_all_legs(left, right):
    both = joined([legs_of(left), legs_of(right)])
    assert rows(WEEK.finish(WEEK.summarize(both))) == report([*left, *right])


def test_blocks_and_threads_change_nothing(monkeypatch):
    monkeypatch.setattr("partnerhub.columns.aggregates.BLOCK", 3)
    assert report(FORTY) == EXPECTED


# --- two sources, one result ----------------------------------------------------------


def exported(*told: tuple[str, str, str, str, int]) -> UsageColumns:
    who, place, first, last, legs = zip(*told, strict=True) if told else [()] * 5
    return UsageColumns(
        organization=np.array(who, object),
        location=np.array(place, object),
        first=np.array(first, "datetime64[D]"),
        last=np.array(last, "datetime64[D]"),
        counts={"total_call_legs": np.array(legs, np.int64)},
    )


def test_records_come_before_exports_and_are_never_added():
    records = WEEK.finish(WEEK.summarize(legs_of(FORTY)))
    cid = "cccccccc-0000-4000-8000-000000000003"
    dee = "dddddddd-0000-4000-8000-000000000004"
    exports = exported(
        (ACME, "Oslo", "2026-11-15", "2026-11-21", 999),
        # Two files tile the week; a third one overlaps and is not needed.
        (cid, "Oslo", "2026-11-15", "2026-11-18", 3),
        (cid, "Oslo", "2026-11-19", "2026-11-21", 4),
        (cid, "Rome", "2026-11-19", "2026-11-21", 5),
        (cid, "Oslo", "2026-11-16", "2026-11-20", 100),
        # A gap: never prorated.
        (dee, "Oslo", "2026-11-15", "2026-11-20", 9),
    )
    found = range_usage(WEEK.first, WEEK.last, records=records, exports=exports)
    legs = {pair: row["total_call_legs"] for pair, row in rows(found.usage).items()}
    assert legs[ACME, "Oslo"] == 21
    assert legs[cid, "Oslo"] == 7
    assert legs[cid, "Rome"] == 5
    assert not any(who == dee for who, _ in legs)
    assert found.source == {
        ACME: Source.RECORDS,
        BOLT: Source.RECORDS,
        cid: Source.EXPORTS,
    }
    assert found.left_out == (dee,)
    assert found.notes[-1].startswith("1 customers left out")
    assert rows(found.usage)[cid, "Oslo"]["total_calls"] == -1


def test_queue_statistics_fill_what_records_do_not_tell():
    records = WEEK.finish(WEEK.summarize(legs_of(FORTY)))
    counts = {"calls": 10, "answered": 6, "abandoned": 2, "overflowed": 1}
    stats = ServiceStats(
        organization=np.array([ACME], object),
        location=np.array(["Oslo"], object),
        name=np.array(["Sales"], object),
        first=np.array(["2026-11-15"], "datetime64[D]"),
        last=np.array(["2026-11-21"], "datetime64[D]"),
        values={key: np.array([value]) for key, value in counts.items()},
    )
    found = rows(
        range_usage(
            WEEK.first, WEEK.last, records=records, exports=exported(), queues=stats
        ).usage
    )
    assert found[ACME, "Oslo"]["call_queue_abandoned_calls"] == 2
    assert found[ACME, "Oslo"]["call_queue_overflowed_calls"] == 1
    assert found[ACME, "Oslo"]["call_queue_timed_out_calls"] == -1
    assert found[ACME, "Rome"]["call_queue_abandoned_calls"] == 0
    assert found[BOLT, "Oslo"]["call_queue_abandoned_calls"] == -1
