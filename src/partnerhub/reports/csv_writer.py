"""A table as CSV: RFC 4180 as the standard library writes it, safe to open.

Lines end in CRLF, the encoding is UTF-8, cells are quoted only where they must be.
How each cell is spelled is told in `partnerhub.columns.printing`; this module puts
them into rows. With the extra `columnar` a long table goes through Polars instead,
which gives the same bytes sooner.
"""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO, Final

from partnerhub.columns.printing import Printed
from partnerhub.columns.table import Table
from partnerhub.domain.cells import CellSafety
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.layouts import Locale
from partnerhub.reports import csv_columnar

_BATCH_ROWS: Final = 16_384
"""Rows held as text at a time: memory stays constant, and cells in the cache."""


def write_csv(
    tables: Table | Iterable[Table],
    file: BinaryIO,
    /,
    *,
    locale: Locale = "en",
    safety: CellSafety = CellSafety.SAFE,
    bom: bool = False,
) -> int:
    r"""Writes a table, or a stream of tables with the same columns, as one CSV file.

    Args:
        tables: What to write. Of a stream, one table at a time is held.
        file: Where to: open for writing bytes, and left open.
        locale: Language of the headings; cells are the same in all.
        safety: Whether texts that a spreadsheet would run are guarded.
        bom: Whether to begin with a byte order mark, which Excel needs to see that
            the file is UTF-8.

    Returns:
        The number of rows, headings not counted.

    Raises:
        InvalidValue: There is no table, tables of the stream differ in their
            columns, or there are no headings in that language.

    Examples:
        >>> from partnerhub.domain.layouts import Column
        >>> name = Column(key="name", heading="Name", french="Nom")
        >>> table = Table.from_rows([name], [("Acme, Inc.",), ("=1+1",)])
        >>> file = io.BytesIO()
        >>> write_csv(table, file, locale="fr")
        2
        >>> file.getvalue()
        b'Nom\r\n"Acme, Inc."\r\n\'=1+1\r\n'
    """
    stream = same_columns([tables] if isinstance(tables, Table) else tables)
    first = next(stream)
    if bom:
        file.write(BOM_UTF8)
    headings = first.head(0).print_columns(locale=locale, safety=safety)
    _write_rows(file, [[column.heading for column in headings]])
    rows = 0
    for table in chain([first], stream):
        if csv_columnar.is_worth_it(table):
            csv_columnar.write_rows(table, file, safety=safety)
        else:
            for batch in table.batches(_BATCH_ROWS):
                _write_rows(file, _rows(batch.print_columns(safety=safety)))
        rows += len(table)
    return rows


def _rows(columns: Sequence[Printed]) -> Iterable[Sequence[str | None]]:
    return zip(*(column.cells for column in columns), strict=True)


def _write_rows(file: BinaryIO, rows: Iterable[Sequence[str | None]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    file.write(text.getvalue().encode())


def same_columns(tables: Iterable[Table], /) -> Iterator[Table]:
    """The tables of a stream, one at least, all of them with the same columns.

    Raises:
        InvalidValue: There is no table, or one has other columns than the first.
    """
    shape = None
    for table in tables:
        shape = shape or (table.columns, table.printed)
        if (table.columns, table.printed) != shape:
            raise InvalidValue("part of this report", table, "its columns differ")
        yield table
    if shape is None:
        raise InvalidValue("report", "nothing", "a report needs at least one table")
