"""Cells as they are written: no text may start a formula, and every text comes back.

A spreadsheet that opens a CSV file runs a cell which begins with `=`, `+`, `-` or
`@`, whatever quotes stand around it. Such a text gets a leading apostrophe, which
`unguard` takes away again. Numbers, days and flags are not texts and pass as they
are; so does a telephone number in E.164 form, because `+` is part of it.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

_SIGNS: Final = "=+-@＝＋－＠"
_BREAKS: Final = "\t\r\n\0"
# What may stand before a sign unseen: blanks, control and format characters, and
# letters that nothing is drawn of. Programs differ in which of these they skip.
_BLANKS: Final = "".join(
    chr(code)
    for first, last in (
        *((0x01, 0x08), (0x0B, 0x0C), (0x0E, 0x20), (0x7F, 0xA0), (0xAD, 0xAD)),
        *((0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x1680, 0x1680)),
        *((0x17B4, 0x17B5), (0x180B, 0x180F), (0x2000, 0x200F), (0x2028, 0x202F)),
        *((0x205F, 0x206F), (0x2800, 0x2800), (0x3000, 0x3000), (0x3164, 0x3164)),
        *((0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB)),
    )
    for code in range(first, last + 1)
)

_STARTS: Final = rf"[{_BLANKS}]*[{re.escape(_SIGNS + _BREAKS)}]"
# Quotes already there count as ours, so that taking one away is always the inverse
# of adding one.
_NEEDS_GUARD: Final = re.compile(f"'*{_STARTS}")
_HAS_GUARD: Final = re.compile(f"'+{_STARTS}")
_E164: Final = re.compile(r"\+[0-9]{3,15}")

SUSPECT: Final = frozenset("'" + _SIGNS + _BREAKS + _BLANKS)
"""Every character that a text in need of a guard can begin with."""


class CellSafety(StrEnum):
    """Whether texts are guarded against being run as formulas."""

    SAFE = "safe"
    RAW = "raw"
    """As they are, for readers that are no spreadsheet. Not for `unguard`."""


def guard(text: str, /) -> str:
    """The text as a cell which no spreadsheet runs.

    A text is guarded when its first visible character is one of `= + - @`, also
    in full width, or when a tab, a line end or NUL comes before that. A text that
    looks guarded already gets one more apostrophe.

    Examples:
        >>> guard("=1+1"), guard("'=1+1"), guard("'tis 1+1"), guard("Müller & Co")
        ("'=1+1", "''=1+1", "'tis 1+1", 'Müller & Co')
    """
    return "'" + text if _NEEDS_GUARD.match(text) else text


def unguard(text: str, /) -> str:
    """The text that was guarded; any other text as it is.

    `unguard(guard(text)) == text` for every text.

    Examples:
        >>> unguard("'=1+1"), unguard("''=1+1"), unguard("'tis"), unguard("=1+1")
        ('=1+1', "'=1+1", "'tis", '=1+1')
    """
    return text[1:] if _HAS_GUARD.match(text) else text


def guard_phone(text: str, /) -> str:
    """A telephone number as a cell: E.164 as it is, any other text guarded.

    Examples:
        >>> guard_phone("+33140506070"), guard_phone("+1-1")
        ('+33140506070', "'+1-1")
    """
    return text if is_e164(text) else guard(text)


def is_e164(text: str, /) -> bool:
    """Whether it is a telephone number in E.164 form: `+` and 3 to 15 digits.

    Examples:
        >>> is_e164("+33140506070"), is_e164("+1-1"), is_e164("0140506070")
        (True, False, False)
    """
    return _E164.fullmatch(text) is not None


def percent(ratio: float, /) -> str:
    """A share as it is printed.

    Examples:
        >>> percent(0.9), percent(1.0), percent(-0.0001)
        ('90.0 %', '100.0 %', '0.0 %')
    """
    return f"{100 * ratio:z.1f} %"
