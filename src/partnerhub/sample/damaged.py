"""A file with rows that cannot be read, to show what a reader says of them."""

from __future__ import annotations

import csv
import io
from typing import BinaryIO, Final

from partnerhub.columns.table import Table

_BROKEN: Final = {"org_id": "not an id", "meetings_total": "fifty"}
"""Column key -> what stands in it in one row more, which is else like the first."""


def write_damaged(table: Table, file: BinaryIO, /) -> None:
    """Writes Subscription Details as CSV, and after them one row a broken cell.

    Args:
        table: At least one row.
        file: Where to: open for writing bytes, and left open.
    """
    printed = table.print_columns()
    rows = [list(row) for row in zip(*(c.cells for c in printed), strict=True)]
    keys = [column.key for column in table.columns]
    for key, cell in _BROKEN.items():
        row = list(rows[0])
        row[keys.index(key)] = cell
        rows.append(row)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[column.heading for column in printed], *rows])
    file.write(text.getvalue().encode())
