"""The customers of a hub: who they are, their statuses, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

import attrs
import numpy as np
import pendulum

from partnerhub.columns.filters import CustomerLabels, Prepared
from partnerhub.columns.objects import customer_object
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.status import StatusFlags, status_flags
from partnerhub.columns.table import Table
from partnerhub.columns.unknown import Array
from partnerhub.domain.customers import Customer
from partnerhub.domain.errors import InvalidValue, NotFound
from partnerhub.domain.filters import Filter, Term, nodes
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.layouts import CellType, Column
from partnerhub.domain.query_text import parse_filter
from partnerhub.domain.status import CustomerStatus, Statuses, primary, statuses
from partnerhub.hub.context import Context

_COLUMNS: Final = (
    Column(key="customer", heading="Customer", french="Client"),
    Column(
        key="org_id", heading="Org ID", french="ID de l'organisation", cell=CellType.ID
    ),
    Column(key="region", heading="Region", french="Région"),
    Column(key="primary_status", heading="Status", french="Statut"),
    Column(key="statuses", heading="All statuses", french="Tous les statuts"),
)


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
        portfolio: All customers looked at.
        rows: Rows of those found, in the list's order, `(n,)`.
        flags: The statuses of all customers looked at.
    """

    portfolio: Portfolio
    rows: Array
    flags: StatusFlags

    @property
    def at(self) -> pendulum.Date:
        """The day."""
        return self.portfolio.at

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)} customers on {self.at}>"

    def __iter__(self) -> Iterator[CustomerRow]:
        who = self.portfolio.customers
        regions = who.region.take(self.rows).texts()
        for row, region in zip(self.rows.tolist(), regions.tolist(), strict=True):
            yield CustomerRow(
                id=who.id[row],
                name=who.name[row],
                region=region,
                statuses=CustomerStatus(int(self.flags[row])),
            )

    @cached_property
    def table(self) -> Table:
        """One row a customer."""
        return Table.from_rows(
            _COLUMNS,
            [
                (
                    customer.name or None,
                    customer.id,
                    customer.region,
                    _label(customer.primary_status),
                    ", ".join(status.label for status in customer.statuses) or None,
                )
                for customer in self
            ],
            title=f"Customers on {self.at}",
        )

    def to_dicts(self) -> list[dict[str, Any]]:
        """The same, ready for JSON."""
        return [customer.to_dict() for customer in self]

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def _label(status: CustomerStatus | None) -> str | None:
    return None if status is None else status.label


@attrs.frozen(kw_only=True)
class Explanation:
    """One customer, its statuses, and why it has them.

    Attributes:
        customer: The customer with all it holds, as known on the day.
        statuses: Its statuses with their reasons, and what is not known.
    """

    customer: Customer
    statuses: Statuses

    def to_dict(self) -> dict[str, Any]:
        """The same, ready for JSON."""
        found = self.statuses
        shown = found.primary
        return {
            "at": found.at.isoformat(),
            "id": self.customer.id,
            "name": self.customer.name,
            "region": self.customer.region,
            "primary_status": None if shown is None else shown.code,
            "statuses": [
                {
                    "status": status.code,
                    "reasons": [
                        attrs.asdict(reason) for reason in found.reasons[status]
                    ],
                }
                for status in found
            ],
            "not_known": {
                status.code: [attrs.asdict(reason) for reason in reasons]
                for status, reasons in found.not_known.items()
            },
        }


class Customers:
    """The customer list of a hub (specification, "Customer list")."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def find(
        self,
        query: str | Filter = "",
        /,
        *,
        at: dt.date | str | None = None,
        region: str | None = None,
    ) -> CustomerList:
        """The customers that a query asks for, ordered by name.

        Args:
            query: Terms such as `status:expired product:calling -tag:vip acme`, or
                a filter made with `partnerhub.domain.filters.where`; blank finds
                all.
            at: The day; today where it is left out.
            region: Only customers of this region; all regions where it is left out.

        Raises:
            FilterError: The query cannot be understood.
            NotFound: The region is not published and holds no data.
        """
        context = self._context
        node = parse_filter(query) if isinstance(query, str) else query
        portfolio = context.portfolio(context.day(at), context.any_region(region))
        prepared = Prepared(
            portfolio, labels=self._labels(node), policy=context.status_policy
        )
        found = np.flatnonzero(prepared.mask(node))
        names = portfolio.customers.name[found].astype(str)
        flags = status_flags(portfolio, policy=context.status_policy)
        return CustomerList(portfolio, found[np.lexsort((found, names))], flags)

    def _labels(self, node: Filter) -> CustomerLabels:
        """The labels that a filter asks for."""
        store = self._context.store
        asked = [term for term in nodes(node) if isinstance(term, Term)]
        emails: dict[str, tuple[str, ...]] = {}
        for address in {
            str(value)
            for term in asked
            if term.field == "email"
            for value in term.values
        }:
            for uuid in store.find_by_email(address):
                emails[uuid] = (*emails.get(uuid, ()), address)
        tags = store.tags() if any(term.field == "tag" for term in asked) else {}
        return CustomerLabels(tag=tags, email=emails)

    def explain(
        self, customer: str, /, *, at: dt.date | str | None = None
    ) -> Explanation:
        """Why a customer has the statuses it has.

        Args:
            customer: Its id in either form, or its name in any case; a part of the
                name serves where only one customer has it.
            at: The day; today where it is left out.

        Raises:
            NotFound: No customer, or more than one, has that name.
        """
        context = self._context
        day = context.day(at)
        portfolio = context.portfolio(day, context.any_region(None))
        row = _row_of(portfolio, customer)
        found = customer_object(portfolio, row, tags=self._tags(portfolio, row))
        return Explanation(
            customer=found,
            statuses=statuses(found, at=day, policy=context.status_policy),
        )

    def _tags(self, portfolio: Portfolio, row: int) -> tuple[str, ...]:
        return self._context.store.tags().get(portfolio.customers.id[row], ())


def _row_of(portfolio: Portfolio, customer: str) -> int:
    who = portfolio.customers
    try:
        wanted = uuid_of(customer)
    except InvalidValue:
        return _row_named(portfolio, customer)
    rows = np.flatnonzero(who.id == wanted)
    if not len(rows):
        raise NotFound("customer", customer)
    return int(rows[0])


def _row_named(portfolio: Portfolio, name: str) -> int:
    wanted = name.strip().casefold()
    folded = [text.casefold() for text in portfolio.customers.name]
    rows = [row for row, text in enumerate(folded) if text == wanted]
    if not rows:
        rows = [row for row, text in enumerate(folded) if wanted and wanted in text]
    if len(rows) == 1:
        return rows[0]
    if not rows:
        raise NotFound("customer", name, choices=portfolio.customers.name.tolist())
    several = [
        f"{portfolio.customers.name[row]} ({portfolio.customers.id[row]})"
        for row in rows[:5]
    ]
    more = f" and {len(rows) - 5} more" if len(rows) > len(several) else ""
    raise NotFound(
        "single customer",
        name,
        why=f"{', '.join(several)}{more} have that name: give the id",
    )
