"""What every area of a hub shares: a store, a clock, a region, the policies."""

from __future__ import annotations

import datetime as dt

import attrs
import pendulum

from partnerhub.columns.portfolio import Portfolio
from partnerhub.domain.days import as_day
from partnerhub.domain.policies import KpiPolicy, StatusPolicy
from partnerhub.domain.regions import ALL, RegionChoice, choose
from partnerhub.hub.clock import Clock
from partnerhub.ports import EVERYTHING, Scope, Store


@attrs.frozen(kw_only=True)
class Context:
    """One hub's surroundings.

    Attributes:
        store: Where the data are.
        clock: What day it is, for calls without `at=`.
        region: The region of calls without `region=`.
        status_policy: Day counts of the statuses.
        kpi_policy: Day counts and cuts of the KPIs.
        partner: Uuid of the partner's own organization, which is no customer.
    """

    store: Store
    clock: Clock
    region: str | None = None
    status_policy: StatusPolicy = attrs.field(factory=StatusPolicy)
    kpi_policy: KpiPolicy = attrs.field(factory=KpiPolicy)
    partner: str | None = None

    def day(self, at: dt.date | str | None) -> pendulum.Date:
        """The day of a call; today, in UTC, where it names none."""
        return self.clock() if at is None else as_day(at)

    def one_region(self, region: str | None) -> RegionChoice:
        """The region of a call that needs one (design 5.8).

        Raises:
            RegionRequired: Data lie in several regions and none was chosen.
            NotFound: The region is not published and holds no data.
        """
        return choose(region or self.region, self.store.regions())

    def any_region(self, region: str | None) -> RegionChoice:
        """The regions of a call that spans all of them unless one is named."""
        return choose(region or self.region or ALL, self.store.regions())

    def portfolio(self, at: dt.date, choice: RegionChoice) -> Portfolio:
        """The customers of the regions chosen, on a day."""
        return self.store.portfolio(at, scope_of(choice))


def scope_of(choice: RegionChoice) -> Scope:
    """Whose data a choice of region asks for."""
    if choice.region == ALL:
        return EVERYTHING
    return Scope(regions=(choice.region,))
