"""Making the headline KPIs and the sections of one selection."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

import attrs
import numpy as np

from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.table import Table
from partnerhub.columns.unknown import Array, Bools
from partnerhub.kpis.coverage import Coverage
from partnerhub.kpis.lines import (
    Lines,
    Usage,
    lines_of,
    ratio_of,
    spare_of,
    total_of,
    used_name,
)
from partnerhub.kpis.peers import Assignment, assignment
from partnerhub.kpis.results import count_of
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
from partnerhub.kpis.selection import Bit, Selection


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
        return RecentlyAdded(
            total_licenses=lines.sum("total"),
            **self._common(
                RecentlyAdded,
                lines,
                customers,
                partial(self._table, added_table, Bit.ADDED, week_ago=self.week_ago),
            ),
        )

    def nearing_expiration(self) -> NearingExpiration:
        """The second section."""
        return self._nearing(NearingExpiration, Bit.EXPIRING, expiration_table)

    def nearing_renewal(self) -> NearingRenewal:
        """The third section."""
        return self._nearing(NearingRenewal, Bit.RENEWING, renewal_table)

    def low_assignment(self) -> LowAssignment:
        """The fourth section."""
        found = self.assignment
        lines = self._active_of(found.low)
        total, assigned = lines.numbers("total"), lines.numbers("assigned")
        used = lines.numbers(used_name(self.usage))
        spare = spare_of(total, assigned)
        return LowAssignment(
            license_assignment_ratio=ratio_of(assigned, total),
            usage_when_assigned_ratio=ratio_of(used, total),
            used_of_assigned_ratio=ratio_of(used, assigned),
            total_unassigned=total_of(spare, spare >= 0),
            **self._common(
                LowAssignment,
                lines,
                found.low,
                lambda _, title: low_table(
                    lines, title, rate=found.rate, week_ago=self.week_ago
                ),
            ),
        )

    def over_limit(self) -> OverLimit:
        """The fifth section."""
        lines = self._with_bit(Bit.OVER)
        overage = int((lines.numbers("assigned") - lines.numbers("total")).sum())
        common = self._common(
            OverLimit,
            lines,
            self.selection.customers_with_bit(Bit.OVER),
            lambda _, title: overages_table(lines, title),
        )
        customers = int(common["customers"])
        return OverLimit(
            total_overage=overage,
            average_overage=overage / customers if customers else None,
            **common,
        )

    def _nearing(
        self, section: type[Any], bit: int, table: Callable[[Lines, str], Table]
    ) -> Any:
        lines = self._with_bit(bit)
        total = lines.numbers("total")
        used = lines.numbers(used_name(self.usage))
        return section(
            license_assignment_ratio=ratio_of(lines.numbers("assigned"), total),
            license_usage_ratio=ratio_of(used, total),
            **self._common(
                section,
                lines,
                self.selection.customers_with_bit(bit),
                lambda _, title: table(lines, title),
            ),
        )
