"""Weeks: Sunday to Saturday in UTC, as Partner Hub refreshes its analytics."""

from __future__ import annotations

import datetime as dt

import pendulum

from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue

Period = tuple[pendulum.Date, pendulum.Date]
"""First and last day, both included."""

_YEARS = range(1900, 9999)
"""Those whose days have weeks before and after them."""


def week_of(day: dt.date, /) -> Period:
    """Sunday to Saturday of the week that a day is in.

    Raises:
        InvalidValue: The day is too far away to have weeks around it.

    Examples:
        >>> [str(d) for d in week_of(dt.date(2026, 11, 18))]
        ['2026-11-15', '2026-11-21']
    """
    if day.year not in _YEARS:
        raise InvalidValue("day of a week", str(day), "it is too far away")
    sunday = as_day(day).subtract(days=day.isoweekday() % 7)
    return sunday, sunday.add(days=6)


def last_complete_week(day: dt.date, /) -> Period:
    """Sunday to Saturday of the week that ended at the latest Sunday 00:00 <= `day`.

    Raises:
        InvalidValue: The day is too far away to have weeks around it.

    Examples:
        >>> [str(d) for d in last_complete_week(dt.date(2026, 11, 22))]  # a Sunday
        ['2026-11-15', '2026-11-21']
        >>> [str(d) for d in last_complete_week(dt.date(2026, 11, 21))]
        ['2026-11-08', '2026-11-14']
    """
    sunday, _ = week_of(day)
    return sunday.subtract(days=7), sunday.subtract(days=1)


def last_complete_weeks(day: dt.date, count: int, /) -> tuple[Period, ...]:
    """The last complete weeks at a day, oldest first.

    Examples:
        >>> [str(first) for first, _ in last_complete_weeks(dt.date(2026, 11, 22), 2)]
        ['2026-11-08', '2026-11-15']
    """
    first, last = last_complete_week(day)
    return tuple(
        (first.subtract(days=7 * ago), last.subtract(days=7 * ago))
        for ago in reversed(range(count))
    )
