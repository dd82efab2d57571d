"""The KPIs of a hub: the pure functions of `partnerhub.kpis` over its store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from partnerhub import kpis
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.table import Table
from partnerhub.domain.capabilities import Capability
from partnerhub.domain.days import as_day
from partnerhub.domain.products import Product
from partnerhub.domain.regions import UNSPECIFIED
from partnerhub.hub.context import Context, scope_of
from partnerhub.hub.permissions import reads
from partnerhub.hub.querying import Excluding, exclusions_of
from partnerhub.kpis.lines import Usage
from partnerhub.kpis.series_of_days import Step
from partnerhub.kpis.weekly import WEEK

ResultT = TypeVar("ResultT")


class Kpis:
    """The KPIs of a hub (specification, "Key performance indicators").

    Every method takes the same options:

    - `product`: Calling or Meetings; None for both.
    - `region`: a region, or `*` for all of them; needed where data lie in several.
    - `at`: the day; today where it is left out.
    - `term`: only subscriptions of this commitment term, or `unknown`.
    - `exclude`: what does not count: licenses, customers, tags and a filter as
      `partnerhub.kpis.Exclusions`, or a filter alone. A range of days excludes what the
      filter finds on the last one.
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
        exclude: Excluding | None = None,
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
        exclude: Excluding | None = None,
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
        exclude: Excluding | None = None,
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
        exclude: Excluding | None = None,
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
        exclude: Excluding | None = None,
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
        exclude: Excluding | None = None,
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
        exclude: Excluding | None = None,
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

    @reads(Capability.PARTNER_ANALYTICS)
    def series(
        self,
        start: dt.date | str,
        end: dt.date | str | None = None,
        *,
        every: Step = "week",
        product: Product | str | None = None,
        region: str | None = None,
        customers: Iterable[str] | None = None,
        exclude: Excluding | None = None,
        usage: Usage = "7d",
    ) -> kpis.Series:
        """Every number of the page over a range of days; see `partnerhub.kpis.series`.

        Args:
            start: The first day.
            end: The last day; today where it is left out.
            every: Days, weeks or months apart, counted back from the last day.
            product: Calling or Meetings; None for both.
            region: A region, or `*` for all of them.
            customers: Only these, by id.
            exclude: What does not count.
            usage: What "used" counts.
        """
        return self._over_time(
            kpis.series,
            start,
            end,
            every=every,
            region=region,
            exclude=exclude,
            product=product,
            customers=customers,
            usage=usage,
            policy=self._context.kpi_policy,
        )

    @reads(Capability.PARTNER_ANALYTICS)
    def trend(
        self,
        start: dt.date | str,
        end: dt.date | str | None = None,
        *,
        every: Step = "week",
        product: Product | str | None = None,
        region: str | None = None,
        customers: Iterable[str] | None = None,
        exclude: Excluding | None = None,
        usage: Usage = "7d",
    ) -> kpis.Series:
        """Licenses purchased, assigned and used over time; see `partnerhub.kpis.trend`.

        It takes what `series` does; `customers` may be those that a query has found.
        """
        return self._over_time(
            kpis.trend,
            start,
            end,
            every=every,
            region=region,
            exclude=exclude,
            product=product,
            customers=customers,
            usage=usage,
        )

    @reads(Capability.PARTNER_ANALYTICS)
    def explain_low_assignment(
        self,
        customer: str,
        *,
        product: Product | str | None = None,
        region: str | None = None,
        at: dt.date | str | None = None,
        exclude: Excluding | None = None,
    ) -> kpis.PeerComparison:
        """Why a customer is low next to its peers, or is not.

        See `partnerhub.kpis.explain_low_assignment`.

        Raises:
            NotFound: There is no such customer in the region.
        """
        return self._made(
            partial(_swapped, kpis.explain_low_assignment, customer),
            product=product,
            region=region,
            at=at,
            exclude=exclude,
        )

    @reads(Capability.PARTNER_ANALYTICS)
    def unassigned_before_renewal(
        self,
        *,
        within: int | None = None,
        product: Product | str | None = None,
        region: str | None = None,
        at: dt.date | str | None = None,
        term: str | None = None,
        exclude: Excluding | None = None,
    ) -> Table:
        """Licenses that nobody has and that renew soon.

        See `partnerhub.kpis.unassigned_before_renewal`; `within` is in days.
        """
        return self._made(
            kpis.unassigned_before_renewal,
            within=within,
            product=product,
            region=region,
            at=at,
            term=term,
            exclude=exclude,
        )

    @reads(Capability.PARTNER_ANALYTICS)
    def movement(
        self,
        start: dt.date | str,
        end: dt.date | str | None = None,
        *,
        product: Product | str | None = None,
        region: str | None = None,
        exclude: Excluding | None = None,
    ) -> kpis.Movement:
        """Customers won and lost between two days; see `partnerhub.kpis.movement`."""
        choice = self._context.one_region(region)
        before = self._context.portfolio(as_day(start), choice)
        return self._made(
            partial(kpis.movement, before),
            product=product,
            region=region,
            at=end,
            exclude=exclude,
        )

    @reads(Capability.PARTNER_ANALYTICS)
    def true_forward(
        self,
        *,
        region: str | None = None,
        at: dt.date | str | None = None,
        policy: kpis.TrueForwardPolicy | None = None,
    ) -> Table:
        """Enterprise agreements beyond their room; see `partnerhub.kpis.true_forward`."""
        context = self._context
        portfolio = context.portfolio(context.day(at), context.one_region(region))
        return kpis.true_forward(portfolio, policy=policy or kpis.TrueForwardPolicy())

    def _over_time(
        self,
        make: Callable[..., kpis.Series],
        start: dt.date | str,
        end: dt.date | str | None,
        *,
        every: Step,
        region: str | None,
        exclude: Excluding | None,
        **options: Any,
    ) -> kpis.Series:
        context = self._context
        days = kpis.days_between(start, context.day(end), every=every)
        choice = context.one_region(region)
        without = kpis.Exclusions()
        if exclude is not None:
            without = exclusions_of(context, exclude, context.loaded(days[-1], choice))
        return make(
            context.store.timeline(days[-1], scope_of(choice)),
            days,
            region=choice.region if choice.region is not None else UNSPECIFIED,
            exclude=without,
            **options,
        )

    def _made(
        self,
        make: Callable[..., ResultT],
        *,
        region: str | None,
        at: dt.date | str | None,
        exclude: Excluding | None,
        weekly: bool = False,
        **options: Any,
    ) -> ResultT:
        context = self._context
        day, choice = context.day(at), context.one_region(region)
        if weekly:
            options["week_ago"] = context.portfolio(day - WEEK, choice)
        loaded = context.loaded(day, choice)
        return make(
            loaded.portfolio,
            region=choice.region if choice.region is not None else UNSPECIFIED,
            exclude=exclusions_of(context, exclude, loaded),
            policy=context.kpi_policy,
            **options,
        )


def _swapped(
    make: Callable[..., ResultT], customer: str, held: Portfolio, **options: Any
) -> ResultT:
    """For a function that takes the customer after the columns."""
    return make(held, customer, **options)
