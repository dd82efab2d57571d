"""The KPIs of a hub: the pure functions of `partnerhub.kpis` over its store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

from partnerhub import kpis
from partnerhub.domain.capabilities import Capability
from partnerhub.domain.products import Product
from partnerhub.domain.regions import UNSPECIFIED
from partnerhub.hub.context import Context
from partnerhub.hub.permissions import reads
from partnerhub.kpis.lines import Usage
from partnerhub.kpis.weekly import WEEK

ResultT = TypeVar("ResultT")


class Kpis:
    """The KPIs of a hub (specification, "Key performance indicators").

    Every method takes the same options:

    - `product`: Calling or Meetings; None for both.
    - `region`: a region, or `*` for all of them; needed where data lie in several.
    - `at`: the day; today where it is left out.
    - `term`: only subscriptions of this commitment term, or `unknown`.
    - `exclude`: licenses, customers and tags that do not count.
    - `usage`: what "used" counts, `7d` or `ever`.

    and raises `RegionRequired` where data lie in several regions and none was chosen,
    `NotFound` for a region that is not published and holds no data, and
    `InvalidValue` for a product without KPIs.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    @reads(Capability.PARTNER_ANALYTICS)
    def overview(
        self,
        *,
        product: Product | str | None = None,
        region: str | None = None,
        at: dt.date | str | None = None,
        term: str | None = None,
        exclude: kpis.Exclusions | None = None,
    ) -> kpis.Overview:
        """The five headline KPIs on a day; see `partnerhub.kpis.overview`."""
        return self._made(
            kpis.overview,
            product=product,
            region=region,
            at=at,
            term=term,
            exclude=exclude,
        )

    @reads(Capability.PARTNER_ANALYTICS)
    def page(
        self,
        *,
        product: Product | str | None = None,
        region: str | None = None,
        at: dt.date | str | None = None,
        term: str | None = None,
        exclude: kpis.Exclusions | None = None,
        usage: Usage = "7d",
        weekly: bool = True,
    ) -> kpis.Page:
        """The headline KPIs and all five sections; see `partnerhub.kpis.page`.

        Weekly changes read the store a second time; `weekly=False` leaves them out.
        """
        return self._made(
            kpis.page,
            product=product,
            region=region,
            at=at,
            term=term,
            exclude=exclude,
            usage=usage,
            weekly=weekly,
        )

    @reads(Capability.PARTNER_ANALYTICS)
    def recently_added(
        self,
        *,
        product: Product | str | None = None,
        region: str | None = None,
        at: dt.date | str | None = None,
        term: str | None = None,
        exclude: kpis.Exclusions | None = None,
        usage: Usage = "7d",
        weekly: bool = True,
    ) -> kpis.RecentlyAdded:
        """Customers with something added in the last 90 days; see `partnerhub.kpis.recently_added`.

        Weekly changes read the store a second time; `weekly=False` leaves them out.
        """
        return self._made(
            kpis.recently_added,
            product=product,
            region=region,
            at=at,
            term=term,
            exclude=exclude,
            usage=usage,
            weekly=weekly,
        )

    @reads(Capability.PARTNER_ANALYTICS)
    def nearing_expiration(
        self,
        *,
        product: Product | str | None = None,
        region: str | None = None,
        at: dt.date | str | None = None,
        term: str | None = None,
        exclude: kpis.Exclusions | None = None,
        usage: Usage = "7d",
    ) -> kpis.NearingExpiration:
        """What ends within 90 days; see `partnerhub.kpis.nearing_expiration`."""
        return self._made(
            kpis.nearing_expiration,
            product=product,
            region=region,
            at=at,
            term=term,
            exclude=exclude,
            usage=usage,
        )

    @reads(Capability.PARTNER_ANALYTICS)
    def nearing_renewal(
        self,
        *,
        product: Product | str | None = None,
        region: str | None = None,
        at: dt.date | str | None = None,
        term: str | None = None,
        exclude: kpis.Exclusions | None = None,
        usage: Usage = "7d",
    ) -> kpis.NearingRenewal:
        """What renews by itself within 90 days; see `partnerhub.kpis.nearing_renewal`."""
        return self._made(
            kpis.nearing_renewal,
            product=product,
            region=region,
            at=at,
            term=term,
            exclude=exclude,
            usage=usage,
        )

    @reads(Capability.PARTNER_ANALYTICS)
    def low_assignment(
        self,
        *,
        product: Product | str | None = None,
        region: str | None = None,
        at: dt.date | str | None = None,
        term: str | None = None,
        exclude: kpis.Exclusions | None = None,
        usage: Usage = "7d",
        weekly: bool = True,
    ) -> kpis.LowAssignment:
        """Who assigns few licenses; see `partnerhub.kpis.low_assignment`.

        Weekly changes read the store a second time; `weekly=False` leaves them out.
        """
        return self._made(
            kpis.low_assignment,
            product=product,
            region=region,
            at=at,
            term=term,
            exclude=exclude,
            usage=usage,
            weekly=weekly,
        )

    @reads(Capability.PARTNER_ANALYTICS)
    def over_limit(
        self,
        *,
        product: Product | str | None = None,
        region: str | None = None,
        at: dt.date | str | None = None,
        term: str | None = None,
        exclude: kpis.Exclusions | None = None,
        usage: Usage = "7d",
    ) -> kpis.OverLimit:
        """What is over its license limit; see `partnerhub.kpis.over_limit`."""
        return self._made(
            kpis.over_limit,
            product=product,
            region=region,
            at=at,
            term=term,
            exclude=exclude,
            usage=usage,
        )

    def _made(
        self,
        make: Callable[..., ResultT],
        *,
        region: str | None,
        at: dt.date | str | None,
        exclude: kpis.Exclusions | None,
        weekly: bool = False,
        **options: Any,
    ) -> ResultT:
        context = self._context
        day, choice = context.day(at), context.one_region(region)
        if weekly:
            options["week_ago"] = context.portfolio(day - WEEK, choice)
        without = exclude or kpis.Exclusions()
        if without.tags:
            without = without.with_tags(context.store.tags())
        return make(
            context.portfolio(day, choice),
            region=choice.region if choice.region is not None else UNSPECIFIED,
            exclude=without,
            policy=context.kpi_policy,
            **options,
        )
