"""A portfolio in blocks of whole customers that fit the cache.

What is worked out of a block stays in the cache until the block is done. Arrays of
a million rows would each be written to memory and read back, which costs several
times what the rules themselves do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, pairwise
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
        customers: Who they are.
        subscriptions: The rows of what they hold.
        lines: The rows of its lines.
    """

    customers: slice
    subscriptions: slice
    lines: slice


def blocks_of(portfolio: Portfolio, /, *, rows: int = ROWS) -> list[Block]:
    """The blocks of a portfolio."""
    subscriptions, lines = portfolio.owned_subscriptions, portfolio.owned_lines
    inner = portfolio.subscriptions.customer[rows::rows]
    customers = np.unique(np.concatenate(([0], inner, [len(portfolio.customers)])))
    edges = np.stack(
        [customers, subscriptions.bounds[customers], lines.bounds[customers]], axis=1
    )
    return [Block(*map(slice, low, high)) for low, high in pairwise(edges.tolist())]


def worked(
    blocks: Sequence[BlockT], work: Callable[[BlockT], FoundT], /
) -> list[FoundT]:
    """What the work makes of every block, on two threads where there are several."""
    if len(blocks) < 2 * THREADS or THREADS == 1:
        return list(map(work, blocks))

    def several(share: Sequence[BlockT]) -> list[FoundT]:
        return list(map(work, share))

    # One share is worked here: each more thread keeps memory of its own.
    first, *others = _shares(blocks)
    with ThreadPoolExecutor(len(others)) as pool:
        later = pool.map(several, others)
        return [*several(first), *chain.from_iterable(later)]


def _shares(blocks: Sequence[BlockT]) -> Iterator[Sequence[BlockT]]:
    size = -(-len(blocks) // THREADS)
    return (blocks[low : low + size] for low in range(0, len(blocks), size))
