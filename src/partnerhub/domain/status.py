"""The eight customer statuses, as a set with reasons and a primary (design 5.1).

`STATUS_RULES` says which rule sets which status. It is read here for one customer
and in `partnerhub.columns.status` for all of them at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from enum import Flag
from functools import cached_property, partial
from typing import Any, Final

import attrs
import pendulum

from partnerhub.domain import reasons, rules
from partnerhub.domain.customers import Customer
from partnerhub.domain.days import as_day
from partnerhub.domain.lacking import NAMES, lacking
from partnerhub.domain.policies import DEFAULT_STATUS_POLICY, StatusPolicy
from partnerhub.domain.reasons import Reason
from partnerhub.domain.subscriptions import LicenseLine, Subscription


class CustomerStatus(Flag):
    """A set of statuses in one value.

    Examples:
        >>> both = CustomerStatus.TRIAL | CustomerStatus.EXPIRING_SOON
        >>> [status.code for status in both]
        ['trial', 'expiring_soon']
        >>> CustomerStatus.EXPIRING_SOON.label
        'Expiring soon'
    """

    TRIAL = 1
    SUBSCRIPTION = 2
    EXPIRING_SOON = 4
    LICENSE_OVERAGE = 8
    NO_RECENT_ACTIVITY = 16
    READY_FOR_ORDER_SETUP = 32
    SUSPENDED = 64
    EXPIRED = 128

    @property
    def code(self) -> str:
        """The status in JSON, filters and data columns; several joined by `|`."""
        return (self.name or "").casefold()

    @property
    def label(self) -> str:
        """The status as Partner Hub prints it."""
        return self.code.replace("_", " ").capitalize()


NONE: Final = CustomerStatus(0)

MEANINGS: Final[Mapping[CustomerStatus, str]] = {
    CustomerStatus.TRIAL: "a Webex trial is under way",
    CustomerStatus.SUBSCRIPTION: "has an active subscription",
    CustomerStatus.EXPIRING_SOON: "a subscription or trial ends soon",
    CustomerStatus.LICENSE_OVERAGE: "more licenses assigned than bought",
    CustomerStatus.NO_RECENT_ACTIVITY: "no customer administrator signed in lately",
    CustomerStatus.READY_FOR_ORDER_SETUP: "a subscription is not completely set up",
    CustomerStatus.SUSPENDED: "a subscription has not been paid",
    CustomerStatus.EXPIRED: "no active subscription or trial",
}

PRIMARY_ORDER: Final = (
    CustomerStatus.SUSPENDED,
    CustomerStatus.EXPIRED,
    CustomerStatus.LICENSE_OVERAGE,
    CustomerStatus.EXPIRING_SOON,
    CustomerStatus.READY_FOR_ORDER_SETUP,
    CustomerStatus.NO_RECENT_ACTIVITY,
    CustomerStatus.TRIAL,
    CustomerStatus.SUBSCRIPTION,
)
"""Which status is shown where only one fits, most urgent first (design 5.1, ours)."""

NEED_ATTENTION: Final = (
    CustomerStatus.SUSPENDED
    | CustomerStatus.EXPIRED
    | CustomerStatus.LICENSE_OVERAGE
    | CustomerStatus.EXPIRING_SOON
    | CustomerStatus.READY_FOR_ORDER_SETUP
    | CustomerStatus.NO_RECENT_ACTIVITY
)

SUBSCRIPTION_STATUS: Final[Mapping[CustomerStatus, rules.Rule]] = {
    CustomerStatus.TRIAL: rules.trial,
    CustomerStatus.SUBSCRIPTION: rules.subscription,
    CustomerStatus.EXPIRING_SOON: rules.expiring_soon,
    CustomerStatus.READY_FOR_ORDER_SETUP: rules.ready_for_order_setup,
    CustomerStatus.SUSPENDED: rules.suspended,
    # "Once had one": `settled` takes it back where one is active.
    CustomerStatus.EXPIRED: rules.started,
}
"""The rule of one subscription that gives its customer the status."""

LINE_STATUS: Final[Mapping[CustomerStatus, rules.Rule]] = {
    CustomerStatus.LICENSE_OVERAGE: rules.over_limit,
}
CUSTOMER_STATUS: Final[Mapping[CustomerStatus, rules.Rule]] = {
    CustomerStatus.NO_RECENT_ACTIVITY: rules.no_recent_activity,
}

_ACTIVE: Final = (CustomerStatus.TRIAL | CustomerStatus.SUBSCRIPTION).value
_NOT_EXPIRED: Final = 255 - CustomerStatus.EXPIRED.value


def settled(bits: Any, /, *, where: Callable[[Any, Any, Any], Any]) -> Any:
    """The statuses from the OR over a customer's rows.

    A customer is Expired when it once had a subscription and none is active; with a
    live trial it is Trial (design 5.4).

    Args:
        bits: The OR of the flag values of all rows of one customer (an int), or of
            many customers (an integer array `(n,)`).
        where: `where(condition, then, otherwise)`, element by element.
    """
    return where((bits & _ACTIVE) != 0, bits & _NOT_EXPIRED, bits)


@attrs.frozen(kw_only=True)
class Statuses:
    """The statuses of one customer on one day.

    Attributes:
        at: The day.
        flags: The set.
        reasons: Status -> why it holds, one reason a subscription or line.
    """

    at: pendulum.Date
    flags: CustomerStatus
    reasons: Mapping[CustomerStatus, tuple[Reason, ...]]
    _lacks: Callable[[], Mapping[CustomerStatus, tuple[Reason, ...]]] = attrs.field(
        alias="lacks", default=dict, eq=False, repr=False
    )

    @cached_property
    def not_known(self) -> Mapping[CustomerStatus, tuple[Reason, ...]]:
        """Status -> the inputs that would be needed to tell; found when first read."""
        return self._lacks()

    @property
    def primary(self) -> CustomerStatus | None:
        """The one most worth showing; None when there is none."""
        return primary(self.flags)

    def __contains__(self, status: CustomerStatus) -> bool:
        return bool(status & self.flags)

    def __iter__(self) -> Iterator[CustomerStatus]:
        return iter(self.flags)


def primary(flags: CustomerStatus, /) -> CustomerStatus | None:
    """The status most worth showing; None when the set is empty.

    Examples:
        >>> primary(CustomerStatus.TRIAL | CustomerStatus.EXPIRING_SOON).label
        'Expiring soon'
    """
    return next((status for status in PRIMARY_ORDER if status & flags), None)


def statuses(
    customer: Customer, /, *, at: dt.date, policy: StatusPolicy = DEFAULT_STATUS_POLICY
) -> Statuses:
    """The statuses of one customer, each with its reasons (design 5.1 to 5.6).

    A customer that never had a subscription or trial has none. A status whose
    input is not known is not set, and `not_known` says what is missing.

    Args:
        customer: The customer with its subscriptions as known on that day.
        at: The day; a date-time becomes its UTC date.
        policy: The day counts.

    Examples:
        >>> from partnerhub.domain.organizations import Organization
        >>> acme = Organization(id="c8b0e0d2-0000-4000-8000-000000000001", name="Acme")
        >>> trial = Subscription(
        ...     id="Enterprise Trial", customer=acme, ends_on="2026-12-01"
        ... )
        >>> found = statuses(
        ...     Customer(organization=acme, subscriptions=(trial,)),
        ...     at=pendulum.date(2026, 11, 22),
        ... )
        >>> [status.code for status in found], found.primary.code
        (['trial', 'expiring_soon'], 'expiring_soon')
        >>> found.reasons[CustomerStatus.EXPIRING_SOON][0].text
        'ends in 9 days, on 2026-12-01'
    """
    today = as_day(at)
    if not customer.subscriptions:
        return Statuses(at=today, flags=NONE, reasons={})
    d = rules.day_bounds(today, policy=policy)
    found: dict[CustomerStatus, list[Reason]] = {}
    for held in customer.subscriptions:
        for status, reason in _of_subscription(held, d, today):
            found.setdefault(status, []).append(reason)
    view = rules.object_view(customer)
    for status, rule in CUSTOMER_STATUS.items():
        if rule(view, d):
            found.setdefault(status, []).append(reasons.of_inactivity(customer, today))
    bits = 0
    for status in found:
        bits |= status.value
    flags = CustomerStatus(settled(bits, where=lambda c, a, b: a if c else b))
    return Statuses(
        at=today,
        flags=flags,
        reasons={status: tuple(found[status]) for status in flags},
        lacks=partial(_not_known, customer, flags, d),
    )


def _of_subscription(
    held: Subscription, d: rules.DayBounds, today: pendulum.Date
) -> Iterator[tuple[CustomerStatus, Reason]]:
    view = rules.with_state(rules.object_view(held), d)
    for status, rule in SUBSCRIPTION_STATUS.items():
        if rule(view, d):
            yield status, _reason(status, held, today, over=bool(view.ended))
    for line in held.lines:
        line_view = _line_view(line, held, active=view.active)
        for status, rule in LINE_STATUS.items():
            if rule(line_view, d):
                yield status, reasons.of_overage(held, line)


def _line_view(line: LicenseLine, held: Subscription, *, active: bool) -> rules.View:
    view = rules.object_view(line)
    view.gone = held.gone
    return rules.with_line_state(view, active)


def _reason(
    status: CustomerStatus, held: Subscription, today: pendulum.Date, *, over: bool
) -> Reason:
    match status:
        case CustomerStatus.READY_FOR_ORDER_SETUP:
            return reasons.of(held, today, "not completely set up")
        case CustomerStatus.SUSPENDED:
            return reasons.of_suspension(held, today, over=over)
        case CustomerStatus.EXPIRED:
            return reasons.of_expiry(held, today)
        case _:
            return reasons.of(held, today, reasons.end_text(held, today))


def _not_known(
    customer: Customer, flags: CustomerStatus, d: rules.DayBounds
) -> dict[CustomerStatus, tuple[Reason, ...]]:
    """Statuses that do not hold, and might if an unknown input were known."""
    missing: dict[CustomerStatus, list[Reason]] = {}
    for held in customer.subscriptions:
        for status, reason in _of_unknowns(held, d):
            missing.setdefault(status, []).append(reason)
    for status, rule in CUSTOMER_STATUS.items():
        for name in lacking(rule, customer, d):
            reason = Reason(text=f"{NAMES[name]} not known")
            missing.setdefault(status, []).append(reason)
    return {
        status: tuple(lacks) for status, lacks in missing.items() if not status & flags
    }


def _of_unknowns(
    held: Subscription, d: rules.DayBounds
) -> Iterator[tuple[CustomerStatus, Reason]]:
    for status, rule in SUBSCRIPTION_STATUS.items():
        # Whether it is Expired is settled by all subscriptions together.
        if status is not CustomerStatus.EXPIRED:
            for name in lacking(rule, held, d):
                yield status, reasons.of(held, None, f"{NAMES[name]} not known")
    active = rules.with_state(rules.object_view(held), d).active
    for line in held.lines:
        for status, rule in LINE_STATUS.items():
            if line.existed and lacking(rule, line, d, active=active):
                text = f"{line.license}: number not known"
                yield status, reasons.of(held, None, text)
