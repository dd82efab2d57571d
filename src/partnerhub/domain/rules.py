"""The rules, each written once.

A rule is a function `rule(s, d)` of a row view `s` and day bounds `d`, made of
comparisons, `& |` and `not_` alone. So the same function serves one object, numpy
columns, SQL, Polars and Spark columns: whatever has the attribute names below and
compares element by element.

A row view has no unknowns. `UNKNOWN_READS` is the one table that says what each
unknown reads as; every engine fills its columns from it, then calls `with_state`
so that `s.ended` and `s.active` are computed once and not in every rule.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, Final

import attrs

from partnerhub.domain.days import EARLIEST, LATEST, as_day
from partnerhub.domain.policies import (
    DEFAULT_KPI_POLICY,
    DEFAULT_STATUS_POLICY,
    KpiPolicy,
    StatusPolicy,
)

LARGEST: Final = 2**31 - 1
"""What an unknown total reads as: nothing is over it."""

View = Any
Rule = Callable[[View, "DayBounds"], Any]

SUBSCRIPTION_READS: Final[Mapping[str, Any]] = {
    "starts_on": EARLIEST,
    "ends_on": LATEST,
    "auto_renews": False,
    "is_trial": False,
    "paid": True,
    "provisioned": True,
    "source_expired": False,
    "has_calling": False,
    "gone": False,
    "added_on": EARLIEST,
}
LINE_READS: Final[Mapping[str, Any]] = {
    "total": LARGEST,
    "assigned": 0,
    "gone": False,
}
CUSTOMER_READS: Final[Mapping[str, Any]] = {
    "last_admin_sign_in": LATEST,
    "has_admins": True,
}
UNKNOWN_READS: Final[Mapping[str, Any]] = {
    **SUBSCRIPTION_READS,
    **LINE_READS,
    **CUSTOMER_READS,
}
"""Attribute of a domain object -> what it reads as where it is not known."""


def not_(x: Any, /) -> Any:
    """Negation that holds for a bool, an array, a SQL clause and a frame column.

    `~True` is -2, so `~` cannot serve one object.
    """
    return x == False  # noqa: E712 - see above


@attrs.frozen(kw_only=True)
class DayBounds:
    """The days that rules compare with, computed once and native to the engine.

    Attributes:
        today: The day itself.
        expiring_until: Last day that is Expiring soon.
        nearing_until: Last day that is nearing expiration or renewal.
        added_since: First day that counts as recently added.
        signed_in_since: First day of the last sign-in that counts as activity.
        suspended_since: First day of the end of a trial that is still suspended.
    """

    today: Any
    expiring_until: Any
    nearing_until: Any
    added_since: Any
    signed_in_since: Any
    suspended_since: Any


def day_bounds(
    at: dt.date,
    *,
    policy: StatusPolicy = DEFAULT_STATUS_POLICY,
    kpi_policy: KpiPolicy = DEFAULT_KPI_POLICY,
    native: Callable[[dt.date], Any] = lambda day: day,
) -> DayBounds:
    """The bounds of one day.

    Args:
        at: The day; a date-time becomes its UTC date.
        policy: Day counts of the statuses.
        kpi_policy: Day counts of the KPIs.
        native: Turns a date into what the engine compares with.
    """
    today = as_day(at)

    def shifted(days: int) -> Any:
        ordinal = today.toordinal() + days
        clamped = min(max(ordinal, EARLIEST.toordinal()), LATEST.toordinal())
        return native(dt.date.fromordinal(clamped))

    return DayBounds(
        today=shifted(0),
        expiring_until=shifted(policy.expiring_within),
        nearing_until=shifted(kpi_policy.nearing_within),
        added_since=shifted(-kpi_policy.added_within),
        signed_in_since=shifted(-policy.inactive_after),
        suspended_since=shifted(-policy.trial_suspended_for),
    )


# --- one subscription or trial -------------------------------------------------


def started(s: View, d: DayBounds) -> Any:
    """It has begun; an unknown start has."""
    return s.starts_on <= d.today


def renews(s: View, _: DayBounds) -> Any:
    """It renews by itself; a trial never does, whatever its source says.

    So a trial that a source calls auto-renewing is nearing expiration, not renewal
    (design 5.13 and 5.14).
    """
    return s.auto_renews & not_(s.is_trial)


def ended(s: View, d: DayBounds) -> Any:
    """It is over: gone, called expired by its source, or past its end (design 5.4).

    What renews by itself outlives its date.
    """
    past_its_end = (s.ends_on < d.today) & not_(renews(s, d))
    return s.gone | s.source_expired | past_its_end


def active(s: View, d: DayBounds) -> Any:
    """It has begun and is not over (design 5.4)."""
    return started(s, d) & not_(s.ended)


def with_state(s: View, d: DayBounds) -> View:
    """The same view with `ended` and `active`, which the other rules build on."""
    s.ended = ended(s, d)
    s.active = active(s, d)
    return s


def trial(s: View, _: DayBounds) -> Any:
    """A Webex trial is under way."""
    return s.active & s.is_trial


def subscription(s: View, _: DayBounds) -> Any:
    """A paid subscription is active."""
    return s.active & not_(s.is_trial)


def ends_between(s: View, first: Any, last: Any) -> Any:
    """Its end, or renewal date, is known and lies in `first..last`, both included."""
    return (s.ends_on >= first) & (s.ends_on <= last)


def expiring_soon(s: View, d: DayBounds) -> Any:
    """It ends within the policy's days and is not known to renew (design 5.2)."""
    return s.active & not_(renews(s, d)) & ends_between(s, d.today, d.expiring_until)


def nearing_expiration(s: View, d: DayBounds) -> Any:
    """It ends within 90 days and is not known to renew (design 5.13)."""
    return s.active & not_(renews(s, d)) & ends_between(s, d.today, d.nearing_until)


def nearing_renewal(s: View, d: DayBounds) -> Any:
    """It renews by itself within 90 days; trials never do (design 5.14)."""
    return s.active & renews(s, d) & ends_between(s, d.today, d.nearing_until)


def recently_added(s: View, d: DayBounds) -> Any:
    """It was added within the last 90 days, whatever its state now (design 5.18)."""
    return (s.added_on >= d.added_since) & (s.added_on <= d.today) & not_(s.gone)


def suspended(s: View, d: DayBounds) -> Any:
    """It is not over and not paid, or an expired Calling trial not yet deleted.

    Design 5.5; the service keeps an expired Calling trial suspended for 30 days.
    """
    unpaid = not_(s.ended) & not_(s.paid)
    kept = (s.ends_on < d.today) & (s.ends_on >= d.suspended_since)
    return unpaid | (s.is_trial & s.has_calling & kept & not_(s.gone))


def ready_for_order_setup(s: View, _: DayBounds) -> Any:
    """It is not over and not completely set up; it may start later (design 5.5)."""
    return not_(s.ended) & not_(s.provisioned)


# --- one license line, with the state of its subscription ------------------------


def with_line_state(line: View, subscription_active: Any) -> View:
    """The same view with `active`: its subscription is, and it is not gone itself."""
    line.active = subscription_active & not_(line.gone)
    return line


def over_limit(line: View, _: DayBounds) -> Any:
    """More licenses are assigned than were bought, on this line alone (design 5.6).

    `line.active` is that of its subscription.
    """
    return line.active & (line.assigned > line.total)


# --- one customer ------------------------------------------------------------------


def no_recent_activity(c: View, d: DayBounds) -> Any:
    """No administrator of the customer signed in lately, or it has none (design 5.3)."""
    return (c.last_admin_sign_in < d.signed_in_since) | not_(c.has_admins)


SUBSCRIPTION_RULES: Final[tuple[Rule, ...]] = (
    started,
    renews,
    ended,
    active,
    trial,
    subscription,
    expiring_soon,
    nearing_expiration,
    nearing_renewal,
    recently_added,
    suspended,
    ready_for_order_setup,
)
LINE_RULES: Final[tuple[Rule, ...]] = (over_limit,)
CUSTOMER_RULES: Final[tuple[Rule, ...]] = (no_recent_activity,)


def object_view(part: object) -> View:
    """The row view of one object.

    Examples:
        >>> from types import SimpleNamespace
        >>> object_view(SimpleNamespace(total=None, assigned=3)).total == LARGEST
        True
    """
    view = SimpleNamespace()
    for name, fill in UNKNOWN_READS.items():
        value = getattr(part, name, _ABSENT)
        if value is not _ABSENT:
            setattr(view, name, fill if value is None else value)
    return view


_ABSENT: Final = object()
