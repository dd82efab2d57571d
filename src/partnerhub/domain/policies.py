"""The numbers that Cisco does not publish, and a few that it does, as data.

Every rule and KPI takes its numbers from here, so a partner with another view
passes another policy and touches no code. Defaults that are ours say so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import attrs


def _days(_: object, attribute: attrs.Attribute[int], value: int) -> None:
    if value < 0:
        raise ValueError(f"{attribute.name} is a number of days, 0 or more: {value}")


def _at_least_0(_: object, attribute: attrs.Attribute[int], value: int) -> None:
    if value < 0:
        raise ValueError(f"{attribute.name} is 0 or more: {value}")


@attrs.frozen(kw_only=True)
class StatusPolicy:
    """The day counts behind the customer statuses (design 5.2 to 5.5).

    Attributes:
        expiring_within: Days ahead in which an end makes a customer Expiring soon.
            Cisco says "in a couple of days"; 30 is ours.
        inactive_after: Days after the last sign-in of a customer administrator that
            still count as activity; from the next day on the customer has No recent
            activity. Ours.
        trial_suspended_for: Days that an expired Calling trial stays suspended
            before it is deleted. Cisco, "Restore or delete a subscription".
    """

    expiring_within: int = attrs.field(default=30, validator=_days)
    inactive_after: int = attrs.field(default=90, validator=_days)
    trial_suspended_for: int = attrs.field(default=30, validator=_days)


@attrs.frozen(kw_only=True)
class LowAssignmentPolicy:
    """When a customer assigns few licenses, next to its peers (design 5.19). Ours.

    Attributes:
        quantile: Share of the peers below which a customer is low, 0..1; the
            quantile of their rates, linearly interpolated, is the cut.
        ceiling: A rate at or above it is never low, 0..1 or more.
        minimum_peers: With fewer customers that have a rate, nobody is low.
        group: Peers are compared inside a group; the function takes the licenses
            of each customer, int `(n,)`, and gives its group, a code or a text,
            `(n,)`. None compares all customers of a region and product.
    """

    quantile: float = 0.25
    ceiling: float = 1.0
    minimum_peers: int = attrs.field(default=5, validator=_at_least_0)
    group: Callable[[Any], Any] | None = None

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.quantile <= 1:
            raise ValueError(f"quantile is a share, 0 to 1: {self.quantile}")
        if not self.ceiling >= 0:
            raise ValueError(f"ceiling is a rate, 0 or more: {self.ceiling}")


@attrs.frozen(kw_only=True)
class KpiPolicy:
    """The day counts and cuts behind the subscription KPIs (design 5.13 to 5.19).

    Attributes:
        nearing_within: Days ahead in which an end or a renewal is near. Cisco: 90.
        added_within: Days back in which a subscription is new. Cisco: 90.
        stale_after: Days after which a row is named in the coverage as old. Ours.
        low_assignment: Who assigns few licenses.
    """

    nearing_within: int = attrs.field(default=90, validator=_days)
    added_within: int = attrs.field(default=90, validator=_days)
    stale_after: int = attrs.field(default=8, validator=_days)
    low_assignment: LowAssignmentPolicy = LowAssignmentPolicy()


DEFAULT_STATUS_POLICY: Final = StatusPolicy()
DEFAULT_KPI_POLICY: Final = KpiPolicy()
