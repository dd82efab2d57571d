"""The engagement page over forty legs counted by hand."""

from __future__ import annotations

import numpy as np
import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.columns.legs import legs_of
from partnerhub.columns.queue_stats import ServiceStats
from partnerhub.columns.tiling import tiling_rows
from partnerhub.columns.usage import UsageColumns
from partnerhub.domain.engagement_policy import (
    AlertPolicy,
    EngagementPolicy,
    EngagementScope,
)
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.weeks import last_complete_week
from partnerhub.kpis.calling.alerts import customer_alerts, location_alerts, rise
from partnerhub.kpis.calling.engagement import Engagement
from partnerhub.kpis.calling.facts import (
    Source,
    facts_of_exports,
    facts_of_records,
    preferred,
)
from partnerhub.kpis.calling.queues import queue_analytics
from partnerhub.kpis.calling.tables import (
    customers_and_quality,
    customers_and_usage,
    feature_usage,
    quality_by_endpoint,
    quality_trend,
)
from tests.kpis.calling_legs import (
    ACME,
    BOLT,
    FORTY,
    GOOD,
    JITTER,
    LAST,
    MADE,
    NAMES,
    leg,
)
from tests.kpis.test_calling_usage_details import LEGS

AT = pendulum.date(2026, 11, 22)
PAGE = Engagement(at=AT)
WEEK = last_complete_week(AT)
CID = "cccccccc-0000-4000-8000-000000000003"
DEE = "dddddddd-0000-4000-8000-000000000004"


def facts(legs=FORTY, page=PAGE, **options):
    return facts_of_records(page.finish(page.summarize(legs_of(legs))), **options)


def test_customers_and_usage_by_hand():
    loaded = [(CID, WEEK)]
    table = customers_and_usage(
        facts(loaded=loaded), names=NAMES, population=(ACME, CID, DEE)
    )
    records = "call records"
    assert list(table.rows()) == [
        # Bolt fell from 4 legs to 3: declining customers come first.
        ("Bolt", BOLT, 2, 3, 3, 2, 4, -0.25, records),
        ("Acme", ACME, 14, 22, 19, 3, 2, 10.0, records),
        # Loaded and silent is 0; not loaded is blank.
        (CID, CID, 0, 0, 0, 0, None, None, records),
        (DEE, DEE, None, None, None, None, None, None, None),
    ]


def test_quality_trend_by_hand():
    table = quality_trend(facts())
    assert len(table) == 8
    assert table["week"][0] == np.datetime64("2026-09-27")
    assert table["rated"].tolist() == [-1] * 6 + [6, 7]
    assert table["poor"].tolist() == [-1] * 6 + [2, 2]
    assert list(table.rows())[-1][2:6] == (7, 5, 2, 2 / 7)
    # A week of which nothing is loaded is not one without a leg.
    assert next(table.rows())[2:6] == (None, None, None, None)
    assert table["customers_records"].tolist() == [0] * 6 + [2, 2]


def test_quality_by_endpoint_by_hand():
    assert list(quality_by_endpoint(facts()).rows()) == [
        ("Desk phone", 19, 5, 1, 0.2),
        ("Room device", 2, 1, 0, 0.0),
        ("Webex App (desktop)", 1, 1, 1, 1.0),
        ("Webex App (mobile)", 1, 0, None, None),
        ("Third-party device", 1, 0, None, None),
        ("Analog phone", 1, 0, None, None),
        ("SIP gateway", 0, 0, None, None),
        ("Unknown", 0, 0, None, None),
    ]


def test_customers_and_quality_by_hand():
    table = customers_and_quality(facts(), names=NAMES)
    assert [row[0:7] for row in table.rows()] == [
        ("Acme", ACME, 22, 6, 2, 2 / 6, 0.5),
        ("Bolt", BOLT, 3, 1, 0, 0.0, 0.25),
    ]


def test_feature_usage_by_hand():
    assert {row[0]: row[1:] for row in feature_usage(facts()).rows()} == {
        "Call queue": (2, 1),
        "Hunt group": (2, 1),
        "Auto attendant": (1, 1),
        "Call forwarding": (1, 1),
        "Call park": (0, 0),
        "Call pickup": (0, 0),
        "Call recording": (1, 1),
        "Barge-in": (0, 0),
        "Simultaneous or sequential ring": (0, 0),
        "Executive and assistant": (0, 0),
        "Call transfer": (1, 1),
    }


def test_the_scope_can_leave_endpoints_without_quality_out_of_everything():
    page = Engagement(
        at=AT, policy=EngagementPolicy(scope=EngagementScope(excluded_from="all"))
    )
    table = quality_by_endpoint(facts(page=page))
    # Third-party and analog are gone, and the desk phone that uses IPv6.
    assert table["legs"].tolist() == [18, 2, 1, 1, 0, 0, 0, 0]


def test_exports_fill_what_records_do_not_have():
    usage = UsageColumns(
        organization=np.array([ACME, CID, CID], object),
        location=np.array(["Oslo", "Oslo", "Rome"], object),
        first=np.full(3, np.datetime64("2026-11-15")),
        last=np.full(3, np.datetime64("2026-11-21")),
        counts={
            "total_calls": np.array([1, 10, 5]),
            "total_call_legs": np.array([1, 30, 10]),
            "total_poor_call_quality": np.array([1, 4, 0]),
            "call_minutes": np.array([1, 50, 9]),
            "call_legs_desk_phone": np.array([1, 20, 2]),
        },
    )
    both = preferred(facts(), facts_of_exports(usage, PAGE.weeks))
    sources = dict(zip(both.organization, both.source[:, -1], strict=True))
    assert sources == {ACME: Source.RECORDS, BOLT: Source.RECORDS, CID: Source.EXPORTS}
    table = customers_and_usage(both, names=NAMES)
    assert list(table.rows())[-1] == (
        *(CID, CID, 15, 40, 59, None, None, None),
        "usage details exports",
    )
    assert quality_trend(both)["poor"][-1] == 2 + 4
    assert quality_trend(both)["customers_exports"][-1] == 1
    endpoints = quality_by_endpoint(both)
    assert endpoints["legs"][0] == 19 + 22
    assert endpoints["rated"][0] == 5
    only = facts_of_exports(usage, PAGE.weeks)
    assert quality_trend(only)["rated"].tolist() == [-1] * 7 + [41]
    # What exports do not tell is blank, and not 0.
    assert [row[1:] for row in quality_by_endpoint(only).rows()] == [
        (23, None, None, None),
        *[(None, None, None, None)] * 7,
    ]
    assert {row[1:] for row in feature_usage(only).rows()} == {(None, None)}


def test_of_no_data_everything_is_blank():
    nothing = facts_of_records(PAGE.finish(PAGE.summarize(legs_of([]))))
    assert {row[2:6] for row in quality_trend(nothing).rows()} == {(None,) * 4}
    assert {row[1:] for row in quality_by_endpoint(nothing).rows()} == {(None,) * 4}
    assert {row[1:] for row in feature_usage(nothing).rows()} == {(None,) * 2}


@given(legs=LEGS, cut=st.integers(0, 30))
def test_any_split_gives_the_same_page(legs, cut):
    parts = [PAGE.summarize(legs_of(part)) for part in (legs[cut:], legs[:cut])]
    whole, merged = PAGE.summarize(legs_of(legs)), parts[0] + parts[1]
    left, right = (
        facts_of_records(PAGE.finish(partial)) for partial in (whole, merged)
    )
    assert left.organization.tolist() == right.organization.tolist()
    for make in (customers_and_usage, customers_and_quality):
        assert make(left, names=NAMES) == make(right, names=NAMES)
    for make in (quality_trend, quality_by_endpoint, feature_usage):
        assert make(left) == make(right)


# --- call queues ----------------------------------------------------------------------


def stats(*told, **values) -> ServiceStats:
    who, place, name = zip(*told, strict=True)
    size = len(told)
    return ServiceStats(
        organization=np.array(who, object),
        location=np.array(place, object),
        name=np.array(name, object),
        first=np.full(size, np.datetime64(WEEK[0], "D")),
        last=np.full(size, np.datetime64(WEEK[1], "D")),
        values={key: np.array(column, np.int64) for key, column in values.items()},
    )


def test_queue_kpis_are_weighted_by_calls():
    found = queue_analytics(
        stats(
            (ACME, "Oslo", "Sales"),
            (ACME, "Rome", "Help"),
            (BOLT, "Oslo", "Sales"),
            calls=[100, 10, 0],
            answered=[80, 5, 0],
            abandoned=[10, 5, 0],
            wait_s=[900, 95, 0],
            abandoned_wait_s=[300, 45, 0],
        ),
        WEEK,
        names=NAMES,
    )
    assert found.calls == 110
    assert found.answer_s == 995 / 95  # an agent or another queue took 90 + 5 calls
    assert found.abandoned_wait_s == 345 / 15
    assert found.abandoned_ratio == 15 / 110
    assert [row[0] for row in found.customers.rows()] == ["Acme", "Bolt"]
    assert found.customers["queues"].tolist() == [2, 1]
    assert np.isnan(found.customers["abandoned_ratio"][1])
    assert found.queues_of(ACME)["abandoned_ratio"].tolist() == [0.1, 0.5]
    assert found.customers["overflowed"].tolist() == [-1, -1]


def test_without_queue_statistics_nothing_is_said():
    empty = stats((ACME, "Oslo", "Sales"), calls=[1]).take(np.array([], np.int64))
    found = queue_analytics(empty, WEEK, names=NAMES)
    assert (found.calls, found.abandoned_ratio, len(found.customers)) == (None, None, 0)


# --- alerts -----------------------------------------------------------------------------


def many(who: str, good: int, poor: int, weeks_ago: int = 0):
    start = LAST - pendulum.duration(weeks=weeks_ago)
    return [leg(who, "Oslo", "ann", MADE, **GOOD, start=start)] * good + [
        leg(who, "Oslo", "ann", MADE, **JITTER, start=start)
    ] * poor


def test_alerts_name_who_got_worse_beyond_chance():
    legs = [
        *many(ACME, 70, 30),
        *many(ACME, 90, 10, weeks_ago=1),
        # As before; and too little to say.
        *many(BOLT, 90, 10),
        *many(BOLT, 90, 10, weeks_ago=8),
        *many(CID, 0, 20),
        *many(CID, 100, 0, weeks_ago=1),
    ]
    counts = PAGE.finish(PAGE.summarize(legs_of(legs)))
    table = customer_alerts(facts(legs), names=NAMES)
    assert [row[:6] for row in table.rows()] == [("Acme", ACME, 100, 30, 0.3, 0.1)]
    assert table["z"][0] == pytest.approx(3.5355, abs=1e-4)
    assert location_alerts(counts, names=NAMES)["location"].tolist() == ["Oslo"]
    strict = AlertPolicy(minimum_rise=0.25)
    assert len(customer_alerts(facts(legs), names=NAMES, policy=strict)) == 0


def test_shares_that_are_both_nothing_do_not_rise():
    nothing, many_legs = np.array([0]), np.array([100])
    assert rise(nothing, many_legs, nothing, many_legs).tolist() == [0.0]
    assert np.isnan(rise(nothing, nothing, nothing, many_legs)).tolist() == [True]


@pytest.mark.parametrize(
    ("policy", "options"),
    [
        (AlertPolicy, {"significance": 0}),
        (AlertPolicy, {"minimum_rated": 0}),
        (EngagementPolicy, {"trend_weeks": 0}),
        (EngagementScope, {"excluded_from": "nothing"}),
    ],
)
def test_policies_refuse_nonsense(policy, options):
    with pytest.raises(InvalidValue):
        policy(**options)


# --- ranges that tile -------------------------------------------------------------------


@given(
    ranges=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=8),
)
def test_chosen_ranges_cover_each_day_once_or_none_is_chosen(ranges):
    start = np.datetime64("2026-11-15")
    first = start + np.array([low for low, _ in ranges], "m8[D]")
    last = start + np.array([high for _, high in ranges], "m8[D]")
    rows = tiling_rows(
        np.array(["a"] * len(ranges), object), first, last, start=WEEK[0], end=WEEK[1]
    )
    days = [
        day
        for low, high in {ranges[row] for row in rows.tolist()}
        for day in range(low, high + 1)
    ]
    assert sorted(days) in ([], list(range(7)))
