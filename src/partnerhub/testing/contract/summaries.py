"""Sums of calls: usage, statistics of services, and the service's own."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import attrs
import numpy as np

from partnerhub.columns.queue_stats import ServiceKind, ServiceStats
from partnerhub.columns.usage import USAGE_COUNTS, UsageColumns
from partnerhub.domain.call_quality import CallQualityStats
from partnerhub.domain.days import DAY_MS
from partnerhub.ports import OrganizationFacts, Store
from partnerhub.testing import worlds
from partnerhub.testing.comparing import plain
from partnerhub.testing.contract.base import ContractBase
from partnerhub.testing.everything import DAY, facts, quality_of, stats_of, usage_of

_A, _B, _ = worlds.CUSTOMERS_KNOWN
_ON: Final = [dt.date(2026, 11, day) for day in range(1, 31)]
_FIRST, _LAST = _ON[0], _ON[-1]
_QUEUE = ServiceKind.CALL_QUEUE

_RANGES: Final = ((3, 5), (4, 4), (4, 5), (4, 7), (6, 6), (2, 9))
"""First and last day of rows that lie within one another, touch, or overlap."""

_WITHIN: Final = {
    (4, 5): [(4, 4), (4, 5)],
    (3, 5): [(3, 5), (4, 4), (4, 5)],
    (4, 6): [(4, 4), (4, 5), (6, 6)],
    (5, 5): [],
    (2, 9): sorted(_RANGES),
}
"""First and last day asked for -> the ranges that lie within them."""


def _between(told: Any, first: int, last: int) -> Any:
    """The same row of another range of days."""
    days = {"first": _ON[first], "last": _ON[last]}
    return attrs.evolve(
        told, **{key: np.array([day], "datetime64[D]") for key, day in days.items()}
    )


def _ranges(found: UsageColumns | ServiceStats) -> list[tuple[int, int]]:
    """The ranges of days of rows, in their order."""
    pairs = zip(found.first.tolist(), found.last.tolist(), strict=True)
    return [(first.day - 1, last.day - 1) for first, last in pairs]


class SummariesContract(ContractBase):
    """What others have summed up is kept as they told it last."""

    def test_usage_is_kept_by_customer_location_and_days(self, store: Store) -> None:
        """The same days again replace it, other days are other rows."""
        assert _put_usage(store, 2, {("", 1): 5, ("HQ", 1): -1}) == [True, True]
        assert _put_usage(store, 2, {("", 1): 6, ("HQ", 1): -1}) == [True, False]
        assert _put_usage(store, 3, {("HQ", 1): 7}) == [True]
        found = store.usage(_ON[1], _ON[2])
        assert found.location.tolist() == ["", "HQ"]
        assert found.counts[USAGE_COUNTS[0]].tolist() == [6, -1]
        assert set(found.counts) == set(USAGE_COUNTS)
        assert store.usage(_ON[1], _ON[3]).location.tolist() == ["HQ"]
        assert len(store.usage(_ON[1], _ON[4])) == 0

    def test_usage_is_found_by_its_days_or_within_some(self, store: Store) -> None:
        """Of exactly these days, or of any range inside; what overlaps is no part."""
        with store.writing() as writer:
            for first, last in _RANGES:
                writer.put_usage(_between(usage_of(_A), first, last))
        for first, last in _WITHIN:
            exact = [(first, last)] if (first, last) in _RANGES else []
            assert _ranges(store.usage(_ON[first], _ON[last])) == exact
            found = store.usage_within(_ON[first], _ON[last])
            assert _ranges(found) == _WITHIN[first, last]

    def test_usage_is_replaced_whole(self, store: Store) -> None:
        """What a file tells no more is not known any more."""
        both = {name: np.array([5]) for name in USAGE_COUNTS[:2]}
        with store.writing() as writer:
            for counts in (both, {USAGE_COUNTS[0]: np.array([5])}):
                told = attrs.evolve(usage_of(_A), counts=counts)
                assert writer.put_usage(told).tolist() == [True]
        found = store.usage(DAY, DAY)
        assert [found.counts[name].tolist() for name in USAGE_COUNTS[:2]] == [[5], [-1]]

    def test_usage_is_in_order_of_customer_location_and_days(
        self, store: Store
    ) -> None:
        """In whatever order it was written."""
        keys = [
            (w, p, d) for w in (_A, _B) for p in ("", "HQ") for d in ((2, 2), (2, 4))
        ]
        with store.writing() as writer:
            writer.put_organizations([facts(_B), facts(_A)])
            for who, place, days in reversed(keys):
                writer.put_usage(_between(usage_of(who, place), *days))
        found = store.usage_within(_FIRST, _LAST)
        texts = zip(found.organization.tolist(), found.location.tolist(), strict=True)
        shown = zip(texts, _ranges(found), strict=True)
        assert [(*names, days) for names, days in shown] == keys

    # statistics

    def test_statistics_of_a_service_and_range_are_replaced(self, store: Store) -> None:
        """Another kind, range, place or name is another row."""
        day = np.datetime64("2026-11-10", "D")
        rows = [("Oslo", "Sales", 1), ("Rome", "Sales", 2)]
        told = ServiceStats(
            organization=worlds.objects([_A, _A]),
            location=worlds.objects(place for place, _, _ in rows),
            name=worlds.objects(name for _, name, _ in rows),
            first=np.full(2, day),
            last=np.full(2, day + 1),
            values={
                "calls": np.array([n for *_, n in rows], np.int64),
                "mean_wait_s": np.array([0.5, np.nan]),
            },
        )
        queue = ServiceKind.CALL_QUEUE
        with store.writing() as writer:
            assert writer.put_service_stats(queue, told).tolist() == [True, True]
            assert writer.put_service_stats(queue, told).tolist() == [False, False]
            told.values["calls"][0] = 9
            assert writer.put_service_stats(queue, told).tolist() == [True, False]
        found = store.service_stats(queue, _FIRST, _LAST)
        assert plain(found.take(np.array([0, 1])))["location"] == ["Oslo", "Rome"]
        assert found.column("calls").tolist() == [9, 2]
        assert found.column("mean_wait_s").tolist()[0] == 0.5
        assert np.isnan(found.column("mean_wait_s")[1])
        assert found.column("phone").tolist() == ["", ""]
        assert len(store.service_stats(queue, day.item(), day.item())) == 0
        assert len(store.service_stats(ServiceKind.HUNT_GROUP, _FIRST, _LAST)) == 0

    def test_the_services_own_statistics_are_kept_as_they_are(
        self, store: Store
    ) -> None:
        """By customer, place and time; None stays None."""
        start = 20_767 * DAY_MS
        told = CallQualityStats(customer=_A, start_ms=start, end_ms=start + 1, calls=3)
        with store.writing() as writer:
            assert writer.put_quality_stats([told]).tolist() == [True]
            assert writer.put_quality_stats([told]).tolist() == [False]
        assert store.quality_stats(_FIRST, _LAST) == (told,)
        assert store.quality_stats(_LAST, _LAST) == ()

    def test_statistics_are_found_within_days(self, store: Store) -> None:
        """Of any range inside those asked for; what overlaps is no part."""
        with store.writing() as writer:
            for first, last in _RANGES:
                writer.put_service_stats(_QUEUE, _between(stats_of(_A), first, last))
        for (first, last), expected in _WITHIN.items():
            found = store.service_stats(_QUEUE, _ON[first], _ON[last])
            assert _ranges(found) == expected

    def test_statistics_are_in_order_of_customer_days_location_and_name(
        self, store: Store
    ) -> None:
        """In whatever order they were written."""
        keys = [
            (who, days, place, name)
            for who in (_A, _B)
            for days in ((2, 2), (2, 4))
            for place in ("", "HQ")
            for name in ("A", "a")
        ]
        with store.writing() as writer:
            writer.put_organizations([facts(_B), facts(_A)])
            for who, days, place, name in reversed(keys):
                told = stats_of(who, location=place, name=name)
                writer.put_service_stats(_QUEUE, _between(told, *days))
        found = store.service_stats(_QUEUE, _FIRST, _LAST)
        columns = found.organization, found.location, found.name
        owners, places, names = (column.tolist() for column in columns)
        assert list(zip(owners, _ranges(found), places, names, strict=True)) == keys

    def test_the_services_own_statistics_are_told_apart_and_replaced(
        self, store: Store
    ) -> None:
        """By customer, place, beginning and end; in this order."""
        start = quality_of(_A).start_ms
        keys = [
            (who, place, begin, begin + length)
            for who in (_A, _B)
            for place in ("", "HQ")
            for begin in (start, start + 1)
            for length in (5, 6)
        ]

        def told(calls: int) -> list[CallQualityStats]:
            return [
                CallQualityStats(
                    customer=who, location=at, start_ms=begin, end_ms=end, calls=calls
                )
                for who, at, begin, end in reversed(keys)
            ]

        with store.writing() as writer:
            writer.put_organizations([facts(_B), facts(_A)])
            assert writer.put_quality_stats(told(1)).all()
            changed = writer.put_quality_stats([*told(1)[:-1], *told(2)[-1:]])
        assert changed.tolist() == [False] * 15 + [True]
        found = store.quality_stats(_FIRST, _LAST)
        shown = [(e.customer, e.location, e.start_ms, e.end_ms) for e in found]
        assert shown == keys
        assert [each.calls for each in found] == [2] + [1] * 15

    def test_the_services_own_statistics_are_found_by_the_day_they_begin(
        self, store: Store
    ) -> None:
        """To the millisecond, both days included, whenever they end."""
        start = quality_of(_A).start_ms
        day = start // DAY_MS * DAY_MS
        begins = (day - 1, day, day + DAY_MS - 1, day + DAY_MS)
        with store.writing() as writer:
            writer.put_quality_stats(
                [
                    attrs.evolve(
                        quality_of(_A), start_ms=begin, end_ms=day + 9 * DAY_MS
                    )
                    for begin in begins
                ]
            )
        found = {
            days: [
                each.start_ms
                for each in store.quality_stats(DAY, DAY + dt.timedelta(days))
            ]
            for days in (0, 1)
        }
        assert found == {0: list(begins[1:3]), 1: list(begins[1:])}


def _put_usage(store: Store, last: int, told: dict[tuple[str, int], int]) -> list[bool]:
    usage = UsageColumns(
        organization=worlds.objects(_A for _ in told),
        location=worlds.objects(place for place, _ in told),
        first=np.array([_ON[first] for _, first in told], "datetime64[D]"),
        last=np.array([_ON[last]] * len(told), "datetime64[D]"),
        counts={USAGE_COUNTS[0]: np.array(list(told.values()), np.int64)},
    )
    with store.writing() as writer:
        writer.put_organizations([OrganizationFacts(id=_A, day=_ON[0])])
        found: list[bool] = writer.put_usage(usage).tolist()
    return found
