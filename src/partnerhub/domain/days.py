"""Days: UTC dates, and the two ends of time that unknown days read as."""

from __future__ import annotations

import datetime as dt
from typing import Final

import pendulum

from partnerhub.domain.errors import InvalidValue

EARLIEST: Final = pendulum.date(1900, 1, 1)
"""What an unknown start reads as, and how "never signed in" is kept."""

LATEST: Final = pendulum.date(9999, 12, 31)
"""What an unknown end reads as."""

DAY_MS: Final = 86_400_000
"""Milliseconds of a day."""

_EPOCH: Final = dt.date(1970, 1, 1).toordinal()


def as_day(value: dt.date | str, /) -> pendulum.Date:
    """The UTC date of a date, a date-time or an ISO text.

    A date-time without a zone is taken as UTC.

    Raises:
        InvalidValue: The text is no ISO date.

    Examples:
        >>> as_day("2026-11-22").isoformat()
        '2026-11-22'
        >>> as_day(pendulum.datetime(2026, 11, 22, 23, tz="America/New_York")).day
        23
    """
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, dt.datetime):
        if value.tzinfo is not None:
            value = value.astimezone(dt.UTC)
        value = value.date()
    return pendulum.date(value.year, value.month, value.day)


def day_number(day: dt.date, /) -> int:
    """Days since 1970-01-01, as columns and stores hold a day.

    Examples:
        >>> day_number(dt.date(1970, 1, 31))
        30
    """
    return day.toordinal() - _EPOCH


def days_until(day: dt.date, today: dt.date, /) -> int:
    """Days from today to a day; negative when it is past.

    Examples:
        >>> days_until(dt.date(2026, 12, 1), dt.date(2026, 11, 22))
        9
    """
    # Numbers, because the difference of two days of pendulum takes 20 times as long.
    return day.toordinal() - today.toordinal()


def _parsed(text: str) -> dt.date:
    plain = text.strip()
    try:
        if len(plain) == len("2026-11-22"):
            return dt.date.fromisoformat(plain)
        return dt.datetime.fromisoformat(plain)
    except ValueError as error:
        raise InvalidValue("day", text, "write it as 2026-11-22") from error
