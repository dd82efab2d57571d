"""Why a customer assigns few licenses, or does not: its rate next to its peers'."""

from __future__ import annotations

from typing import Any, Final

import attrs
import numpy as np
import pendulum

from partnerhub.domain.errors import NotFound
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.policies import LowAssignmentPolicy
from partnerhub.kpis.peers import Assignment, Ratios, peer_groups
from partnerhub.kpis.selection import Selection

_SHARES: Final = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


@attrs.frozen(kw_only=True, eq=False)
class PeerComparison:
    """One customer next to its peers (design 5.19).

    Attributes:
        at: The day.
        customer: Uuid.
        name: Display name; blank when not known.
        total: Licenses of its active lines of which total and assigned are known.
        assigned: Those of them that are assigned.
        rate_ratio: assigned / total; None without licenses.
        peer_rates: The rates of all of its group, itself among them, ascending.
        cut_ratio: The quantile of them; None where it has no rate.
        low: Whether it assigns few licenses.
        policy: What decided.
    """

    at: pendulum.Date
    customer: str
    name: str
    total: int
    assigned: int
    rate_ratio: float | None
    peer_rates: Ratios = attrs.field(repr=False)
    cut_ratio: float | None
    low: bool
    policy: LowAssignmentPolicy

    @property
    def distribution(self) -> dict[float, float]:
        """Share of the peers -> the rate below which they lie, linearly interpolated.

        Empty where there are no peers.
        """
        if not len(self.peer_rates):
            return {}
        rates = np.quantile(self.peer_rates, _SHARES).tolist()
        return dict(zip(_SHARES, rates, strict=True))

    @property
    def reason(self) -> str:
        """The same in words."""
        if self.rate_ratio is None or self.cut_ratio is None:
            return "it has no active license of which total and assigned are known"
        peers, policy = len(self.peer_rates), self.policy
        mine = f"it assigns {self.rate_ratio:.1%} of {self.total} licenses"
        if peers < policy.minimum_peers:
            return f"{mine}; of {peers} customers with a rate nobody is low"
        cut = f"the cut of its {peers} peers is {self.cut_ratio:.1%}"
        if self.low:
            return f"{mine}; {cut}"
        if self.rate_ratio < self.cut_ratio:
            return f"{mine}, which is never low from {policy.ceiling:.0%}; {cut}"
        return f"{mine}, not below {self.cut_ratio:.1%}; {cut}"

    def to_dict(self) -> dict[str, Any]:
        """The same, ready for JSON."""
        return {
            "at": self.at.isoformat(),
            "customer": self.customer,
            "name": self.name,
            "total": self.total,
            "assigned": self.assigned,
            "rate_ratio": self.rate_ratio,
            "cut_ratio": self.cut_ratio,
            "low": self.low,
            "peers": len(self.peer_rates),
            "distribution": {str(k): v for k, v in self.distribution.items()},
            "reason": self.reason,
        }


def comparison(
    selection: Selection, found: Assignment, customer: str, /
) -> PeerComparison:
    """One customer next to its peers.

    Args:
        selection: What the call is about.
        found: How much of its licenses each customer assigns.
        customer: Its id, in either form.

    Raises:
        NotFound: There is no such customer.
    """
    who, policy = selection.portfolio.customers, selection.policy.low_assignment
    rows = np.flatnonzero(who.id == uuid_of(customer))
    if not len(rows):
        raise NotFound("customer", customer)
    row = int(rows[0])
    has_rate = bool(found.total[row] > 0)
    rated = np.flatnonzero(found.total > 0)
    group = peer_groups(who.region.codes[rated], found.total[rated], policy)
    mine = group == group[rated == row] if has_rate else np.zeros(len(rated), np.bool_)
    return PeerComparison(
        at=selection.portfolio.at,
        customer=who.id[row],
        name=who.name[row],
        total=int(found.total[row]),
        assigned=int(found.assigned[row]),
        rate_ratio=float(found.rate[row]) if has_rate else None,
        peer_rates=np.sort(found.rate[rated[mine]]),
        cut_ratio=float(found.cut[row]) if has_rate else None,
        low=bool(found.low[row]),
        policy=policy,
    )
