"""Call queue, hunt group and auto attendant statistics, as their exports have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

import attrs
import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.arrow_sets import ArrowColumns
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Days


class ServiceKind(StrEnum):
    """What statistics are of; the value is the key of their layout."""

    CALL_QUEUE = "call-queue-stats"
    HUNT_GROUP = "hunt-group-stats"
    AUTO_ATTENDANT = "auto-attendant-stats"


SERVICE_TEXTS: Final = ("phone", "extension")
SERVICE_SUMS: Final = (
    "calls",
    "answered",
    "abandoned",
    "overflowed",
    "timed_out",
    "transferred",
    "unanswered",
    "busy",
    "others",
    "wait_s",
    "abandoned_wait_s",
    "hold_s",
    "talk_s",
    "handle_s",
    "duration_s",
)
SERVICE_MEANS: Final = (
    "answered_pct",
    "abandoned_pct",
    "mean_wait_s",
    "mean_abandoned_wait_s",
    "mean_hold_s",
    "mean_talk_s",
    "mean_handle_s",
    "mean_agents",
    "mean_agents_busy",
)
"""What the three exports tell between them: texts, what adds, and what does not."""

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
class ServiceStats(ArrowColumns):
    """Statistics of services, each of one customer and range of days.

    Attributes:
        organization: Uuid of the customer, object `(n,)`.
        location: Name of the location, object `(n,)`; blank for none.
        name: Name of the queue, hunt group or auto attendant, object `(n,)`.
        first: First day of the range, datetime64[D] `(n,)`.
        last: Last day of the range, included.
        values: Column key -> values `(n,)`; counts and seconds int64, -1 where not
            known; averages and ratios float64, NaN where not known; texts object,
            blank where not known. From a store every key of `SERVICE_TEXTS`,
            `SERVICE_SUMS` and `SERVICE_MEANS`.
    """

    organization: Array
    location: Array
    name: Array
    first: Days
    last: Days
    values: Mapping[str, Array]

    def __len__(self) -> int:
        return len(self.name)

    def arrow_columns(self) -> Iterator[tuple[str, Array | TextColumn]]:
        """Its columns, the values by their keys."""
        yield from super().arrow_columns()
        yield from self.values.items()

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

    def column(self, key: str) -> Array:
        """The values of a key; not known where the source does not have them."""
        found = self.values.get(key)
        if found is not None:
            return found
        size = len(self)
        if key in SERVICE_TEXTS:
            return np.full(size, "", object)
        if key in SERVICE_MEANS:
            return np.full(size, np.nan)
        return np.full(size, unknown.COUNT, np.int64)


def joined_stats(parts: Sequence[ServiceStats], /) -> ServiceStats:
    """The statistics of several stores as one, by customer, days, location and name."""
    together = ServiceStats(
        organization=np.concatenate([part.organization for part in parts]),
        location=np.concatenate([part.location for part in parts]),
        name=np.concatenate([part.name for part in parts]),
        first=np.concatenate([part.first for part in parts]),
        last=np.concatenate([part.last for part in parts]),
        values={
            key: np.concatenate([part.column(key) for part in parts])
            for key in (*SERVICE_TEXTS, *SERVICE_SUMS, *SERVICE_MEANS)
        },
    )
    keys = list(
        zip(
            together.organization.tolist(),
            together.first.tolist(),
            together.last.tolist(),
            together.location.tolist(),
            together.name.tolist(),
            strict=True,
        )
    )
    return together.take(np.array(sorted(range(len(keys)), key=keys.__getitem__), int))
