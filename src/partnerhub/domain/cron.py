"""A schedule as a line of cron, for those who run reports from outside."""

from __future__ import annotations

import datetime as dt
from typing import Final, assert_never

import attrs

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.instants import as_instant
from partnerhub.domain.schedules import (
    Daily,
    Monthly,
    Schedule,
    ShortMonth,
    Weekday,
    Weekly,
    slots,
)

_SHORTEST_MONTH: Final = 28
_YEAR: Final = 12
_YEARS_WATCHED: Final = 2
"""Years in which a change of the clocks is looked for."""


@attrs.frozen(kw_only=True)
class CronLine:
    """When a schedule runs, as cron writes it.

    Attributes:
        expression: Minute, hour, day of the month, month, day of the week.
        zone: The time zone it is in, which `CRON_TZ` names where cron knows it.
        notes: What cron says otherwise than the schedule does.
    """

    expression: str
    zone: str
    notes: tuple[str, ...] = ()


def cron_line(schedule: Schedule, /) -> CronLine:
    """When a schedule runs, as cron writes it.

    Raises:
        InvalidValue: Cron has no words for it: the last day of a month, seconds,
            every second day or week, or months that do not divide a year.

    Examples:
        >>> from partnerhub.domain.report_specs import ReportRequest
        >>> line = cron_line(
        ...     Schedule(
        ...         key="devices",
        ...         request=ReportRequest(template="devices"),
        ...         rule=Weekly(weekdays=["mon", "thu"]),
        ...         time="06:30",
        ...         start="2026-11-22",
        ...     )
        ... )
        >>> line.expression, line.zone
        ('30 6 * * 1,4', 'UTC')
    """
    if schedule.time.second:
        raise _unsaid(schedule, "it counts minutes, not seconds")
    days, months, weekdays = _fields(schedule)
    clock = f"{schedule.time.minute} {schedule.time.hour}"
    return CronLine(
        expression=f"{clock} {days} {months} {weekdays}",
        zone=schedule.zone,
        notes=tuple(_notes(schedule)),
    )


def _fields(schedule: Schedule) -> tuple[str, str, str]:
    rule = schedule.rule
    match rule:
        case Daily(every=1):
            return "*", "*", "*"
        case Weekly(every=1, weekdays=days):
            return "*", "*", ",".join(_number(day) for day in days)
        case Monthly():
            return str(_day(schedule, rule)), _months(schedule, rule), "*"
        case Daily() | Weekly():
            raise _unsaid(schedule, "it knows each day or week, not every second one")
        case _:
            assert_never(rule)


def _number(day: Weekday) -> str:
    return str((list(Weekday).index(day) + 1) % len(Weekday))


def _day(schedule: Schedule, rule: Monthly) -> int:
    if rule.day > _SHORTEST_MONTH and rule.short is ShortMonth.LAST_DAY:
        why = f"it skips a month without a day {rule.day}, and knows no last day"
        raise _unsaid(schedule, why)
    return rule.day


def _months(schedule: Schedule, rule: Monthly) -> str:
    if rule.every == 1:
        return "*"
    if _YEAR % rule.every:
        raise _unsaid(schedule, f"every {rule.every} months are others each year")
    first = (schedule.start.month - 1) % rule.every
    return ",".join(str(month + 1) for month in range(first, _YEAR, rule.every))


def _notes(schedule: Schedule) -> list[str]:
    notes = []
    begin = as_instant(schedule.start)
    nearby = slots(schedule, begin, begin.add(years=_YEARS_WATCHED))
    # A slot that cannot be said in the schedule's own time is past a gap of the clocks.
    told = [(slot.time() != schedule.time, _twice(slot)) for slot in nearby]
    if any(skipped for skipped, _ in told):
        notes.append(
            "where the clocks skip this time the schedule runs right after the gap; "
            "cron may run at another time or not at all"
        )
    if any(twice for _, twice in told):
        notes.append(
            "where the clocks show this time twice the schedule runs once; cron may "
            "run twice"
        )
    notes.append(f"cron knows no first day: it begins at once, not on {schedule.start}")
    return notes


def _twice(slot: dt.datetime) -> bool:
    """Whether clocks show the time of a slot once more."""
    return slot.replace(fold=1).utcoffset() != slot.utcoffset()


def _unsaid(schedule: Schedule, why: str) -> InvalidValue:
    return InvalidValue("schedule that cron can say", schedule.key, why)
