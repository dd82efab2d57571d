"""Named ranges of days: what a report that is repeated covers each time."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

import pendulum

from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.weeks import Period, last_complete_week

LAST_WEEK: Final = "last-week"
LAST_MONTH: Final = "last-month"

_LAST_DAYS: Final = re.compile(r"last-([1-9][0-9]{0,3})-days")
_CHOICES: Final = (LAST_WEEK, LAST_MONTH, "last-7-days", "last-30-days")


def window_days(window: str, day: dt.date, /) -> Period:
    """The days of a named range, at a day, both included and complete.

    Args:
        window: `last-week` (Sunday to Saturday), `last-month`, or `last-7-days`, with
            any number: so many days, the last of them the day before.
        day: The day it is asked on; no range holds it, since it is not over.

    Raises:
        InvalidValue: There is no such range, or it begins before the year 1.

    Examples:
        >>> [str(d) for d in window_days("last-month", dt.date(2026, 3, 31))]
        ['2026-02-01', '2026-02-28']
        >>> [str(d) for d in window_days("last-7-days", dt.date(2026, 11, 22))]
        ['2026-11-15', '2026-11-21']
    """
    try:
        return _days(window, as_day(day))
    except InvalidValue:
        raise
    except (OverflowError, ValueError) as error:
        why = "it begins before the year 1"
        raise InvalidValue("range of days", window, why) from error


def _days(window: str, today: pendulum.Date) -> Period:
    if window == LAST_WEEK:
        return last_complete_week(today)
    if window == LAST_MONTH:
        first = today.replace(day=1)
        return first.subtract(months=1), first.subtract(days=1)
    found = _LAST_DAYS.fullmatch(window)
    if found is None:
        raise InvalidValue("range of days", window, choices=_CHOICES)
    return today.subtract(days=int(found[1])), today.subtract(days=1)
