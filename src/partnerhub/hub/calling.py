"""Calling engagement of a hub: from call records, and from exports where there are none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

import attrs
import numpy as np
import pendulum

from partnerhub.columns.aggregates import summarized
from partnerhub.columns.leg_records import CallDays
from partnerhub.columns.legs import legs_of
from partnerhub.columns.portfolio import PRODUCTS, Portfolio
from partnerhub.columns.queue_stats import ServiceKind, ServiceStats
from partnerhub.columns.table import Table
from partnerhub.columns.unknown import Array
from partnerhub.columns.views import day_bounds, subscription_view
from partnerhub.domain.capabilities import Capability
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.products import Product
from partnerhub.domain.regions import RegionChoice
from partnerhub.domain.weeks import Period, last_complete_week, week_of
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
    queue_analytics,
    range_usage,
)

Day = dt.date | str | None


class Calling:
    """Calling engagement of a hub (specification, "Calling engagement").

    Every method but `details` takes the same options:

    - `region`: a region, or `*` for all of them; needed where data lie in several.
    - `week`: any day of the week that is asked for; weeks begin on Sunday, UTC.
    - `at`: a day, for the last week that was complete on it; today where neither is
      given.

    A page is kept until anybody writes to the store. A single table reads the weeks
    that it shows: two, or nine for the trend and alerts.

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
        self,
        *,
        trend_weeks: int | None = None,
        region: str | None = None,
        week: Day = None,
        at: Day = None,
    ) -> EngagementPage:
        """The whole page of a week; its tables are made when they are first read.

        Args:
            trend_weeks: Weeks of the trend, and before the last week for alerts; those
                of the policy where left out. With fewer, fewer are read.
            region: A region, or `*` for all of them.
            week: Any day of the week.
            at: A day, for the last week that was complete on it.

        Raises:
            InvalidValue: `trend_weeks` is below 1.
        """
        return self._page(region, week, at, trend_weeks=trend_weeks)

    @reads(Capability.PARTNER_ANALYTICS)
    def usage(
        self, *, region: str | None = None, week: Day = None, at: Day = None
    ) -> Table:
        """Customers and usage, those whose usage fell most first."""
        return self._last_weeks(region, week, at).usage

    @reads(Capability.PARTNER_ANALYTICS)
    def quality(
        self, *, region: str | None = None, week: Day = None, at: Day = None
    ) -> Table:
        """Customers and call quality, the worst share of poor legs first."""
        return self._last_weeks(region, week, at).quality

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
        return self._last_weeks(region, week, at).endpoints

    @reads(Capability.PARTNER_ANALYTICS)
    def features(
        self, *, region: str | None = None, week: Day = None, at: Day = None
    ) -> Table:
        """Calls that used each advanced feature."""
        return self._last_weeks(region, week, at).features

    @reads(Capability.PARTNER_ANALYTICS)
    def queues(
        self, *, region: str | None = None, week: Day = None, at: Day = None
    ) -> QueueAnalytics | None:
        """Call queue analytics; None where no queue statistics of the week are known."""
        choice, period = self._asked(region, week, at)
        stats = self._queue_stats(period, choice)
        if stats is None:
            return None
        return queue_analytics(stats, period, names=self._names(period[1], choice))

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
        choice, (first, last) = self._asked(region, week, at)
        stats = self._context.store.quality_stats(first, last, scope_of(choice))
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

    @reads(Capability.PARTNER_ANALYTICS)
    def week(self, week: Day = None, /, *, at: Day = None) -> Period:
        """First and last day of the week that these options ask for.

        Args:
            week: Any day of it.
            at: A day, for the last week that was complete on it; today where neither is
                given.

        Raises:
            InvalidValue: Both are given, or are no day, or one too far away.
        """
        if week is None:
            return last_complete_week(self._context.day(at))
        if at is not None:
            raise InvalidValue("week", f"{week}, {at}", "give `week=` or `at=`")
        return week_of(as_day(week))

    def _page(
        self,
        region: str | None,
        week: Day,
        at: Day,
        *,
        trend_weeks: int | None = None,
    ) -> EngagementPage:
        policy = self._context.engagement_policy
        if trend_weeks is not None:
            policy = attrs.evolve(policy, trend_weeks=trend_weeks)
        choice, (first, last) = self._asked(region, week, at)
        engagement = Engagement(at=last.add(days=1), policy=policy)
        return self._context.engagement_pages.get(
            (first, choice, policy.trend_weeks), lambda: self._made(engagement, choice)
        )

    def _last_weeks(self, region: str | None, week: Day, at: Day) -> EngagementPage:
        """A page of the week and the one before it, or of more where that is kept."""
        choice, (first, _) = self._asked(region, week, at)
        whole = (first, choice, self._context.engagement_policy.trend_weeks)
        kept = self._context.engagement_pages.find(whole)
        return kept or self._page(region, week, at, trend_weeks=1)

    def _asked(
        self, region: str | None, week: Day, at: Day
    ) -> tuple[RegionChoice, Period]:
        return self._context.one_region(region), self.week(week, at=at)

    def _made(self, engagement: Engagement, choice: RegionChoice) -> EngagementPage:
        store, scope, weeks = self._context.store, scope_of(choice), engagement.weeks
        begin, last = weeks[0][0], weeks[-1][1]
        portfolio = self._context.portfolio(last, choice)
        return engagement_page(
            engagement,
            legs=store.legs(begin, last, scope),
            exports=store.usage_within(begin, last, scope),
            queues=self._queue_stats(weeks[-1], choice),
            names=names_of(portfolio),
            population=with_calling(portfolio),
            loaded=loaded_weeks(store.call_days(begin, last, scope), weeks),
        )

    def _queue_stats(self, week: Period, choice: RegionChoice) -> ServiceStats | None:
        """What is known of call queues on days of the week; None where nothing is."""
        store = self._context.store
        stats = store.service_stats(ServiceKind.CALL_QUEUE, *week, scope_of(choice))
        return stats if len(stats) else None

    def _names(self, day: pendulum.Date, choice: RegionChoice) -> dict[str, str]:
        return names_of(self._context.portfolio(day, choice))


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
