"""The rows of a CSV file by Polars: the same bytes, several times as fast.

What Polars spells as Python does (whole numbers, days, common decimals) is handed
over as it is; every other text is spelled by `partnerhub.columns.printing`, each
distinct one once. Rows go through in slices, so memory stays constant.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import TYPE_CHECKING, BinaryIO, Final, cast

import attrs
import numpy as np

from partnerhub.columns.printing import PrintedColumn, cell_texts, repeated_texts
from partnerhub.columns.table import Table
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array
from partnerhub.columns.values import TEXTS, as_array, chosen
from partnerhub.domain.cells import SUSPECT, CellSafety
from partnerhub.domain.layouts import CellType, Column

if TYPE_CHECKING:
    import polars as pl

_BATCH_ROWS: Final = 131_072
_WORTH_IT: Final = 20_000
"""Rows from which importing Polars costs less than it saves."""

_SUSPECT: Final = "^[" + "".join(f"\\x{{{ord(sign):x}}}" for sign in SUSPECT) + "]"
# Text that begins with one of these characters needs no closer look.
_PLAIN: Final = (("0", "="), ("A", "\x7f"))
_SPECIAL: Final = '[,"\r\n]'
_E164: Final = r"^\+[0-9]{3,15}$"
# Where Polars writes a decimal in digits as Python does, without an exponent.
_DECIMALS: Final = (1e-4, 1e15)


def is_worth_it(table: Table, /) -> bool:
    """Whether Polars writes this table, and faster.

    A row of one blank cell is the one thing that the two quote differently.
    """
    if len(table.printed or table.columns) < 2:  # noqa: PLR2004 - a row of one cell
        return False
    if sys.modules.get("polars") is not None:
        return True
    return len(table) >= _WORTH_IT and find_spec("polars") is not None


def write_rows(table: Table, file: BinaryIO, /, *, safety: CellSafety) -> None:
    """Writes the rows of a table, without headings.

    One slice is spelled while the one before it is written.
    """
    with ThreadPoolExecutor(1) as writer:
        before = None
        for cells in _slices(table, safety):
            if before is not None:
                before.result()
            before = writer.submit(_write, cells, file)
        if before is not None:
            before.result()


def _slices(table: Table, safety: CellSafety) -> Iterator[pl.DataFrame]:
    import polars as pl

    columns = [_column(table, entry, safety) for entry in table.printed or table.values]
    for start in range(0, len(table), _BATCH_ROWS):
        rows = slice(start, start + _BATCH_ROWS)
        yield pl.select(
            column(rows).alias(str(place)) for place, column in enumerate(columns)
        )


def _write(cells: pl.DataFrame, file: BinaryIO) -> None:
    cells.write_csv(
        cast("BinaryIO", Sink(file)),
        include_header=False,
        line_terminator="\r\n",
        quote_style="never",  # `_quoted` has done it, each label once
        null_value="",
    )


class Sink:
    """Nothing but `write`, so that Polars goes through the file and not past it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        """Writes all of it."""
        return self._file.write(data)


_Cells = Callable[[slice], "pl.Expr"]


def _column(table: Table, entry: str | PrintedColumn, safety: CellSafety) -> _Cells:
    """What gives the cells of some rows of a printed column."""
    import polars as pl

    if isinstance(entry, PrintedColumn):
        alone = attrs.evolve(table, printed=(entry,))
        return lambda rows: pl.lit(
            _spelled(alone.take(rows).print_columns(safety=safety)[0].cells)
        )
    column, values = table.column(entry), table.values[entry]
    if isinstance(values, TextColumn) and len(values.labels) <= len(values):
        return _picked(values.codes, _texts(column, values.labels, safety))
    if column.cell in TEXTS:
        return lambda rows: pl.lit(
            _texts(column, as_array(chosen(values, rows)), safety)
        )
    return lambda rows: _numbers(column, as_array(values)[rows], safety)


def _picked(codes: Array, labels: pl.Series) -> _Cells:
    """The label of each code; -1 is blank, and one more label before all others."""
    import polars as pl

    blank = pl.Series([None], dtype=pl.String)
    with_blank = pl.lit(pl.concat([blank, labels], rechunk=True))
    return lambda rows: with_blank.gather((codes[rows] + 1).view(np.uint32))


def _texts(column: Column, texts: Array, safety: CellSafety) -> pl.Series:
    import polars as pl

    # An array goes in twice as fast as a list, but its type is told by its first text.
    is_plain = len(texts) > 0 and isinstance(texts[0], str)
    cells = pl.Series(texts if is_plain else texts.tolist(), dtype=pl.String)
    if safety != CellSafety.RAW:
        rows = _suspects(column, cells)
        if len(rows):
            safe = cell_texts(column, texts[rows], safety=safety)
            cells = cells.scatter(rows, pl.Series(list(safe), dtype=pl.String))
    return _quoted(cells)


def _quoted(cells: pl.Series) -> pl.Series:
    """Texts as they stand between commas; the empty text is blank."""
    blank = cells == ""
    if blank.any():
        cells = cells.set(blank, None)
    special = cells.str.contains(_SPECIAL)
    if not special.any():
        return cells
    rows = special.fill_null(value=False).arg_true()
    doubled = cells.gather(rows).str.replace_all('"', '""', literal=True)
    return cells.scatter(rows, '"' + doubled + '"')


def _suspects(column: Column, cells: pl.Series) -> Array:
    """The places of texts that may need a guard."""
    plain = cells.is_null()
    for first, end in _PLAIN:
        plain |= (cells >= first) & (cells < end)
    if plain.all():
        return np.array([], np.intp)
    suspect = cells.str.contains(_SUSPECT)
    if column.cell is CellType.PHONE:
        suspect &= ~cells.str.contains(_E164)
    return suspect.fill_null(value=False).arg_true().to_numpy()


def _numbers(column: Column, values: Array, safety: CellSafety) -> pl.Expr:
    """Numbers as Polars writes them, where that is as Python does."""
    import polars as pl

    if column.cell is CellType.COUNT:
        counts = pl.Series(values)
        unknown = counts < 0
        return pl.lit(counts.set(unknown, None) if unknown.any() else counts)
    if column.cell is CellType.DECIMAL:
        size = np.abs(values)
        plain = (size >= _DECIMALS[0]) & (size < _DECIMALS[1])
        if (plain | (values == 0) | np.isnan(values)).all():
            return pl.lit(pl.Series(values).fill_nan(None))
    repeated = repeated_texts(column, values, safety=safety)
    if repeated is not None:
        return _picked(repeated.codes, _spelled(repeated.labels))(slice(None))
    return pl.lit(_spelled(cell_texts(column, values, safety=safety)))


def _spelled(texts: Iterable[str | None]) -> pl.Series:
    import polars as pl

    return _quoted(pl.Series(list(texts), dtype=pl.String))
