"""Typed values as the texts that the cells of a CSV file would hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable


def cell_text(value: object, /) -> str:
    """A value as a cell has it; blank for what is not known.

    Args:
        value: A text, number, flag, day or time, or a list of such.

    Examples:
        >>> cell_text(5.0), cell_text(True), cell_text(None), cell_text(["a", "b"])
        ('5', 'TRUE', '', 'a; b')
    """
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return _number(value)
        case dt.datetime():
            return _time(value)
        case list() | tuple():
            return "; ".join(cell_texts(value))
        case _:
            return str(value)


def cell_texts(values: Iterable[object], /) -> list[str]:
    """Many of them."""
    return list(map(cell_text, values))


def _number(value: float) -> str:
    """A whole number without its decimals: frames hold counts with gaps as decimals."""
    if value != value:  # noqa: PLR0124 - only NaN is not itself
        return ""
    return str(int(value)) if value.is_integer() else repr(value)


def _time(value: dt.datetime) -> str:
    """A midnight without a zone as a day: frames hold days as times."""
    is_day = value.tzinfo is None and value.time() == dt.time()
    return value.date().isoformat() if is_day else value.isoformat()
