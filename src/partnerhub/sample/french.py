"""A file as a French office saves it: `;`, a byte order mark, French texts and days."""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, Final

import attrs

from partnerhub.columns.printing import Text
from partnerhub.columns.table import Table
from partnerhub.columns.text import TextColumn
from partnerhub.columns.values import Values
from partnerhub.domain.layouts import CellType, Column
from partnerhub.sample.texts import coded

_FLAGS: Final = {"TRUE": "VRAI", "FALSE": "FAUX"}


def write_french(tables: Iterable[Table], file: BinaryIO, /) -> None:
    """Writes a stream of tables with the same columns as one French CSV file.

    Args:
        tables: What to write, printed as it is: no `PrintedColumn`.
        file: Where to: open for writing bytes, and left open.
    """
    file.write(BOM_UTF8)
    for number, table in enumerate(tables):
        printed = _in_french(table).print_columns(locale="fr")
        cells = [
            _spelled(column, text.cells)
            for column, text in zip(table.columns, printed, strict=True)
        ]
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=";")
        if number == 0:
            writer.writerow([column.heading for column in printed])
        writer.writerows(zip(*cells, strict=True))
        file.write(text.getvalue().encode())


def _in_french(table: Table) -> Table:
    """The table with the choices of its columns as French files have them."""
    values = dict(_translated(table))
    return attrs.evolve(table, values=values)


def _translated(table: Table) -> Iterator[tuple[str, Values]]:
    for column in table.columns:
        values = table.values[column.key]
        french = {written: read[0] for written, read in column.choices.items()}
        if isinstance(values, TextColumn):
            texts: list[str] = values.labels.tolist()
            labels = [french.get(text, text) for text in texts]
            values = coded(values.codes, labels)
        elif french:
            values = values.copy()
            for written, text in french.items():
                values[values == written] = text
        yield column.key, values


def _spelled(column: Column, cells: Sequence[Text]) -> Iterable[Text]:
    if column.cell is CellType.FLAG:
        return (_FLAGS.get(cell or "", cell) for cell in cells)
    if column.cell is CellType.DAY:
        return ("/".join(reversed((cell or "").split("-"))) for cell in cells)
    return cells
