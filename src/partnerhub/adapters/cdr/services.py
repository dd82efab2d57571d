"""Statistics of call queues, hunt groups and auto attendants, from their exports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import attrs
import numpy as np

from partnerhub.adapters.cdr.layouts import HUNT_GROUP_STATS
from partnerhub.adapters.cdr.stat_cells import parse_length
from partnerhub.adapters.exports.cells import CellError, parse_count, parse_text
from partnerhub.adapters.exports.csv_rows import BadRow
from partnerhub.adapters.exports.headings import Match
from partnerhub.adapters.exports.problems import Problem, shown
from partnerhub.adapters.exports.tables import Table
from partnerhub.columns.queue_stats import ServiceStats
from partnerhub.columns.unknown import Array
from partnerhub.domain.cells import unguard
from partnerhub.domain.layouts import CellType, Column, Layout
from partnerhub.domain.weeks import Period

_LARGEST: Final = 2**53


@attrs.frozen(kw_only=True, eq=False)
class ServiceFile:
    """An export of service statistics whose headings have been understood.

    Attributes:
        file: Its name in messages.
        customer: Uuid of the customer it is of, which it does not say itself.
        period: First and last day that it covers, which it does not say either.
        notices: What the user should know.
    """

    file: str
    customer: str
    period: Period
    notices: tuple[str, ...]
    _table: Table = attrs.field(alias="table", repr=False)
    _match: Match = attrs.field(alias="match", repr=False)

    @property
    def layout(self) -> Layout:
        """What the file holds."""
        return self._match.layout

    def read(self) -> tuple[ServiceStats, tuple[Problem, ...]]:
        """All its rows, and the faults of those that are left out."""
        problems: list[Problem] = []
        rows = list(self._rows(problems))
        columns = {
            column.key: [row[at] for row in rows]
            for at, column in enumerate(self.layout.columns)
        }
        size = len(rows)
        values = {
            column.key: _array(column, columns[column.key])
            for column in self.layout.columns
            if column.key not in ("name", "location")
        }
        first, last = self.period
        return (
            ServiceStats(
                organization=_texts([self.customer] * size),
                location=_texts(columns["location"]),
                name=_texts(columns["name"]),
                first=np.full(size, np.datetime64(first, "D")),
                last=np.full(size, np.datetime64(last, "D")),
                values=values,
            ),
            tuple(problems),
        )

    def _rows(self, problems: list[Problem]) -> Iterator[list[Any]]:
        width = len(self._table.headings)
        for line, cells in self._table.rows():
            if isinstance(cells, BadRow) or len(cells) != width:
                message = (
                    cells.message
                    if isinstance(cells, BadRow)
                    else f"{len(cells)} cells where the file has {width} columns"
                )
                problems.append(Problem(file=self.file, line=line, message=message))
                continue
            row = []
            for column in self.layout.columns:
                cell = self._cell(cells, column.key)
                try:
                    row.append(self._value(column, cell))
                except CellError as error:
                    problems.append(
                        Problem(
                            file=self.file,
                            line=line,
                            column=column.heading,
                            value=shown(cell),
                            message=str(error),
                        )
                    )
                    break
            else:
                yield row

    def _value(self, column: Column, cell: str) -> Any:
        if column.cell is CellType.TEXT:
            text = parse_text(unguard(cell) if self._table.guarded else cell).strip()
            if column.required and not text:
                raise CellError("blank, and a row needs it")
            return text
        if column.cell is CellType.COUNT:
            count = parse_count(cell)
            if count is not None and count < 0:
                raise CellError("a negative number")
            return -1 if count is None else count
        is_time = column.cell is CellType.DECIMAL
        in_minutes = is_time and self.layout is HUNT_GROUP_STATS
        value = parse_length(cell, unit_s=60 if in_minutes else 1)
        if value is not None and value > _LARGEST:
            raise CellError("too large a number")
        if is_time and not column.key.startswith("mean_"):
            return -1 if value is None else round(value)
        return np.nan if value is None else value

    def _cell(self, cells: Sequence[str], key: str) -> str:
        position = self._match.positions.get(key)
        return "" if position is None else cells[position].strip()


def _texts(texts: list[str]) -> Array:
    found = np.empty(len(texts), dtype=object)
    found[:] = texts
    return found


def _array(column: Column, values: list[Any]) -> Array:
    if column.cell is CellType.TEXT:
        return _texts(values)
    is_sum = column.cell is CellType.COUNT or (
        column.cell is CellType.DECIMAL and not column.key.startswith("mean_")
    )
    return np.array(values, np.int64 if is_sum else np.float64)
