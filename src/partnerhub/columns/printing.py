"""Columns as they stand on paper and in CSV files: headings and texts.

Blank for unknown, ISO dates, TRUE and FALSE, shares in % with one decimal, other
numbers as Python writes them. Only headings depend on the language: a file reads
the same in every locale.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, get_args

import attrs
import numpy as np

from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, is_unknown
from partnerhub.columns.values import NUMBERS, TEXTS, Values, as_array, pick
from partnerhub.domain.cells import (
    SUSPECT,
    CellSafety,
    guard,
    guard_phone,
    percent,
)
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.layouts import CellType, Column, Locale

Text = str | None
"""One printed cell. None and the empty text both print as blank."""

_FLAGS: Final = np.array(["FALSE", "TRUE"], dtype=object)
_SPELLED: Final[Mapping[CellType, Callable[[float], str]]] = {
    CellType.RATIO: percent,
    CellType.CHANGE: "{:.0f}".format,
}


@attrs.frozen(kw_only=True)
class PrintedColumn:
    """Several columns of numbers under one printed heading.

    Attributes:
        heading: English heading.
        french: French heading.
        keys: The data columns, in the order of the pattern.
        pattern: How their cells stand together. Unknown cells print as nothing,
            and so do parentheses that would be empty.

    Examples:
        >>> assigned = PrintedColumn(
        ...     heading="Assigned licenses (%)",
        ...     french="Licences attribuées (%)",
        ...     keys=("assigned", "assigned_ratio"),
        ...     pattern="{} ({})",
        ... )
        >>> assigned.cell("45", "90.0 %"), assigned.cell("0", ""), assigned.cell("", "")
        ('45 (90.0 %)', '0', '')
    """

    heading: str
    french: str
    keys: tuple[str, ...]
    pattern: str

    def cell(self, *cells: Text) -> str:
        """The printed cells of one row as one."""
        if not any(cells):
            return ""
        return self.pattern.format(*(c or "" for c in cells)).replace("()", "").strip()


@attrs.frozen(kw_only=True)
class Printed:
    """One column as it is printed.

    Attributes:
        heading: In the language asked for.
        cells: One text a row.
        is_number: Whether it is set flush right.
    """

    heading: str
    cells: Sequence[Text]
    is_number: bool


def heading_text(column: Column | PrintedColumn, locale: Locale, /) -> str:
    """The heading of a column in a language.

    Raises:
        InvalidValue: There are no headings in that language.

    Examples:
        >>> heading_text(Column(key="name", heading="Name", french="Nom"), "fr")
        'Nom'
    """
    if locale not in get_args(Locale):
        raise InvalidValue("locale", locale, choices=get_args(Locale))
    return column.french if locale == "fr" else column.heading


def cell_texts(
    column: Column, values: Values, /, *, safety: CellSafety
) -> Sequence[Text]:
    """The cells of a column as they are written, one text a row.

    Examples:
        >>> total = Column(key="t", heading="T", french="T", cell=CellType.COUNT)
        >>> cell_texts(total, np.array([25, -1]), safety=CellSafety.SAFE)
        ['25', '']
        >>> name = Column(key="n", heading="N", french="N")
        >>> cell_texts(name, np.array(["=1", None], object), safety=CellSafety.SAFE)
        ["'=1", None]
    """
    if column.cell in TEXTS:
        return _texts(column.cell, values, safety)
    assert not isinstance(values, TextColumn)  # noqa: S101 - as_values lets none through
    if column.cell is CellType.FLAG:
        return _picked(_FLAGS, values)
    if column.cell is CellType.DAY:
        return _numbered(values.astype(np.int64), is_unknown(values), _days)
    if column.cell is CellType.COUNT:
        return _numbered(values, is_unknown(values), _counts)
    text = _SPELLED.get(column.cell, repr)
    # NaN is the one number that is not equal to itself.
    return [text(number) if number == number else "" for number in values.tolist()]  # noqa: PLR0124


def printed_column(
    entry: Column | PrintedColumn,
    parts: Sequence[tuple[Column, Values]],
    /,
    *,
    locale: Locale,
    safety: CellSafety,
) -> Printed:
    """One printed column, made of one or several data columns."""
    texts = [cell_texts(column, held, safety=safety) for column, held in parts]
    text = _guard(CellType.TEXT, safety)
    if isinstance(entry, PrintedColumn):
        # Put together from numbers, it is a text: a negative one must not run.
        cells: Sequence[Text] = [
            text(entry.cell(*row)) for row in zip(*texts, strict=True)
        ]
        is_number = True
    else:
        (cells,) = texts
        is_number = entry.cell in NUMBERS
    heading = text(heading_text(entry, locale))
    return Printed(heading=heading, cells=cells, is_number=is_number)


def _guard(cell: CellType, safety: CellSafety) -> Callable[[str], str]:
    if safety == CellSafety.RAW:
        return str
    return guard_phone if cell is CellType.PHONE else guard


def _texts(cell: CellType, values: Values, safety: CellSafety) -> list[Text]:
    if isinstance(values, TextColumn) and len(values.labels) <= len(values):
        # Each text once, however many rows have it.
        labels = _texts(cell, values.labels, safety)
        return _picked(np.array(labels, dtype=object), values.codes)
    texts: list[Text] = as_array(values).tolist()
    if safety == CellSafety.RAW:
        return texts
    safe = _guard(cell, safety)
    # The first character settles nearly every cell without a call.
    return [safe(text) if text and text[0] in SUSPECT else text for text in texts]


def _numbered(
    numbers: Array, missing: Array, spell: Callable[[Array], list[str]]
) -> list[Text]:
    """The text of each whole number, blank where missing.

    Where there are more rows than numbers between the lowest and the highest, each
    number is spelled once, which is several times as fast.
    """
    known = numbers[~missing]
    if not known.size:
        return [""] * len(numbers)
    lowest, highest = int(known.min()), int(known.max())
    if highest - lowest < len(numbers):
        labels = np.array(spell(np.arange(lowest, highest + 1)), dtype=object)
        return _picked(labels, np.where(missing, -1, numbers - lowest))
    texts = np.full(len(numbers), "", dtype=object)
    texts[~missing] = spell(known)
    return list(texts.tolist())


def _picked(labels: Array, codes: Array) -> list[Text]:
    return list(pick(labels, codes, blank="").tolist())


def _counts(numbers: Array) -> list[str]:
    return [str(number) for number in numbers.tolist()]


def _days(numbers: Array) -> list[str]:
    return list(np.datetime_as_string(numbers.astype("datetime64[D]")).tolist())
