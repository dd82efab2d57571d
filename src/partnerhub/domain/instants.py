"""Instants, and the time zones in which they are shown."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pendulum

from partnerhub.domain.errors import InvalidValue, nearest


def as_instant(value: dt.date | str, /) -> pendulum.DateTime:
    """The instant of a date-time, a date or an ISO text, in UTC.

    What has no zone is in UTC; a date is its beginning. In UTC, because Python
    compares two times of one zone by their clocks, which are turned back in autumn.

    Raises:
        InvalidValue: The text is no ISO date or date-time, or in UTC it is outside
            the years 1 to 9999.

    Examples:
        >>> as_instant("2026-11-22T06:30:00+01:00").isoformat()
        '2026-11-22T05:30:00+00:00'
        >>> as_instant(pendulum.date(2026, 11, 22)).isoformat()
        '2026-11-22T00:00:00+00:00'
    """
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value.strip())
        except ValueError as error:
            why = "write it as 2026-11-22T06:30:00+01:00"
            raise InvalidValue("instant", value, why) from error
    if isinstance(value, dt.datetime):
        aware = value if value.tzinfo is not None else value.replace(tzinfo=dt.UTC)
        try:
            utc = aware.astimezone(dt.UTC)
        except OverflowError as error:
            why = "in UTC it is outside the years 1 to 9999"
            raise InvalidValue("instant", value.isoformat(), why) from error
        # Not `pendulum.instance`, which leaves its own class in the standard library's
        # UTC; what it adds to that loses its zone.
        return pendulum.datetime(
            utc.year,
            utc.month,
            utc.day,
            utc.hour,
            utc.minute,
            utc.second,
            utc.microsecond,
        )
    return pendulum.datetime(value.year, value.month, value.day)


def zone_named(name: str, /) -> pendulum.Timezone:
    """A time zone by its name in the IANA database.

    Raises:
        InvalidValue: There is none of that name.

    Examples:
        >>> zone_named("Europe/Pari")
        Traceback (most recent call last):
        ...
        partnerhub.domain.errors.InvalidValue: 'Europe/Pari' is no time zone: did you mean 'Europe/Paris'?
    """
    try:
        return pendulum.timezone(name)
    except (ValueError, OSError) as error:
        near = nearest(name, zoneinfo.available_timezones())
        why = f"did you mean {near!r}?" if near else "name one as Europe/Paris"
        raise InvalidValue("time zone", name, why) from error
