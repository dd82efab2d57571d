"""Which customers need attention, and why: the concerns of all of them at once.

>>> from partnerhub.columns.objects import portfolio_of
>>> from partnerhub.domain.subscriptions import LicenseLine, Subscription
>>> from partnerhub.domain.organizations import Organization
>>> import pendulum
>>> acme = Organization(id="c8b0e0d2-0000-4000-8000-000000000001", name="Acme")
>>> held = Subscription(
...     id="Sub1",
...     customer=acme,
...     ends_on="2026-12-24",
...     auto_renews=True,
...     lines=(LicenseLine(license="Webex Meetings", total=10, assigned=4),),
... )
>>> found = attention(portfolio_of([held], at=pendulum.date(2026, 11, 22)))
>>> for customer in found:
...     for finding in customer.findings:
...         print(finding.concern, finding.days, finding.amount, finding.text)
unassigned 32 6 Webex Meetings: 6 of 10 not assigned and could be dropped, renews in \
32 days, on 2026-12-24
renewing 32 None renews in 32 days, on 2026-12-24
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

import attrs
import numpy as np
import pendulum

from partnerhub.columns import unknown
from partnerhub.columns.objects import customer_object
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.status import status_flags
from partnerhub.columns.table import Table
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.columns.views import day_bounds, line_view, subscription_view
from partnerhub.domain import rules
from partnerhub.domain.attention import (
    SUBSCRIPTION_CONCERNS,
    AttentionPolicy,
    Concern,
    customer_reason,
    line_reason,
    subscription_reason,
)
from partnerhub.domain.layouts import CellType, Column
from partnerhub.domain.policies import KpiPolicy, StatusPolicy
from partnerhub.domain.regions import ALL
from partnerhub.domain.status import CustomerStatus
from partnerhub.kpis.peers import Assignment, assignment
from partnerhub.kpis.selection import NOTHING, Exclusions, selection_of

_ATTENTION: Final = AttentionPolicy()
_STATUS: Final = StatusPolicy()
_KPI: Final = KpiPolicy()

_NONE: Final = -1
"""No subscription, no line, no number of licenses."""
_NO_DAY: Final = np.iinfo(np.int64).max
"""Days left where nothing is due; it sorts last."""

_COLUMNS: Final = (
    Column(key="rank", heading="Rank", french="Rang", cell=CellType.COUNT),
    Column(key="customer", heading="Customer", french="Client"),
    Column(
        key="org_id", heading="Org ID", french="ID de l'organisation", cell=CellType.ID
    ),
    Column(key="region", heading="Region", french="Région", blank="Nobody has told."),
    Column(key="concern", heading="Concern", french="Sujet"),
    Column(key="why", heading="Why", french="Motif"),
    Column(
        key="days",
        heading="Days left",
        french="Jours restants",
        cell=CellType.COUNT,
        blank="Nothing is due on a day.",
    ),
    Column(
        key="licenses",
        heading="Licenses",
        french="Licences",
        cell=CellType.COUNT,
        blank="It is not about a number of licenses.",
    ),
    Column(
        key="subscription",
        heading="Subscription ID",
        french="ID de l'abonnement",
        blank="It is about the customer.",
    ),
    Column(
        key="license",
        heading="License",
        french="Licence",
        blank="It is not about one license.",
    ),
)


@attrs.frozen(kw_only=True)
class Finding:
    """One concern of one customer.

    Attributes:
        concern: What it is.
        text: Why, for people.
        subscription: Id of the subscription, where it lies in one.
        license: The license, where it lies in one line.
        days: Days left until something happens; None where nothing is due.
        amount: Licenses that are over, or that could be dropped.
    """

    concern: Concern
    text: str
    subscription: str | None = None
    license: str | None = None
    days: int | None = None
    amount: int | None = None


@attrs.frozen(kw_only=True)
class CustomerAttention:
    """One customer that needs attention.

    Attributes:
        rank: 1 for the most pressing.
        id: Uuid.
        name: Display name; blank when not known.
        region: Region; None where nobody has told it.
        findings: Its concerns, most pressing first.
    """

    rank: int
    id: str
    name: str
    region: str | None
    findings: tuple[Finding, ...]

    def to_dict(self) -> dict[str, Any]:
        """The same, ready for JSON."""
        return attrs.asdict(self)


@attrs.frozen(kw_only=True, eq=False)
class _Rows:
    """Concerns as columns; one row a concern of a customer."""

    customer: Ints
    place: Ints
    subscription: Ints
    line: Ints
    days: Ints
    amount: Ints

    def take(self, rows: Array) -> _Rows:
        return _Rows(**{f.name: getattr(self, f.name)[rows] for f in attrs.fields(_Rows)})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Attention:
    """The customers that need attention, most pressing first.

    The first concern of a customer decides: by its place in the policy's order, then
    by the days left, then by the customer's name.

    Attributes:
        portfolio: All customers looked at.
        policy: What counts, and in which order.
        excluded: Customers that would be here without the exclusions.
        left_out: Concerns that were not looked for, and why.
    """

    portfolio: Portfolio
    policy: AttentionPolicy
    status_policy: StatusPolicy = attrs.field(repr=False)
    excluded: Table
    left_out: tuple[tuple[Concern, str], ...] = ()
    _rows: _Rows = attrs.field(alias="rows")
    _peers: Assignment | None = attrs.field(alias="peers")

    @property
    def at(self) -> pendulum.Date:
        """The day."""
        return self.portfolio.at

    @cached_property
    def _begins(self) -> list[int]:
        """Where the rows of each customer begin, and one past the last row."""
        who = self._rows.customer
        first = np.flatnonzero(np.append(True, who[1:] != who[:-1])) if len(who) else who
        return [*first.tolist(), len(who)]

    def __len__(self) -> int:
        return len(self._begins) - 1

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)} customers on {self.at}>"

    def __iter__(self) -> Iterator[CustomerAttention]:
        pairs = zip(self._begins, self._begins[1:], strict=False)
        for rank, (first, last) in enumerate(pairs, start=1):
            yield self._customer(rank, first, last)

    def top(self, count: int, /) -> tuple[CustomerAttention, ...]:
        """The most pressing customers, so many at most."""
        pairs = zip(self._begins, self._begins[1:], strict=False)
        ranked = enumerate(pairs, start=1)
        return tuple(
            self._customer(rank, *span) for rank, span in ranked if rank <= count
        )

    @cached_property
    def table(self) -> Table:
        """One row a concern, the customers in their order."""
        return Table.from_rows(
            _COLUMNS,
            [
                (
                    customer.rank,
                    customer.name or customer.id,
                    customer.id,
                    customer.region,
                    finding.concern.label,
                    finding.text,
                    finding.days,
                    finding.amount,
                    finding.subscription,
                    finding.license,
                )
                for customer in self
                for finding in customer.findings
            ],
            title=f"Customers that need attention on {self.at}",
        )

    def to_dicts(self) -> list[dict[str, Any]]:
        """The customers, ready for JSON."""
        return [customer.to_dict() for customer in self]

    def _repr_html_(self) -> str:
        return self.table._repr_html_()

    def _customer(self, rank: int, first: int, last: int) -> CustomerAttention:
        row = int(self._rows.customer[first])
        who = customer_object(self.portfolio, row)
        return CustomerAttention(
            rank=rank,
            id=who.id,
            name=who.name,
            region=who.region,
            findings=tuple(self._finding(each, who) for each in range(first, last)),
        )
