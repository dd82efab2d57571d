"""A portfolio in blocks of whole customers that fit the cache.

What is worked out of a block stays in the cache until the block is done. Arrays of
a million rows would each be written to memory and read back, which costs several
times what the rules themselves do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Final, TypeVar

import attrs
import numpy as np

from partnerhub.columns.portfolio import Portfolio, first_rows
from partnerhub.columns.unknown import Array, Codes

ROWS: Final = 1 << 18
"""Subscriptions of a block, about."""

THREADS: Final = min(2, os.cpu_count() or 1)

BlockT = TypeVar("BlockT")
FoundT = TypeVar("FoundT")


@attrs.frozen
class Block:
    """Neighbouring customers with all they hold.

    Attributes:
        subscriptions: Their rows.
        lines: The rows of their lines.
    """

    subscriptions: slice
    lines: slice


def blocks_of(portfolio: Portfolio, /, *, rows: int = ROWS) -> list[Block]:
    """The blocks of a portfolio; customers without subscriptions are in none."""
    owner, holder = portfolio.subscriptions.customer, portfolio.lines.subscription
    inner = owner[rows::rows]
    starts = np.unique(np.searchsorted(owner, inner)) if len(inner) else inner
    bounds = np.unique(np.concatenate(([0], starts, [len(owner)])))
    lines = np.searchsorted(holder, bounds.astype(holder.dtype)).tolist()
    edges = bounds.tolist()
    return [
        Block(slice(edges[n], edges[n + 1]), slice(lines[n], lines[n + 1]))
        for n in range(len(edges) - 1)
    ]


def each_block(portfolio: Portfolio, work: Callable[[Block], None], /) -> None:
    """Does the work for every block, on two threads where there are several.

    The work of a block writes only what belongs to its own customers.
    """
    worked(blocks_of(portfolio), work)


def worked(
    blocks: Sequence[BlockT], work: Callable[[BlockT], FoundT], /
) -> list[FoundT]:
    """What the work makes of every block, on two threads where there are several."""
    if len(blocks) < 2 * THREADS or THREADS == 1:
        return list(map(work, blocks))

    def several(share: Sequence[BlockT]) -> list[FoundT]:
        return list(map(work, share))

    with ThreadPoolExecutor(THREADS) as pool:
        return list(chain.from_iterable(pool.map(several, _shares(blocks))))


def _shares(blocks: Sequence[BlockT]) -> Iterator[Sequence[BlockT]]:
    size = -(-len(blocks) // THREADS)
    return (blocks[low : low + size] for low in range(0, len(blocks), size))


def runs_of(owner: Codes, /) -> tuple[Array, Codes]:
    """Where the rows of each customer begin, and which customer it is."""
    first = first_rows(owner)
    return first, owner[first]


def or_of_runs(bits: Array, first: Array, /) -> Array:
    """The bits of all rows of each customer, uint8 `(runs,)`.

    Each row takes those of the next, then of the next two, the next four, and so on;
    for short runs that is several times as fast as `np.bitwise_or.reduceat`.

    Args:
        bits: uint8 `(n,)`.
        first: Where the rows of each customer begin, `(runs,)`.

    Examples:
        >>> or_of_runs(np.array([1, 2, 4, 8], np.uint8), np.array([0, 3])).tolist()
        [7, 8]
    """
    longest = int(np.diff(first, append=len(bits)).max(initial=0))
    same = np.ones(len(bits), np.uint8)
    same[first] = 0
    same = same[1:]  # of each row: whether the row `step` further has the same customer
    found = bits.copy()
    step = 1
    while step < longest:
        found[:-step] |= same * found[step:]
        same = same[:-step] & same[step:]
        step *= 2
    return found[first]


def sums_of_runs(
    one: Array, other: Array, counts: Array, first: Array, /
) -> tuple[Array, Array]:
    """The sums of two columns over the rows of each customer, int64 `(runs,)` each.

    Both are added up as one number where no sum can be too large for half of it.

    Args:
        one: int64 `(n,)`, none below 0 where it counts.
        other: The same.
        counts: Which rows count, bool `(n,)`.
        first: Where the rows of each customer begin, `(runs,)`.

    Examples:
        >>> one, other = np.array([1, 2, 3]), np.array([10, 20, 30])
        >>> counts, first = np.array([True, True, False]), np.array([0, 2])
        >>> [sums.tolist() for sums in sums_of_runs(one, other, counts, first)]
        [[3, 0], [30, 0]]
    """
    longest = int(np.diff(first, append=len(one)).max(initial=0))
    largest = max(int(one.max(initial=0)), int(other.max(initial=0)))
    if longest * largest >= 1 << 31:
        sums = [np.add.reduceat(column * counts, first) for column in (one, other)]
        return sums[0], sums[1]
    both = one << 32
    both |= other
    both *= counts
    both = np.add.reduceat(both, first)
    return both >> 32, both & 0xFFFFFFFF
