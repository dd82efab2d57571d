"""What a reader of export files can be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final, Literal

import attrs
import pendulum

from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.layouts import LAYOUTS

SlashDates = Literal["auto", "dmy", "mdy"]

_SLASH_DATES: Final = ("auto", "dmy", "mdy")
_COLUMN_KEYS: Final = tuple(
    dict.fromkeys(key for layout in LAYOUTS for key in layout.keys)
)

MEBIBYTE: Final = 1 << 20


def _day(value: dt.date | str | None) -> pendulum.Date | None:
    return None if value is None else as_day(value)


@attrs.frozen(kw_only=True)
class ArchiveLimits:
    """How much a ZIP may hold; what holds more is refused, unread.

    Attributes:
        files: Files in it.
        bytes: Bytes of all its files together, uncompressed.
        ratio: Uncompressed to compressed bytes of one file. Reports repeat
            themselves, so a real one reaches 50.
        ratio_from: Size from which the ratio counts: a small file harms nobody.
    """

    files: int = 1_000
    bytes: int = 8_192 * MEBIBYTE
    ratio: int = 300
    ratio_from: int = 16 * MEBIBYTE


@attrs.frozen(kw_only=True)
class ReadOptions:
    """How to read what a file does not say itself.

    Attributes:
        as_of: The day of a file that has none in its columns or its name.
        start: First day of the range that call sums cover; only with `end`.
        end: Last day of that range.
        headings: Heading of the file -> column key, before every alias.
        dates: How `03/04/2026` reads: "dmy" is 3 April, "mdy" is 4 March. "auto" is
            "dmy", unless the file holds a date that only "mdy" can read: then all
            its slash dates are problems until one of the two is chosen.
        limits: How much a ZIP may hold.

    Raises:
        InvalidValue: A value makes no sense, or only one of start and end is given.

    Examples:
        >>> ReadOptions(as_of="2026-11-22").as_of.isoformat()
        '2026-11-22'
    """

    as_of: pendulum.Date | None = attrs.field(default=None, converter=_day)
    start: pendulum.Date | None = attrs.field(default=None, converter=_day)
    end: pendulum.Date | None = attrs.field(default=None, converter=_day)
    headings: Mapping[str, str] = attrs.field(factory=dict)
    dates: SlashDates = "auto"
    limits: ArchiveLimits = attrs.field(factory=ArchiveLimits)

    def __attrs_post_init__(self) -> None:
        if self.dates not in _SLASH_DATES:
            raise InvalidValue("order of dates", self.dates, choices=_SLASH_DATES)
        for key in self.headings.values():
            if key not in _COLUMN_KEYS:
                raise InvalidValue("column", key, choices=_COLUMN_KEYS)
        if (self.start is None) != (self.end is None):
            raise InvalidValue(
                "range", (self.start or self.end), "give both its first and last day"
            )
        if self.start is not None and self.end is not None and self.end < self.start:
            raise InvalidValue(
                "range", f"{self.start}..{self.end}", "it ends before it starts"
            )

    @property
    def period(self) -> tuple[pendulum.Date, pendulum.Date] | None:
        """First and last day of the range, if it is given."""
        if self.start is None or self.end is None:
            return None
        return self.start, self.end
