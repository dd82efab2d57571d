"""Rows that are of the same thing on the same day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import numpy as np

from partnerhub.columns.unknown import Array, Bools, Ints, is_unknown


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
    def by(cls, *keys: Array) -> Grouped:
        """Groups rows whose keys are all equal, in order of appearance."""
        place: dict[tuple[object, ...], int] = {}
        group = np.fromiter(
            (
                place.setdefault(key, len(place))
                for key in zip(*(key.tolist() for key in keys), strict=True)
            ),
            np.int64,
            len(keys[0]),
        )
        first = np.full(len(place), len(group), np.int64)
        np.minimum.at(first, group, np.arange(len(group)))
        return cls(group, first)

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
