"""A list of customers: what `find` gives, as rows, as a table, as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import attrs
import pendulum

from partnerhub.columns.objects import customer_object
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.status import StatusFlags
from partnerhub.columns.table import Table
from partnerhub.columns.unknown import Ints
from partnerhub.domain.cells import CellSafety
from partnerhub.domain.layouts import Locale
from partnerhub.domain.policies import StatusPolicy
from partnerhub.domain.reasons import Reason
from partnerhub.domain.status import CustomerStatus, primary, statuses
from partnerhub.hub.customers.columns import DEFAULT, Cells, columns_named
from partnerhub.hub.loaded import Loaded
from partnerhub.reports.csv_writer import write_csv
from partnerhub.reports.files import whole_file


@attrs.frozen(kw_only=True)
class CustomerRow:
    """One customer of a list.

    Attributes:
        id: Uuid.
        name: Display name; blank when not known.
        region: Region; None where nobody has told it.
        statuses: The statuses on the list's day.
    """

    id: str
    name: str
    region: str | None
    statuses: CustomerStatus

    @property
    def primary_status(self) -> CustomerStatus | None:
        """The status most worth showing; None when there is none."""
        return primary(self.statuses)

    def to_dict(self) -> dict[str, Any]:
        """The same, ready for JSON."""
        shown = self.primary_status
        return {
            "id": self.id,
            "name": self.name,
            "region": self.region,
            "statuses": [status.code for status in self.statuses],
            "primary_status": None if shown is None else shown.code,
        }


@attrs.frozen(eq=False, repr=False)
class CustomerList:
    """Some customers on a day, ordered by name.

    Attributes:
        loaded: All customers looked at, and what is worked out of them.
        rows: Rows of those found, in the list's order, `(n,)`.
        excluded_rows: Rows of those that would be here without the exclusions.
        policy: The day counts of the statuses.
    """

    loaded: Loaded
    rows: Ints
    excluded_rows: Ints
    policy: StatusPolicy

    @property
    def portfolio(self) -> Portfolio:
        """All customers looked at."""
        return self.loaded.portfolio

    @property
    def flags(self) -> StatusFlags:
        """The statuses of all customers looked at."""
        return self.loaded.statuses

    @property
    def excluded(self) -> CustomerList:
        """The customers that would be here without the exclusions."""
        none = self.excluded_rows[:0]
        return attrs.evolve(self, rows=self.excluded_rows, excluded_rows=none)

    @property
    def out_of_reach(self) -> int:
        """How many other customers there are, which whoever asks does not see."""
        return self.loaded.out_of_reach

    @property
    def notes(self) -> tuple[str, ...]:
        """What the list rests on, in words."""
        looked_at = f"{self.loaded.size:,} customers looked at"
        counts = {
            "excluded": len(self.excluded_rows),
            "out of your reach": self.out_of_reach,
        }
        left = (f"{count:,} {why}" for why, count in counts.items() if count)
        return (f"as of {self.at}; {len(self):,} of {looked_at}", *left)

    @property
    def at(self) -> pendulum.Date:
        """The day."""
        return self.portfolio.at

    @property
    def ids(self) -> tuple[str, ...]:
        """Uuids of the customers, in the list's order."""
        return tuple(self.portfolio.customers.id[self.rows].tolist())

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)} customers on {self.at}>"

    def __iter__(self) -> Iterator[CustomerRow]:
        who, rows = self.portfolio.customers, self.rows
        columns = (
            who.id[rows].tolist(),
            who.name[rows].tolist(),
            who.region.take(rows).texts().tolist(),
            self.flags[rows].tolist(),
        )
        for uuid, name, region, bits in zip(*columns, strict=True):
            yield CustomerRow(
                id=uuid, name=name, region=region, statuses=CustomerStatus(bits)
            )

    def take(self, places: Sequence[int] | slice, /) -> CustomerList:
        """Those at these places of the list, in the order given."""
        return attrs.evolve(self, rows=self.rows[places])

    def head(self, count: int | None, /) -> CustomerList:
        """The first so many of them; all for None."""
        return self.take(slice(count))

    def reasons(self) -> Iterator[Reason | None]:
        """Why each customer has its primary status: one reason, None where it has none.

        An object is made of each customer asked for, so ask for a `head` of many.
        """
        for row in self.rows.tolist():
            found = statuses(
                customer_object(self.portfolio, row), at=self.at, policy=self.policy
            )
            shown = found.primary
            yield None if shown is None else found.reasons[shown][0]

    @cached_property
    def table(self) -> Table:
        """One row a customer, in the usual columns."""
        return self.to_table()

    def to_table(self, columns: Iterable[str] = DEFAULT, /) -> Table:
        """One row a customer, in any columns.

        Args:
            columns: Their keys, in order; `partnerhub.hub.customers.columns` has all.

        Raises:
            NotFound: There is no such column.
        """
        chosen = columns_named(columns)
        cells = Cells(
            portfolio=self.portfolio,
            rows=self.rows,
            flags=self.flags,
            tags=lambda: self.loaded.tags,
        )
        return Table(
            title=f"Customers on {self.at}",
            columns=chosen,
            values={column.key: cells.of(column.key) for column in chosen},
        )

    def write_csv(
        self,
        path: str | Path,
        /,
        *,
        columns: Iterable[str] | None = None,
        locale: Locale = "en",
        safety: CellSafety = CellSafety.SAFE,
    ) -> Path:
        """Writes the list as a CSV file, which appears whole or not at all.

        Args:
            path: The file.
            columns: Keys of the columns, in order; the usual ones where left out.
            locale: Language of the headings.
            safety: Whether text cells that a spreadsheet would take for a formula
                are guarded.

        Returns:
            The file.

        Raises:
            NotFound: There is no such column.
            FileNotWritten: No permission, no space, or no such place.
        """
        table = self.to_table(DEFAULT if columns is None else columns)
        with whole_file(Path(path)) as file:
            write_csv(table, file, locale=locale, safety=safety)
        return Path(path)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The same, ready for JSON."""
        return [customer.to_dict() for customer in self]

    def _repr_html_(self) -> str:
        return self.table._repr_html_()
