"""How often keys are met: counted by sorting them, many at a time.

numpy sorts whole numbers of four bytes faster than it counts them, and lets other
threads run meanwhile. `np.add.at` makes them wait, and `np.bincount` empties and adds
a whole table for every block, which for a large one takes longer than the counting.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from partnerhub.columns.owned import first_rows
from partnerhub.columns.unknown import Array, Codes, Ints

_SORTED: Final = 1 << 19
"""Keys that are sorted together."""

_PAIRS_SORTED: Final = 1 << 21
"""Keys of pairs that are sorted together: the more, the fewer are met again later."""

_LARGEST: Final = 2**31 - 1
"""Keys above it take eight bytes."""


class Counters:
    """A table of counters that blocks of rows are added to, on one thread.

    Args:
        size: How many counters there are, below 2**31.
    """

    def __init__(self, size: int) -> None:
        self._table: Ints = np.zeros(size, np.int64)
        self._keys: Codes = np.empty(0, np.int32)
        self._held = 0

    def add(self, keys: Codes, /) -> None:
        """Counts each key once more."""
        if self._held + len(keys) > len(self._keys):
            self._settle()
            if len(keys) > len(self._keys):
                self._keys = np.empty(max(_SORTED, len(keys)), np.int32)
        self._keys[self._held : self._held + len(keys)] = keys
        self._held += len(keys)

    def add_values(self, keys: Array, values: Array, /, *, shift: int = 0) -> None:
        """Adds whole numbers to the counters of `keys + shift`.

        Sums of a block are exact: float64, in which `np.bincount` adds them up, holds
        every whole number below 2**53, and a block is below 2**17 rows of int32.

        Args:
            keys: Counters, intp `(n,)`; of low ones, which is why there is a `shift`.
            values: What to add, int32 `(n,)`.
            shift: What is added to every key.
        """
        found = np.bincount(keys, values)
        self._table[shift : shift + len(found)] += found.astype(np.int64)

    def table(self) -> Ints:
        """The counters, int64 `(size,)`."""
        self._settle()
        return self._table

    def _settle(self) -> None:
        distinct, times = _counted(self._keys[: self._held])
        self._held = 0
        self._table[distinct.astype(np.intp)] += times


class PairCounters:
    """Two tables of counters, in both of which each row counts once.

    The two cells of a row are one key until they have been counted, so one key a row is
    sorted: with five and six bits of cells, 7 ns a row in place of 12.

    Args:
        owners: How many things have counters.
        first: Counters that each has in the first table, at most 256.
        second: And in the second.
    """

    def __init__(self, owners: int, first: int, second: int) -> None:
        self._first, self._second = first, second
        fits = owners * first * second <= _LARGEST
        self._dtype = np.dtype(np.int32 if fits else np.int64)
        self._keys: Array = np.empty(0, self._dtype)
        self._held = 0
        self._split = owners * first
        self._table: Ints = np.zeros(owners * (first + second), np.int64)

    def add(
        self, owner: Codes, one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8], /
    ) -> None:
        """Counts rows: each in the cell `one` of the first table, `other` of the second."""
        end = self._held + len(owner)
        if end > len(self._keys):
            self._settle()
            end = len(owner)
            if end > len(self._keys):
                self._keys = np.empty(max(_PAIRS_SORTED, end), self._dtype)
        keys = self._keys[self._held : end]
        np.multiply(owner, self._dtype.type(self._first * self._second), out=keys)
        cells = one * np.uint16(self._second)
        cells += other
        keys += cells
        self._held = end

    def table(self) -> Ints:
        """The first table and after it the second, flat: int64, by owner and cell."""
        self._settle()
        return self._table

    def _settle(self) -> None:
        distinct, times = _counted(self._keys[: self._held])
        self._held = 0
        # 2 ns for each distinct key; with `np.bincount` 13, most of it for new memory.
        one = distinct // self._second
        np.add.at(self._table[: self._split], one, times)
        other = distinct - (one - one // self._first) * self._second
        np.add.at(self._table[self._split :], other, times)


def _counted(keys: Array) -> tuple[Array, Ints]:
    """The distinct keys, ascending, and how often each is there; sorts what is given."""
    keys.sort()
    first = first_rows(keys)
    return keys.take(first), np.diff(first, append=len(keys))
