"""Random calls to write: few customers, days, ids and texts, so that they meet."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import attrs
import numpy as np
from hypothesis import strategies as st

from partnerhub.columns.leg_records import (
    MEDIA_VALUES,
    CallDays,
    LegRecords,
    MediaColumns,
)
from partnerhub.columns.legs import legs_of
from partnerhub.columns.queue_stats import ServiceKind, ServiceStats
from partnerhub.columns.unknown import Array
from partnerhub.domain.call_quality import CallQualityStats
from partnerhub.domain.calls import (
    CallLeg,
    CallType,
    Direction,
    EndpointType,
    Feature,
    UserKind,
)
from partnerhub.domain.days import DAY_MS, day_number
from partnerhub.domain.quality import MEASURES
from partnerhub.testing import worlds

_CALLS: Final = ("", "a@x", "b@x", "É")
_TEXTS: Final = ("", "Oslo", "Été \U0001f600", "O'Brien; --")
_TYPES: Final = (*CallType, "SIP_MOON", "été")
_SMALL: Final = st.none() | st.sampled_from((0, 1, 2**31 - 1))
_MEASURE: Final = st.none() | st.sampled_from((0.0, 20.0, 150.10000610351562, 1e9))
_COUNT: Final = st.sampled_from((-1, 0, 7, 2**53))
_WRITTEN: Final = st.sampled_from(
    ("NaT", "2026-11-08", "2026-11-09T10:00:00.001", "2026-11-09T10:00:00.002")
)


@attrs.frozen
class Told:
    """One record, before it is a row of columns."""

    leg: CallLeg
    report_id: str
    report_time: str
    call_id: str


@st.composite
def _legs(draw: st.DrawFn) -> CallLeg:
    day = draw(worlds.days())
    second = draw(st.sampled_from((0, 1, 86_399)))
    begun = dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(seconds=second)
    measures: dict[str, Any] = {name: draw(_MEASURE) for name in MEASURES}
    return CallLeg(
        organization=draw(worlds.uuids()),
        location=draw(st.sampled_from(_TEXTS)),
        user=draw(st.sampled_from(_TEXTS)),
        start=begun,
        duration_s=draw(_SMALL),
        answered=draw(st.none() | st.booleans()),
        direction=draw(st.sampled_from(Direction)),
        call_type=draw(st.sampled_from(_TYPES)),
        user_kind=draw(st.sampled_from(UserKind)),
        endpoint=draw(st.sampled_from(EndpointType)),
        features=draw(st.sampled_from((Feature.NONE, Feature.TRANSFER | Feature.PARK))),
        ipv6=draw(st.booleans()),
        audio=draw(st.none() | st.booleans()),
        video=draw(st.none() | st.booleans()),
        video_s=draw(_SMALL),
        **measures,
    )


def leg_records() -> st.SearchStrategy[LegRecords]:
    """A few call records, some of one id."""
    told = st.builds(
        Told,
        leg=_legs(),
        report_id=st.sampled_from(("r1", "r2", "R1", "ré")),
        report_time=_WRITTEN,
        call_id=st.sampled_from(_CALLS),
    )
    return st.lists(told, max_size=6).map(_records)


def _records(told: list[Told]) -> LegRecords:
    return LegRecords(
        legs=legs_of(each.leg for each in told),
        report_id=worlds.objects(each.report_id for each in told),
        report_time=np.array([each.report_time for each in told], "datetime64[ms]"),
        call_id=worlds.objects(each.call_id for each in told),
    )


@st.composite
def call_days(draw: st.DrawFn) -> CallDays:
    """Customers and days that a file covers."""
    pairs = draw(st.lists(st.tuples(worlds.uuids(), worlds.days()), max_size=3))
    return CallDays(
        organization=worlds.objects(who for who, _ in pairs),
        day=np.array([day for _, day in pairs], "datetime64[D]"),
    )


@st.composite
def media(draw: st.DrawFn) -> MediaColumns:
    """Media quality of a few calls."""
    keys = st.tuples(st.sampled_from(_CALLS[1:]), st.sampled_from((-1, 0, 1)))
    told = draw(st.lists(keys, max_size=4, unique=True))
    values: dict[str, Array] = {}
    for name, kind in MEDIA_VALUES.items():
        is_measure = name in MEASURES
        blank = np.nan if is_measure else -1
        cells = _MEASURE if is_measure else st.none() | st.sampled_from((0, 1))
        drawn = [draw(cells) for _ in told]
        values[name] = np.array(
            [blank if cell is None else cell for cell in drawn], kind
        )
    return MediaColumns(
        call_id=worlds.objects(call for call, _ in told),
        caller=np.array([caller for _, caller in told], np.int8),
        values=values,
    )


@st.composite
def service_stats(draw: st.DrawFn) -> ServiceStats:
    """Statistics of a few services over one range of days."""
    first, length = draw(worlds.days()), draw(st.integers(0, 2))
    texts = st.sampled_from(_TEXTS[1:])
    keys = st.tuples(worlds.uuids(), st.sampled_from(_TEXTS), texts)
    told = draw(st.lists(keys, min_size=1, max_size=3, unique=True))
    begin = np.datetime64(first.isoformat(), "D")
    means = st.none() | st.sampled_from((0.0, 0.1, 1e6))
    shares = [draw(means) for _ in told]
    return ServiceStats(
        organization=worlds.objects(who for who, _, _ in told),
        location=worlds.objects(place for _, place, _ in told),
        name=worlds.objects(name for _, _, name in told),
        first=np.full(len(told), begin),
        last=np.full(len(told), begin + length),
        values={
            "calls": np.array([draw(_COUNT) for _ in told], np.int64),
            "wait_s": np.array([draw(_COUNT) for _ in told], np.int64),
            "answered_pct": np.array(
                [np.nan if share is None else share for share in shares], np.float64
            ),
            "extension": worlds.objects(draw(st.sampled_from(_TEXTS)) for _ in told),
        },
    )


def service_kinds() -> st.SearchStrategy[ServiceKind]:
    """Any kind of service."""
    return st.sampled_from(ServiceKind)


def quality_stats() -> st.SearchStrategy[list[CallQualityStats]]:
    """The service's own statistics of a few customers."""
    begins = worlds.days().map(lambda day: day_number(day) * DAY_MS)
    each = begins.flatmap(
        lambda start: st.builds(
            CallQualityStats,
            customer=worlds.uuids(),
            start_ms=st.just(start),
            end_ms=st.just(start + DAY_MS),
            location=st.sampled_from(_TEXTS),
            calls=st.none() | st.sampled_from((0, 9)),
            good_calls=st.none() | st.just(3),
            audio_jitter_ms=st.none() | st.just(0.1),
        )
    )
    return st.lists(each, max_size=3)
