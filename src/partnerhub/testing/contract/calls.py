"""Call records: settled once, joined with their quality, read in chunks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from partnerhub.columns.leg_records import (
    MEDIA_VALUES,
    CallDays,
    LegRecords,
    MediaColumns,
)
from partnerhub.columns.legs import legs_of
from partnerhub.columns.queue_stats import ServiceKind
from partnerhub.domain.calls import CallLeg, Direction
from partnerhub.domain.quality import MEASURES
from partnerhub.ports import (
    EVERYTHING,
    LegsPut,
    MediaPut,
    OrganizationFacts,
    Scope,
    Store,
    Writer,
)
from partnerhub.testing import worlds
from partnerhub.testing.comparing import call_rows
from partnerhub.testing.contract.base import ContractBase
from partnerhub.testing.everything import (
    DAY,
    days_of,
    leg_of,
    quality_of,
    stats_of,
    usage_of,
)

_A, _B, _ = worlds.CUSTOMERS_KNOWN
_FIRST, _LAST = dt.date(2026, 11, 1), dt.date(2026, 11, 30)
_NOON = dt.datetime(2026, 11, 10, 12, tzinfo=dt.UTC)


def _leg(**told: Any) -> CallLeg:
    known: dict[str, Any] = {"organization": _A, "start": _NOON}
    return CallLeg(**known | told)


def _records(*legs: CallLeg, written: int = 1, **texts: list[str]) -> LegRecords:
    ids = [f"r{number}" for number in range(len(legs))]
    time = np.datetime64("2026-11-20", "ms") + np.timedelta64(written, "m")
    return LegRecords(
        legs=legs_of(legs),
        report_id=worlds.objects(texts.get("report_id", ids)),
        report_time=np.full(len(legs), time, "datetime64[ms]"),
        call_id=worlds.objects(texts.get("call_id", [""] * len(legs))),
    )


def _put(store: Store, *parts: LegRecords) -> list[LegsPut]:
    with store.writing() as writer:
        writer.put_organizations(
            OrganizationFacts(id=uuid, day=_FIRST, region=region)
            for uuid, region in ((_A, "US"), (_B, "EU"))
        )
        return [writer.put_legs(part) for part in parts]


def _media(*told: tuple[str, int, float]) -> MediaColumns:
    size = len(told)
    values: dict[str, Any] = {
        name: np.full(size, np.nan, np.float32) for name in MEASURES
    }
    values |= {
        "audio": np.ones(size, np.int8),
        "video": np.zeros(size, np.int8),
        "video_s": np.full(size, -1, np.int32),
        "audio_jitter_ms": np.array([jitter for _, _, jitter in told], np.float32),
    }
    return MediaColumns(
        call_id=worlds.objects(call for call, _, _ in told),
        caller=np.array([caller for _, caller, _ in told], np.int8),
        values={name: values[name] for name in MEDIA_VALUES},
    )


def _shown(store: Store, key: str, scope: Scope = EVERYTHING) -> list[Any]:
    return [row[key] for row in call_rows(store, _FIRST, _LAST, scope)]


_TELLING: dict[str, Callable[[Writer, str], Any]] = {
    "usage": lambda writer, who: writer.put_usage(usage_of(who)),
    "legs": lambda writer, who: writer.put_legs(leg_of(who)),
    "days": lambda writer, who: writer.put_call_days(days_of(who)),
    "statistics": lambda writer, who: writer.put_service_stats(
        ServiceKind.CALL_QUEUE, stats_of(who)
    ),
    "quality": lambda writer, who: writer.put_quality_stats([quality_of(who)]),
}
"""What tells of calls of a customer on a day."""


class CallsContract(ContractBase):
    """What the service tells of calls is kept, each record once."""

    def test_a_store_without_calls_says_so(self, store: Store) -> None:
        """Asking is no error."""
        assert list(store.legs(_FIRST, _LAST)) == []
        assert len(store.call_days(_FIRST, _LAST)) == 0
        assert len(store.usage_within(_FIRST, _LAST)) == 0
        assert store.quality_stats(_FIRST, _LAST) == ()
        for kind in ServiceKind:
            assert len(store.service_stats(kind, _FIRST, _LAST)) == 0

    def test_a_record_is_kept_once(self, store: Store) -> None:
        """Put again it is unchanged; of two written at once the first counts."""
        first, other = _leg(duration_s=5), _leg(duration_s=6)
        told = _records(first, other, report_id=["r", "r"])
        assert _put(store, told, _records(other, report_id=["r"])) == [
            LegsPut(taken=1, unchanged=1),
            LegsPut(taken=0, unchanged=1),
        ]
        assert _shown(store, "duration_s") == [5]

    def test_the_newest_report_of_an_id_counts(self, store: Store) -> None:
        """Whole, in whatever order they come, and one without a time is the oldest."""
        put = [_records(_leg(duration_s=n, location=str(n)), written=n) for n in (2, 1)]
        assert [each.taken for each in _put(store, *put)] == [1, 0]
        assert _shown(store, "location") == ["2"]
        assert _put(store, _records(_leg(), written=3))[0].taken == 1
        assert (_shown(store, "location"), _shown(store, "duration_s")) == ([""], [-1])
        untimed = _records(_leg(duration_s=9))
        untimed.report_time[:] = np.datetime64("NaT")
        assert _put(store, untimed)[0].taken == 0

    def test_ids_are_told_apart_by_customer_and_day(self, store: Store) -> None:
        """Two customers may have a record of one id."""
        other = _leg(organization=_B)
        later = _leg(start=_NOON + dt.timedelta(1))
        put = _put(store, _records(_leg()), _records(other), _records(later))
        assert [each.taken for each in put] == [1, 1, 1]
        assert _shown(store, "organization") == [_A, _A, _B]

    def test_a_range_of_days_is_read_to_the_second(self, store: Store) -> None:
        """By the start of the call, first and last day included."""
        starts = [
            dt.datetime(2026, 11, 9, 23, 59, 59, tzinfo=dt.UTC),
            dt.datetime(2026, 11, 10, tzinfo=dt.UTC),
            dt.datetime(2026, 11, 10, 23, 59, 59, tzinfo=dt.UTC),
            dt.datetime(2026, 11, 11, tzinfo=dt.UTC),
        ]
        _put(store, _records(*(_leg(start=start) for start in starts)))
        day = dt.date(2026, 11, 10)
        assert sum(map(len, store.legs(day, day))) == 2
        next_day = day + dt.timedelta(1)
        assert sum(map(len, store.legs(day, next_day))) == 3
        assert sum(map(len, store.legs(day - dt.timedelta(1), day))) == 3
        assert sum(map(len, store.legs(_FIRST, _LAST))) == 4

    def test_days_with_a_record_are_loaded_and_so_are_those_told(
        self, store: Store
    ) -> None:
        """Each once, in order of customer and day; first and last day included."""
        _put(store, _records(_leg()))
        told = ((_B, 9), (_A, 12), (_B, 12), (_A, 12), (_B, 10), (_A, 9))
        days = np.array([f"2026-11-{day:02}" for _, day in told], "datetime64[D]")
        with store.writing() as writer:
            writer.put_call_days(
                CallDays(organization=worlds.objects(who for who, _ in told), day=days)
            )

        def shown(first: int, last: int) -> list[tuple[str, int]]:
            begin, end = (dt.date(2026, 11, day) for day in (first, last))
            found = store.call_days(begin, end)
            listed = zip(found.organization.tolist(), found.day.tolist(), strict=True)
            return [(who, day.day) for who, day in listed]

        expected = [(_A, 9), (_A, 10), (_A, 12), (_B, 9), (_B, 10), (_B, 12)]
        assert shown(1, 30) == shown(9, 12) == expected
        assert shown(10, 11) == [(_A, 10), (_B, 10)]

    @pytest.mark.parametrize("told", _TELLING)
    def test_calls_tell_of_their_customer(self, store: Store, told: str) -> None:
        """Who is known from that day on, whether nobody knew him or only later."""
        with store.writing() as writer:
            writer.put_organizations([OrganizationFacts(id=_B, day=_LAST)])
            for who in (_A, _B):
                _TELLING[told](writer, who)
        counts = [store.count(day) for day in (DAY - dt.timedelta(1), DAY, _LAST)]
        assert counts == [0, 2, 2]

    @pytest.mark.parametrize("first", ["records", "media"])
    def test_quality_joins_the_legs_of_its_call_and_side(
        self, store: Store, first: str
    ) -> None:
        """In whatever order they come; what is told of one side comes first."""
        made, taken = Direction.ORIGINATING, Direction.TERMINATING
        records = _records(
            _leg(direction=made, location="1"),
            _leg(direction=taken, location="2"),
            _leg(direction=taken, location="3"),
            _leg(location="4"),
            call_id=["a", "a", "b", ""],
        )
        media = _media(("a", 1, 10.0), ("a", -1, 20.0), ("b", 0, 30.0), ("c", 1, 1.0))
        if first == "records":
            _put(store, records)
        with store.writing() as writer:
            put = writer.put_media([media], region="US")
        waiting = 1 if first == "records" else 3
        assert put == MediaPut(taken=4, unchanged=0, waiting=waiting)
        if first == "media":
            _put(store, records)
        assert _shown(store, "audio_jitter_ms") == [10.0, 20.0, 30.0, None]
        assert _shown(store, "audio") == [1, 1, 1, -1]
        with store.writing() as writer:
            put = writer.put_media([media], region="US")
        assert put == MediaPut(taken=0, unchanged=4, waiting=0)

    def test_the_quality_that_was_told_last_counts(self, store: Store) -> None:
        """Of a file in parts too."""
        _put(store, _records(_leg(), _leg(), call_id=["a", "b"]))
        for told in ((("a", 1.0), ("b", 2.0)), (("a", 3.0), ("b", 4.0))):
            parts = [_media((call, -1, jitter)) for call, jitter in told]
            with store.writing() as writer:
                put = writer.put_media(parts, region="US")
            assert put == MediaPut(taken=2, unchanged=0, waiting=0)
            assert _shown(store, "audio_jitter_ms") == [jitter for _, jitter in told]

    def test_a_corrected_record_keeps_the_quality_of_its_call(
        self, store: Store
    ) -> None:
        """Which comes from another file than the record."""
        _put(store, _records(_leg(), call_id=["a"]))
        with store.writing() as writer:
            writer.put_media([_media(("a", -1, 7.0))], region="US")
        _put(store, _records(_leg(duration_s=3), written=2, call_id=["a"]))
        assert _shown(store, "audio_jitter_ms") == [7.0]
        assert _shown(store, "duration_s") == [3]

    def test_what_is_read_stays_one_state(self, store: Store) -> None:
        """While somebody writes; and whoever reads may stop, or read something else."""
        _put(store, _records(_leg()))
        chunks = store.legs(_FIRST, _LAST)
        seen = len(next(chunks))
        assert len(store.call_days(_FIRST, _LAST)) == 1
        store.profile(_A)
        assert seen + sum(map(len, chunks)) == 1
        half = store.legs(_FIRST, _LAST)
        next(half)
        del half
        _put(store, _records(_leg(organization=_B)))
        assert sum(map(len, store.legs(_FIRST, _LAST))) == 2
