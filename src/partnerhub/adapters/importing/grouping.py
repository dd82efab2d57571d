"""Rows that are of the same thing on the same day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import attrs
import numpy as np

from partnerhub.adapters.importing.coding import Coded
from partnerhub.adapters.importing.spool import Rows
from partnerhub.columns.records import day_numbers
from partnerhub.columns.unknown import Array, Bools, Days, Ints, is_unknown

_JOINT_LIMIT: Final = 2**62
"""Codes are joined into one number while it stays below this."""


@attrs.frozen(eq=False)
class Grouped:
    """Rows grouped by what they are of.

    Attributes:
        group: The group of each row, int64 `(n,)`.
        first: The first row of each group, int64 `(groups,)`.
    """

    group: Ints
    first: Ints

    @classmethod
    def by(cls, *keys: Coded, day: Days | None = None) -> Grouped:
        """Groups rows whose keys, and day, are all equal, in order of appearance."""
        columns = [(key.code, max(1, len(key.values))) for key in keys]
        if day is not None:
            columns.append(_day_codes(day))
        joint, size = columns[0]
        for code, width in columns[1:]:
            if size * width > _JOINT_LIMIT:
                distinct, joint = np.unique(joint, return_inverse=True)
                size = len(distinct)
            joint, size = joint * width + code, size * width
        _, first, group = np.unique(joint, return_index=True, return_inverse=True)
        order = np.argsort(first)
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        return cls(place[group], first[order])

    @property
    def distinct(self) -> bool:
        """Whether every row is alone in its group."""
        return len(self.first) == len(self.group)

    def merged(self, column: Array) -> Array:
        """The first known value of each group, `(groups,)`."""
        if self.distinct:
            return column
        known = np.flatnonzero(~is_unknown(column))
        row = self.first.copy()
        # Written from the last to the first, so that the first known one stays.
        row[self.group[known[::-1]]] = known[::-1]
        return column[row]

    def completed(self, rows: Rows) -> Rows:
        """One row a group: its first, with what only others of the group know."""
        return Rows(
            rows.line[self.first],
            {key: self.merged(column) for key, column in rows.cells.items()},
        )

    def contradicting(self, columns: Mapping[str, Array]) -> dict[int, int]:
        """Row -> the earlier row of its group that says something else."""
        if self.distinct:
            return {}
        found: dict[int, int] = {}
        for column in columns.values():
            known = ~is_unknown(column)
            said = self.merged(column)[self.group]
            differs: Bools = known & (column != said)
            for row in np.flatnonzero(differs).tolist():
                found.setdefault(row, self._sayer(row, column, known))
        return found

    def _sayer(self, row: int, column: Array, known: Bools) -> int:
        same: Sequence[int] = np.flatnonzero(
            (self.group == self.group[row]) & known & (column != column[row])
        ).tolist()
        return same[0]


def _day_codes(days: Days) -> tuple[Ints, int]:
    """Days counted from the earliest, and how many there may be."""
    numbers = day_numbers(days)
    if not len(numbers):
        return numbers, 1
    earliest = int(numbers.min())
    return numbers - earliest, int(numbers.max()) - earliest + 1
