"""Reading the lines of an invoice, to compare them with what customers hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from os import PathLike
from typing import Any

import attrs

from partnerhub.adapters.exports.cells import CellError, parse_count, parse_text
from partnerhub.adapters.exports.csv_rows import BadRow
from partnerhub.adapters.exports.headings import folded
from partnerhub.adapters.exports.options import ArchiveLimits
from partnerhub.adapters.exports.problems import Problem, shown
from partnerhub.adapters.exports.sources import each_file
from partnerhub.adapters.exports.tables import Table as Read
from partnerhub.adapters.exports.tables import read_table
from partnerhub.columns.table import Table
from partnerhub.domain.errors import ColumnMissing, InvalidValue
from partnerhub.domain.layouts.columns import Column
from partnerhub.domain.layouts.invoice import INVOICE_LINES


@attrs.frozen(kw_only=True, eq=False)
class Invoice:
    """The lines of an invoice that could be read.

    Attributes:
        lines: One row a line: `subscription_id`, `quantity` and, where the file has it,
            `license`.
        problems: What was left out, and why.
    """

    lines: Table
    problems: tuple[Problem, ...]


def read_invoice(
    path: str | PathLike[str], /, *, headings: Mapping[str, str] | None = None
) -> Invoice:
    """The lines of an invoice in a CSV file.

    A row without a subscription or a whole quantity is a problem, and the others are
    taken. Other columns are not read.

    Args:
        path: The file; also JSON, Parquet, gzip or a ZIP of such.
        headings: Headings that are not known by themselves -> `subscription_id`,
            `license` or `quantity`.

    Raises:
        InvalidValue: A heading is to stand for a column that there is not.
        FileRefused: The file is empty or damaged, or a column is missing.
        OSError: There is no such file, or it may not be read.
    """
    wanted = _named(headings or {})
    rows: list[dict[str, Any]] = []
    problems: list[Problem] = []
    keys: set[str] = set()
    for table in each_file(path, read_table, limits=ArchiveLimits(), refused=None):
        places = _places(table, wanted)
        keys |= places.keys()
        for found in _lines(table, places):
            if isinstance(found, Problem):
                problems.append(found)
            else:
                rows.append(found)
    columns = [column for column in INVOICE_LINES.columns if column.key in keys]
    lines = Table.from_rows(columns, rows, title=INVOICE_LINES.name)
    return Invoice(lines=lines, problems=tuple(problems))


def _named(headings: Mapping[str, str]) -> dict[str, str]:
    """Folded heading -> key of the column."""
    known = {
        folded(name): column.key
        for column in INVOICE_LINES.columns
        for name in column.names
    }
    keys = INVOICE_LINES.keys
    for key in headings.values():
        if key not in keys:
            raise InvalidValue("column of an invoice", key, choices=keys)
    return known | {folded(heading): key for heading, key in headings.items()}


def _places(table: Read, wanted: Mapping[str, str]) -> dict[str, int]:
    """Key -> place of its column; of two columns of one key, the first."""
    found: dict[str, int] = {}
    for place, heading in enumerate(table.headings):
        key = wanted.get(folded(heading))
        if key is not None:
            found.setdefault(key, place)
    lacking = [
        column.heading
        for column in INVOICE_LINES.columns
        if column.required and column.key not in found
    ]
    if lacking:
        has = ", ".join(map(repr, table.headings[:12]))
        why = f"no column {' and no column '.join(map(repr, lacking))}; it has {has}"
        raise ColumnMissing(table.source.file, why)
    return found


def _lines(
    table: Read, places: Mapping[str, int]
) -> Iterator[dict[str, Any] | Problem]:
    file = table.source.file
    for line, cells in table.rows():
        if isinstance(cells, BadRow):
            yield Problem(file=file, line=line, message=cells.message)
            continue
        texts = {
            key: cells[place].strip() if place < len(cells) else ""
            for key, place in places.items()
        }
        bad = _fault(texts)
        if bad is None:
            yield {
                "subscription_id": parse_text(texts["subscription_id"]),
                "license": parse_text(texts.get("license", "")) or None,
                "quantity": parse_count(texts["quantity"]),
            }
        else:
            column, message = bad
            yield Problem(
                file=file,
                line=line,
                column=table.headings[places[column.key]],
                value=shown(texts[column.key], column=column),
                message=message,
            )


def _fault(texts: Mapping[str, str]) -> tuple[Column, str] | None:
    """What is wrong with a row."""
    for column in INVOICE_LINES.columns:
        if not column.required:
            continue
        try:
            parse = parse_count if column.key == "quantity" else parse_text
            if parse(texts[column.key]) in {None, ""}:
                return column, "blank, and needed"
        except CellError as error:
            return column, str(error)
    return None
