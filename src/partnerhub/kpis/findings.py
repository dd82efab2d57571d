"""What attention gives: the customers that need it, each with its concerns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final

import attrs
import numpy as np
import pendulum

from partnerhub.columns.objects import (
    line_object,
    lone_customer,
    subscription_object,
)
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.table import Table
from partnerhub.domain.attention import (
    AttentionPolicy,
    Concern,
    customer_reason,
    line_reason,
    subscription_reason,
)
from partnerhub.domain.customers import Customer
from partnerhub.domain.layouts import CellType, Column
from partnerhub.domain.policies import StatusPolicy
from partnerhub.domain.reasons import Reason
from partnerhub.domain.subscriptions import Subscription
from partnerhub.kpis.concerns import NO_DAY, NOTHING_THERE, ConcernRows
from partnerhub.kpis.peers import Assignment

ATTENTION_COLUMNS: Final = (
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


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Attention:
    """The customers that need attention, most pressing first.

    The first concern of a customer decides: by its place in the policy's order, then
    by the days left, then by the customer's name.

    Attributes:
        portfolio: All customers looked at.
        rows: The concerns, as columns.
        policy: What counts, and in which order.
        excluded: Customers that would be here without the exclusions.
        left_out: Concern that was not looked for -> why.
        out_of_reach: How many other customers there are, which whoever asks does not
            see.
    """

    portfolio: Portfolio
    rows: ConcernRows
    policy: AttentionPolicy
    excluded: Table
    left_out: Mapping[Concern, str]
    out_of_reach: int = 0
    _status_policy: StatusPolicy = attrs.field(alias="status_policy")
    _peers: Assignment | None = attrs.field(alias="peers")

    @property
    def at(self) -> pendulum.Date:
        """The day."""
        return self.portfolio.at

    @cached_property
    def _begins(self) -> list[int]:
        """Where the rows of each customer begin, and one past the last row."""
        who = self.rows.customer
        changes = np.flatnonzero(who[1:] != who[:-1]) + 1
        return [*([0] if len(who) else []), *changes.tolist(), len(who)]

    def __len__(self) -> int:
        return len(self._begins) - 1

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)} customers on {self.at}>"

    def __iter__(self) -> Iterator[CustomerAttention]:
        return iter(self.top(len(self)))

    def top(self, count: int, /) -> tuple[CustomerAttention, ...]:
        """The most pressing customers, so many at most."""
        spans = zip(self._begins[:count], self._begins[1 : count + 1], strict=False)
        return tuple(
            self._customer(rank, first, last)
            for rank, (first, last) in enumerate(spans, start=1)
        )

    @cached_property
    def table(self) -> Table:
        """One row a concern, the customers in their order."""
        return Table.from_rows(
            ATTENTION_COLUMNS,
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
        row = int(self.rows.customer[first])
        who = lone_customer(self.portfolio, row)
        held: dict[int, Subscription] = {}
        return CustomerAttention(
            rank=rank,
            id=who.id,
            name=who.name,
            region=who.region,
            findings=tuple(
                self._finding(each, who, held) for each in range(first, last)
            ),
        )

    def _finding(
        self, place: int, who: Customer, made: dict[int, Subscription]
    ) -> Finding:
        """One concern; the subscriptions that are `made` for one serve the next."""
        rows = self.rows
        concern = self.policy.order[int(rows.place[place])]
        subscription, line = int(rows.subscription[place]), int(rows.line[place])
        days, amount = int(rows.days[place]), int(rows.amount[place])
        if subscription == NOTHING_THERE:
            reason = self._reason(concern, int(rows.customer[place]), who)
        else:
            held = made.get(subscription)
            if held is None:
                # Lines tell only what kind of trial it is.
                held = made[subscription] = subscription_object(
                    self.portfolio,
                    subscription,
                    customer=who.organization,
                    with_lines=bool(
                        self.portfolio.subscriptions.is_trial[subscription]
                    ),
                )
            reason = (
                subscription_reason(
                    concern,
                    held,
                    at=self.at,
                    age=amount,
                    status_policy=self._status_policy,
                )
                if line == NOTHING_THERE
                else line_reason(
                    concern, held, line_object(self.portfolio.lines, line), at=self.at
                )
            )
        is_number = line != NOTHING_THERE
        return Finding(
            concern=concern,
            text=reason.text,
            subscription=reason.subscription,
            license=reason.license,
            days=None if days == NO_DAY else days,
            amount=amount if is_number else None,
        )

    def _reason(self, concern: Concern, row: int, who: Customer) -> Reason:
        if self._peers is None:
            return customer_reason(concern, who, at=self.at)
        rate, cut = float(self._peers.rate[row]), float(self._peers.cut[row])
        return customer_reason(concern, who, at=self.at, rate=rate, cut=cut)
