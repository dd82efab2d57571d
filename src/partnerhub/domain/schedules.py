"""Schedules: when a report is written again, and the instants at which that is.

The one rule of time: a schedule names a local time, and runs **at the first instant at
which the clocks of its zone show that time or a later one**. So a time that the clocks
skip runs at the first valid instant after the gap, be it an hour or a whole day; one
that they show twice runs once, at its first occurrence; and two days that come to the
same instant run once. Dates are counted from the schedule's first day and never from
the run before, so that nothing drifts.
"""

from __future__ import annotations

import calendar
import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import takewhile
from typing import Any, Final, assert_never

import attrs
import pendulum

from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.instants import as_instant, zone_named
from partnerhub.domain.organizations import clean_text
from partnerhub.domain.report_specs import ReportRequest, one_of

LONGEST_KEY: Final = 100
"""Characters of a schedule's name."""

_WEEK: Final = 7
_YEAR: Final = 12
_SPAN: Final = 2
"""Days by which the clocks of a zone, and its date, may be turned; with one to spare."""


class Weekday(StrEnum):
    """A day of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


_WEEKDAYS: Final = tuple(Weekday)
_ENDINGS: Final = ("day", "sday", "nesday", "rsday", "day", "urday", "day")
_NAMES: Final = {
    name: day
    for day, ending in zip(_WEEKDAYS, _ENDINGS, strict=True)
    for name in (day.value, day.value + ending)
}


class ShortMonth(StrEnum):
    """What a month does that has no such day."""

    LAST_DAY = "last-day"
    SKIP = "skip"


class Missed(StrEnum):
    """What becomes of runs that were missed while nobody looked."""

    ONCE = "once"
    """The newest of them is run."""
    ALL = "all"
    """Each of them is run, the oldest first."""


def _positive(what: str) -> Callable[[object, object, Any], None]:
    def check(_: object, __: object, number: Any) -> None:
        if not isinstance(number, int) or number < 1:
            raise InvalidValue(what, number, "it is a whole number, 1 or more")

    return check


@attrs.frozen(kw_only=True)
class Daily:
    """Every day, or every so many days from the first."""

    every: int = attrs.field(default=1, validator=_positive("number of days"))


def _weekdays(days: str | Iterable[str]) -> tuple[Weekday, ...]:
    told = set()
    for day in [days] if isinstance(days, str) else days:
        name = str(day).strip().casefold()
        if name not in _NAMES:
            raise InvalidValue("day of the week", str(day), choices=map(str, _WEEKDAYS))
        told.add(_NAMES[name])
    if not told:
        raise InvalidValue("choice of weekdays", "nothing", choices=_WEEKDAYS)
    return tuple(day for day in _WEEKDAYS if day in told)


@attrs.frozen(kw_only=True)
class Weekly:
    """On some days of every week, or of every so many weeks from the first.

    Attributes:
        weekdays: Which days, in the order of the week; `Monday` is taken too.
        every: Weeks, Monday to Sunday, from the one of the schedule's first day.
    """

    weekdays: tuple[Weekday, ...] = attrs.field(converter=_weekdays)
    every: int = attrs.field(default=1, validator=_positive("number of weeks"))


def _day_of_month(_: object, __: object, day: Any) -> None:
    if not isinstance(day, int) or not 1 <= day <= 31:  # noqa: PLR2004 - at most
        raise InvalidValue("day of the month", day, "it is 1 to 31")


def _short(value: Any) -> ShortMonth:
    return one_of(ShortMonth, value, "way of short months")


@attrs.frozen(kw_only=True)
class Monthly:
    """On a day of every month, or of every so many months from the first.

    Attributes:
        day: 1 to 31.
        short: What a month does that has no such day.
        every: Months, from the one of the schedule's first day; 3 is every quarter.
    """

    day: int = attrs.field(validator=_day_of_month)
    short: ShortMonth = attrs.field(default=ShortMonth.LAST_DAY, converter=_short)
    every: int = attrs.field(default=1, validator=_positive("number of months"))


Rule = Daily | Weekly | Monthly


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """How often a run that failed is tried again, and how long that waits.

    Attributes:
        most_tries: Tries in all, the first one counted.
        first_wait_s: Seconds to the second try; each wait is twice the one before.
        longest_wait_s: Seconds that no wait exceeds.
    """

    most_tries: int = attrs.field(default=5, validator=_positive("number of tries"))
    first_wait_s: int = attrs.field(default=60, validator=_positive("wait"))
    longest_wait_s: int = attrs.field(default=3600, validator=_positive("wait"))

    def wait_s(self, tries: int, /) -> int | None:
        """Seconds to wait after so many tries; None when they are used up.

        Examples:
            >>> [RetryPolicy(most_tries=4).wait_s(tries) for tries in (1, 2, 3, 4)]
            [60, 120, 240, None]
        """
        if tries >= self.most_tries:
            return None
        doublings = min(tries - 1, self.longest_wait_s.bit_length())
        return min(self.first_wait_s << doublings, self.longest_wait_s)


RETRIES: Final = RetryPolicy()
"""How often a run that failed is tried again, where nothing else is said."""


def schedule_key(name: str, /) -> str:
    """A schedule's name as it is kept: spacing does not tell two apart.

    Examples:
        >>> schedule_key("  weekly  licenses ")
        'weekly licenses'
    """
    return clean_text(" ".join(unicodedata.normalize("NFC", name).split()))


def _named(_: object, __: object, key: str) -> None:
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        why = f"it has 1 to {LONGEST_KEY} characters that can be printed"
        raise InvalidValue("name of a schedule", key, why)


def _time(value: dt.time | str) -> dt.time:
    if isinstance(value, str):
        try:
            value = dt.time.fromisoformat(value.strip())
        except ValueError as error:
            raise InvalidValue("time of day", value, "write it as 06:30") from error
    if value.tzinfo is not None or value.microsecond or value.fold:
        why = "give hours, minutes and seconds alone; the zone is the schedule's"
        raise InvalidValue("time of day", value.isoformat(), why)
    return dt.time(value.hour, value.minute, value.second)


def _missed(value: Any) -> Missed:
    return one_of(Missed, value, "way to catch up")


def _zone(_: object, __: object, name: str) -> None:
    zone_named(name)


def _each_once(names: str | Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([names] if isinstance(names, str) else names))


def _instant_or_none(value: Any) -> pendulum.DateTime | None:
    return None if value is None else as_instant(value)


@attrs.frozen(kw_only=True)
class Schedule:
    """A report that is written again and again.

    Attributes:
        key: Its name.
        request: What is written. Its days are told by `window` and its day by the
            slot, in UTC, so it names neither.
        rule: On which days.
        time: At which local time; `06:30` is taken too.
        zone: Name of the time zone, such as `Europe/Paris`.
        start: The first day, local; weeks and months are counted from it.
        since: Runs at or before this instant are not asked for: when it was added, or
            resumed. None asks for all from the first day on.
        missed: What becomes of runs that were missed.
        paused: It does not run.
        folder: Where its files appear.
        deliveries: Names of what is called with each file that has appeared.
        keep: So many of its newest files are kept; None keeps all.
        keep_days: Its files are kept so many days; None keeps them for ever.
        retries: How often a run that failed is tried again.

    Raises:
        InvalidValue: A value is outside its domain, the request names days of its
            own, or there is no day at all on which it would run.

    Examples:
        >>> weekly = Schedule(
        ...     key="devices",
        ...     request=ReportRequest(template="devices", region="*"),
        ...     rule=Weekly(weekdays=["mon"]),
        ...     time="06:30",
        ...     zone="Europe/Paris",
        ...     start="2026-11-22",
        ... )
        >>> next_run(weekly, after=weekly.start).isoformat()
        '2026-11-23T06:30:00+01:00'
    """

    key: str = attrs.field(converter=schedule_key, validator=_named)
    request: ReportRequest
    rule: Rule
    time: dt.time = attrs.field(converter=_time)
    zone: str = attrs.field(default="UTC", validator=_zone)
    start: pendulum.Date = attrs.field(converter=as_day)
    since: pendulum.DateTime | None = attrs.field(
        default=None, converter=_instant_or_none
    )
    missed: Missed = attrs.field(default=Missed.ONCE, converter=_missed)
    paused: bool = False
    folder: str = attrs.field(default="", converter=clean_text)
    deliveries: tuple[str, ...] = attrs.field(default=(), converter=_each_once)
    keep: int | None = attrs.field(
        default=None, validator=attrs.validators.optional(_positive("number of files"))
    )
    keep_days: int | None = attrs.field(
        default=None, validator=attrs.validators.optional(_positive("number of days"))
    )
    retries: RetryPolicy = RETRIES

    def __attrs_post_init__(self) -> None:
        for name in ("start", "end", "at"):
            given = getattr(self.request, name)
            if given is not None:
                why = f"{name}={given} would be the same for ever: give a `window`"
                raise InvalidValue("request of a schedule", self.request.template, why)
        if next(_dates(self.rule, self.start, self.start), None) is None:
            why = "there is no day on which it would run"
            raise InvalidValue("rule of a schedule", self.rule, why)


def next_run(
    schedule: Schedule, /, *, after: dt.date | str
) -> pendulum.DateTime | None:
    """The first instant after `after` at which a schedule runs.

    Whether it is paused does not matter here.

    Args:
        schedule: The schedule.
        after: An instant; a day is its beginning, in UTC.

    Returns:
        In the schedule's zone; None when the calendar ends before.

    Examples:
        >>> night = Schedule(
        ...     key="night",
        ...     request=ReportRequest(template="devices"),
        ...     rule=Daily(),
        ...     time="02:30",
        ...     zone="Europe/Paris",
        ...     start="2026-01-01",
        ... )
        >>> next_run(night, after="2026-03-29").isoformat()  # clocks skip 2 to 3
        '2026-03-29T03:00:00+02:00'
        >>> next_run(night, after="2026-10-25T00:00:00+00:00").isoformat()  # 2 to 3 twice
        '2026-10-25T02:30:00+02:00'
        >>> next_run(night, after="2026-10-25T00:30:00+00:00").isoformat()
        '2026-10-26T02:30:00+01:00'
    """
    since = as_instant(after)
    return next((slot for slot in _from(schedule, since) if slot > since), None)


def slots(
    schedule: Schedule, first: dt.date | str, last: dt.date | str, /
) -> Iterator[pendulum.DateTime]:
    """The instants `first <= instant <= last` at which a schedule runs, in order.

    Args:
        schedule: The schedule.
        first: An instant; a day is its beginning, in UTC.
        last: Another.

    Examples:
        >>> month_end = Schedule(
        ...     key="end",
        ...     request=ReportRequest(template="devices"),
        ...     rule=Monthly(day=31),
        ...     time="00:00",
        ...     start="2026-01-31",
        ... )
        >>> [str(slot.date()) for slot in slots(month_end, "2026-01-01", "2026-05-01")]
        ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']
    """
    begin, end = as_instant(first), as_instant(last)
    inside = takewhile(lambda slot: slot <= end, _from(schedule, begin))
    return (slot for slot in inside if slot >= begin)


def due(
    schedule: Schedule,
    /,
    *,
    at: dt.date | str,
    after: dt.date | str | None = None,
) -> tuple[pendulum.DateTime, ...]:
    """The runs that a schedule asks for at an instant, the oldest first.

    Args:
        schedule: The schedule.
        at: The instant.
        after: The newest run that was asked for before; None when there was none.

    Returns:
        None of a paused schedule; of runs missed, what its policy says.

    Examples:
        >>> daily = Schedule(
        ...     key="daily",
        ...     request=ReportRequest(template="devices"),
        ...     rule=Daily(),
        ...     time="06:00",
        ...     start="2026-11-01",
        ... )
        >>> [s.day for s in due(daily, after="2026-11-19", at="2026-11-22")]
        [21]
        >>> every = attrs.evolve(daily, missed="all")
        >>> [s.day for s in due(every, after="2026-11-19", at="2026-11-22")]
        [19, 20, 21]
    """
    if schedule.paused:
        return ()
    known = [as_instant(each) for each in (after, schedule.since) if each is not None]
    since = max(known, default=None)
    begin, now = as_instant(schedule.start) if since is None else since, as_instant(at)
    past = takewhile(lambda slot: slot <= now, _from(schedule, begin))
    found = [slot for slot in past if since is None or slot > since]
    return tuple(found if schedule.missed is Missed.ALL else found[-1:])


def _from(schedule: Schedule, since: pendulum.DateTime) -> Iterator[pendulum.DateTime]:
    """All instants from a little before one on, each once."""
    zone = zone_named(schedule.zone)
    first = dt.date.fromordinal(max(1, since.toordinal() - _SPAN))
    before: dt.datetime | None = None
    for date in _dates(schedule.rule, schedule.start, first):
        instant = _first_instant(dt.datetime.combine(date, schedule.time), zone)
        if instant is not None and (before is None or instant > before):
            yield pendulum.instance(instant).in_timezone(zone)
            before = instant


def _first_instant(local: dt.datetime, zone: pendulum.Timezone) -> dt.datetime | None:
    """The first instant at which clocks show that time or a later one, in UTC.

    None where the calendar, in UTC, begins later or ends before.
    """
    try:
        # Without a fold it is the first of two; in a gap, what is past the gap.
        found = local.replace(tzinfo=zone).astimezone(dt.UTC)
        if _shown(found, zone) == local:
            return found
        early = local.replace(tzinfo=zone, fold=1).astimezone(dt.UTC)
        while found - early > _SECOND:
            middle = early + (found - early) // 2
            middle -= dt.timedelta(microseconds=middle.microsecond)
            if _shown(middle, zone) < local:
                early = middle
            else:
                found = middle
    except OverflowError:
        return None
    return found


_SECOND: Final = dt.timedelta(seconds=1)


def _shown(instant: dt.datetime, zone: pendulum.Timezone) -> dt.datetime:
    """What the clocks of a zone show at an instant."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def _dates(rule: Rule, start: dt.date, first: dt.date) -> Iterator[dt.date]:
    """The dates of a rule from `first` on, to the end of the calendar."""
    first = max(first, start)
    match rule:
        case Daily(every=every):
            return _days(start.toordinal(), first.toordinal(), every)
        case Weekly(weekdays=weekdays, every=every):
            places = [_WEEKDAYS.index(day) for day in weekdays]
            return _days_of_weeks(start, first, places, every)
        case Monthly():
            return _days_of_months(start, first, rule)
        case _:
            assert_never(rule)


def _days(start: int, first: int, every: int) -> Iterator[dt.date]:
    begin = start + _rounded_up(first - start, every)
    return map(dt.date.fromordinal, range(begin, dt.date.max.toordinal() + 1, every))


def _days_of_weeks(
    start: dt.date, first: dt.date, places: list[int], every: int
) -> Iterator[dt.date]:
    monday = start.toordinal() - start.weekday()
    week = _rounded_up((first.toordinal() - monday) // _WEEK, every)
    end = dt.date.max.toordinal()
    for begin in range(monday + week * _WEEK, end + 1, every * _WEEK):
        for place in places:
            if first.toordinal() <= begin + place <= end:
                yield dt.date.fromordinal(begin + place)


def _days_of_months(start: dt.date, first: dt.date, rule: Monthly) -> Iterator[dt.date]:
    origin = start.year * _YEAR + start.month - 1
    begin = origin + _rounded_up(
        first.year * _YEAR + first.month - 1 - origin, rule.every
    )
    for month in range(begin, (dt.date.max.year + 1) * _YEAR, rule.every):
        year, place = divmod(month, _YEAR)
        _, length = calendar.monthrange(year, place + 1)
        if rule.day > length and rule.short is ShortMonth.SKIP:
            continue
        date = dt.date(year, place + 1, min(rule.day, length))
        if date >= first:
            yield date


def _rounded_up(number: int, to: int) -> int:
    return -(-number // to) * to
