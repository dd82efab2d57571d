"""Inventories of a day: devices, telephone numbers, app versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs
import pendulum

from partnerhub.columns.arrow_sets import ArrowColumns
from partnerhub.columns.datasets import Dataset
from partnerhub.columns.portfolio import CustomerColumns
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Codes, Days


@attrs.frozen(kw_only=True, eq=False)
class Inventory(ArrowColumns):
    """What the customers of a scope had on a day, sorted by customer.

    Attributes:
        dataset: Which inventory.
        at: The day.
        customers: Who they are.
        customer: Row of the customer of each item, int32 `(n,)`.
        day: The newest day on which each was seen, at or before `at`.
        fields: Field name of the dataset -> column.
    """

    dataset: Dataset
    at: pendulum.Date
    customers: CustomerColumns
    customer: Codes
    day: Days
    fields: Mapping[str, Array | TextColumn]

    def __len__(self) -> int:
        return len(self.customer)

    def arrow_columns(self) -> Iterator[tuple[str, Array | TextColumn]]:
        """Its columns, with who the customer of each item is."""
        yield "organization", self.customers.id[self.customer]
        yield "day", self.day
        yield from self.fields.items()
