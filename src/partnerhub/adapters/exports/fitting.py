"""Rows that have more or fewer cells than the file has columns.

Some exports write a customer's name without quotes though it has a comma in it,
which shifts the rest of the row. That is repaired only where the id after the
name proves it: it stands as many cells too far to the right as the row is too
long. Any other row of a wrong length is a fault.
"""

from __future__ import annotations

from typing import Self

import attrs

from partnerhub.adapters.exports.cells import CellError, parse_id
from partnerhub.adapters.exports.csv_rows import BadRow
from partnerhub.adapters.exports.headings import Match


@attrs.define(kw_only=True)
class RowFitter:
    """Makes the rows of one pass over a file as wide as the headings.

    Attributes:
        width: Cells of a row.
        delimiter: What stands between cells.
        name: Position of the customer's name; None unless its id stands next to it.
        repaired: Rows put together again so far.
    """

    width: int
    delimiter: str
    name: int | None
    repaired: int = 0

    @classmethod
    def of(cls, match: Match, /, *, width: int, delimiter: str) -> Self:
        """For a file with those headings."""
        where = match.positions
        name = where.get("customer_name", where.get("name"))
        anchored = name is not None and where["org_id"] == name + 1
        return cls(width=width, delimiter=delimiter, name=name if anchored else None)

    def fit(self, cells: list[str] | BadRow, /) -> list[str] | BadRow:
        """The row as wide as the headings: itself, repaired, or what is wrong.

        Examples:
            >>> fitter = RowFitter(width=3, delimiter=",", name=0)
            >>> uuid = "c8b0e0d2-0000-4000-8000-000000000001"
            >>> fitter.fit(["Acme", " Inc.", uuid, "7"])[0]
            'Acme, Inc.'
            >>> fitter.fit(["Acme", uuid]).message
            '2 cells where the file has 3 columns'
        """
        if isinstance(cells, BadRow) or len(cells) == self.width:
            return cells
        if len(cells) > self.width:
            # Spreadsheets pad rows with blank cells.
            if not any(cells[self.width :]):
                return cells[: self.width]
            if repaired := self._put_together(cells):
                return repaired
        return BadRow(
            message=f"{len(cells)} cells where the file has {self.width} columns"
        )

    def _put_together(self, cells: list[str]) -> list[str] | None:
        if self.name is None:
            return None
        end = self.name + 1 + len(cells) - self.width
        if _is_uuid(cells[self.name + 1]) or not _is_uuid(cells[end]):
            return None
        self.repaired += 1
        name = self.delimiter.join(cells[self.name : end])
        return [*cells[: self.name], name, *cells[end:]]


def _is_uuid(cell: str) -> bool:
    try:
        return bool(parse_id(cell.strip()))
    except CellError:
        return False
