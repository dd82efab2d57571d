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
_MOST_SHARE: Final = 1e4
"""Shares up to a million per cent are spelled once each; greater ones one by one."""
_NEARLY_HALF: Final = 0.499_999


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
    repeated = repeated_texts(column, values, safety=safety)
    if repeated is not None:
        return list(pick(repeated.labels, repeated.codes, blank="").tolist())
    if column.cell in TEXTS:
        return _guarded(column.cell, values, safety)
    assert not isinstance(values, TextColumn)  # noqa: S101 - as_values lets none through
    if column.cell in _WHOLE:
        missing = is_unknown(values)
        texts = np.full(len(values), "", dtype=object)
        texts[~missing] = _WHOLE[column.cell](values[~missing].astype(np.int64))
        return list(texts.tolist())
    text = _SPELLED.get(column.cell, repr)
    # NaN is the one number that is not equal to itself.
    return [text(number) if number == number else "" for number in values.tolist()]  # noqa: PLR0124 - it asks for NaN


def repeated_texts(
    column: Column, values: Values, /, *, safety: CellSafety
) -> TextColumn | None:
    """The cells of a column in which few texts repeat, each text once.

    Returns:
        Codes and the texts they stand for, -1 for blank; None where every cell has
        to be looked at.

    Examples:
        >>> share = Column(key="s", heading="S", french="S", cell=CellType.RATIO)
        >>> shares = np.array([0.5, np.nan, 0.5])
        >>> repeated_texts(share, shares, safety=CellSafety.SAFE).texts().tolist()
        ['50.0 %', None, '50.0 %']
    """
    if isinstance(values, TextColumn):
        if len(values.labels) > len(values):
            return None
        labels = np.empty(len(values.labels), dtype=object)
        labels[:] = _guarded(column.cell, values.labels, safety)
        return TextColumn(values.codes, labels)
    if column.cell is CellType.FLAG:
        return TextColumn(values.astype(np.int32), _FLAGS)
    if column.cell is CellType.RATIO:
        return _shares(values)
    if column.cell in _WHOLE:
        numbers = values.view(np.int64) if column.cell is CellType.DAY else values
        return _within_range(numbers, is_unknown(values), _WHOLE[column.cell])
    return None


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


def _guarded(cell: CellType, values: Values, safety: CellSafety) -> list[Text]:
    texts: list[Text] = as_array(values).tolist()
    if safety == CellSafety.RAW:
        return texts
    safe = _guard(cell, safety)
    # The first character settles nearly every cell without a call.
    return [safe(text) if text and text[0] in SUSPECT else text for text in texts]


def _shares(ratios: Array) -> TextColumn | None:
    """Shares in tenths of a per cent, where they lie in a range worth counting."""
    missing = np.isnan(ratios)
    with np.errstate(over="ignore"):
        tenths = np.where(missing, 0, 100 * ratios) * 10
    if not len(ratios) or np.abs(tenths).max() > 1000 * _MOST_SHARE:
        return None
    whole = np.rint(tenths)
    # Next to the middle of two, rounding here could differ from printing.
    for row in np.flatnonzero(np.abs(tenths - whole) > _NEARLY_HALF).tolist():
        whole[row] = round(10 * float(percent(float(ratios[row])).removesuffix(" %")))
    return _within_range(
        whole.astype(np.int64),
        missing,
        lambda numbers: [f"{number / 10:.1f} %" for number in numbers.tolist()],
    )


def _within_range(
    numbers: Array, missing: Array, spell: Callable[[Array], list[str]]
) -> TextColumn | None:
    """Whole numbers, each spelled once.

    None where there are fewer rows than numbers between the lowest and the highest.
    """
    known = numbers[~missing] if missing.any() else numbers
    if not known.size:
        return TextColumn(np.full(len(numbers), -1, np.int32), np.array([], object))
    lowest, highest = int(known.min()), int(known.max())
    if highest - lowest >= len(numbers):
        return None
    codes = (numbers - lowest).astype(np.int32)
    codes[missing] = -1
    labels = np.array(spell(np.arange(lowest, highest + 1)), dtype=object)
    return TextColumn(codes, labels)


def _counts(numbers: Array) -> list[str]:
    return [str(number) for number in numbers.tolist()]


def _days(numbers: Array) -> list[str]:
    return list(np.datetime_as_string(numbers.astype("datetime64[D]")).tolist())


_WHOLE: Final[Mapping[CellType, Callable[[Array], list[str]]]] = {
    CellType.COUNT: _counts,
    CellType.DAY: _days,
}
