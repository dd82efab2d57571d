"""What a file's rows say, as records for a store; one function a kind of file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

import attrs
import numpy as np

from partnerhub.adapters.exports import Problem
from partnerhub.adapters.importing.spool import Rows
from partnerhub.columns.records import DatedRecords, FullPictures, day_numbers
from partnerhub.columns.unknown import Array, Bools, Days, Ints, is_unknown
from partnerhub.columns.usage import UsageColumns
from partnerhub.domain.regions import ALL, parse_region
from partnerhub.ports import OrganizationFacts

TrialsOf = Callable[[Iterable[str], dt.date], Mapping[str, tuple[str, ...]]]
"""Gives, for some customers and a day, the identities of their trials without an id."""


def _no_trials(_: Iterable[str], __: dt.date) -> Mapping[str, tuple[str, ...]]:
    return {}


@attrs.frozen(kw_only=True)
class FileContext:
    """What is known of the whole file.

    Attributes:
        problem: Makes a fault of one row, of its line, a column key, the value there
            and a message: `Export.problem`, which knows the file's own headings.
        region: Where its customers' data are kept; None when it is not told.
        day: The day it is of, where its rows do not say.
        first: First day of the range it covers, where it covers one.
        last: Last day of that range.
        partial: It is not a full picture of the customers in it.
        incomplete: Customers of which not every row could be read, so that for them
            too it is no full picture.
        trials: What tells apart the trials without an id that the store knows.
    """

    problem: Callable[[int, str, str, str], Problem]
    region: str | None = None
    day: dt.date | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    partial: bool = False
    incomplete: frozenset[str] = frozenset()
    trials: TrialsOf = _no_trials

    def pictures(self, organization: Array, day: Array) -> FullPictures | None:
        """Of which customers and days these rows are a full picture."""
        if self.partial:
            return None
        if not self.incomplete:
            return FullPictures(organization, day)
        whole = [who not in self.incomplete for who in organization]
        chosen = np.array(whole, np.bool_)
        return FullPictures(organization[chosen], day[chosen])

    def contradictions(
        self, rows: Rows, found: Mapping[int, int], *, column: str, same: str
    ) -> dict[int, Problem]:
        """A fault of each row that says something else than an earlier one.

        Args:
            rows: The rows.
            found: Row -> the earlier row.
            column: Key of the column that tells what both are of.
            same: What both are of: "subscription and day".
        """
        return {
            row: self.problem(
                int(rows.line[row]),
                column,
                str(rows.cells[column][row]),
                f"line {rows.line[earlier]} has the same {same} with other values; "
                "that line was taken",
            )
            for row, earlier in found.items()
        }

    def days(self, count: int) -> Array:
        """The file's day, for each of its rows."""
        return np.full(count, np.datetime64(str(self.day), "D"))


@attrs.frozen(kw_only=True, eq=False)
class Part:
    """Records of one dataset, and which row of the file each is part of.

    Attributes:
        records: The records.
        row: Place in the rows taken, int64 `(n,)`.
    """

    records: DatedRecords
    row: Ints


@attrs.frozen(kw_only=True, eq=False)
class UsagePart:
    """Usage rows, and which row of the file each is.

    Attributes:
        columns: The usage.
        row: Place in the rows taken, int64 `(n,)`.
    """

    columns: UsageColumns
    row: Ints


@attrs.frozen(kw_only=True, eq=False)
class Told:
    """What rows say.

    Attributes:
        organizations: Of their customers.
        parts: Of dated things.
        usage: Of calling usage.
        of_customers: A row that tells something new of its customer is taken.
        problems: Rows that contradict others: row -> problem.
    """

    organizations: tuple[OrganizationFacts, ...] = ()
    parts: tuple[Part, ...] = ()
    usage: UsagePart | None = None
    of_customers: bool = False
    problems: Mapping[int, Problem] = attrs.field(factory=dict)


Taker = Callable[[Rows, FileContext], Told]


def told_organizations(
    rows: Rows, days: Days, *, name: str = "", region: str | None
) -> tuple[OrganizationFacts, ...]:
    """Name and region of the customers, each as of its newest day.

    Args:
        rows: The rows.
        days: The day of each, `(n,)`.
        name: Key of the column that holds the names, if one does.
        region: Where the data are kept of customers of which no row tells it.
    """
    customers = rows.customers
    newest = np.full(len(customers.values), np.iinfo(np.int64).min, np.int64)
    numbers = day_numbers(days)
    np.maximum.at(newest, customers.code, numbers)
    return tuple(
        OrganizationFacts(
            id=who, name=text or None, region=told_region(place) or region, day=day
        )
        for who, text, place, day in zip(
            customers.values,
            _newest_told(rows, name, numbers),
            _newest_told(rows, "region", numbers),
            newest.astype("datetime64[D]").tolist(),
            strict=True,
        )
    )


def _newest_told(rows: Rows, key: str, day: Ints) -> list[str]:
    """The text of a column that stands for each customer; blank where none tells it."""
    customers = rows.customers
    said = np.full(len(customers.values), "", dtype=object)
    told = rows.cells.get(key)
    if told is not None:
        tells = np.flatnonzero(~is_unknown(told))
        # Written from the oldest day to the newest, and of a day from the last row to
        # the first, so that the first row of the newest day that tells it stays.
        row = tells[np.lexsort((-tells, day[tells]))]
        said[customers.code[row]] = told[row]
    texts: list[str] = said.tolist()
    return texts


def told_region(cell: str, /) -> str | None:
    """The region that a cell names; None for none, and for the sign of all regions."""
    return None if cell.strip() == ALL else parse_region(cell)


def texts(count: int) -> Array:
    """A text column of blanks."""
    return np.full(count, "", dtype=object)


def known_counts(*columns: Array) -> Bools:
    """Rows in which any count is known."""
    any_known = np.zeros(len(columns[0]), np.bool_)
    for column in columns:
        any_known |= column >= 0
    return any_known
