"""The values of a filter's terms: read from text or Python, and written as text."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import attrs
import pendulum

from partnerhub.domain.customers import NEVER
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.fields import Field, Kind
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.organizations import clean_text
from partnerhub.domain.products import parse_product
from partnerhub.domain.regions import parse_region

_LAST_SIGN_IN: Final = "last_sign_in"
_NEVER: Final = "never"
_MOST_DAYS: Final = 99_999
_MOST_LICENSES: Final = 10**12
_WEEK: Final = 7

_DURATION: Final = re.compile(r"([0-9]{1,5})([dw])", re.IGNORECASE)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER: Final = re.compile(r"[0-9]{1,12}")
_PERCENTAGE: Final = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,2})?)%")


def _day_count(_: object, __: object, value: int) -> None:
    if not 0 <= value <= _MOST_DAYS:
        raise InvalidValue("number of days", value, f"0 to {_MOST_DAYS:,}")


@attrs.frozen
class Days:
    """A distance in days: ahead for a day to come, an age for a day past.

    Attributes:
        count: How many, 0 or more.
    """

    count: int = attrs.field(validator=_day_count)

    def __str__(self) -> str:
        return f"{self.count}d"


def _decimal(given: Decimal | int | str) -> Decimal:
    try:
        return Decimal(given)
    except InvalidOperation as error:
        raise InvalidValue("percentage", given) from error


def _points(_: object, __: object, value: Decimal) -> None:
    if not _PERCENTAGE.fullmatch(f"{value}%"):
        raise InvalidValue("percentage", str(value), "0 to 9999.99, two decimals")


@attrs.frozen
class Percent:
    """A share in percent, exact to two decimals.

    Attributes:
        points: 90 for 90 %.

    Examples:
        >>> str(Percent("12.5")), Percent(90) == Percent("90.0")
        ('12.5%', True)
    """

    points: Decimal = attrs.field(converter=_decimal, validator=_points)

    @property
    def hundredths(self) -> int:
        """The same in hundredths of a percent, a whole number."""
        return int(self.points * 100)

    def __str__(self) -> str:
        return f"{self.points}%"


Value = str | int | pendulum.Date | Days | Percent
"""What a term holds: text and codes, counts, days, durations, shares."""

Given = str | int | dt.date | dt.timedelta | Days | Percent
"""What may be given for one."""


def folded(text: str, /) -> str:
    """`text` as it is compared: without accents, letter case and surplus spaces.

    Examples:
        >>> folded("  Café  ZÜRICH ")
        'cafe zurich'
    """
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text).casefold()
        plain = unicodedata.normalize("NFKD", plain)
        text = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(text.casefold().split())


def address_key(address: str, /) -> str:
    """An e-mail address as it is compared: without letter case.

    Examples:
        >>> address_key(" Kim@Acme.example ")
        'kim@acme.example'
    """
    return address.strip().casefold()


def value_of(field: Field, given: Given, /) -> Value:
    """The value that `given` is for a field.

    Raises:
        InvalidValue: It is none; the error names the valid ones.

    Examples:
        >>> from partnerhub.domain.fields import FIELDS
        >>> value_of(FIELDS["product"], "Webex Calling")
        'calling'
        >>> value_of(FIELDS["ends"], "2w")
        Days(count=14)
    """
    match field.kind:
        case Kind.STATE:
            return _choice(field, given)
        case Kind.CODE:
            return _code(field, given)
        case Kind.TEXT | Kind.PART:
            return _text(field, given)
        case Kind.DAY:
            return _day(field, given)
        case Kind.COUNT:
            return _count(field, given)


def place_of(value: Value, /) -> Any:
    """Where a value of an ordered field stands among others of its kind."""
    match value:
        case Days(count=count):
            return count
        case Percent(points=points):
            return points
        case _:
            return value


def text_of(field: Field, value: Value, /) -> str:
    """A value as it is typed, without quotes."""
    if field.name == _LAST_SIGN_IN and value == NEVER:
        return _NEVER
    return str(value)


def _choice(field: Field, given: Given) -> str:
    code = folded(str(given)).replace(" ", "_")
    if code not in field.choices:
        raise InvalidValue(field.name, given, choices=field.choices)
    return code


def _code(field: Field, given: Given) -> str:
    text = str(given)
    match field.name:
        case "id":
            return uuid_of(text)
        case "product":
            return parse_product(text).value
        case "region":
            region = parse_region(clean_text(text))
            if region is None:
                raise InvalidValue("region", text, "ask for missing:region instead")
            return region
        case "email" | "admin":
            return address_key(_text(field, given))
        case _:
            return _choice(field, given)


def _text(field: Field, given: Given) -> str:
    text = clean_text(str(given))
    if not folded(text):
        raise InvalidValue(field.name, text, "it is blank")
    return text


def _day(field: Field, given: Given) -> Value:
    if isinstance(given, str):
        return _typed_day(field, given.strip())
    if isinstance(given, dt.timedelta):
        return Days(given.days)
    if isinstance(given, Days):
        return given
    if isinstance(given, dt.date):
        return as_day(given)
    raise _no_day(field, given)


def _typed_day(field: Field, text: str) -> Value:
    if found := _DURATION.fullmatch(text):
        weeks = found[2] in "wW"
        return Days(int(found[1]) * (_WEEK if weeks else 1))
    if field.name == _LAST_SIGN_IN and text.casefold() == _NEVER:
        return NEVER
    if not _DATE.fullmatch(text):
        raise _no_day(field, text)
    return as_day(text)


def _no_day(field: Field, given: object) -> InvalidValue:
    return InvalidValue(
        f"day of {field.name!r}", given, "write a date (2027-01-01) or days (90d)"
    )


def _count(field: Field, given: Given) -> Value:
    value = _typed_count(given.strip()) if isinstance(given, str) else given
    if isinstance(value, Percent):
        if field.share_of_total:
            return value
        raise InvalidValue(
            f"number of {field.name!r}", str(value), "it has no percentage"
        )
    is_count = isinstance(value, int) and not isinstance(value, bool)
    if isinstance(value, int) and is_count and 0 <= value <= _MOST_LICENSES:
        return value
    share = ", or a percentage" if field.share_of_total else ""
    raise InvalidValue(
        f"number of {field.name!r}", given, f"write a whole number, 0 or more{share}"
    )


def _typed_count(text: str) -> Given:
    if _NUMBER.fullmatch(text):
        return int(text)
    if found := _PERCENTAGE.fullmatch(text):
        return Percent(found[1])
    return text
