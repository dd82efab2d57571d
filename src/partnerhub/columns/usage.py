"""Calling usage per customer and location, as the Calling Usage Details export has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from partnerhub.columns.arrow_sets import ArrowColumns
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Days
from partnerhub.domain.layouts import CALLING_USAGE_DETAILS, CellType

USAGE_COUNTS: Final = tuple(
    column.key
    for column in CALLING_USAGE_DETAILS.columns
    if column.cell is CellType.COUNT
)
"""Column keys of the report that are counts; a store keeps these and no other."""


@attrs.frozen(kw_only=True, eq=False)
class UsageColumns(ArrowColumns):
    """Usage rows, each of one customer, location and range of days.

    Attributes:
        organization: Uuid of the customer, object `(n,)`.
        location: Name of the location, object `(n,)`; blank for none.
        first: First day of the range, datetime64[D] `(n,)`.
        last: Last day of the range, included.
        counts: Column key of the report -> int64 `(n,)`, -1 where not known; from a
            store every key of `USAGE_COUNTS`.
    """

    organization: Array
    location: Array
    first: Days
    last: Days
    counts: Mapping[str, Array]

    def __len__(self) -> int:
        return len(self.location)

    def arrow_columns(self) -> Iterator[tuple[str, Array | TextColumn]]:
        """Its columns, the counts by their keys."""
        yield from super().arrow_columns()
        yield from self.counts.items()

    def take(self, rows: Array) -> UsageColumns:
        """The chosen rows, in the order given."""
        return UsageColumns(
            organization=self.organization[rows],
            location=self.location[rows],
            first=self.first[rows],
            last=self.last[rows],
            counts={key: column[rows] for key, column in self.counts.items()},
        )
