"""What the hub shows of one customer, and of what changed of many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, Final

import attrs
import pendulum

from partnerhub.columns.objects import customer_object
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.status import status_flags
from partnerhub.columns.table import Table
from partnerhub.domain.access import CustomerGroup, Grounds
from partnerhub.domain.administrators import Administrator
from partnerhub.domain.changes import StatusChange, status_change
from partnerhub.domain.customers import Customer
from partnerhub.domain.detail import Order, SubscriptionDetail, TrialDetail
from partnerhub.domain.layouts import CellType, Column
from partnerhub.domain.lifecycle import TrialState
from partnerhub.domain.policies import StatusPolicy
from partnerhub.domain.roles import ROLES, Role
from partnerhub.domain.status import CustomerStatus, Statuses


@attrs.frozen(kw_only=True)
class CustomerAdministrator:
    """One row of the Partner administrators tab.

    Attributes:
        email: Who it is.
        name: Display name; blank when not known.
        roles: Labels of the person's roles.
        grounds: Why the person sees the customer.
    """

    email: str
    name: str
    roles: tuple[str, ...]
    grounds: tuple[Grounds, ...]


def looking_after(
    customer: str, people: Iterable[Administrator], groups: Iterable[CustomerGroup], /
) -> tuple[CustomerAdministrator, ...]:
    """Everybody who sees a customer, with the grounds; those assigned first.

    Args:
        customer: Uuid of the customer.
        people: The users of the partner's own organization.
        groups: All customer groups.
    """
    known = tuple(groups)
    found = [
        CustomerAdministrator(
            email=person.email,
            name=person.name,
            roles=tuple(ROLES[role].label for role in Role if role in person.roles),
            grounds=grounds,
        )
        for person in people
        if (grounds := person.access_to(customer, known))
    ]
    return tuple(
        sorted(found, key=lambda each: (bool(each.grounds[0].through), each.email))
    )


@attrs.frozen(kw_only=True)
class CustomerDetail:
    """One customer, opened.

    Attributes:
        at: The day.
        customer: The customer with all it holds.
        statuses: Its statuses, with their reasons.
        subscriptions: The Subscriptions tab.
        orders: The order history of it.
        trials: The Trials tab.
        administrators: The Partner administrators tab, with those who come by a
            role or a group; None for those who may not list them.
        launch_url: Where the customer's own Control Hub opens.
    """

    at: pendulum.Date
    customer: Customer
    statuses: Statuses
    subscriptions: tuple[SubscriptionDetail, ...]
    orders: tuple[Order, ...]
    trials: tuple[TrialDetail, ...]
    administrators: tuple[CustomerAdministrator, ...] | None
    launch_url: str

    @property
    def can_start_trial(self) -> bool:
        """Whether no trial is under way, so that one can be started."""
        running = {TrialState.ACTIVE, TrialState.PLANNED}
        return not any(trial.lifecycle.state in running for trial in self.trials)

    def to_dict(self) -> dict[str, Any]:
        """The same, ready for JSON."""

        def rows(found: Iterable[attrs.AttrsInstance]) -> list[dict[str, Any]]:
            return [attrs.asdict(row, value_serializer=_plain) for row in found]

        who = self.administrators
        return {
            "at": self.at.isoformat(),
            "id": self.customer.id,
            "name": self.customer.name,
            "region": self.customer.region,
            "statuses": [status.code for status in self.statuses],
            "subscriptions": rows(self.subscriptions),
            "orders": rows(self.orders),
            "trials": rows(self.trials),
            "administrators": None if who is None else rows(who),
            "launch_url": self.launch_url,
        }


def _plain(_: object, __: object, value: Any) -> Any:
    """A value as JSON can hold it."""
    return value.isoformat() if isinstance(value, dt.date) else value


_CHANGE_COLUMNS: Final = (
    Column(key="customer", heading="Customer", french="Client"),
    Column(
        key="org_id", heading="Org ID", french="ID de l'organisation", cell=CellType.ID
    ),
    Column(key="region", heading="Region", french="Région", blank="Nobody has told."),
    Column(key="gained", heading="Now", french="Maintenant", blank="None came."),
    Column(key="lost", heading="No more", french="Plus", blank="None went."),
    Column(key="why", heading="Why", french="Motif"),
)


@attrs.frozen(eq=False, repr=False)
class Changes:
    """The customers whose statuses differ between two days, by name.

    Attributes:
        old: All customers on the first day.
        new: All customers on the second.
        rows: Rows of the changed ones on the first day, None for those that were not
            there yet, and on the second.
        policy: Day counts of the statuses.
    """

    old: Portfolio
    new: Portfolio
    rows: tuple[tuple[int | None, int], ...]
    policy: StatusPolicy

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        days = f"{self.old.at} to {self.new.at}"
        return f"<{type(self).__name__}: {len(self)} customers from {days}>"

    def __iter__(self) -> Iterator[StatusChange]:
        for before, row in self.rows:
            after = customer_object(self.new, row)
            change = status_change(
                Customer(organization=after.organization)
                if before is None
                else customer_object(self.old, before),
                after,
                since=self.old.at,
                until=self.new.at,
                policy=self.policy,
            )
            if change is not None:
                yield change

    @cached_property
    def table(self) -> Table:
        """One row a customer."""
        return Table.from_rows(
            _CHANGE_COLUMNS,
            [
                (
                    change.customer.label,
                    change.customer.id.uuid,
                    change.customer.region,
                    _labels(change.gained),
                    _labels(change.lost),
                    change.why,
                )
                for change in self
            ],
            title=f"Changes of status from {self.old.at} to {self.new.at}",
        )

    def to_dicts(self) -> list[dict[str, Any]]:
        """The same, ready for JSON."""
        return [change.to_dict() for change in self]

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def _labels(flags: CustomerStatus) -> str | None:
    return ", ".join(status.label for status in flags) or None


def changes_between(
    old: Portfolio, new: Portfolio, /, *, policy: StatusPolicy
) -> Changes:
    """The customers whose statuses differ between two days.

    Args:
        old: All customers on the first day.
        new: All customers on the second.
        policy: Day counts of the statuses.
    """
    flags = status_flags(old, policy=policy).tolist()
    before = {uuid: row for row, uuid in enumerate(old.customers.id)}
    now = status_flags(new, policy=policy).tolist()
    changed = [
        (first, row)
        for row, uuid in enumerate(new.customers.id)
        for first in (before.get(uuid),)
        if now[row] != (0 if first is None else flags[first])
    ]
    changed.sort(key=lambda pair: new.customers.name[pair[1]])
    return Changes(old, new, tuple(changed), policy)
