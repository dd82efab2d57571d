"""A table as an Excel workbook: typed cells, and no text that runs or links."""

from __future__ import annotations

import datetime as dt
import math
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from partnerhub.columns.printing import heading_text
from partnerhub.columns.table import Table
from partnerhub.columns.values import NUMBERS, Cell, to_python
from partnerhub.domain.errors import MissingExtra
from partnerhub.domain.layouts import CellType, Column, Locale

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_MOST_ROWS: Final = 1_048_575
"""Rows of a sheet, without the headings; a longer table goes on in another sheet."""

_LONGEST: Final = 32_767
"""Characters of a cell, as `_cut` counts them."""

_LONGEST_SHEET: Final = 31
_NOT_IN_SHEETS: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff]")
_FIRST_DAY: Final = dt.date(1900, 3, 1)
"""Earlier days are texts: Excel holds 1900 for a leap year, and knows none before."""

_MADE: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""When every workbook says it was made, so that equal tables are equal files."""

_BATCH_ROWS: Final = 16_384
_MOST_EXACT: Final = 2**53
"""Whole numbers from which Excel loses digits; those are texts."""

_FORMATS: Final = {
    CellType.RATIO: "0.0%",
    CellType.DAY: "yyyy-mm-dd",
    CellType.COUNT: "0",
    CellType.CHANGE: "0",
}


def write_workbook(
    tables: Iterable[Table],
    file: BinaryIO,
    /,
    *,
    locale: Locale = "en",
    title: str = "",
) -> tuple[int, int]:
    """Writes a stream of tables with the same columns as one workbook.

    Its columns are the data columns: days are dates, shares are numbers shown in %.
    Texts stay texts, whatever they look like, so nothing is guarded.

    Args:
        tables: What to write; one of them is held at a time.
        file: Where to: open for writing bytes, and left open.
        locale: Language of the headings.
        title: Name of the sheet.

    Returns:
        The number of rows, headings not counted, and of texts that were cut because
        a cell holds 32,767 characters.

    Raises:
        MissingExtra: The extra `excel` is not installed.
        InvalidValue: There are no headings in that language.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise MissingExtra("writing Excel workbooks", "excel") from error
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": _FORMATS[CellType.DAY],
    }
    # The library tries again to end a file that it could not write, when nobody can
    # catch the error any more; so it has one of its own.
    with TemporaryFile() as whole:
        with xlsxwriter.Workbook(whole, options) as book:
            book.set_properties({"created": _MADE})
            written = _Book(book, locale, title).write(tables)
        whole.seek(0)
        shutil.copyfileobj(whole, file)
    return written


_Write = Callable[["Worksheet", int, int, Any], None]


class _Book:
    """A workbook that is being written."""

    def __init__(self, book: Any, locale: Locale, title: str) -> None:
        self._book = book
        self._locale: Locale = locale
        self._title = title
        self._formats = {
            cell: book.add_format({"num_format": text})
            for cell, text in _FORMATS.items()
        }
        self._bold = book.add_format({"bold": True})
        self._rows = 0
        self._cut = 0

    def write(self, tables: Iterable[Table]) -> tuple[int, int]:
        """Writes all of them; returns how many rows, and how many cells were cut."""
        sheet: Worksheet | None = None
        for table in tables:
            writers = [self._writer(column) for column in table.columns]
            for batch in table.batches(_BATCH_ROWS):
                for cells in _rows(batch) if len(batch) else ():
                    line = self._rows % _MOST_ROWS
                    if sheet is None or not line:
                        sheet = self._sheet(table.columns)
                    for place, (write, cell) in enumerate(
                        zip(writers, cells, strict=True)
                    ):
                        if cell is not None:
                            write(sheet, line + 1, place, cell)
                    self._rows += 1
            if sheet is None:
                sheet = self._sheet(table.columns)
        return self._rows, self._cut

    def _sheet(self, columns: Sequence[Column]) -> Worksheet:
        number = len(self._book.worksheets()) + 1
        sheet = self._book.add_worksheet(sheet_name(self._title, number))
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            heading = heading_text(column, self._locale)
            width = max(12, min(40, len(heading) + 2))
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, heading, self._bold)
        return sheet

    def _writer(self, column: Column) -> _Write:
        shape = self._formats.get(column.cell)
        if column.cell in NUMBERS:
            return partial(self._number, shape)
        if column.cell is CellType.FLAG:
            return _flag
        if column.cell is CellType.DAY:
            return partial(self._day, shape)
        return self._text

    def _number(
        self, shape: Any, sheet: Worksheet, row: int, place: int, cell: Any
    ) -> None:
        if math.isfinite(cell) and (isinstance(cell, float) or cell < _MOST_EXACT):
            sheet.write_number(row, place, cell, shape)
        else:
            self._text(sheet, row, place, str(cell))

    def _day(
        self, shape: Any, sheet: Worksheet, row: int, place: int, cell: dt.date
    ) -> None:
        if cell >= _FIRST_DAY:
            at_midnight = dt.datetime.combine(cell, dt.time())
            sheet.write_datetime(row, place, at_midnight, shape)
        else:
            self._text(sheet, row, place, cell.isoformat())

    def _text(self, sheet: Worksheet, row: int, place: int, cell: str) -> None:
        kept = _cut(cell, _LONGEST)
        self._cut += len(kept) < len(cell)
        sheet.write_string(row, place, kept)


def _cut(text: str, most: int) -> str:
    """A text cut to so many characters as Excel counts them: emoji count twice."""
    if len(text) <= most // 2:
        return text
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def _flag(sheet: Worksheet, row: int, place: int, cell: bool) -> None:
    sheet.write_boolean(row, place, cell)


def _rows(batch: Table) -> Iterable[tuple[Cell, ...]]:
    return zip(
        *(to_python(c.cell, batch.values[c.key]) for c in batch.columns), strict=True
    )


def sheet_name(title: str, number: int, /) -> str:
    """A title as the name of a sheet, numbered from the second on.

    Examples:
        >>> sheet_name("Licences: été/hiver", 1), sheet_name("History", 2)
        ('Licences été hiver', 'History (2)')
    """
    plain = " ".join(_NOT_IN_SHEETS.sub(" ", title).split())
    tail = f" ({number})" if number > 1 else ""
    plain = _cut(plain.strip("'"), _LONGEST_SHEET - len(tail)).rstrip(" '")
    if not plain or (plain + tail).casefold() == "history":
        plain = "Report"  # Excel keeps History for itself
    return plain + tail
