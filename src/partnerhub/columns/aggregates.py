"""Aggregates over call legs that merge: `summarize`, `+`, `finish`.

A partial is what is kept of some legs. Partials of any split of the legs, added in
any order and grouping, finish to the same result: sums are int64, and users are sets.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from operator import add
from queue import Empty, SimpleQueue
from typing import Final, Protocol, Self, TypeVar

import attrs
import numpy as np

from partnerhub.columns.blocks import THREADS
from partnerhub.columns.legs import LegColumns
from partnerhub.columns.registers import Register
from partnerhub.columns.unknown import Array, Bools, Ints

BLOCK: Final = 1 << 17
"""Rows worked on at once: what is worked out of them stays in the cache."""

_MULTIPLIED: Final = 1 << 10
"""Rows multiplied at once. For some thousand OpenBLAS uses threads of its own, which
then spin: twice the processor time, taken from who comes next, and nothing gained."""


class Partial(Protocol):
    """What is kept of some legs."""

    def __add__(self, other: Self, /) -> Self:
        """What is kept of both."""
        ...


PartialT = TypeVar("PartialT", bound=Partial)
ResultT_co = TypeVar("ResultT_co", covariant=True)
TablesT = TypeVar("TablesT", bound=Sequence["Table"])


class Table(Protocol):
    """Counters that one thread adds to."""

    def table(self) -> Ints:
        """The counters."""
        ...


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
    # Not a loop, whose variable would hold a chunk while the next one is read.
    partials = map(aggregate.summarize, chunks)
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


def cell_sums(cells: Ints, sums: Iterable[Bools], /) -> Ints:
    """Sums over some of the cells of each row, `(rows, sums)`.

    A product of float64 matrices, which is ten times as fast as adding up whole
    numbers, and exact while no row counts to 2**53.

    Args:
        cells: Numbers, int64 `(rows, cells)`.
        sums: The cells that each sum is over, bool `(cells,)`.

    Examples:
        >>> has_two = np.array([True, True, False])
        >>> cell_sums(np.array([[1, 2, 3], [4, 5, 6]]), [has_two, ~has_two]).tolist()
        [[3, 3], [9, 6]]
    """
    weights = np.column_stack(list(sums)).astype(np.float64)
    found = np.empty((len(cells), weights.shape[1]), np.int64)
    for low in range(0, len(cells), _MULTIPLIED):
        rows = slice(low, low + _MULTIPLIED)
        found[rows] = cells[rows].astype(np.float64) @ weights
    return found


def counted(
    rows: int,
    made: Callable[[], TablesT],
    count: Callable[[TablesT, slice], None],
) -> tuple[Ints, ...]:
    """Tables of counters, filled from blocks of rows on two threads.

    Args:
        rows: How many rows there are.
        made: Makes the tables of one thread, empty.
        count: Adds the rows of a block to the tables. Threads wait for each other
            wherever numpy needs Python, so it should be of few and long steps.

    Returns:
        The tables of all threads added up, int64 `(size,)` each.
    """
    blocks: SimpleQueue[slice] = SimpleQueue()
    for low in range(0, rows, BLOCK):
        blocks.put(slice(low, min(low + BLOCK, rows)))

    def several() -> tuple[Ints, ...]:
        tables = made()
        with contextlib.suppress(Empty):
            while True:
                count(tables, blocks.get_nowait())
        return tuple(each.table() for each in tables)

    if rows <= BLOCK or THREADS == 1:
        return several()
    # One share is worked here: each more thread keeps memory of its own for long.
    with ThreadPoolExecutor(THREADS - 1) as pool:
        others = [pool.submit(several) for _ in range(THREADS - 1)]
        first = several()
    for other in others:
        for table, more in zip(first, other.result(), strict=True):
            np.add(table, more, out=table)
    return first
