"""The texts of cells, read as what they say.

Each `parse_*` takes a cell without outer spaces and gives its value, `None` where
it is blank. A cell that says neither is a `CellError` with what would be right.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Final, Literal

from partnerhub.domain.cells import unguard
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.organizations import TOO_LONG, too_long
from partnerhub.domain.rules import LARGEST


class CellError(ValueError):
    """A cell that cannot be read. The text says what it should have been."""


DayOrder = Literal["dmy", "mdy", "unclear"]
"""How slash dates read; `unclear` where a file gives reason to doubt both."""

BLANKS: Final = frozenset({"", "-", "–", "—", "n/a", "na", "nan", "null", "none"})
"""Texts that say "not known" in a column of numbers, flags or days."""

_TRUE: Final = frozenset({"true", "vrai", "1", "yes", "oui", "y", "o", "t", "v"})
_FALSE: Final = frozenset({"false", "faux", "0", "no", "non", "n", "f"})

_DIGITS_OF_LARGEST: Final = len(str(LARGEST))
_SPACES: Final = " \u00a0\u2007\u2009\u202f'’"
_DIGITS: Final = re.compile(r"[+-]?[0-9]{1,25}")
_SPACED: Final = re.compile(
    rf"([+-]?[0-9]{{1,3}})((?:[{_SPACES}][0-9]{{3}})+)(?![0-9])"
)
_WHOLE: Final = re.compile(r"([+-]?[0-9]{1,25})[.,]0{1,2}")
_GROUPED: Final = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?:\.[0-9]{3})+)")
_UNCLEAR: Final = re.compile(r"[+-]?[0-9]+[.,]000")
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{0,25}[.,]?[0-9]{1,25}")

_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?")
_SLASHED: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?:[T ,].*)?")
_DOTTED: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?:[T ].*)?")

# What is read as it stands, for readers of many cells at once.
PLAIN_TEXT: Final = r"^[0-9A-Za-z](?:[ -~]*[!-~])?$"
"""Texts that are neither blank nor guarded and have no space around them."""
PLAIN_WORD: Final = r"^[0-9A-Za-z][!-~]*$"
"""Those of them without any space."""
PLAIN_ID: Final = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
PLAIN_PHONE: Final = r"^\+?[0-9]{3,15}$"

_CANONICAL: Final = re.compile(PLAIN_ID)
_PHONE_MARKS: Final = re.compile(r"[\s().\u2010-\u2015/-]")
_PHONE: Final = re.compile(PLAIN_PHONE)
_ROUNDED: Final = re.compile(r"[0-9.,]+E\+?[0-9]+", re.IGNORECASE)


def parse_count(cell: str, /) -> int | None:
    r"""A whole number below `LARGEST`, maybe with its thousands apart.

    It may be negative. Thousands may stand apart by any space. A comma or a point counts as such only
    where the number would not be whole otherwise: `1,000` could be one, too.

    Examples:
        >>> parse_count("12"), parse_count("1\u202f234\u202f567"), parse_count("12.0")
        (12, 1234567, 12)
        >>> parse_count("1,234"), parse_count("1.000.000"), parse_count("n/a")
        (1234, 1000000, None)
    """
    if cell.isdecimal() and cell.isascii() and len(cell) < _DIGITS_OF_LARGEST:
        return int(cell)
    if cell.casefold() in BLANKS:
        return None
    plain = cell.replace("\u2212", "-")
    if spaced := _SPACED.match(plain):
        plain = re.sub(rf"[{_SPACES}]", "", spaced[0]) + plain[spaced.end() :]
    if whole := _WHOLE.fullmatch(plain):
        plain = whole[1]
    elif _GROUPED.fullmatch(plain):
        if _UNCLEAR.fullmatch(plain):
            raise CellError("not clear whether thousands or decimals; write it without")
        plain = plain.replace(",", "").replace(".", "")
    if not _DIGITS.fullmatch(plain):
        raise CellError("not a whole number")
    value = int(plain)
    if abs(value) >= LARGEST:
        # Rules read an unknown total as the largest number, so none may reach it.
        raise CellError("too large a number")
    return value


def parse_decimal(cell: str, /) -> float | None:
    """A number with a decimal point or comma.

    Examples:
        >>> parse_decimal("12,5"), parse_decimal("1 234.5"), parse_decimal("")
        (12.5, 1234.5, None)
    """
    if cell.casefold() in BLANKS:
        return None
    plain = cell.replace("\u2212", "-")
    if spaced := _SPACED.match(plain):
        plain = re.sub(rf"[{_SPACES}]", "", spaced[0]) + plain[spaced.end() :]
    if not _DECIMAL.fullmatch(plain):
        raise CellError("not a number")
    value = float(plain.replace(",", "."))
    if not math.isfinite(value):
        raise CellError("too large a number")
    return value


def parse_flag(cell: str, /) -> bool | None:
    """TRUE or FALSE, in either language and any letter case.

    Examples:
        >>> parse_flag("Vrai"), parse_flag("0"), parse_flag("")
        (True, False, None)
    """
    plain = cell.casefold()
    if plain in _TRUE:
        return True
    if plain in _FALSE:
        return False
    if plain in BLANKS:
        return None
    raise CellError("neither TRUE nor FALSE")


def parse_day(cell: str, /, *, order: DayOrder = "dmy") -> dt.date | None:
    """A date: ISO, with points, or with slashes. Of a date-time, its date.

    Args:
        cell: The text.
        order: How slash dates read.

    Examples:
        >>> parse_day("2026-11-22T10:00:00Z").isoformat()
        '2026-11-22'
        >>> parse_day("03/04/2026").isoformat()
        '2026-04-03'
        >>> parse_day("03/04/2026", order="mdy").isoformat()
        '2026-03-04'
    """
    if match := _ISO.fullmatch(cell):
        return _date(match[1], match[2], match[3])
    if match := _SLASHED.fullmatch(cell):
        if order == "unclear":
            raise CellError(
                "not clear which is the month: the file has dates that fit only "
                "MM/DD/YYYY; choose an order (dates, --dates mdy or dmy)"
            )
        first, second = (match[1], match[2])
        day, month = (second, first) if order == "mdy" else (first, second)
        return _date(match[3], month, day)
    if match := _DOTTED.fullmatch(cell):
        return _date(match[3], match[2], match[1])
    if cell.casefold() in BLANKS:
        return None
    raise CellError("not a date; write it as 2026-11-22")


def fits_only_month_first(cell: str, /) -> bool:
    """Whether a cell is a slash date that is one only as MM/DD/YYYY.

    Examples:
        >>> fits_only_month_first("11/22/2026"), fits_only_month_first("03/04/2026")
        (True, False)
    """
    match = _SLASHED.fullmatch(cell)
    if match is None:
        return False
    first, second, year = match[1], match[2], match[3]
    return not _is_date(year, second, first) and _is_date(year, first, second)


def has_slash_date(cell: str, /) -> bool:
    """Whether a cell is written as a date with slashes."""
    return "/" in cell and _SLASHED.fullmatch(cell) is not None


def parse_id(cell: str, /) -> str:
    """The uuid of an id in either form; blank stays blank.

    Examples:
        >>> parse_id("C8B0E0D2-0000-4000-8000-000000000001")
        'c8b0e0d2-0000-4000-8000-000000000001'
    """
    if not cell or _CANONICAL.fullmatch(cell):
        return cell
    try:
        return uuid_of(cell)
    except InvalidValue as error:
        raise CellError("neither a uuid nor a ciscospark:// id") from error


def parse_phone(cell: str, /) -> str:
    """A telephone number: its digits, after a `+` where it has one.

    Examples:
        >>> parse_phone("+33 1 40-50-60-70"), parse_phone("(415) 555-0100")
        ('+33140506070', '4155550100')
    """
    if cell.casefold() in BLANKS:
        return ""
    if _ROUNDED.fullmatch(cell):
        raise CellError("a spreadsheet has rounded the number")
    plain = _PHONE_MARKS.sub("", unguard(cell))
    if not _PHONE.fullmatch(plain):
        raise CellError("not a telephone number")
    return plain


def parse_text(cell: str, /) -> str:
    """A text, as it is; of spaces alone, blank.

    Examples:
        >>> parse_text(" Müller "), parse_text("  ")
        (' Müller ', '')
    """
    if cell.isascii():
        if "\0" in cell:
            raise CellError("it holds a NUL character")
    elif "\0" in cell or any("\ud800" <= c <= "\udfff" for c in cell):
        raise CellError("it holds bytes that are no text")
    if too_long(cell):
        raise CellError(TOO_LONG)
    return "" if cell.isspace() else cell


def _date(year: str, month: str, day: str) -> dt.date:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError as error:
        raise CellError("there is no such day") from error


def _is_date(year: str, month: str, day: str) -> bool:
    try:
        dt.date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
