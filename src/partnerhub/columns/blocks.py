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

from partnerhub.columns.portfolio import Portfolio

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
