"""Why a customer has the statuses it has."""

from __future__ import annotations

from typing import Any

import attrs

from partnerhub.domain.customers import Customer
from partnerhub.domain.status import Statuses


@attrs.frozen(kw_only=True)
class Explanation:
    """One customer, its statuses, and why it has them.

    Attributes:
        customer: The customer with all it holds, as known on the day.
        statuses: Its statuses with their reasons, and what is not known.
    """

    customer: Customer
    statuses: Statuses

    def to_dict(self) -> dict[str, Any]:
        """The same, ready for JSON."""
        found = self.statuses
        shown = found.primary
        return {
            "at": found.at.isoformat(),
            "id": self.customer.id,
            "name": self.customer.name,
            "region": self.customer.region,
            "primary_status": None if shown is None else shown.code,
            "statuses": [
                {
                    "status": status.code,
                    "reasons": [
                        attrs.asdict(reason) for reason in found.reasons[status]
                    ],
                }
                for status in found
            ],
            "not_known": {
                status.code: [attrs.asdict(reason) for reason in reasons]
                for status, reasons in found.not_known.items()
            },
        }
