"""The cells of call records: what is blank, times, whole numbers."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from partnerhub.adapters.exports.cells import CellError

BLANK: Final = frozenset({"", "NA"})
"""Texts by which the service says that it does not know."""

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FIRST_YEAR, _LAST_YEAR = 2000, 2199
_NUMBER: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_EPOCH_MS: Final = re.compile(r"[0-9]{13}")
_TRUE: Final = frozenset({"true", "yes", "yes-postredirection", "1"})
_FALSE: Final = frozenset({"false", "no", "0"})


def parse_time(cell: str, /) -> int | None:
    """Milliseconds since 1970, UTC; None where blank. No zone is UTC.

    Examples:
        >>> parse_time("2026-11-16T09:00:00.500Z") == parse_time("1794819600500")
        True
        >>> parse_time("2026-11-16 09:00:00") - parse_time("2026-11-16T09:00:00+01:00")
        3600000
        >>> parse_time("NA") is None
        True
    """
    plain = cell.strip()
    if plain in BLANK:
        return None
    if _EPOCH_MS.fullmatch(plain):
        return int(plain)
    try:
        moment = dt.datetime.fromisoformat(plain)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        moment = moment.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise CellError("not a time; write it as 2026-11-16T09:00:00.000Z") from error
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise CellError(f"a time of the year {moment.year}")
    return (moment - _EPOCH) // dt.timedelta(milliseconds=1)


def parse_seconds(cell: str, /) -> int | None:
    """Whole seconds, what is behind the point cut off; None where blank.

    Examples:
        >>> parse_seconds("36"), parse_seconds("36.9"), parse_seconds("")
        (36, 36, None)
    """
    plain = cell.strip()
    if plain in BLANK:
        return None
    if not _NUMBER.fullmatch(plain):
        raise CellError("not a number of seconds")
    return int(float(plain))


def parse_answered(cell: str, /) -> bool | None:
    """Whether a leg was answered; None for a text that says neither."""
    plain = cell.strip().casefold()
    return True if plain in _TRUE else False if plain in _FALSE else None
