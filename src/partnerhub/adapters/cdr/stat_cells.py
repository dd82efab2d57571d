"""Lengths of time as statistics write them."""

from __future__ import annotations

import re
from typing import Final

from partnerhub.adapters.exports.cells import CellError, parse_decimal

_CLOCK: Final = re.compile(r"(?:([0-9]{1,6}):)?([0-9]{1,6}):([0-9]{1,2})(?:\.[0-9]+)?")


def parse_length(cell: str, /, *, unit_s: int = 1) -> float | None:
    """Seconds of a length of time; None where blank.

    Args:
        cell: `H:MM:SS`, `MM:SS`, or a number.
        unit_s: Seconds of the number's unit.

    Examples:
        >>> parse_length("1:02:03"), parse_length("1.5", unit_s=60), parse_length("")
        (3723.0, 90.0, None)
    """
    plain = cell.strip()
    if match := _CLOCK.fullmatch(plain):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return float(hours * 3600 + minutes * 60 + seconds)
    value = parse_decimal(plain.removesuffix("%").strip())
    if value is None:
        return None
    if value < 0:
        raise CellError("a negative length of time")
    return value * unit_s
