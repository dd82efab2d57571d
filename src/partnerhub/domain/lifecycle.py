"""What becomes of a trial after it ends or is cancelled, with the dates.

A Calling trial that runs out is suspended for 30 days, without calls to the public
network, and then deleted softly; one that its partner cancels is deleted softly at
once. After 15 to 30 more days it is gone for good, and its numbers and devices are
free (Cisco, "Restore or delete a canceled subscription"). For trials of other
services nothing is published, so no date is told.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Final

import attrs
import pendulum

from partnerhub.domain.days import as_day
from partnerhub.domain.policies import DEFAULT_STATUS_POLICY, StatusPolicy


class TrialState(StrEnum):
    """Where a trial stands on a day."""

    PLANNED = "planned"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SOFT_DELETED = "soft_deleted"
    """It can still be restored."""
    DELETED = "deleted"
    CONVERTED = "converted"


@attrs.frozen(kw_only=True)
class LifecyclePolicy:
    """How long what is deleted can be restored.

    Attributes:
        restorable_at_least: Days that are sure. Cisco: 15.
        restorable_at_most: Days after which it is gone for good. Cisco: 30.
    """

    restorable_at_least: int = 15
    restorable_at_most: int = 30


@attrs.frozen(kw_only=True)
class Lifecycle:
    """Where a trial stands on a day, and what comes next.

    Attributes:
        at: The day.
        state: Where it stands.
        suspended_until: Last day of its suspension; None when it has none.
        deletes_on: The day on which it is deleted softly; None when not published.
        gone_from: The first day on which it may be gone for good.
        gone_by: The day from which it certainly is.
    """

    at: pendulum.Date
    state: TrialState
    suspended_until: pendulum.Date | None = None
    deletes_on: pendulum.Date | None = None
    gone_from: pendulum.Date | None = None
    gone_by: pendulum.Date | None = None

    @property
    def days_until_deletion(self) -> int | None:
        """Days until it is deleted softly; None when that is past or not published."""
        if self.deletes_on is None or self.deletes_on < self.at:
            return None
        return (self.deletes_on - self.at).days


_LIFECYCLE: Final = LifecyclePolicy()


def lifecycle(
    *,
    at: dt.date,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None,
    has_calling: bool,
    cancelled_on: dt.date | None = None,
    converted_on: dt.date | None = None,
    status_policy: StatusPolicy = DEFAULT_STATUS_POLICY,
    policy: LifecyclePolicy = _LIFECYCLE,
) -> Lifecycle:
    """Where a trial stands on a day.

    Args:
        at: The day; a date-time becomes its UTC date.
        starts_on: Its first day; None when not known.
        ends_on: Its last day; None when not known.
        has_calling: Whether it has a Webex Calling license.
        cancelled_on: The day its partner cancelled it.
        converted_on: The day it became a subscription.
        status_policy: How long it is suspended.
        policy: How long it can be restored.

    Examples:
        >>> found = lifecycle(
        ...     at=pendulum.date(2026, 11, 22),
        ...     ends_on=pendulum.date(2026, 11, 12),
        ...     has_calling=True,
        ... )
        >>> found.state.value, found.deletes_on.isoformat(), found.days_until_deletion
        ('suspended', '2026-12-13', 21)
        >>> found.gone_from.isoformat(), found.gone_by.isoformat()
        ('2026-12-28', '2027-01-12')
    """
    today = as_day(at)
    if converted_on is not None and as_day(converted_on) <= today:
        return Lifecycle(at=today, state=TrialState.CONVERTED)
    if cancelled_on is not None and as_day(cancelled_on) <= today:
        if not has_calling:
            return Lifecycle(at=today, state=TrialState.CANCELLED)
        return _deleted(Lifecycle(at=today, state=_DELETED), cancelled_on, policy)
    if starts_on is not None and today < as_day(starts_on):
        state = TrialState.PLANNED
    elif ends_on is None or today <= as_day(ends_on):
        state = TrialState.ACTIVE
    else:
        state = TrialState.SUSPENDED if has_calling else TrialState.EXPIRED
    found = Lifecycle(at=today, state=state)
    if ends_on is None or not has_calling:
        return found
    until = as_day(ends_on).add(days=status_policy.trial_suspended_for)
    found = attrs.evolve(found, suspended_until=until)
    return _deleted(found, until.add(days=1), policy)


_DELETED: Final = TrialState.SOFT_DELETED


def _deleted(found: Lifecycle, on: dt.date, policy: LifecyclePolicy) -> Lifecycle:
    """The same with the dates of a deletion, and its state once that has come."""
    day = as_day(on)
    gone_by = day.add(days=policy.restorable_at_most)
    state = found.state
    if found.at >= day:
        state = _DELETED if found.at < gone_by else TrialState.DELETED
    return attrs.evolve(
        found,
        state=state,
        deletes_on=day,
        gone_from=day.add(days=policy.restorable_at_least),
        gone_by=gone_by,
    )
