"""Aggregates over call legs that merge: `summarize`, `+`, `finish` (design 6).

A partial is what is kept of some legs. Partials of any split of the legs, added in
any order and grouping, finish to the same result: sums are int64, and users are sets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from operator import add
from typing import Final, Protocol, Self, TypeVar

import attrs
import numpy as np

from partnerhub.columns.legs import LegColumns
from partnerhub.columns.registers import Register
from partnerhub.columns.unknown import Array, Bools, Ints

BLOCK: Final = 1 << 15
"""Rows worked on at once: all that is worked out of them stays in the cache."""

THREADS: Final = 2


class Partial(Protocol):
    """What is kept of some legs."""

    def __add__(self, other: Self, /) -> Self:
        """What is kept of both."""
        ...


PartialT = TypeVar("PartialT", bound=Partial)
ResultT_co = TypeVar("ResultT_co", covariant=True)


class Aggregate(Protocol[PartialT, ResultT_co]):
    """A formula over call legs, in three steps."""

    def summarize(self, legs: LegColumns, /) -> PartialT:
        """What is to be kept of these legs."""
        ...

    def finish(self, partial: PartialT, /) -> ResultT_co:
        """The result of what was kept."""
        ...


def summarized(
    aggregate: Aggregate[PartialT, ResultT_co], chunks: Iterable[LegColumns], /
) -> PartialT | None:
    """The partial of all chunks, of which one at a time is in memory.

    Returns:
        The partial; None when there is no chunk.
    """
    partials = (aggregate.summarize(legs) for legs in chunks)
    first = next(partials, None)
    return None if first is None else reduce(add, partials, first)


@attrs.frozen(eq=False)
class Tally:
    """Numbers of each entry of a register.

    Attributes:
        keys: What is counted.
        counts: int64 `(entries, numbers)`; entries that it is too short for have 0.
    """

    keys: Register
    counts: Ints

    def __add__(self, other: Tally) -> Tally:
        keys, codes = self.keys.united(other.keys)
        counts = np.zeros((len(keys), self.counts.shape[1]), np.int64)
        counts[: len(self.counts)] += self.counts
        counts[codes[: len(other.counts)]] += other.counts  # codes are distinct
        return Tally(keys, counts)

    def by_customer(self) -> tuple[Array, Ints]:
        """The customers' uuids and the sums over their entries."""
        sums = np.zeros((len(self.keys.customers), self.counts.shape[1]), np.int64)
        np.add.at(sums, self.keys.customer[: len(self.counts)], self.counts)
        return self.keys.customers, sums


@attrs.frozen(eq=False)
class Seen:
    """Which entries of a register were met, in each of some periods.

    Attributes:
        keys: What may be met.
        met: bool `(periods, entries)`; entries that it is too short for were not.
    """

    keys: Register
    met: Bools

    def __add__(self, other: Seen) -> Seen:
        keys, codes = self.keys.united(other.keys)
        met = np.zeros((len(self.met), len(keys)), np.bool_)
        met[:, : self.met.shape[1]] |= self.met
        met[:, codes[: other.met.shape[1]]] |= other.met
        return Seen(keys, met)

    def by_customer(self) -> dict[str, Ints]:
        """Customer's uuid -> how many of its entries were met, `(periods,)`."""
        owner = self.keys.customer[: self.met.shape[1]]
        size = len(self.keys.customers)
        counts = np.array([np.bincount(owner[met], minlength=size) for met in self.met])
        return dict(zip(self.keys.customers.tolist(), counts.T, strict=True))


def counted(
    rows: int, sizes: Sequence[int], count: Callable[[Sequence[Ints], slice], None]
) -> tuple[Ints, ...]:
    """Tables of counters, filled from blocks of rows on two threads.

    `count` adds with `np.add.at`, which lets other threads run meanwhile and adds to
    a table where it is; `np.bincount` does neither.

    Args:
        rows: How many rows there are.
        sizes: Counters of each table.
        count: Adds the rows of a block to the tables.

    Returns:
        The tables, int64 `(size,)` each.
    """

    def of(share: range) -> tuple[Ints, ...]:
        tables = tuple(np.zeros(size, np.int64) for size in sizes)
        for low in range(share.start, share.stop, BLOCK):
            count(tables, slice(low, min(low + BLOCK, share.stop)))
        return tables

    if rows <= BLOCK:
        return of(range(rows))
    share = -(-rows // THREADS)
    shares = [range(low, min(low + share, rows)) for low in range(0, rows, share)]
    with ThreadPoolExecutor(THREADS) as pool:
        first, *others = pool.map(of, shares)
    for tables in others:
        for table, more in zip(first, tables, strict=True):
            np.add(table, more, out=table)
    return first
