"""What makes a customer worth looking at, most pressing first.

`partnerhub.kpis.attention` finds the concerns of all customers; here stand what
concerns there are, in which order, and what each says of one customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from math import nan
from types import MappingProxyType
from typing import Any, Final

import attrs
import pendulum

from partnerhub.domain import reasons, rules
from partnerhub.domain.customers import Customer
from partnerhub.domain.days import days_until
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.lifecycle import lifecycle
from partnerhub.domain.policies import StatusPolicy
from partnerhub.domain.reasons import Reason
from partnerhub.domain.rules import DayBounds, Rule, View, not_
from partnerhub.domain.source_text import printed_id
from partnerhub.domain.subscriptions import LicenseLine, Subscription


class Concern(StrEnum):
    """One thing to look at. Their order is the default order of urgency (ours)."""

    SUSPENDED = "suspended"
    """A subscription is not paid."""
    TRIAL_DELETION = "trial_deletion"
    """An expired Calling trial will be deleted."""
    EXPIRING_SOON = "expiring_soon"
    """A subscription or trial ends within 30 days and is not known to renew."""
    EXPIRED = "expired"
    """Its last subscription or trial has just ended."""
    OVERAGE = "overage"
    """More licenses are assigned than were bought."""
    UNFINISHED_ORDER = "unfinished_order"
    """An order waits for its set-up for more than 7 days."""
    UNASSIGNED = "unassigned"
    """A subscription that renews within 90 days has licenses that could be dropped."""
    EXPIRING = "expiring"
    """The same as `EXPIRING_SOON`, within 31 to 90 days."""
    RENEWING = "renewing"
    """A subscription renews by itself within 90 days."""
    LOW_ASSIGNMENT = "low_assignment"
    """Fewer licenses are assigned than by most peers."""
    INACTIVE = "inactive"
    """No administrator of the customer signed in lately."""

    @property
    def label(self) -> str:
        """The concern, for people."""
        return self.value.replace("_", " ").capitalize()


def parse_concern(text: str | Concern, /) -> Concern:
    """The concern that a text names.

    Raises:
        InvalidValue: There is none; it names the nearest.

    Examples:
        >>> parse_concern("Trial deletion").value
        'trial_deletion'
    """
    plain = "_".join(text.casefold().replace("-", " ").split())
    try:
        return Concern(plain)
    except ValueError as error:
        choices = [concern.value for concern in Concern]
        raise InvalidValue("concern", text, choices=choices) from error


@attrs.frozen(kw_only=True)
class AttentionPolicy:
    """What counts as a concern, and what comes first. Ours.

    The day counts of endings and renewals are those of `StatusPolicy` and
    `KpiPolicy`.

    Attributes:
        order: The concerns that are looked for, most pressing first.
        unfinished_after: Days after which an order that is not set up is a concern.
            Cisco closes orders of some offers after 7.
        expired_within: Days after its end in which a customer that has nothing left
            is still a concern.
    """

    order: tuple[Concern, ...] = tuple(Concern)
    unfinished_after: int = 7
    expired_within: int = 30


def unpaid(s: View, d: DayBounds) -> Any:
    """It is not over and not paid."""
    return rules.suspended(s, d) & not_(s.ended)


def awaiting_deletion(s: View, d: DayBounds) -> Any:
    """It is an expired Calling trial that is still suspended."""
    return rules.suspended(s, d) & s.ended


def expiring_later(s: View, d: DayBounds) -> Any:
    """It is nearing expiration, and not Expiring soon."""
    return rules.nearing_expiration(s, d) & not_(rules.expiring_soon(s, d))


SUBSCRIPTION_CONCERNS: Final[Mapping[Concern, Rule]] = MappingProxyType(
    {
        Concern.SUSPENDED: unpaid,
        Concern.TRIAL_DELETION: awaiting_deletion,
        Concern.EXPIRING_SOON: rules.expiring_soon,
        Concern.EXPIRING: expiring_later,
        Concern.RENEWING: rules.nearing_renewal,
    }
)
"""The concerns that one rule tells of a subscription or trial."""


def subscription_reason(
    concern: Concern,
    held: Subscription,
    /,
    *,
    at: pendulum.Date,
    age: int | None = None,
    status_policy: StatusPolicy,
) -> Reason:
    """Why a subscription is a concern.

    Args:
        concern: What it is.
        held: The subscription.
        at: The day.
        age: Days for which an order is known to wait, at least.
        status_policy: How long a trial is suspended.
    """
    match concern:
        case Concern.SUSPENDED:
            return reasons.of_suspension(held, at, over=False)
        case Concern.TRIAL_DELETION:
            found = lifecycle(
                at=at,
                ends_on=held.ends_on,
                has_calling=held.has_calling,
                status_policy=status_policy,
            )
            text = f"the trial {reasons.end_text(held, at)}, deleted on"
            return Reason(
                text=f"{text} {found.deletes_on}",
                subscription=printed_id(held.id),
                days=found.days_until_deletion,
            )
        case Concern.UNFINISHED_ORDER:
            text = f"not completely set up for at least {age} days"
            return Reason(text=text, subscription=printed_id(held.id))
        case Concern.EXPIRED:
            return reasons.of_expiry(held, at)
        case _:
            return reasons.of(held, at, reasons.end_text(held, at))


def line_reason(
    concern: Concern, held: Subscription, line: LicenseLine, /, *, at: pendulum.Date
) -> Reason:
    """Why a license line is a concern."""
    if concern is Concern.OVERAGE:
        return reasons.of_overage(held, line)
    return Reason(
        text=f"{line.license}: {line.available} of {line.total} not assigned and could "
        f"be dropped, {reasons.end_text(held, at)}",
        subscription=printed_id(held.id),
        license=line.license,
        days=None if held.ends_on is None else days_until(held.ends_on, at),
    )


def customer_reason(
    concern: Concern,
    customer: Customer,
    /,
    *,
    at: pendulum.Date,
    rate: float = nan,
    cut: float = nan,
) -> Reason:
    """Why a customer as a whole is a concern.

    Args:
        concern: Low assignment or inactivity.
        customer: The customer.
        at: The day.
        rate: Share of its licenses that it assigns.
        cut: The share below which a customer is low among its peers.
    """
    if concern is Concern.INACTIVE:
        return reasons.of_inactivity(customer, at)
    return Reason(
        text=f"assigns {100 * rate:.1f} % of its licenses, the cut of its peers is "
        f"{100 * cut:.1f} %"
    )
