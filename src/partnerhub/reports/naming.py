"""Names of report files: readable, in any language, valid on any file system."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Final

_MOST_BYTES: Final = 255
"""The longest name that Linux, macOS and Windows all take."""

_FALLBACK: Final = "Report"
_CODE_LENGTH: Final = 12
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"

_PATH: Final = re.compile(r'[<>:"/\\|?*]')
# They turn the reading direction round, so that "gpj.exe" can look like "exe.jpg".
_BIDI: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE: Final = re.compile(f"[{_BIDI}\ufeff\u200b]")
_JOINER: Final = "\u200d"
_EDGES: Final = " .-"  # hidden files, `..`, options of a command; Windows drops the end
_RESERVED: Final = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|\Z)", re.IGNORECASE
)


def file_name(
    template_name: str,
    key: Iterable[str],
    day: date,
    /,
    *,
    suffix: str = ".csv",
) -> str:
    """The name of a report file: `<template>_<12 letters and digits>_<day>.csv`.

    Args:
        template_name: The template's display name, in any language.
        key: What tells this file from others of that template and day (region,
            range, schedule slot). The same key gives the same name everywhere.
        day: The day it is of, in UTC.
        suffix: The file's ending.

    Examples:
        >>> file_name("Devices", ["EU"], date(2026, 11, 22))
        'Devices_dzzno8ec5fwp_2026-11-22.csv'
    """
    # A date-time prints its time in isoformat, which no file name can hold.
    iso = f"{day.year:04}-{day.month:02}-{day.day:02}"
    tail = f"_{_code([template_name, *key])}_{iso}{suffix}"
    room = _MOST_BYTES - len(tail.encode())
    return safe_stem(template_name, most_bytes=room) + tail


def safe_stem(name: str, /, *, most_bytes: int = _MOST_BYTES) -> str:
    """A name as the stem of a file name.

    Path characters become spaces; control characters, marks that turn the reading
    direction, and dots, spaces and hyphens at the edges go; names that Windows
    reserves get a leading `_`. Letters of every language stay.

    Args:
        name: Any text.
        most_bytes: Its greatest length in UTF-8. What is cut is whole characters,
            with their accents.

    Examples:
        >>> safe_stem("Licences: été/hiver"), safe_stem("../.."), safe_stem("CON")
        ('Licences été hiver', 'Report', '_CON')
    """
    # First composed, because some characters decompose into forbidden ones; composed
    # again, because what is taken out can bring a letter and its accent together.
    text = _PATH.sub(" ", unicodedata.normalize("NFC", name))
    text = "".join(filter(_is_printable, _INVISIBLE.sub("", text)))
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    text = text.strip(_EDGES)
    if _RESERVED.match(text):
        text = f"_{text}"
    return _cut(text, most_bytes).rstrip(_EDGES) or _FALLBACK


def _is_printable(character: str) -> bool:
    """Neither a control character nor half of a surrogate pair; white space may be."""
    return character.isspace() or unicodedata.category(character) not in ("Cc", "Cs")


def _cut(text: str, most_bytes: int) -> str:
    if len(text.encode()) <= most_bytes:
        return text
    kept = text.encode()[:most_bytes].decode(errors="ignore")
    end = len(kept)
    while end and _belongs_to_previous(text, end):
        end -= 1
    return kept[: end or len(kept)]  # nothing but accents: cut among them


def _belongs_to_previous(text: str, place: int) -> bool:
    """Whether the character there is a mark on, or joined to, the one before it."""
    return (
        unicodedata.category(text[place]).startswith("M")
        or _JOINER in text[place - 1 : place + 1]
    )


def _code(parts: list[str]) -> str:
    """12 letters and digits; lower case, since some file systems ignore case."""
    # JSON keeps the parts apart: ("a", "bc") is not ("ab", "c").
    digest = hashlib.sha256(json.dumps(parts).encode()).digest()
    number = int.from_bytes(digest)
    letters = []
    for _ in range(_CODE_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        letters.append(_DIGITS[digit])
    return "".join(letters)
