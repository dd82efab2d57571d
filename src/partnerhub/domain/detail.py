"""What Partner Hub shows when a customer is opened: its subscriptions and trials."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs
import pendulum

from partnerhub.domain import reasons, rules
from partnerhub.domain.customers import Customer
from partnerhub.domain.days import EARLIEST, LATEST, as_day, days_until
from partnerhub.domain.lifecycle import Lifecycle, TrialState, lifecycle
from partnerhub.domain.policies import DEFAULT_STATUS_POLICY, StatusPolicy
from partnerhub.domain.source_text import printed_id
from partnerhub.domain.subscriptions import LicenseLine, Subscription

_NO_TAGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})


@attrs.frozen(kw_only=True)
class LicenseUse:
    """How the licenses of one type are used.

    Attributes:
        license: Its name.
        total: Licenses ordered; None when not known.
        assigned: Licenses assigned.
        used: Licenses used in seven days, or ever where that is not known.
        used_basis: Which of both; blank when neither is known.
        surplus: Licenses that are not assigned.
        overage: Licenses assigned over those ordered.
    """

    license: str
    total: int | None
    assigned: int | None
    used: int | None
    used_basis: str
    surplus: int | None
    overage: int | None


@attrs.frozen(kw_only=True)
class SubscriptionDetail:
    """One row of the Subscriptions tab.

    Attributes:
        id: Subscription id.
        type: Type, as the source prints it.
        active: Whether it is active.
        renews_on: The day it renews by itself; None when it does not, or that is not
            known.
        ends_on: The day it ends; None when it renews, or that is not known.
        end: What the end or renewal date says on the day.
        commitment_term: Monthly or annual; None when not known.
        invoice: Its invoice; None when not known.
        licenses: How its licenses are used.
        tags: The partner's tags on it.
    """

    id: str
    type: str
    active: bool
    renews_on: pendulum.Date | None
    ends_on: pendulum.Date | None
    end: str
    commitment_term: str | None
    invoice: str | None
    licenses: tuple[LicenseUse, ...]
    tags: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Order:
    """One row of the order history.

    Attributes:
        order: Order number.
        subscription: Id of the subscription that was ordered.
        added_on: The day the subscription was added; None when not known.
        set_up: Whether it is completely set up; None when not known.
        invoice: Its invoice; None when not known.
    """

    order: str
    subscription: str
    added_on: pendulum.Date | None
    set_up: bool | None
    invoice: str | None


@attrs.frozen(kw_only=True)
class TrialDetail:
    """One row of the Trials tab.

    Attributes:
        id: Id of the trial.
        starts_on: First day; None when not known.
        ends_on: Last day; None when not known.
        days_left: Days to the last; negative when past; None when not known.
        licenses: How its licenses are used.
        lifecycle: Where it stands, and what comes next.
    """

    id: str
    starts_on: pendulum.Date | None
    ends_on: pendulum.Date | None
    days_left: int | None
    licenses: tuple[LicenseUse, ...]
    lifecycle: Lifecycle


def license_use(line: LicenseLine, /) -> LicenseUse:
    """How the licenses of one type are used.

    Examples:
        >>> use = license_use(LicenseLine(license="Webex Meetings", total=9, assigned=4))
        >>> use.surplus, use.overage, use.used
        (5, 0, None)
    """
    overage = None
    if line.total is not None and line.assigned is not None:
        overage = max(0, line.assigned - line.total)
    lately = line.used_7d is not None
    used = line.used_7d if lately else line.used_ever
    basis = "7d" if lately else "ever"
    return LicenseUse(
        license=line.license,
        total=line.total,
        assigned=line.assigned,
        used=used,
        used_basis="" if used is None else basis,
        surplus=line.available,
        overage=overage,
    )


def _uses(held: Subscription) -> tuple[LicenseUse, ...]:
    return tuple(license_use(line) for line in held.lines if line.existed)


def subscription_details(
    customer: Customer,
    /,
    *,
    at: dt.date,
    tags: Mapping[str, tuple[str, ...]] = _NO_TAGS,
    policy: StatusPolicy = DEFAULT_STATUS_POLICY,
) -> tuple[SubscriptionDetail, ...]:
    """The Subscriptions tab: active ones first, each by its end or renewal.

    Args:
        customer: The customer, as known on the day.
        at: The day.
        tags: Id of a subscription -> the partner's tags on it.
        policy: The day counts.
    """
    today, d = as_day(at), rules.day_bounds(at, policy=policy)
    found = []
    for held in customer.subscriptions:
        if held.is_trial:
            continue
        view = rules.with_state(rules.object_view(held), d)
        renews = bool(rules.renews(view, d))
        found.append(
            SubscriptionDetail(
                id=printed_id(held.id),
                type=held.type,
                active=bool(view.active),
                renews_on=held.ends_on if renews else None,
                ends_on=None if renews else held.ends_on,
                end=reasons.end_text(held, today),
                commitment_term=held.commitment_term,
                invoice=held.invoice,
                licenses=_uses(held),
                tags=tags.get(held.id, ()),
            )
        )
    return tuple(
        sorted(
            found,
            key=lambda each: (
                not each.active,
                (each.renews_on or each.ends_on or LATEST),
                each.id,
            ),
        )
    )


def order_history(customer: Customer, /) -> tuple[Order, ...]:
    """The orders of a customer, the newest subscription first."""
    found = [
        Order(
            order=order,
            subscription=printed_id(held.id),
            added_on=held.added_on or held.starts_on,
            set_up=held.provisioned,
            invoice=held.invoice,
        )
        for held in customer.subscriptions
        for order in held.orders
    ]
    return tuple(
        sorted(found, key=lambda each: each.added_on or EARLIEST, reverse=True)
    )


def trial_details(
    customer: Customer, /, *, at: dt.date, policy: StatusPolicy = DEFAULT_STATUS_POLICY
) -> tuple[TrialDetail, ...]:
    """The Trials tab, the one that ends last first.

    Args:
        customer: The customer, as known on the day.
        at: The day.
        policy: The day counts.
    """
    today = as_day(at)
    found = [
        TrialDetail(
            id=printed_id(held.id),
            starts_on=held.starts_on,
            ends_on=held.ends_on,
            days_left=None if held.ends_on is None else days_until(held.ends_on, today),
            licenses=_uses(held),
            lifecycle=trial_lifecycle(held, at=today, policy=policy),
        )
        for held in customer.subscriptions
        if held.is_trial
    ]
    return tuple(sorted(found, key=lambda each: each.ends_on or LATEST, reverse=True))


def trial_lifecycle(
    held: Subscription, /, *, at: dt.date, policy: StatusPolicy = DEFAULT_STATUS_POLICY
) -> Lifecycle:
    """Where a trial stands that was read from somewhere.

    A source may say that it is over without telling its end.
    """
    found = lifecycle(
        at=at,
        starts_on=held.starts_on,
        ends_on=held.ends_on,
        has_calling=held.has_calling,
        status_policy=policy,
    )
    over = rules.ended(rules.object_view(held), rules.day_bounds(at, policy=policy))
    if over and found.state in {TrialState.ACTIVE, TrialState.PLANNED}:
        return Lifecycle(at=found.at, state=TrialState.EXPIRED)
    return found
