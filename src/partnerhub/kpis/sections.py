"""What the five sections of the page give: their KPIs, and the rows behind them.

The functions that make them stand in `partnerhub.kpis.subscriptions`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

import attrs
import pendulum

from partnerhub.columns.table import Table
from partnerhub.domain.products import Product
from partnerhub.kpis.coverage import Coverage
from partnerhub.kpis.lines import Lines, Usage
from partnerhub.kpis.results import Count
from partnerhub.kpis.section_tables import lines_table
from partnerhub.kpis.selection import Region


@attrs.frozen(kw_only=True, eq=False)
class Section:
    """What all sections have in common.

    Attributes:
        at: The day.
        product: The product of the toggle; None for Calling and Meetings together.
        region: The region; `*` for all; None where nobody has told it.
        regions: The regions that hold data, of those asked for.
        term: The commitment term it is narrowed to; None for any.
        usage: What "used" counts in the KPIs: `7d` or `ever` (design 5.16).
        customers: How many customers it counts, and who.
        coverage: What the numbers rest on.
    """

    title: ClassVar[str]
    kpis: ClassVar[tuple[str, ...]]
    """Names of its KPIs, in the page's order."""

    at: pendulum.Date
    product: Product | None
    region: Region
    regions: tuple[Region, ...]
    term: str | None
    usage: Usage
    customers: Count
    coverage: Coverage = attrs.field(repr=False)
    _lines: Lines = attrs.field(alias="lines", repr=False)

    @property
    def table(self) -> Table:
        """One row a subscription or trial, in the specification's column order.

        The table of overages has one row a license line.
        """
        return self.customers.rows

    @cached_property
    def rows(self) -> Table:
        """One row a license line that the sums and ratios are made of."""
        return lines_table(self._lines, f"{self.title}: license lines")

    def to_dict(self) -> dict[str, Any]:
        """The day, what was asked for, and the KPIs, ready for JSON."""
        found: dict[str, Any] = {
            "at": self.at.isoformat(),
            "region": self.region,
            "product": None if self.product is None else self.product.value,
            "term": self.term,
            "usage": self.usage,
        }
        for name in self.kpis:
            value = getattr(self, name)
            found[name] = int(value) if isinstance(value, Count) else value
        return found

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


@attrs.frozen(kw_only=True, eq=False)
class RecentlyAdded(Section):
    """Customers with a subscription or trial of the last 90 days (design 5.18).

    Attributes:
        customers: New customers, among them old ones with a new subscription.
        total_licenses: Licenses of all active subscriptions and trials of those
            customers; None where none of these numbers is known.
    """

    title = "Recently added subscriptions"
    kpis = ("customers", "total_licenses")

    total_licenses: int | None


@attrs.frozen(kw_only=True, eq=False)
class NearingExpiration(Section):
    """Subscriptions and trials that end within 90 days (design 5.13).

    Attributes:
        customers: Customers that hold one.
        license_assignment_ratio: Assigned / total licenses of them, 0..1 or more.
        license_usage_ratio: Used / total licenses of them.
    """

    title = "Subscriptions nearing expiration"
    kpis = ("customers", "license_assignment_ratio", "license_usage_ratio")

    license_assignment_ratio: float | None
    license_usage_ratio: float | None


@attrs.frozen(kw_only=True, eq=False)
class NearingRenewal(Section):
    """Subscriptions that renew by themselves within 90 days (design 5.14).

    Attributes:
        customers: Customers that hold one.
        license_assignment_ratio: Assigned / total licenses of them, 0..1 or more.
        license_usage_ratio: Used / total licenses of them.
    """

    title = "Subscriptions nearing renewal"
    kpis = ("customers", "license_assignment_ratio", "license_usage_ratio")

    license_assignment_ratio: float | None
    license_usage_ratio: float | None


@attrs.frozen(kw_only=True, eq=False)
class LowAssignment(Section):
    """Customers that assign fewer licenses than most of their peers (design 5.19).

    The KPIs and the table cover all their active subscriptions and trials.

    Attributes:
        customers: Who they are.
        license_assignment_ratio: Assigned / total licenses.
        usage_when_assigned_ratio: Used / total licenses, as the specification writes
            it (design 5.20).
        used_of_assigned_ratio: Used / assigned licenses, as its name suggests.
        total_unassigned: Licenses that are not assigned, slack of one line never
            offset by an overage of another; None where nothing is known.
    """

    title = "Subscriptions with low license assignment"
    kpis = (
        "customers",
        "license_assignment_ratio",
        "usage_when_assigned_ratio",
        "used_of_assigned_ratio",
        "total_unassigned",
    )

    license_assignment_ratio: float | None
    usage_when_assigned_ratio: float | None
    used_of_assigned_ratio: float | None
    total_unassigned: int | None


@attrs.frozen(kw_only=True, eq=False)
class OverLimit(Section):
    """License lines with more assigned than bought (design 5.6).

    Attributes:
        customers: Customers with one.
        total_overage: Licenses assigned beyond what was bought, line by line.
        average_overage: `total_overage` / `customers`; None when nobody
            (design 5.21).
    """

    title = "Subscriptions with license overages"
    kpis = ("customers", "total_overage", "average_overage")

    total_overage: int
    average_overage: float | None
