"""Calling usage of a range of days: from call records, or from exports (5.29).

A customer has one source for the range. With call records, the columns that these
do not tell come from queue statistics that cover the range exactly.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import attrs
import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.queue_stats import ServiceStats
from partnerhub.columns.tiling import tiling_rows
from partnerhub.columns.unknown import Array, Bools
from partnerhub.columns.usage import USAGE_COUNTS, UsageColumns
from partnerhub.kpis.calling.facts import Source
from partnerhub.kpis.calling.queues import queue_sums

QUEUE_COLUMNS: Final = {
    "call_queue_timed_out_calls": "timed_out",
    "call_queue_overflowed_calls": "overflowed",
    "call_queue_transferred_calls": "transferred",
    "call_queue_abandoned_calls": "abandoned",
}
"""Column of the report -> count of queue statistics that fills it."""


@attrs.frozen(kw_only=True, eq=False)
class RangeUsage:
    """Usage of a range, and where that of each customer comes from.

    Attributes:
        usage: One row a customer and location.
        source: Customer's uuid -> its source.
        left_out: Customers with exports that do not cover the range exactly.
    """

    usage: UsageColumns
    source: Mapping[str, Source]
    left_out: tuple[str, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """The same in words, for people."""
        met = Counter(self.source.values())
        found = [
            f"{met[each]} customers from {each.label}"
            for each in (Source.RECORDS, Source.EXPORTS)
            if met[each]
        ]
        if self.left_out:
            found.append(
                f"{len(self.left_out)} customers left out: their exports do not cover "
                "these days exactly"
            )
        return tuple(found)


def range_usage(
    first: dt.date,
    last: dt.date,
    /,
    *,
    records: UsageColumns,
    exports: UsageColumns,
    queues: ServiceStats | None = None,
    recorded: Iterable[str] = (),
) -> RangeUsage:
    """The usage of a range, each customer from its best source.

    Args:
        first: First day.
        last: Last day, included.
        records: What `UsageDetails` finished over exactly this range.
        exports: Rows of Calling Usage Details exports, of any ranges.
        queues: Call Queue Stats of any ranges, for customers with call records.
        recorded: Customers whose call records of the range were loaded, with or
            without a call; those with a record need not be named.
    """
    with_records = {*records.organization.tolist(), *recorded}
    others = _not_in(exports.organization, with_records)
    candidates = exports.take(np.flatnonzero(others))
    tiles = tiling_rows(
        candidates.organization,
        candidates.first,
        candidates.last,
        start=first,
        end=last,
    )
    told = _summed(candidates.take(tiles), first, last)
    if queues is not None:
        records = _with_queues(records, queues, first, last)
    source = dict.fromkeys(sorted(with_records), Source.RECORDS)
    source |= dict.fromkeys(sorted(set(told.organization.tolist())), Source.EXPORTS)
    return RangeUsage(
        usage=_both(records, told),
        source=source,
        left_out=tuple(sorted(set(candidates.organization.tolist()) - source.keys())),
    )


def _not_in(owners: Array, known: set[str]) -> Bools:
    return np.fromiter((who not in known for who in owners), np.bool_, len(owners))


def _summed(usage: UsageColumns, first: dt.date, last: dt.date) -> UsageColumns:
    """One row a customer and location; a count is known where every row knows it."""
    pairs = list(zip(usage.organization.tolist(), usage.location.tolist(), strict=True))
    order = sorted(set(pairs))
    place = {pair: at for at, pair in enumerate(order)}
    row = np.array([place[pair] for pair in pairs], np.intp)
    counts: dict[str, Array] = {}
    for key, column in usage.counts.items():
        sums = np.zeros(len(order), np.int64)
        np.add.at(sums, row, column.astype(np.int64))
        missing = np.bincount(row[column < 0], minlength=len(order))
        counts[key] = np.where(missing > 0, unknown.COUNT, sums)
    return UsageColumns(
        organization=_texts(who for who, _ in order),
        location=_texts(name for _, name in order),
        first=np.full(len(order), np.datetime64(first, "D")),
        last=np.full(len(order), np.datetime64(last, "D")),
        counts=counts,
    )


def _with_queues(
    records: UsageColumns, queues: ServiceStats, first: dt.date, last: dt.date
) -> UsageColumns:
    """The rows with what queue statistics tell; of a customer with any, 0 elsewhere.

    The statistics of a location without a call record are a row of their own.
    """
    sums = queue_sums(queues, first, last)
    with_records = set(records.organization.tolist())
    rows = list(
        zip(records.organization.tolist(), records.location.tolist(), strict=True)
    )
    added = sorted(pair for pair in sums.keys() - set(rows) if pair[0] in with_records)
    told = {who for who, _ in sums}
    grown = _grown(records, added, first, last)
    counts = dict(grown.counts)
    for key, name in QUEUE_COLUMNS.items():
        counts[key] = np.array(
            [
                sums[pair][name]
                if pair in sums
                else (0 if pair[0] in told else unknown.COUNT)
                for pair in (*rows, *added)
            ],
            np.int64,
        )
    return attrs.evolve(grown, counts=counts)


def _grown(
    records: UsageColumns,
    added: list[tuple[str, str]],
    first: dt.date,
    last: dt.date,
) -> UsageColumns:
    size = len(added)
    return _both(
        records,
        UsageColumns(
            organization=_texts(who for who, _ in added),
            location=_texts(name for _, name in added),
            first=np.full(size, np.datetime64(first, "D")),
            last=np.full(size, np.datetime64(last, "D")),
            counts={key: np.zeros(size, np.int64) for key in records.counts},
        ),
    )


def _both(left: UsageColumns, right: UsageColumns) -> UsageColumns:
    """The rows of both; a count that a side does not have is not known there."""

    def column(side: UsageColumns, key: str) -> Array:
        found = side.counts.get(key)
        return np.full(len(side), unknown.COUNT) if found is None else found

    return UsageColumns(
        organization=np.concatenate([left.organization, right.organization]),
        location=np.concatenate([left.location, right.location]),
        first=np.concatenate([left.first, right.first]),
        last=np.concatenate([left.last, right.last]),
        counts={
            key: np.concatenate([column(left, key), column(right, key)])
            for key in USAGE_COUNTS
            if key in left.counts or key in right.counts
        },
    )


def _texts(texts: Iterable[str]) -> Array:
    every = list(texts)
    found = np.empty(len(every), dtype=object)
    found[:] = every
    return found
