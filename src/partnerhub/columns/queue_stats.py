"""Call queue, hunt group and auto attendant statistics, as their exports have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from partnerhub.columns.unknown import Array, Days

QUEUE_COUNTS: Final = (
    "calls",
    "answered",
    "abandoned",
    "overflowed",
    "timed_out",
    "transferred",
    "wait_s",
    "abandoned_wait_s",
)
"""What is known of a queue, and adds: calls, and seconds that callers waited."""


@attrs.frozen(kw_only=True, eq=False)
class ServiceStats:
    """Statistics of services, each of one customer and range of days.

    Attributes:
        organization: Uuid of the customer, object `(n,)`.
        location: Name of the location, object `(n,)`; blank for none.
        name: Name of the queue, hunt group or auto attendant, object `(n,)`.
        first: First day of the range, datetime64[D] `(n,)`.
        last: Last day of the range, included.
        values: Column key -> values `(n,)`; counts and seconds int64, -1 where not
            known; averages and ratios float64, NaN where not known.
    """

    organization: Array
    location: Array
    name: Array
    first: Days
    last: Days
    values: Mapping[str, Array]

    def __len__(self) -> int:
        return len(self.name)

    def take(self, rows: Array) -> ServiceStats:
        """The chosen rows, in the order given."""
        return ServiceStats(
            organization=self.organization[rows],
            location=self.location[rows],
            name=self.name[rows],
            first=self.first[rows],
            last=self.last[rows],
            values={key: column[rows] for key, column in self.values.items()},
        )
