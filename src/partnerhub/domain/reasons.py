"""Why a customer has a status, in words with the subscription and the days."""

from __future__ import annotations

from typing import Final

import attrs
import pendulum

from partnerhub.domain import rules
from partnerhub.domain.customers import NEVER, Customer
from partnerhub.domain.days import EARLIEST, days_until
from partnerhub.domain.source_text import printed_id
from partnerhub.domain.subscriptions import LicenseLine, Subscription

_ANY_DAY: Final = rules.day_bounds(EARLIEST)
"""Bounds for rules that no day changes."""


@attrs.frozen(kw_only=True)
class Reason:
    """Why a customer has a status, or why it cannot be told.

    Attributes:
        text: The reason, for people.
        subscription: Id of the subscription it lies in, if it lies in one.
        license: The license, where it lies in one line.
        days: Days until the end or renewal date; negative when past; None where
            the reason is not about a day.
    """

    text: str
    subscription: str | None = None
    license: str | None = None
    days: int | None = None


def of(held: Subscription, today: pendulum.Date | None, text: str, /) -> Reason:
    """A reason that lies in a subscription; with the days to its end, given a day."""
    days = None
    if today is not None and held.ends_on is not None:
        days = days_until(held.ends_on, today)
    return Reason(text=text, subscription=printed_id(held.id), days=days)


def of_suspension(held: Subscription, today: pendulum.Date, *, over: bool) -> Reason:
    """It is not paid, or an expired Calling trial that is kept for a while."""
    if not over:
        return of(held, today, "not paid")
    return of(held, today, f"the trial {end_text(held, today)} and is not yet deleted")


def of_expiry(held: Subscription, today: pendulum.Date) -> Reason:
    """It is over."""
    if held.gone:
        return of(held, today, "gone from the newest file")
    if held.source_expired:
        return of(held, today, f"its source says {held.source_status}")
    return of(held, today, end_text(held, today))


def of_overage(held: Subscription, line: LicenseLine) -> Reason:
    """More is assigned than was bought."""
    over = (line.assigned or 0) - (line.total or 0)
    return Reason(
        text=f"{line.license}: {line.assigned} assigned of {line.total}, {over} over",
        subscription=printed_id(held.id),
        license=line.license,
    )


def of_inactivity(customer: Customer, today: pendulum.Date) -> Reason:
    """No administrator of the customer signed in lately."""
    if customer.has_admins is False:
        return Reason(text="it has no administrator")
    last = customer.last_admin_sign_in
    if last is None or last == NEVER:
        return Reason(text="no administrator ever signed in")
    ago = _days(days_until(today, last))
    return Reason(text=f"last administrator sign-in {ago} ago, on {last}")


def end_text(held: Subscription, today: pendulum.Date) -> str:
    """What its end or renewal date says on the day.

    Examples:
        >>> from partnerhub.domain.organizations import Organization
        >>> acme = Organization(id="c8b0e0d2-0000-4000-8000-000000000001")
        >>> held = Subscription(id="Sub1", customer=acme, ends_on="2026-11-23")
        >>> end_text(held, pendulum.date(2026, 11, 22))
        'ends in 1 day, on 2026-11-23'
    """
    if held.ends_on is None:
        return "end unknown"
    days = days_until(held.ends_on, today)
    renews = rules.renews(rules.object_view(held), _ANY_DAY)
    if days < 0 and renews:
        return f"renewal date {held.ends_on} passed, newer data needed"
    if days < 0:
        return f"ended {_days(-days)} ago, on {held.ends_on}"
    verb = "renews" if renews else "ends"
    return f"{verb} in {_days(days)}, on {held.ends_on}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
