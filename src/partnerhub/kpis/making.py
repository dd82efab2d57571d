"""Making the headline KPIs and the sections of one selection."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

import attrs
import numpy as np

from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.table import Table
from partnerhub.columns.unknown import Bools
from partnerhub.kpis.coverage import Coverage
from partnerhub.kpis.lines import (
    Lines,
    Usage,
)
from partnerhub.kpis.numbers import Numbers
from partnerhub.kpis.passing import Bit
from partnerhub.kpis.peers import Assignment, assignment
from partnerhub.kpis.results import Count
from partnerhub.kpis.section_tables import (
    added_table,
    expiration_table,
    low_table,
    overages_table,
    renewal_table,
)
from partnerhub.kpis.sections import (
    LowAssignment,
    NearingExpiration,
    NearingRenewal,
    OverLimit,
    RecentlyAdded,
    Section,
)
from partnerhub.kpis.selection import Selection
from partnerhub.kpis.tables import customer_table


@attrs.frozen(eq=False)
class Maker:
    """Makes the KPIs of one selection; what several need is worked out once.

    Attributes:
        selection: What the call is about.
        usage: What "used" counts.
        week_ago: All customers a week ago, for weekly changes.
    """

    selection: Selection
    usage: Usage = "7d"
    week_ago: Portfolio | None = None

    @cached_property
    def coverage(self) -> Coverage:
        """What all of them rest on."""
        return Coverage(selection=self.selection)

    @cached_property
    def assignment(self) -> Assignment:
        """How much of its licenses each customer assigns."""
        return assignment(self.selection)

    def recently_added(self) -> RecentlyAdded:
        """The first section."""
        customers = self.selection.customers_with_bit(Bit.ADDED)
        lines = self._active_of(customers)
        open_table = partial(_added, self.selection, self.week_ago)
        return RecentlyAdded(
            total_licenses=lines.sums(Numbers.licenses)["total"],
            **self._common(RecentlyAdded, lines, customers, open_table),
        )

    def nearing_expiration(self) -> NearingExpiration:
        """The second section."""
        lines = self._with_bit(Bit.EXPIRING)
        customers = self.selection.customers_with_bit(Bit.EXPIRING)
        open_table = partial(expiration_table, lines)
        return NearingExpiration(
            **self._ratios(lines),
            **self._common(NearingExpiration, lines, customers, open_table),
        )

    def nearing_renewal(self) -> NearingRenewal:
        """The third section."""
        lines = self._with_bit(Bit.RENEWING)
        customers = self.selection.customers_with_bit(Bit.RENEWING)
        open_table = partial(renewal_table, lines)
        return NearingRenewal(
            **self._ratios(lines),
            **self._common(NearingRenewal, lines, customers, open_table),
        )

    def low_assignment(self) -> LowAssignment:
        """The fourth section."""
        found = self.assignment
        lines = self._active_of(found.low)
        sums = lines.sums(Numbers.low, usage=self.usage)
        open_table = partial(low_table, lines, rate=found.rate, week_ago=self.week_ago)
        return LowAssignment(
            license_assignment_ratio=sums.ratio("assigned", "total"),
            usage_when_assigned_ratio=sums.ratio("used", "total"),
            used_of_assigned_ratio=sums.ratio("used", "assigned"),
            total_unassigned=sums["unassigned"],
            **self._common(LowAssignment, lines, found.low, open_table),
        )

    def over_limit(self) -> OverLimit:
        """The fifth section."""
        lines = self._with_bit(Bit.OVER)
        overage = lines.sums(Numbers.overage).sums["overage"]
        customers = self.selection.customers_with_bit(Bit.OVER)
        open_table = partial(overages_table, lines)
        common = self._common(OverLimit, lines, customers, open_table)
        number = int(common["customers"])
        return OverLimit(
            total_overage=overage,
            average_overage=overage / number if number else None,
            **common,
        )

    def _ratios(self, lines: Lines) -> dict[str, Any]:
        sums = lines.sums(Numbers.near, usage=self.usage)
        return {
            "license_assignment_ratio": sums.ratio("assigned", "total"),
            "license_usage_ratio": sums.ratio("used", "total"),
        }

    def _common(
        self,
        section: type[Section],
        lines: Lines,
        customers: Bools,
        open_table: Callable[[str], Table],
    ) -> dict[str, Any]:
        """What all sections have in common.

        Args:
            section: Which one.
            lines: What its sums and ratios are made of.
            customers: Whom it counts, bool `(customers,)`.
            open_table: Makes its table, of a title.
        """
        selection, title = self.selection, section.title
        return {
            "at": selection.portfolio.at,
            "product": selection.product,
            "region": selection.region,
            "regions": selection.regions,
            "term": selection.term,
            "usage": self.usage,
            "coverage": self.coverage,
            "lines": lines,
            "customers": Count(
                int(np.count_nonzero(customers)),
                customers=partial(customer_table, selection, title, customers),
                rows=partial(open_table, title),
            ),
        }

    def _with_bit(self, bit: int) -> Lines:
        return Lines(self.selection, self.selection.passed.lines_with(bit))

    def _active_of(self, customers: Bools) -> Lines:
        """Active lines of these customers."""
        return Lines(self.selection, self.selection.passed.active_of(customers))


def _added(selection: Selection, week_ago: Portfolio | None, title: str) -> Table:
    lines = Lines(selection, selection.passed.lines_with(Bit.ADDED))
    return added_table(lines, title, week_ago=week_ago)
