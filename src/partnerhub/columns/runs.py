"""Runs: neighbouring rows of one owner, in columns sorted by whom rows belong to.

What is said of a customer is said of its run: whether any of its rows has something,
what its rows sum up to, which rows they are.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from partnerhub.columns.unknown import Array, Bools, Codes, Ints

Places = npt.NDArray[np.intp]
"""Rows as numpy takes them; from numbers of 32 bits it makes these at every call."""

_HALF: Final = 32
"""Bits of a number in which two are added up at once."""


def first_rows(sorted_codes: Codes) -> Places:
    """Where each run of equal codes begins, `(groups,)`; empty for no rows.

    Examples:
        >>> first_rows(np.array([0, 0, 2, 2, 3], np.int32)).tolist()
        [0, 2, 4]
    """
    if not len(sorted_codes):
        return np.empty(0, np.intp)
    begins = np.empty(len(sorted_codes), np.bool_)
    begins[0] = True
    np.not_equal(sorted_codes[1:], sorted_codes[:-1], out=begins[1:])
    return np.flatnonzero(begins)


@attrs.frozen(eq=False)
class Runs:
    """Where the rows of each owner are.

    Attributes:
        owner: Those who have any rows, ascending, `(runs,)`.
        first: Where the rows of each begin, `(runs,)`.
        rows: How many rows there are.
    """

    owner: Codes
    first: Places
    rows: int

    @classmethod
    def of(cls, owner: Codes, /) -> Runs:
        """The runs of rows whose owners ascend.

        Args:
            owner: The owner of each row, `(rows,)`.
        """
        first = first_rows(owner)
        return cls(owner[first], first, len(owner))

    def within(self, rows: slice, /) -> Runs:
        """The runs of some neighbouring rows, which begin and end with a run.

        Examples:
            >>> runs = Runs.of(np.array([0, 0, 2, 3, 3], np.int32)).within(slice(2, 5))
            >>> runs.owner.tolist(), runs.first.tolist()
            ([2, 3], [0, 1])
        """
        low, high = self.first.searchsorted((rows.start, rows.stop)).tolist()
        first = self.first[low:high] - rows.start
        return Runs(self.owner[low:high], first, rows.stop - rows.start)

    @cached_property
    def sizes(self) -> Places:
        """How many rows each owner has, `(runs,)`."""
        found: Places = np.diff(self.first, append=self.rows)
        return found

    def any_bits(self, bits: Array, /) -> Array:
        """The bits of all rows of each owner, uint8 `(runs,)`.

        Each row takes those of the next, then of the next two, the next four, and so
        on; for short runs that is several times as fast as `np.bitwise_or.reduceat`.

        Args:
            bits: uint8 `(rows,)`.

        Examples:
            >>> runs = Runs.of(np.array([0, 0, 0, 1], np.int32))
            >>> runs.any_bits(np.array([1, 2, 4, 8], np.uint8)).tolist()
            [7, 8]
        """
        longest = int(self.sizes.max(initial=0))
        same = np.ones(self.rows, np.uint8)
        same[self.first] = 0
        same = same[1:]  # of each row: whether the row `step` further has its owner
        found = bits.copy()
        step = 1
        while step < longest:
            found[:-step] |= same * found[step:]
            same = same[:-step] & same[step:]
            step *= 2
        return found[self.first]

    def sums(self, numbers: Ints, /) -> Ints:
        """The sum over the rows of each owner, int64 `(runs,)`."""
        if not self.rows:
            return np.empty(0, np.int64)
        found: Ints = np.add.reduceat(numbers, self.first)
        return found

    def rows_of(self, owners: Bools, /) -> Places:
        """The rows of some owners, ascending.

        Args:
            owners: Which, bool, one each.

        Examples:
            >>> runs = Runs.of(np.array([0, 0, 2, 3, 3], np.int32))
            >>> runs.rows_of(np.array([True, False, False, True])).tolist()
            [0, 1, 3, 4]
        """
        chosen = np.flatnonzero(owners.take(self.owner))
        sizes = self.sizes.take(chosen)
        ends = np.cumsum(sizes)
        rows = np.arange(ends[-1] if len(ends) else 0)
        rows += np.repeat(self.first.take(chosen) - (ends - sizes), sizes)
        return rows


@attrs.frozen(eq=False)
class Pairs:
    """Two counts of each row, of which only rows count that know both.

    Both are added up as one number where no owner's sum can be too large for half of
    one: `np.add.reduceat` takes 3 ns a row for either.

    Attributes:
        one: The first, 0 where either is not known, int64 `(rows,)`; or both, the
            first in the upper half.
        other: The second; None where `one` holds both.
    """

    one: Ints
    other: Ints | None

    @classmethod
    def of(cls, one: Array, other: Array, runs: Runs, /) -> Pairs:
        """The pairs of two columns of counts, which are -1 where not known.

        Examples:
            >>> runs = Runs.of(np.array([0, 0, 1], np.int32))
            >>> pairs = Pairs.of(np.array([1, 2, 9]), np.array([10, 20, -1]), runs)
            >>> sums = pairs.sums(np.array([True, True, True]), runs)
            >>> [each.tolist() for each in sums]
            [[3, 0], [30, 0]]
        """
        known = (one | other) >= 0
        first, second = (np.where(known, c, 0).astype(np.int64) for c in (one, other))
        largest = max(int(runs.sums(c).max(initial=0)) for c in (first, second))
        if largest >> _HALF - 1:
            return cls(first, second)
        return cls(first << _HALF | second, None)

    def __getitem__(self, rows: slice) -> Pairs:
        other = None if self.other is None else self.other[rows]
        return Pairs(self.one[rows], other)

    def sums(self, counts: Bools, runs: Runs, /) -> tuple[Ints, Ints]:
        """The sums of both over the rows of each owner, int64 `(runs,)` each.

        Args:
            counts: Which rows count, bool `(rows,)`.
            runs: Whose they are.
        """
        sums = runs.sums(self.one * counts)
        if self.other is not None:
            return sums, runs.sums(self.other * counts)
        return sums >> _HALF, sums & (1 << _HALF) - 1
