"""`SamplePartner`: an invented partner, and the files that Webex would give it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

import attrs

from partnerhub.columns.table import Table
from partnerhub.domain.customers import Customer
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.layouts import (
    CALLING_USAGE_DETAILS,
    CUSTOMER_FACTS,
    DEVICES,
    SUBSCRIPTION_DETAILS,
    SUBSCRIPTION_FACTS,
    TELEPHONE_NUMBERS,
    WEBEX_APP_VERSION,
    Layout,
)
from partnerhub.reports.csv_writer import write_csv
from partnerhub.reports.files import whole_file
from partnerhub.reports.naming import file_name
from partnerhub.sample import calls
from partnerhub.sample.customers import Setting, chunks
from partnerhub.sample.damaged import write_damaged
from partnerhub.sample.dice import Dice
from partnerhub.sample.french import write_french
from partnerhub.sample.inventory import devices, telephone_numbers, webex_app_versions
from partnerhub.sample.objects import customer_objects
from partnerhub.sample.snapshots import Snapshot, snapshot
from partnerhub.sample.tables import (
    customer_facts,
    subscription_details,
    subscription_facts,
)
from partnerhub.sample.usage import calling_usage_details

PathLike = str | os.PathLike[str]
TableOf = Callable[[Snapshot], Table]
Tables = tuple[tuple[Layout, TableOf], ...]
Writer = Callable[[Iterable[Table], BinaryIO], object]

LAST_DAY: Final = dt.date(2026, 11, 22)
"""A Sunday; the default last day."""

_FRENCH_REGION: Final = "EU"
_PROBLEMS: Final = "-with-problems"
_ROWS_BEFORE_PROBLEMS: Final = 8
"""All rows of their customers: the first cases hold one subscription each."""

_WEEKLY: Final[Tables] = (
    (SUBSCRIPTION_DETAILS, subscription_details),
    (SUBSCRIPTION_FACTS, subscription_facts),
)
_LAST: Final[Tables] = (
    (CUSTOMER_FACTS, customer_facts),
    (DEVICES, devices),
    (TELEPHONE_NUMBERS, telephone_numbers),
    (WEBEX_APP_VERSION, webex_app_versions),
    (CALLING_USAGE_DETAILS, calling_usage_details),
)


_CALLS: Final = (
    ("Calling Detailed Call History", "call-records", calls.call_records, False),
    ("Calling Media Quality", "media-quality", calls.media_quality, False),
    ("Call Queue Stats", "call-queue-stats", calls.call_queue_stats, True),
)
"""Name, layout and table of the calling files; the last is of one customer."""


@attrs.frozen(kw_only=True)
class SampleFile:
    """One file that was written.

    Attributes:
        path: Where.
        region: Whose customers are in it; the file itself does not say.
        day: The day it is of.
        layout: Key of its layout (`subscription-details`).
        customer: Uuid of the customer it is of, where it does not say so itself.
        start: First day that it covers, where it does not say so itself.
        end: Last day of these.
    """

    path: Path
    region: str
    day: dt.date
    layout: str
    customer: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None


def _positive(_: object, attribute: attrs.Attribute[int], value: int) -> None:
    if value < 1:
        raise InvalidValue(attribute.name, value, "at least 1")


def _each_once(
    _: object, attribute: attrs.Attribute[tuple[str, ...]], value: tuple[str, ...]
) -> None:
    if not value or len(set(value)) < len(value):
        raise InvalidValue(attribute.name, value, "at least one, and each once")


@attrs.frozen(kw_only=True)
class SamplePartner:
    """An invented partner. The same arguments give the same files everywhere.

    Its customers are dealt out to the regions in turn. The first of each region are
    there on purpose, for each status, KPI and boundary; the others are random. Among
    the first hundred or so is every kind of awkward name.

    Attributes:
        customers: How many it ever has; some come, and some vanish, on the way.
        seed: Another seed gives another partner.
        regions: Where their data are kept.
        weeks: How many weekly files there are.
        until: The day of the last one.

    Raises:
        InvalidValue: There are no customers, weeks or regions, or a region twice.

    Examples:
        >>> partner = SamplePartner(customers=10, weeks=2)
        >>> [day.isoformat() for day in partner.days]
        ['2026-11-15', '2026-11-22']
        >>> [customer.name for customer in partner.at(partner.until)][3]
        'Brandt, Voss & Partners'
    """

    customers: int = attrs.field(default=200, validator=_positive)
    seed: int = 1
    regions: tuple[str, ...] = attrs.field(
        default=("US", "EU", "CA"), converter=tuple, validator=_each_once
    )
    weeks: int = attrs.field(default=12, validator=_positive)
    until: dt.date = LAST_DAY

    @property
    def days(self) -> tuple[dt.date, ...]:
        """The days of the weekly files, oldest first."""
        return tuple(
            self.until - dt.timedelta(weeks=back)
            for back in reversed(range(self.weeks))
        )

    def at(self, day: dt.date, /) -> Iterator[Customer]:
        """The customers that files of a day have, as domain objects: for few."""
        for on in self.snapshots(day):
            yield from customer_objects(on)

    def snapshots(
        self, day: dt.date, /, *, region: str | None = None
    ) -> Iterator[Snapshot]:
        """What files of a day hold, as arrays, a chunk of customers at a time.

        Args:
            day: The day.
            region: Whose customers; None for all.
        """
        setting = Setting(dice=Dice(self.seed), regions=self.regions, until=self.until)
        for part in chunks(setting, self.customers, region=region):
            yield snapshot(part, day)

    def write_exports(self, folder: PathLike, /) -> tuple[SampleFile, ...]:
        """Writes the files of all weeks and regions, oldest first.

        Each week brings Subscription Details and subscription facts; the last one
        also customer facts, the inventories and Calling Usage Details. The first
        Subscription Details of the EU are written as a French office saves them.

        Args:
            folder: Where to; made when it is missing.
        """
        return tuple(
            self._write(folder, layout, table_of, region, day)
            for day in self.days
            for region in self.regions[: self.customers]
            for layout, table_of in (*_WEEKLY, *(_LAST if day == self.until else ()))
        )

    def write_calls(self, folder: PathLike, /) -> tuple[SampleFile, ...]:
        """Writes calling files of a few customers of each region: nine weeks of calls.

        Call records, their media quality, and Call Queue Stats of one customer for
        the last week. Regions without a customer who calls have none.

        Args:
            folder: Where to; made when it is missing.
        """
        files: list[SampleFile] = []
        for region in self.regions[: self.customers]:
            on = next(self.snapshots(self.until, region=region))
            who = calls.callers(on)
            if not len(who):
                continue
            first, last = calls.weeks(self.until)[-1]
            for name, layout, table_of, of_one in _CALLS:
                key = (region, str(self.seed), str(self.customers))
                file = SampleFile(
                    path=Path(folder) / file_name(name, key, self.until),
                    region=region,
                    day=self.until,
                    layout=layout,
                    customer=str(on.of.ids[who[0]]) if of_one else None,
                    start=first if of_one else None,
                    end=last if of_one else None,
                )
                with whole_file(file.path) as out:
                    write_csv(table_of(on), out)
                files.append(file)
        return tuple(files)

    def write_damaged(self, folder: PathLike, /) -> SampleFile:
        """Writes a small file whose last two rows cannot be read.

        The rows before them are the first of the newest Subscription Details of the
        first region.

        Args:
            folder: Where to; made when it is missing.
        """
        region = self.regions[0]
        file = self._file(folder, SUBSCRIPTION_DETAILS, region, self.until, _PROBLEMS)
        first = subscription_details(next(self.snapshots(self.until, region=region)))
        with whole_file(file.path) as out:
            write_damaged(first.head(_ROWS_BEFORE_PROBLEMS), out)
        return file

    def _file(
        self,
        folder: PathLike,
        layout: Layout,
        region: str,
        day: dt.date,
        suffix: str = "",
    ) -> SampleFile:
        key = (region, str(self.seed), str(self.customers))
        path = Path(folder) / file_name(layout.name + suffix, key, day)
        return SampleFile(path=path, region=region, day=day, layout=layout.key)

    def _write(
        self,
        folder: PathLike,
        layout: Layout,
        table_of: TableOf,
        region: str,
        day: dt.date,
    ) -> SampleFile:
        file = self._file(folder, layout, region, day)
        tables = (table_of(on) for on in self.snapshots(day, region=region))
        first = day == self.days[0] and layout is SUBSCRIPTION_DETAILS
        write: Writer = (
            write_french if first and region == _FRENCH_REGION else write_csv
        )
        with whole_file(file.path) as out:
            write(tables, out)
        return file


def write_subscription_details(
    path: PathLike, /, *, rows: int, seed: int = 1, day: dt.date = LAST_DAY
) -> None:
    """Writes one Subscription Details file of a given length, to measure with.

    Args:
        path: The file.
        rows: How many rows it gets, headings not counted.
        seed: Another seed gives other customers.
        day: The day of its rows.

    Raises:
        InvalidValue: Fewer than one row.
    """
    if rows < 1:
        raise InvalidValue("rows", rows, "at least 1")
    # Nearly every customer has a row, and most have several.
    partner = SamplePartner(customers=2 * rows, seed=seed, until=day)
    with whole_file(path) as out:
        write_csv(_cut(map(subscription_details, partner.snapshots(day)), rows), out)


def _cut(tables: Iterable[Table], rows: int) -> Iterator[Table]:
    """The tables up to that many rows together."""
    for table in tables:
        yield table.head(rows)
        rows -= len(table)
        if rows <= 0:
            return
