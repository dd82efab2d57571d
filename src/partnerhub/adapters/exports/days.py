"""Which day or range a file is of, where its columns do not say."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

import pendulum

from partnerhub.adapters.exports.options import ReadOptions
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import DayRequired
from partnerhub.domain.layouts import Layout
from partnerhub.domain.weeks import Period, last_complete_week

_DAY: Final = re.compile(r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")


def day_in_name(name: str, /) -> pendulum.Date | None:
    """The last date in a file name, which is where a download has its day.

    Examples:
        >>> day_in_name("Plan 2025-01-01_a1b2_2026-11-22.csv").isoformat()
        '2026-11-22'
        >>> day_in_name("Devices_a1b2_2026-13-45.csv") is None
        True
    """
    for text in reversed(_DAY.findall(name)):
        try:
            return as_day(dt.date.fromisoformat(text))
        except ValueError:
            continue
    return None


def file_day(
    layout: Layout, name: str, options: ReadOptions, /
) -> tuple[pendulum.Date | None, Period | None]:
    """The day and the range of a file: from its name, else from the options.

    Args:
        layout: What the file holds. One whose rows are dated has no day itself.
        name: Where to look for a date: the file's name, after its archive's.
        options: The day and range to take where the name says none.

    Raises:
        DayRequired: Neither says it.
    """
    if layout.dated:
        return None, None
    day = day_in_name(name) or options.as_of
    if not layout.ranged:
        if day is None:
            raise DayRequired(
                name,
                f"{layout.name} files carry no day in their columns: have a date such "
                "as 2026-11-22 in the file name, or give one (as_of, --as-of)",
            )
        return day, None
    period = options.period or (last_complete_week(day) if day else None)
    if period is None:
        raise DayRequired(
            name,
            f"{layout.name} files carry no day in their columns: have a date such as "
            "2026-11-22 in the file name, whose last complete week it then covers, "
            "or give the range (start and end, --from and --to)",
        )
    return day or period[1], period
