"""Aggregates over call legs that merge: `summarize`, `+`, `finish` (design 6).

A partial is what is kept of some legs. Partials of any split of the legs, added in
any order and grouping, finish to the same result: sums are int64, and users are sets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from operator import add
from typing import Final, Protocol, Self, TypeVar

import attrs
import numpy as np

from partnerhub.columns.legs import LegColumns
from partnerhub.columns.registers import Register
from partnerhub.columns.unknown import Array, Bools, Ints

CHUNK: Final = 1 << 20
"""Rows counted at once: many next to the counters, which are added up each time."""

BLOCK: Final = 1 << 15
"""Rows whose codes are worked out at once: they stay in the cache meanwhile."""

THREADS: Final = 2


class Partial(Protocol):
    """What is kept of some legs."""

    def __add__(self, other: Self, /) -> Self:
        """What is kept of both."""


PartialT = TypeVar("PartialT", bound=Partial)
ResultT_co = TypeVar("ResultT_co", covariant=True)


class Aggregate(Protocol[PartialT, ResultT_co]):
    """A formula over call legs, in three steps."""

    def summarize(self, legs: LegColumns, /) -> PartialT:
        """What is to be kept of these legs."""

    def finish(self, partial: PartialT, /) -> ResultT_co:
        """The result of what was kept."""


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


def over_rows(rows: int, part: Callable[[slice], tuple[Ints, ...]]) -> tuple[Ints, ...]:
    """The sum of what `part` gives for chunks of rows, on two threads.

    Args:
        rows: How many rows there are; `part` is asked at least once.
        part: Gives arrays of the same shapes for every chunk.
    """

    def of(bounds: range) -> tuple[Ints, ...]:
        total = part(slice(bounds.start, min(bounds.start + CHUNK, bounds.stop)))
        for low in range(bounds.start + CHUNK, bounds.stop, CHUNK):
            found = part(slice(low, min(low + CHUNK, bounds.stop)))
            for sums, more in zip(total, found, strict=True):
                sums += more
        return total

    if rows <= CHUNK:
        return of(range(rows))
    share = -(-rows // THREADS)
    shares = [range(low, min(low + share, rows)) for low in range(0, rows, share)]
    with ThreadPoolExecutor(THREADS) as pool:
        first, *others = pool.map(of, shares)
    for found in others:
        for sums, more in zip(first, found, strict=True):
            sums += more
    return first


def blocks(rows: slice) -> Iterator[slice]:
    """The rows in blocks that fit the cache, in order."""
    for low in range(rows.start, rows.stop, BLOCK):
        yield slice(low, min(low + BLOCK, rows.stop))


def exact_sums(keys: Array, values: Array, size: int) -> Ints:
    """Sums of int32 values by key, int64 `(size,)`, exact for a chunk of rows."""
    # 2**20 values below 2**31 stay below 2**53, up to which floats are whole.
    return np.bincount(keys, values, size).astype(np.int64)
