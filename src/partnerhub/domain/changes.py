"""What changed of a customer between two days: its statuses, and why.

>>> import pendulum
>>> from partnerhub.domain.organizations import Organization
>>> acme = Organization(id="c8b0e0d2-0000-4000-8000-000000000001", name="Acme")
>>> def on(ends_on):
...     held = Subscription(id="Sub1", customer=acme, ends_on=ends_on)
...     return Customer(organization=acme, subscriptions=(held,))
>>> change = status_change(
...     on("2026-12-01"),
...     on("2027-12-01"),
...     since=pendulum.date(2026, 11, 15),
...     until=pendulum.date(2026, 11, 22),
... )
>>> [status.code for status in change.lost], change.differences
(['expiring_soon'], ('Sub1: end 2026-12-01 -> 2027-12-01',))
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from partnerhub.domain.customers import NEVER, Customer
from partnerhub.domain.days import as_day
from partnerhub.domain.organizations import Organization
from partnerhub.domain.policies import DEFAULT_STATUS_POLICY, StatusPolicy
from partnerhub.domain.reasons import Reason
from partnerhub.domain.source_text import printed_id
from partnerhub.domain.status import CustomerStatus, Statuses, statuses
from partnerhub.domain.subscriptions import LicenseLine, Subscription

_OF_SUBSCRIPTION: Final = {
    "source_status": "status of the source",
    "is_trial": "trial",
    "starts_on": "start",
    "ends_on": "end",
    "auto_renews": "renews by itself",
    "paid": "paid",
    "provisioned": "completely set up",
    "gone": "gone from the newest file",
}
_OF_LINE: Final = {"total": "licenses", "assigned": "assigned"}
_OF_CUSTOMER: Final = {
    "last_admin_sign_in": "last administrator sign-in",
    "has_admins": "has administrators",
}
"""Inputs of the status rules -> what they are called."""


@attrs.frozen(kw_only=True)
class StatusChange:
    """One customer whose statuses differ between two days.

    Attributes:
        customer: Who it is.
        before: Its statuses on the first day, with their reasons.
        after: Its statuses on the second.
        differences: Inputs of the rules that differ; none when only time has passed.
    """

    customer: Organization
    before: Statuses
    after: Statuses
    differences: tuple[str, ...]

    @property
    def gained(self) -> CustomerStatus:
        """Statuses it has now and did not have before."""
        return self.after.flags & ~self.before.flags

    @property
    def lost(self) -> CustomerStatus:
        """Statuses it had before and has not now."""
        return self.before.flags & ~self.after.flags

    @property
    def reasons(self) -> Mapping[CustomerStatus, tuple[Reason, ...]]:
        """Each status gained or lost -> why it holds, or why it held."""
        return {
            **{status: self.after.reasons[status] for status in self.gained},
            **{status: self.before.reasons[status] for status in self.lost},
        }

    @property
    def why(self) -> str:
        """Why they differ, in one sentence."""
        if self.differences:
            return "; ".join(self.differences)
        days = (self.after.at - self.before.at).days
        return f"{days} days have passed, and nothing else was told"

    def to_dict(self) -> dict[str, Any]:
        """The same, ready for JSON."""
        return {
            "id": self.customer.id.uuid,
            "name": self.customer.name,
            "region": self.customer.region,
            "since": self.before.at.isoformat(),
            "until": self.after.at.isoformat(),
            "gained": [status.code for status in self.gained],
            "lost": [status.code for status in self.lost],
            "reasons": {
                status.code: [attrs.asdict(reason) for reason in reasons]
                for status, reasons in self.reasons.items()
            },
            "differences": list(self.differences),
        }


def status_change(
    before: Customer,
    after: Customer,
    /,
    *,
    since: dt.date,
    until: dt.date,
    policy: StatusPolicy = DEFAULT_STATUS_POLICY,
) -> StatusChange | None:
    """What changed of a customer's statuses; None when nothing did.

    Args:
        before: The customer as known on the first day.
        after: The same as known on the second.
        since: The first day.
        until: The second.
        policy: The day counts.
    """
    old = statuses(before, at=since, policy=policy)
    new = statuses(after, at=until, policy=policy)
    if old.flags == new.flags:
        return None
    return StatusChange(
        customer=after.organization,
        before=old,
        after=new,
        differences=tuple(differences(before, after)),
    )


def differences(before: Customer, after: Customer, /) -> Iterator[str]:
    """Which inputs of the status rules differ, in words."""
    yield from _changed("", before, after, _OF_CUSTOMER)
    old, new = _numbered(before), _numbered(after)
    for key, held in new.items():
        name = printed_id(held.id)
        known = old.get(key)
        if known is None:
            kind = "trial" if held.is_trial else "subscription"
            yield f"{name}: a new {kind}"
            continue
        yield from _changed(f"{name}: ", known, held, _OF_SUBSCRIPTION)
        lines = {line.license: line for line in known.lines}
        for line in held.lines:
            was = lines.get(
                line.license, LicenseLine(license=line.license, existed=False)
            )
            yield from _changed(f"{name}: {line.license} ", was, line, _OF_LINE)
    for key, held in old.items():
        if key not in new:
            yield f"{printed_id(held.id)}: not there any more"


def _numbered(customer: Customer) -> dict[tuple[str, int], Subscription]:
    """The subscriptions by id; trials without one are numbered."""
    found: dict[tuple[str, int], Subscription] = {}
    for held in customer.subscriptions:
        ordinal = sum(1 for identity, _ in found if identity == held.id)
        found[held.id, ordinal] = held
    return found


def _changed(
    where: str, old: object, new: object, names: Mapping[str, str]
) -> Iterator[str]:
    for attribute, called in names.items():
        was, now = getattr(old, attribute), getattr(new, attribute)
        if was != now:
            yield f"{where}{called} {_text(was)} -> {_text(now)}"


def _text(value: object) -> str:
    if value is None or value == "":
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return "never" if as_day(value) == NEVER else value.isoformat()
    return str(value)
