"""The KPIs of a hub: the pure functions of `partnerhub.kpis` over its store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pendulum

from partnerhub import kpis
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.table import Table
from partnerhub.domain.capabilities import Capability
from partnerhub.domain.days import as_day
from partnerhub.domain.products import Product
from partnerhub.domain.regions import RegionChoice, label
from partnerhub.hub.context import Context, scope_of
from partnerhub.hub.customers.querying import Excluding, exclusions_of
from partnerhub.hub.permissions import open_to_all, reads
from partnerhub.kpis.lines import Usage
from partnerhub.kpis.series_of_days import Step
from partnerhub.kpis.weekly import WEEK


class Kpis:
    """The KPIs of a hub (specification, "Key performance indicators").

    Methods take the same options:

    - `product`: Calling or Meetings; None for both.
    - `region`: a region, or `*` for all of them; needed where data lie in several.
    - `at`: the day; today where it is left out.
    - `term`: only subscriptions of this commitment term, or `unknown`.
    - `exclude`: what does not count: licenses, customers, tags and a filter as
      `partnerhub.kpis.Exclusions`, or a filter alone. A range of days excludes what
      the filter finds on the last one.
    - `usage`: what "used" counts, `7d` or `ever`.

    and raise `RegionRequired` where data lie in several regions and none was chosen,
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
        found = self.page(
            product=product,
            region=region,
            at=at,
            term=term,
            exclude=exclude,
            weekly=False,
        )
        return found.overview

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

        Each part is made when it is read. Weekly changes read the store a second time;
        `weekly=False` leaves them out.
        """
        context = self._context
        day, choice = context.day(at), context.one_region(region)
        loaded = context.loaded(day, choice)
        return kpis.page(
            loaded.portfolio,
            product=product,
            region=label(choice.region),
            term=term,
            exclude=exclusions_of(context, exclude, loaded),
            policy=context.kpi_policy,
            usage=usage,
            week_ago=self._week_before(day, choice) if weekly else None,
        )

    def _week_before(self, day: pendulum.Date, choice: RegionChoice) -> Portfolio:
        return self._context.portfolio(day - WEEK, choice)

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
        term: str | None = None,
        exclude: Excluding | None = None,
        usage: Usage = "7d",
        only: Iterable[str] | None = None,
    ) -> kpis.Series:
        """Every number of the page over a range of days; see `partnerhub.kpis.series`.

        Args:
            start: The first day.
            end: The last day; today where it is left out.
            every: Days, weeks or months apart, counted back from the last day.
            product: Calling or Meetings; None for both.
            region: A region, or `*` for all of them.
            customers: Only these, by id, such as those that a query has found.
            term: Only subscriptions of this commitment term, or `unknown`.
            exclude: What does not count.
            usage: What "used" counts.
            only: The numbers wanted; all where it is left out.

        Raises:
            NotFound: There is no such number; it names the nearest.
        """
        context = self._context
        days = kpis.days_between(start, context.day(end), every=every)
        choice = context.one_region(region)
        return kpis.series(
            context.store.timeline(days[-1], scope_of(choice)),
            days,
            product=product,
            region=label(choice.region),
            customers=customers,
            term=term,
            exclude=self._left_out(exclude, days[-1], choice),
            policy=context.kpi_policy,
            usage=usage,
            only=only,
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
        term: str | None = None,
        exclude: Excluding | None = None,
        usage: Usage = "7d",
    ) -> kpis.Series:
        """The license distribution trend: purchased, assigned and used licenses.

        It is `series` of these three numbers, and takes what that takes.
        """
        return self.series(
            start,
            end,
            every=every,
            product=product,
            region=region,
            customers=customers,
            term=term,
            exclude=exclude,
            usage=usage,
            only=kpis.TREND,
        )

    @reads(Capability.PARTNER_ANALYTICS)
    def forecast(
        self,
        name: str,
        day: dt.date | str,
        /,
        *,
        weeks: int = 26,
        confidence: float = 0.8,
        product: Product | str | None = None,
        region: str | None = None,
        at: dt.date | str | None = None,
        term: str | None = None,
        exclude: Excluding | None = None,
    ) -> kpis.Forecast | None:
        """What a number of the page is expected to be on a day to come.

        Args:
            name: The number, as `series` calls it: `total_overage`, `purchased`, ...
            day: The day asked for.
            weeks: How many weeks it rests on, at most.
            confidence: How sure the interval is, above 0 and below 1.
            product: Calling or Meetings; None for both.
            region: A region, or `*` for all of them.
            at: The newest day that it rests on; today where it is left out.
            term: Only subscriptions of this commitment term, or `unknown`.
            exclude: What does not count.

        Returns:
            None where fewer than six weeks are known.

        Raises:
            NotFound: There is no such number; it names the nearest.
            InvalidValue: The day is not after the newest one, or the confidence is no
                share.
        """
        last = self._context.day(at)
        found = self.series(
            last.subtract(weeks=weeks - 1),
            last,
            product=product,
            region=region,
            term=term,
            exclude=exclude,
            only=[name],
        )
        return found.forecast(name, day, confidence=confidence)

    @reads(Capability.PARTNER_ANALYTICS)
    def movement(
        self,
        start: dt.date | str,
        end: dt.date | str | None = None,
        *,
        product: Product | str | None = None,
        region: str | None = None,
        term: str | None = None,
        exclude: Excluding | None = None,
    ) -> kpis.Movement:
        """Customers won and lost between two days; see `partnerhub.kpis.movement`."""
        last = self._context.day(end)
        without = self._left_out(exclude, last, self._context.one_region(region))
        before, after = (
            self.page(
                product=product,
                region=region,
                at=day,
                term=term,
                exclude=without,
                weekly=False,
            )
            for day in (as_day(start), last)
        )
        return kpis.movement(before, after)

    def _left_out(
        self, exclude: Excluding | None, last: pendulum.Date, choice: RegionChoice
    ) -> kpis.Exclusions:
        """What a range of days excludes: what the filter finds on the last one."""
        if exclude is None:
            return kpis.Exclusions()
        loaded = self._context.loaded(last, choice)
        return exclusions_of(self._context, exclude, loaded)

    @reads(Capability.PARTNER_ANALYTICS)
    def true_forward(
        self,
        *,
        region: str | None = None,
        at: dt.date | str | None = None,
        policy: kpis.TrueForwardPolicy | None = None,
    ) -> Table:
        """Enterprise agreements beyond their room; see `partnerhub.kpis.true_forward`."""
        portfolio = self._portfolio(region, at)
        return kpis.true_forward(portfolio, policy=policy or kpis.TrueForwardPolicy())

    @reads(Capability.PARTNER_ANALYTICS)
    def reconcile(
        self,
        invoice: Table,
        /,
        *,
        region: str | None = None,
        at: dt.date | str | None = None,
    ) -> kpis.Reconciliation:
        """The lines of an invoice against what customers hold on a day.

        See `partnerhub.kpis.reconcile_invoice`.

        Args:
            invoice: Its lines, such as `partnerhub.adapters.invoices.read_invoice` gives.
            region: A region, or `*` for all of them.
            at: The day; today where it is left out.

        Raises:
            NotFound: The table lacks a column.
        """
        return kpis.reconcile_invoice(self._portfolio(region, at), invoice)

    def _portfolio(self, region: str | None, at: dt.date | str | None) -> Portfolio:
        context = self._context
        return context.portfolio(context.day(at), context.one_region(region))

    @open_to_all
    def catalogue(self) -> Table:
        """Every KPI with its unit, formula, population and source."""
        return kpis.catalogue()
