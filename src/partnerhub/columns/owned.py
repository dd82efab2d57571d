"""Which rows each customer owns, in columns sorted by customer.

What is said of a customer is said of its neighbouring rows: whether any of them has
something, what they sum up to, which they are.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from partnerhub.columns.unknown import Array, Bools, Codes, Ints

Places = npt.NDArray[np.intp]
"""Rows as numpy takes them. Given 32 bits it makes these at every call, which takes
nearly as long as the taking."""

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
class OwnedRows:
    """Which neighbouring rows each owner has.

    Attributes:
        bounds: Where the rows of each owner begin, and where the last one's end,
            `(owners + 1,)`.
        followed: 1 where the next row has the same owner, else 0, uint8 `(rows,)`.
    """

    bounds: Places
    followed: Array

    @classmethod
    def of(cls, owner: Codes, owners: int, /) -> OwnedRows:
        """The rows of all owners.

        Args:
            owner: The owner of each row, ascending, `(rows,)`.
            owners: How many there are; some may have no row.
        """
        first = first_rows(owner)
        sizes = np.zeros(owners, np.intp)
        sizes[owner[first]] = np.diff(first, append=len(owner))
        followed = np.ones(len(owner), np.uint8)
        followed[first[1:] - 1] = 0
        followed[-1:] = 0
        return cls(np.concatenate(([0], np.cumsum(sizes))), followed)

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def of_some(self, owners: slice, /) -> OwnedRows:
        """Those of neighbouring owners, counted from the first row of them.

        Examples:
            >>> owned = OwnedRows.of(np.array([0, 0, 2, 3, 3], np.int32), 4)
            >>> owned.of_some(slice(1, 3)).bounds.tolist()
            [0, 0, 1]
        """
        bounds = self.bounds[owners.start : owners.stop + 1]
        return OwnedRows(bounds - bounds[0], self.followed[bounds[0] : bounds[-1]])

    @cached_property
    def sizes(self) -> Places:
        """How many rows each owner has, `(owners,)`."""
        found: Places = np.diff(self.bounds)
        return found

    @cached_property
    def _first(self) -> Places:
        """Where the rows of each owner begin, of those before the last row's end."""
        return self.bounds[: self.bounds.searchsorted(len(self.followed))]

    def any_bits(self, bits: Array, /) -> Array:
        """The bits of all rows of each owner, `(owners,)`; 0 without rows.

        Each row takes those of the next, then of the next two, the next four, and so
        on; for short runs that is several times as fast as `np.bitwise_or.reduceat`.

        Args:
            bits: Unsigned, `(rows,)`.

        Examples:
            >>> owned = OwnedRows.of(np.array([0, 0, 0, 2], np.int32), 3)
            >>> owned.any_bits(np.array([1, 2, 4, 8], np.uint8)).tolist()
            [7, 0, 8]
        """
        longest = int(self.sizes.max(initial=0))
        same = self.followed[
            :-1
        ]  # of each row: whether that `step` further has its owner
        found = bits.copy()
        step = 1
        while step < longest:
            found[:-step] |= same * found[step:]
            same = same[:-step] & same[step:]
            step *= 2
        return self._of_all(found.take(self._first))

    def sums(self, numbers: Ints, /) -> Ints:
        """The sum over the rows of each owner, `(owners,)`; 0 without rows."""
        if not len(numbers):
            return np.zeros(len(self), numbers.dtype)
        return self._of_all(np.add.reduceat(numbers, self._first))

    def _of_all(self, found: Array) -> Array:
        """What was found at `_first`, and 0 of owners without rows."""
        each = np.zeros(len(self), found.dtype)
        np.multiply(found, self.sizes[: len(found)] > 0, out=each[: len(found)])
        return each

    def rows_of(self, owners: Bools, /) -> Places:
        """The rows of some owners, ascending.

        Args:
            owners: Which, bool `(owners,)`.

        Examples:
            >>> owned = OwnedRows.of(np.array([0, 0, 2, 3, 3], np.int32), 4)
            >>> owned.rows_of(np.array([True, True, False, True])).tolist()
            [0, 1, 3, 4]
        """
        chosen = np.flatnonzero(owners)
        sizes = self.sizes.take(chosen)
        ends = np.cumsum(sizes)
        rows: Places = np.arange(ends[-1] if len(ends) else 0)
        rows += np.repeat(self.bounds.take(chosen) - (ends - sizes), sizes)
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
    def of(cls, one: Array, other: Array, owned: OwnedRows, /) -> Pairs:
        """The pairs of two columns of counts, which are -1 where not known.

        Args:
            one: The first, `(rows,)`.
            other: The second.
            owned: Whose rows they are.

        Examples:
            >>> owned = OwnedRows.of(np.array([0, 0, 1], np.int32), 2)
            >>> pairs = Pairs.of(np.array([1, 2, 9]), np.array([10, 20, -1]), owned)
            >>> sums = pairs.sums(np.array([True, True, True]), owned)
            >>> [each.tolist() for each in sums]
            [[3, 0], [30, 0]]
        """
        known = (one | other) >= 0
        first, second = ((c * known).astype(np.int64) for c in (one, other))
        largest = max(int(owned.sums(each).max(initial=0)) for each in (first, second))
        if largest >> _HALF - 1:
            return cls(first, second)
        return cls(first << _HALF | second, None)

    def __getitem__(self, rows: slice) -> Pairs:
        other = None if self.other is None else self.other[rows]
        return Pairs(self.one[rows], other)

    def sums(self, counts: Bools, owned: OwnedRows, /) -> tuple[Ints, Ints]:
        """The sums of both over the rows of each owner, int64 `(owners,)` each.

        Args:
            counts: Which rows count, bool `(rows,)`.
            owned: Whose they are.
        """
        sums = owned.sums(self.one * counts)
        if self.other is not None:
            return sums, owned.sums(self.other * counts)
        return sums >> _HALF, sums & (1 << _HALF) - 1
