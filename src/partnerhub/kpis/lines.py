"""Some license lines of a selection: their sums, and ratios of sums.

A ratio rests on exactly the lines of which both numbers are known, so that an
unknown one never passes for zero (design 2.4 and 5.15).
"""

from __future__ import annotations

from functools import cached_property
from typing import Final, Literal, get_args

import attrs
import numpy as np
import numpy.typing as npt

from partnerhub.columns import unknown
from partnerhub.columns.runs import first_rows
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.domain.errors import InvalidValue
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

    def sum(self, name: str, /) -> int | None:
        """The sum of what is known; None where something is asked and nothing known."""
        numbers = self.numbers(name)
        return total_of(numbers, ~unknown.is_unknown(numbers))

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


def total_of(numbers: Ints, known: Bools) -> int | None:
    """The sum of the known ones; None where there are some and none is known."""
    if len(numbers) and not known.any():
        return None
    return int((numbers * known).sum())


def ratio_of(part: Ints, whole: Ints) -> float | None:
    """Sum of the parts / sum of the wholes, over rows that know both, 0..1 and over.

    Args:
        part: -1 where not known, `(n,)`.
        whole: The same.

    Returns:
        None where the wholes sum to nothing.

    Examples:
        >>> ratio_of(np.array([5, -1, 1]), np.array([8, 10, 4]))
        0.5
        >>> ratio_of(np.array([0]), np.array([0])) is None
        True
    """
    known = (part | whole) >= 0
    total = int((whole * known).sum())
    return int((part * known).sum()) / total if total else None


def shares_of(part: Ints, whole: Ints) -> Ratios:
    """Part / whole of each row, NaN without a whole or where one is not known.

    Examples:
        >>> shares_of(np.array([5, 5, -1]), np.array([8, 0, 1])).tolist()
        [0.625, nan, nan]
    """
    found = np.full(len(part), np.nan)
    np.divide(part, whole, out=found, where=(part >= 0) & (whole > 0))
    return found


def spare_of(total: Ints, assigned: Ints) -> Ints:
    """Licenses bought and not assigned: max(0, total - assigned), -1 if not known.

    Examples:
        >>> spare_of(np.array([5, 5, -1]), np.array([3, 9, 1])).tolist()
        [2, 0, -1]
    """
    spare: Ints = np.maximum(total - assigned, 0)
    spare[(total | assigned) < 0] = unknown.COUNT
    return spare
