"""Some license lines of a selection: their sums, and ratios of sums."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final, Literal, get_args

import attrs
import numpy as np
import numpy.typing as npt

from partnerhub.columns import unknown
from partnerhub.columns.owned import first_rows
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.domain.errors import InvalidValue
from partnerhub.kpis.numbers import LONE, Numbers, Wanted
from partnerhub.kpis.selection import Selection

Usage = Literal["7d", "ever"]
"""What "used" counts: licenses used in the last seven days, or at least once."""

Ratios = npt.NDArray[np.float64]
"""Shares, NaN where there is none."""

USED: Final = {"7d": "used_7d", "ever": "used_ever"}
"""Usage basis -> the number of a license line."""


def used_name(usage: str, /) -> str:
    """The number of a license line that a usage basis reads.

    Raises:
        InvalidValue: There is no such basis.
    """
    if usage not in USED:
        raise InvalidValue("usage", usage, choices=get_args(Usage))
    return USED[usage]


@attrs.frozen
class Sums:
    """Sums by name.

    Attributes:
        sums: The sum of what is known.
        untold: Those of numbers of which there are some, and none is known.
    """

    sums: Mapping[str, int]
    untold: frozenset[str]

    @classmethod
    def of(cls, numbers: Mapping[str, Array], /) -> Sums:
        """The sums of some numbers; those of `LONE` are -1 where not known."""
        sums: dict[str, int] = {}
        untold: set[str] = set()
        for name, each in numbers.items():
            alone = name in LONE
            sums[name] = int((np.maximum(each, 0) if alone else each).sum())
            if alone and len(each) and not (each >= 0).any():
                untold.add(name)
        return cls(sums, frozenset(untold))

    def __getitem__(self, name: str, /) -> int | None:
        """The sum of what is known; None where there are lines and none tells it."""
        return None if name in self.untold else self.sums[name]

    def ratio(self, part: str, whole: str, /) -> float | None:
        """Sum of the parts / sum of the wholes, over lines that know both.

        Returns:
            0..1 and over; None where the wholes sum to nothing.
        """
        total = self.sums[f"{whole}_of_{part}"]
        return self.sums[f"{part}_of_{whole}"] / total if total else None


@attrs.frozen(eq=False)
class Lines:
    """Some license lines.

    Attributes:
        selection: Where they are chosen from.
        rows: Their rows, ascending, `(n,)`.
    """

    selection: Selection
    rows: Array

    def __len__(self) -> int:
        return len(self.rows)

    def numbers(self, name: str, /) -> Ints:
        """A number of each line, -1 where not known, `(n,)`."""
        found: Ints = getattr(self.selection.portfolio.lines, name).take(self.rows)
        return found

    def sums(self, wanted: Wanted, /, *, usage: Usage = "7d") -> Sums:
        """The sums over all the lines.

        Args:
            wanted: What is summed.
            usage: What counts as used.
        """
        columns = self.selection.portfolio.lines

        def read(name: str) -> Array:
            return columns.counts(name).take(self.rows)

        return Sums.of(wanted(Numbers(read, used_name(usage))))

    # One row a subscription

    @cached_property
    def first(self) -> Array:
        """Where the lines of each subscription begin, `(subscriptions,)`."""
        return first_rows(self._subscription)

    @cached_property
    def subscriptions(self) -> Array:
        """Rows of the subscriptions of the lines, ascending, each once."""
        return self._subscription[self.first]

    def by_subscription(self, name: str, /) -> Ints:
        """The sum of what is known for each subscription, -1 where nothing is."""
        numbers = self.numbers(name)
        return self.summed(numbers, ~unknown.is_unknown(numbers))

    def summed(self, numbers: Ints, known: Bools) -> Ints:
        """The same, of numbers worked out."""
        if not len(self.rows):
            return np.empty(0, np.int64)
        sums = np.add.reduceat(numbers * known, self.first)
        any_known = np.logical_or.reduceat(known, self.first)
        return np.where(any_known, sums, unknown.COUNT)

    def shares(self, name: str, /) -> Ratios:
        """The number / total of each subscription, over lines that know both.

        NaN where there are no licenses, or none is known.
        """
        part, whole = self.numbers(name), self.numbers("total")
        known = (part | whole) >= 0
        return shares_of(self.summed(part, known), self.summed(whole, known))

    @cached_property
    def _subscription(self) -> Array:
        found: Array = self.selection.portfolio.lines.subscription.take(self.rows)
        return found


def lines_of(selection: Selection, chosen: Bools) -> Lines:
    """The lines of a mask."""
    return Lines(selection, np.flatnonzero(chosen))


def shares_of(part: Ints, whole: Ints) -> Ratios:
    """Part / whole of each row, NaN without a whole or where one is not known.

    Examples:
        >>> shares_of(np.array([5, 5, -1]), np.array([8, 0, 1])).tolist()
        [0.625, nan, nan]
    """
    found = np.full(len(part), np.nan)
    np.divide(part, whole, out=found, where=(part >= 0) & (whole > 0))
    return found
