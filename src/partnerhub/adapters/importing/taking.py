"""What a file's rows say, as records for a store; one function a kind of file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import attrs
import numpy as np

from partnerhub.adapters.exports import Problem
from partnerhub.adapters.importing.spool import Rows
from partnerhub.columns.records import DatedRecords, FullPictures
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.columns.usage import UsageColumns
from partnerhub.ports import OrganizationFacts


@attrs.frozen(kw_only=True)
class FileContext:
    """What is known of the whole file.

    Attributes:
        file: Its name.
        headings: Column key -> its heading in the file's layout.
        day: The day it is of, where its rows do not say.
        first: First day of the range it covers, where it covers one.
        last: Last day of that range.
        partial: It is not a full picture of the customers in it.
        incomplete: Customers of which not every row could be read, so that for them
            too it is no full picture.
    """

    file: str
    headings: Mapping[str, str]
    day: dt.date | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    partial: bool = False
    incomplete: frozenset[str] = frozenset()

    def pictures(self, organization: Array, day: Array) -> FullPictures | None:
        """Of which customers and days these rows are a full picture."""
        if self.partial:
            return None
        whole = [who not in self.incomplete for who in organization]
        chosen = np.array(whole, np.bool_)
        return FullPictures(organization[chosen], day[chosen])

    def problem(self, line: int, column: str, value: str, message: str) -> Problem:
        """A fault of one row."""
        return Problem(
            file=self.file,
            line=line,
            column=self.headings.get(column, column),
            value=value,
            message=message,
        )

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
    rows: Rows, days: Array, *, name: str, region: str | None
) -> tuple[OrganizationFacts, ...]:
    """Name and region of the customers, each as of its newest row."""
    newest: dict[str, tuple[dt.date, str]] = {}
    names = rows.cells.get(name)
    told = names if names is not None else np.full(len(rows), "", dtype=object)
    for who, day, text in zip(
        rows.cells["org_id"].tolist(), days.tolist(), told.tolist(), strict=True
    ):
        known = newest.get(who)
        if known is None or day > known[0] or (day == known[0] and not known[1]):
            newest[who] = (day, text)
    return tuple(
        OrganizationFacts(id=who, name=text or None, region=region, day=day)
        for who, (day, text) in newest.items()
    )


def texts(count: int) -> Array:
    """A text column of blanks."""
    return np.full(count, "", dtype=object)


def known_counts(*columns: Array) -> Bools:
    """Rows in which any count is known."""
    any_known = np.zeros(len(columns[0]), np.bool_)
    for column in columns:
        any_known |= column >= 0
    return any_known
