"""Weekly facts of customers, from call records or from exports (design 5.29).

Each customer and week has one source: call records where there are any, else the
Calling Usage Details exports that cover the week exactly. Nothing is prorated, and
the two are never added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Final

import attrs
import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.tiling import tiling_rows
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.columns.usage import UsageColumns
from partnerhub.domain.calls import ENDPOINT_TYPES, FEATURES
from partnerhub.domain.weeks import Period
from partnerhub.kpis.calling.engagement import QUALITY, EngagementCounts
from partnerhub.kpis.calling.usage_cells import ENDPOINT_COLUMNS
from partnerhub.kpis.calling.usage_details import minutes


class Source(IntEnum):
    """Where the numbers of a customer and week come from."""

    NONE = 0
    RECORDS = 1
    EXPORTS = 2

    @property
    def label(self) -> str:
        """In words, for tables."""
        return ("", "call records", "usage details exports")[self]


NUMBERS: Final = ("calls", "legs", "minutes", "rated", "poor")
_FROM_EXPORTS: Final = {
    "calls": "total_calls",
    "legs": "total_call_legs",
    "minutes": "call_minutes",
    "rated": "total_call_legs",
    "poor": "total_poor_call_quality",
}
Loaded = Iterable[tuple[str, Period]]
"""Customers and weeks of which call records were loaded, with or without a call."""


@attrs.frozen(kw_only=True, eq=False)
class WeeklyFacts:
    """What is known of each customer and week; -1 is not known.

    Attributes:
        weeks: First and last day of each week, oldest first.
        organization: Uuids of the customers, object `(n,)`, sorted.
        source: `Source` of each customer and week, uint8 `(n, weeks)`.
        numbers: Each of `NUMBERS`, int64 `(n, weeks)`. From exports, which do not
            say how many legs were rated, `rated` is all legs.
        users: Users active in the week before and in the last, int64 `(n, 2)`.
        endpoints: Legs, rated and poor legs of each endpoint type in the last week,
            int64 `(n, endpoints, 3)`.
        features: Legs of the last week by feature, int64 `(n, features)`.
    """

    weeks: tuple[Period, ...]
    organization: Array
    source: Ints
    numbers: Mapping[str, Ints]
    users: Ints
    endpoints: Ints
    features: Ints

    def last(self, name: str) -> Ints:
        """A number of the last week, int64 `(n,)`."""
        return self.numbers[name][:, -1]

    def before(self, name: str) -> Ints:
        """A number of the week before the last, int64 `(n,)`."""
        return self.numbers[name][:, -2]


def facts_of_records(
    counts: EngagementCounts, /, *, loaded: Loaded = ()
) -> WeeklyFacts:
    """The facts that call records tell.

    Args:
        counts: The finished sums.
        loaded: Customers and weeks whose records were loaded, so that no call is 0
            and not unknown. A week with any record is, be it of no user.
    """
    weeks = {week: at for at, week in enumerate(counts.weeks)}
    told = [(who, weeks[week]) for who, week in loaded if week in weeks]
    organization, place = _united(counts.organization, (who for who, _ in told))
    size = len(organization)
    row_of = {who: row for row, who in enumerate(organization.tolist())}

    def spread(values: Ints) -> Ints:
        found = np.zeros((size, *values.shape[1:]), np.int64)
        found[place] = values
        return found

    is_loaded = spread(counts.numbers["records"]) > 0
    for who, week in told:
        is_loaded[row_of[who], week] = True
    numbers = {
        name: spread(counts.numbers[name])
        for name in ("calls", "legs", "rated", "poor")
    }
    numbers["minutes"] = minutes(spread(counts.numbers["seconds"]))
    last = is_loaded[:, -1]
    return WeeklyFacts(
        weeks=counts.weeks,
        organization=organization,
        source=np.where(is_loaded, int(Source.RECORDS), int(Source.NONE)),
        numbers={name: _where(is_loaded, found) for name, found in numbers.items()},
        users=_where(is_loaded[:, -2:], spread(counts.users)),
        endpoints=_where(last, spread(counts.endpoints)),
        features=_where(last, spread(counts.features)),
    )


def facts_of_exports(usage: UsageColumns, weeks: tuple[Period, ...], /) -> WeeklyFacts:
    """The facts that Calling Usage Details exports tell of weeks they cover exactly."""
    organization, _ = _united(np.empty(0, object), usage.organization.tolist())
    size = len(organization)
    row_of = {who: row for row, who in enumerate(organization.tolist())}
    source = np.full((size, len(weeks)), int(Source.NONE))
    numbers = {name: np.full((size, len(weeks)), unknown.COUNT) for name in NUMBERS}
    endpoints = np.full((size, len(ENDPOINT_TYPES), len(QUALITY)), unknown.COUNT)
    for at, (first, last) in enumerate(weeks):
        rows = tiling_rows(
            usage.organization, usage.first, usage.last, start=first, end=last
        )
        told = usage.take(rows)
        row = np.array([row_of[who] for who in told.organization.tolist()], np.intp)
        source[row, at] = Source.EXPORTS
        for name, key in _FROM_EXPORTS.items():
            numbers[name][:, at] = _known_sums(told, key, row, size)
        if at == len(weeks) - 1:
            for each, key in ENDPOINT_COLUMNS.items():
                legs = _known_sums(told, key, row, size)
                endpoints[:, ENDPOINT_TYPES.index(each), 0] = legs
    return WeeklyFacts(
        weeks=weeks,
        organization=organization,
        source=source,
        numbers=numbers,
        users=np.full((size, 2), unknown.COUNT),
        endpoints=endpoints,
        features=np.full((size, len(FEATURES)), unknown.COUNT),
    )


def preferred(records: WeeklyFacts, exports: WeeklyFacts, /) -> WeeklyFacts:
    """Each customer and week from its records, or else from exports."""
    organization, from_records = _united(
        records.organization, exports.organization.tolist()
    )
    _, from_exports = _united(exports.organization, records.organization.tolist())
    size, weeks = len(organization), len(records.weeks)

    def spread(values: Ints, place: Ints, blank: int) -> Ints:
        found = np.full((size, *values.shape[1:]), blank, np.int64)
        found[place] = values
        return found

    told = spread(records.source, from_records, Source.NONE)
    other = spread(exports.source, from_exports, Source.NONE)
    by_records = told == Source.RECORDS

    def chosen(mine: Ints, theirs: Ints, mask: Bools) -> Ints:
        left = spread(mine, from_records, unknown.COUNT)
        right = spread(theirs, from_exports, unknown.COUNT)
        return np.where(_like(mask, left), left, right)

    last = by_records[:, weeks - 1]
    return WeeklyFacts(
        weeks=records.weeks,
        organization=organization,
        source=np.where(by_records, told, other),
        numbers={
            name: chosen(records.numbers[name], exports.numbers[name], by_records)
            for name in NUMBERS
        },
        users=chosen(records.users, exports.users, by_records[:, -2:]),
        endpoints=chosen(records.endpoints, exports.endpoints, last),
        features=chosen(records.features, exports.features, last),
    )


def _united(mine: Array, others: Iterable[str]) -> tuple[Array, Ints]:
    """All uuids, sorted, and the place of each of `mine` among them."""
    every = sorted({*mine.tolist(), *others})
    found = np.empty(len(every), dtype=object)
    found[:] = every
    place = {who: row for row, who in enumerate(every)}
    return found, np.array([place[who] for who in mine.tolist()], np.int64)


def _like(mask: Bools, values: Array) -> Bools:
    """A mask over the first axes of `values`, for all of its axes."""
    return mask.reshape(mask.shape + (1,) * (values.ndim - mask.ndim))


def _where(mask: Bools, values: Ints) -> Ints:
    return np.where(_like(mask, values), values, unknown.COUNT)


def _known_sums(usage: UsageColumns, key: str, row: Array, size: int) -> Ints:
    """Sums by customer; -1 where a row does not know, or there is no row."""
    column = usage.counts.get(key)
    if column is None:
        return np.full(size, unknown.COUNT)
    sums, rows = np.zeros(size, np.int64), np.bincount(row, minlength=size)
    np.add.at(sums, row, column.astype(np.int64))
    missing = np.bincount(row[column < 0], minlength=size)
    return np.where((rows > 0) & (missing == 0), sums, unknown.COUNT)
