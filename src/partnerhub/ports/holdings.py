"""What the customers have: subscriptions, licenses, devices, numbers, versions, use."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from partnerhub.columns.datasets import Dataset
from partnerhub.columns.inventory import Inventory
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.records import DatedRecords
from partnerhub.columns.timeline import Timeline
from partnerhub.columns.unknown import Bools
from partnerhub.columns.usage import UsageColumns
from partnerhub.ports.values import EVERYTHING, Scope


class HoldingSource(Protocol):
    """Reads what the customers held, on a day or over time."""

    def portfolio(self, at: dt.date, scope: Scope = EVERYTHING) -> Portfolio:
        """All customers and what they held on a day."""
        ...

    def timeline(self, last: dt.date, scope: Scope = EVERYTHING) -> Timeline:
        """Every version of what customers held until a day."""
        ...

    def inventory(
        self, dataset: Dataset, at: dt.date, scope: Scope = EVERYTHING
    ) -> Inventory:
        """The devices, numbers or app versions of a day."""
        ...


class HoldingWriter(Protocol):
    """Writes what the customers hold, inside a transaction."""

    def put_records(self, records: DatedRecords) -> Bools:
        """Merges dated rows; all rows of a customer and day in one call.

        Returns:
            Which rows told something new, `(n,)`.
        """
        ...


class UsageSource(Protocol):
    """Reads sums of calls."""

    def usage(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> UsageColumns:
        """Calling usage rows of exactly the days `first..last`."""
        ...

    def usage_within(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> UsageColumns:
        """Calling usage rows of any range of days inside `first..last`."""
        ...


class UsageWriter(Protocol):
    """Writes sums of calls, inside a transaction."""

    def put_usage(self, usage: UsageColumns) -> Bools:
        """Replaces usage rows of the same customer, location and days.

        Returns:
            Which rows told something new, `(n,)`.
        """
        ...
