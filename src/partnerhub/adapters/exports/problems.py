"""What is wrong with a row, said without giving anybody's data away."""

from __future__ import annotations

import re
from typing import Final

import attrs

from partnerhub.domain.layouts import Column

SHOWN: Final = 80
"""Characters of a value that a message shows."""

_NAME: Final = 255
_ADDRESS: Final = re.compile(r"[^\s,;<>@]+@[^\s,;<>@]+")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]")


@attrs.frozen(kw_only=True)
class Problem:
    """One fault of one row; the row is left out, the others are taken.

    Attributes:
        file: The file, as it is named in messages.
        line: The line of the file on which the row starts, 1-based; in JSON the
            number of the object.
        column: The heading as in the file; blank when the fault is the whole row's.
        value: The cell, shortened; personal data are masked.
        message: What is wrong and what would be right.
    """

    file: str
    line: int
    column: str = ""
    value: str = ""
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}"
        if self.column:
            place += f":{self.column}"
        value = f" ({self.value!r})" if self.value else ""
        return f"{self.message}{value} @ {place}"


def numbered(count: int, one: str, many: str, /) -> str:
    """A count and what it counts, in the singular or the plural.

    Examples:
        >>> numbered(1, "row is bad", "rows are bad")
        '1 row is bad'
        >>> numbered(0, "row is bad", "rows are bad")
        '0 rows are bad'
    """
    return f"{count} {one if count == 1 else many}"


def shown_name(name: str, /) -> str:
    r"""A file name as a message may show it: all of it, but nothing unprintable.

    Examples:
        >>> shown_name("Devices\x1b[2J_2026-11-22.csv")
        'Devices [2J_2026-11-22.csv'
    """
    return _UNPRINTABLE.sub(" ", name)[:_NAME]


def shown(text: str, /, *, column: Column | None = None) -> str:
    r"""A text from a file as a message may show it.

    Args:
        text: The text.
        column: The column it is from; its `personal` mark masks all of it.

    Examples:
        >>> shown("ask ann@example.com"), shown("a\nb")
        ('ask …@…', 'a b')
    """
    if column is not None and column.personal and text:
        return "…"
    # Cut before masking too: a megabyte is not searched for addresses.
    plain = _ADDRESS.sub("…@…", _UNPRINTABLE.sub(" ", text[: 4 * SHOWN]))
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"
