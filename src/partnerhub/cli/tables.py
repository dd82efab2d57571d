"""Tables of the library on a terminal, as JSON and as CSV."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING

from partnerhub.cli.output import Cell, print_json, print_table

if TYPE_CHECKING:
    from partnerhub.columns.table import Table


def instant(at: dt.datetime | None, /) -> str:
    """An instant to the minute, or the second where it has any; blank for none.

    Examples:
        >>> instant(dt.datetime(2026, 11, 22, 6, 30, tzinfo=dt.UTC))
        '2026-11-22 06:30 UTC'
        >>> paris = dt.timezone(dt.timedelta(hours=1))
        >>> instant(dt.datetime(2026, 11, 22, 6, 30, 5, tzinfo=paris))
        '2026-11-22 06:30:05+01:00'
    """
    if at is None:
        return ""
    text = at.isoformat(sep=" ", timespec="seconds" if at.second else "minutes")
    return text.replace("+00:00", " UTC")


def show_table(table: Table, /, *, as_json: bool = False, as_csv: bool = False) -> None:
    """A table: as JSON, as CSV, or drawn; an empty one is drawn as nothing.

    Args:
        table: What to show.
        as_json: As a list of objects, one a row, of the data columns.
        as_csv: As the CSV file that a report would be.
    """
    if as_json:
        print_json(rows_of(table))
    elif as_csv:
        _write(table)
    elif len(table):
        from partnerhub.domain.cells import CellSafety

        columns = table.print_columns(safety=CellSafety.RAW)
        headings = [column.heading for column in columns]
        cells = zip(*(column.cells for column in columns), strict=True)
        numbers = [place for place, column in enumerate(columns) if column.is_number]
        print_table(headings, list(cells), numbers=numbers)


def rows_of(table: Table, /) -> list[dict[str, Cell | float]]:
    """The rows, ready for JSON: days and the like as text."""
    return [
        {key: _plain(value) for key, value in row.items()} for row in table.to_dicts()
    ]


def _plain(value: object) -> Cell | float:
    return value if value is None or isinstance(value, int | float) else str(value)


def _write(table: Table) -> None:
    from partnerhub.reports.csv_writer import write_csv

    sys.stdout.flush()
    write_csv(table, sys.stdout.buffer)
    sys.stdout.buffer.flush()
