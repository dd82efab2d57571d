"""Calling engagement of a hub: from call records, and from exports where there are none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
import pendulum

from partnerhub.columns.aggregates import summarized
from partnerhub.columns.leg_records import CallDays
from partnerhub.columns.legs import legs_of
from partnerhub.columns.portfolio import PRODUCTS, Portfolio
from partnerhub.columns.queue_stats import ServiceKind
from partnerhub.columns.table import Table
from partnerhub.columns.unknown import Array
from partnerhub.columns.views import day_bounds, subscription_view
from partnerhub.domain.capabilities import Capability
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.products import Product
from partnerhub.domain.regions import RegionChoice
from partnerhub.domain.weeks import Period, last_complete_week
from partnerhub.hub.context import Context, scope_of
from partnerhub.hub.permissions import reads
from partnerhub.kpis.calling import (
    Engagement,
    EngagementPage,
    QueueAnalytics,
    RangeUsage,
    UsageDetails,
    engagement_page,
    quality_statistics,
    range_usage,
)

Day = dt.date | str | None

_WEEK: Final = 7


class Calling:
    """Calling engagement of a hub (specification, "Calling engagement").

    Every method but `details` takes the same options:

    - `region`: a region, or `*` for all of them; needed where data lie in several.
    - `week`: any day of the week that is asked for; weeks begin on Sunday, UTC.
    - `at`: a day, for the last week that was complete on it; today where neither is
      given.

    Each customer and week has one source: its call records, else the exports that
    cover the week exactly. A number that neither tells is blank.

    They raise `RegionRequired` where data lie in several regions and none was chosen,
    `NotFound` for a region that is not published and holds no data, and
    `InvalidValue` where both `week` and `at` are given.
    """

    def __init__(self, context: Context, /) -> None:
        self._context = context

    @reads(Capability.PARTNER_ANALYTICS)
    def engagement(
        self, *, region: str | None = None, week: Day = None, at: Day = None
    ) -> EngagementPage:
        """The whole page of a week; its tables are made when they are first read."""
        return self._page(region, week, at)

    @reads(Capability.PARTNER_ANALYTICS)
    def usage(
        self, *, region: str | None = None, week: Day = None, at: Day = None
    ) -> Table:
        """Customers and usage, those whose usage fell most first."""
        return self._page(region, week, at).usage

    @reads(Capability.PARTNER_ANALYTICS)
    def quality(
        self, *, region: str | None = None, week: Day = None, at: Day = None
    ) -> Table:
        """Customers and call quality, the worst share of poor legs first."""
        return self._page(region, week, at).quality

    @reads(Capability.PARTNER_ANALYTICS)
    def trend(
        self, *, region: str | None = None, week: Day = None, at: Day = None
    ) -> Table:
        """Call quality of eight weeks, oldest first."""
        return self._page(region, week, at).trend

    @reads(Capability.PARTNER_ANALYTICS)
    def endpoints(
        self, *, region: str | None = None, week: Day = None, at: Day = None
    ) -> Table:
        """Call quality by endpoint type."""
        return self._page(region, week, at).endpoints

    @reads(Capability.PARTNER_ANALYTICS)
    def features(
        self, *, region: str | None = None, week: Day = None, at: Day = None
    ) -> Table:
        """Calls that used each advanced feature."""
        return self._page(region, week, at).features

    @reads(Capability.PARTNER_ANALYTICS)
    def queues(
        self, *, region: str | None = None, week: Day = None, at: Day = None
    ) -> QueueAnalytics | None:
        """Call queue analytics; None where no queue statistics of the week are known."""
        return self._page(region, week, at).queues

    @reads(Capability.PARTNER_ANALYTICS)
    def alerts(
        self,
        *,
        locations: bool = False,
        region: str | None = None,
        week: Day = None,
        at: Day = None,
    ) -> Table:
        """Customers whose share of poor legs rose beyond chance, steepest first.

        Each is compared with its own eight weeks before.

        Args:
            locations: Look at each location by itself.
            region: A region, or `*` for all of them.
            week: Any day of the week.
            at: A day, for the last week that was complete on it.
        """
        page = self._page(region, week, at)
        return page.location_alerts if locations else page.alerts

    @reads(Capability.PARTNER_ANALYTICS)
    def statistics(
        self, *, region: str | None = None, week: Day = None, at: Day = None
    ) -> Table:
        """The service's own quality statistics that begin in the week.

        They count calls, where everything else here counts call legs, so the two are
        never put together.
        """
        context = self._context
        choice, (first, last) = context.one_region(region), self._week(week, at)
        stats = context.store.quality_stats(first, last, scope_of(choice))
        return quality_statistics(stats, names=self._names(last, choice))

    @reads(Capability.PARTNER_ANALYTICS)
    def details(
        self, start: dt.date | str, end: dt.date | str, /, *, region: str | None = None
    ) -> RangeUsage:
        """Calling usage of a range of days, and the source of each customer's.

        `hub.reports` gives the same as the Calling Usage Details report.

        Args:
            start: First day, UTC.
            end: Last day, included.
            region: A region, or `*` for all of them.

        Raises:
            InvalidValue: The range ends before it starts.
        """
        choice = self._context.one_region(region)
        return calling_details(self._context, as_day(start), as_day(end), choice)

    def _page(self, region: str | None, week: Day, at: Day) -> EngagementPage:
        context = self._context
        choice, (first, last) = context.one_region(region), self._week(week, at)
        engagement = Engagement(at=last.add(days=1), policy=context.engagement_policy)
        weeks, scope, store = engagement.weeks, scope_of(choice), context.store
        begin = weeks[0][0]
        portfolio = context.portfolio(last, choice)
        queues = store.service_stats(ServiceKind.CALL_QUEUE, first, last, scope)
        return engagement_page(
            engagement,
            legs=store.legs(begin, last, scope),
            exports=store.usage_within(begin, last, scope),
            queues=queues if len(queues) else None,
            names=names_of(portfolio),
            population=with_calling(portfolio),
            loaded=loaded_weeks(store.call_days(begin, last, scope), weeks),
        )

    def _names(self, day: pendulum.Date, choice: RegionChoice) -> dict[str, str]:
        return names_of(self._context.portfolio(day, choice))

    def _week(self, week: Day, at: Day) -> Period:
        if week is None:
            return last_complete_week(self._context.day(at))
        if at is not None:
            raise InvalidValue("week", f"{week}, {at}", "give `week=` or `at=`")
        return last_complete_week(as_day(week).add(days=_WEEK))


def calling_details(
    context: Context, first: pendulum.Date, last: pendulum.Date, choice: RegionChoice
) -> RangeUsage:
    """Calling usage of a range of days, each customer's from its best source.

    Raises:
        InvalidValue: The range ends before it starts.
    """
    store, scope = context.store, scope_of(choice)
    details = UsageDetails(
        first=first, last=last, thresholds=context.engagement_policy.thresholds
    )
    partial = summarized(details, store.legs(first, last, scope))
    if partial is None:
        partial = details.summarize(legs_of(()))
    queues = store.service_stats(ServiceKind.CALL_QUEUE, first, last, scope)
    return range_usage(
        first,
        last,
        records=details.finish(partial),
        exports=store.usage_within(first, last, scope),
        queues=queues if len(queues) else None,
        recorded=loaded_for(store.call_days(first, last, scope), (first, last)),
    )


def loaded_weeks(
    days: CallDays, weeks: Sequence[Period], /
) -> Iterator[tuple[str, Period]]:
    """Customers and weeks of which every day is loaded."""
    for week in weeks:
        for who in loaded_for(days, week):
            yield who, week


def loaded_for(days: CallDays, period: Period, /) -> Iterable[str]:
    """Uuids of the customers of which every day of a period is loaded."""
    first, last = (np.datetime64(day, "D") for day in period)
    inside = (days.day >= first) & (days.day <= last)
    uuids, met = np.unique(days.organization[inside].astype(str), return_counts=True)
    every: Array = uuids[met == int((last - first).astype(np.int64)) + 1]
    found: list[str] = every.tolist()
    return found


def names_of(portfolio: Portfolio, /) -> dict[str, str]:
    """Uuid -> name of each customer."""
    customers = portfolio.customers
    return dict(zip(customers.id.tolist(), customers.name.tolist(), strict=True))


def with_calling(portfolio: Portfolio, /) -> tuple[str, ...]:
    """Uuids of the customers with an active Calling line on the portfolio's day."""
    held, lines = portfolio.subscriptions, portfolio.lines
    view = subscription_view(held, day_bounds(portfolio.at))
    is_calling = lines.product == PRODUCTS.index(Product.CALLING)
    chosen = is_calling & lines.existed & ~lines.gone & view.active[lines.subscription]
    customers = np.unique(held.customer[lines.subscription[chosen]])
    return tuple(portfolio.customers.id[customers].tolist())
