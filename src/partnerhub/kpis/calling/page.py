"""The whole Calling engagement page of one week."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Final

import attrs
import numpy as np

from partnerhub.columns.aggregates import summarized
from partnerhub.columns.legs import LegColumns, legs_of
from partnerhub.columns.queue_stats import ServiceStats
from partnerhub.columns.table import Table
from partnerhub.columns.usage import UsageColumns
from partnerhub.domain.weeks import Period
from partnerhub.kpis.calling.alerts import customer_alerts, location_alerts
from partnerhub.kpis.calling.engagement import Engagement, EngagementCounts
from partnerhub.kpis.calling.facts import (
    Loaded,
    Source,
    WeeklyFacts,
    facts_of_exports,
    facts_of_records,
    preferred,
)
from partnerhub.kpis.calling.queues import QueueAnalytics, queue_analytics
from partnerhub.kpis.calling.tables import (
    Names,
    customers_and_quality,
    customers_and_usage,
    feature_usage,
    quality_by_endpoint,
    quality_trend,
)

_NO_NAMES: Final[Names] = {}


@attrs.frozen(kw_only=True, eq=False)
class EngagementPage:
    """The page. Its tables are made when they are first read.

    Attributes:
        facts: What is known of each customer and week, and from which source.
        counts: What call records told, down to locations.
        names: The customers' names.
        population: Customers that count although they have no leg.
    """

    facts: WeeklyFacts = attrs.field(repr=False)
    counts: EngagementCounts = attrs.field(repr=False)
    names: Names = attrs.field(repr=False)
    population: tuple[str, ...] = attrs.field(repr=False)
    _engagement: Engagement = attrs.field(alias="engagement")
    _queues: ServiceStats | None = attrs.field(alias="queues", repr=False)

    @property
    def week(self) -> Period:
        """First and last day of the last week."""
        return self.facts.weeks[-1]

    @cached_property
    def usage(self) -> Table:
        """Customers and usage, declining ones first."""
        return customers_and_usage(
            self.facts, names=self.names, population=self.population
        )

    @cached_property
    def trend(self) -> Table:
        """Call quality of each of the last weeks, oldest first."""
        return quality_trend(self.facts, weeks=self._engagement.policy.trend_weeks)

    @cached_property
    def endpoints(self) -> Table:
        """Call quality by endpoint type."""
        return quality_by_endpoint(self.facts)

    @cached_property
    def quality(self) -> Table:
        """Customers and call quality, the worst first."""
        return customers_and_quality(
            self.facts, names=self.names, population=self.population
        )

    @cached_property
    def features(self) -> Table:
        """Feature usage by calls."""
        return feature_usage(self.facts)

    @cached_property
    def queues(self) -> QueueAnalytics | None:
        """Call queue analytics; None where no queue statistics are known."""
        if self._queues is None:
            return None
        return queue_analytics(self._queues, self.week, names=self.names)

    @cached_property
    def alerts(self) -> Table:
        """Customers whose call quality fell beyond chance."""
        policy = self._engagement.policy.alerts
        return customer_alerts(self.facts, names=self.names, policy=policy)

    @cached_property
    def location_alerts(self) -> Table:
        """Locations whose call quality fell beyond chance."""
        policy = self._engagement.policy.alerts
        return location_alerts(self.counts, names=self.names, policy=policy)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the page rests on, in words."""
        source = self.facts.source[:, -1]
        week, *queues = queue_notes(self.week, self._queues)
        found = [week]
        for each in (Source.RECORDS, Source.EXPORTS):
            number = int(np.count_nonzero(source == each))
            if number:
                found.append(f"{number} customers from {each.label}")
        known = set(self.facts.organization[source != Source.NONE].tolist())
        blank = len(set(self.population) - known)
        if blank:
            found.append(f"{blank} customers without call data of that week")
        return (*found, *queues)


def queue_notes(week: Period, queues: object, /) -> tuple[str, ...]:
    """What call queue analytics rest on, in words.

    Args:
        week: First and last day.
        queues: The analytics, or their statistics; None where there are none.
    """
    first, last = week
    found = f"week of {first} to {last}, UTC; data as of the last refresh"
    return (found,) if queues is not None else (found, "no call queue statistics")


def engagement_page(
    engagement: Engagement,
    /,
    *,
    legs: Iterable[LegColumns] = (),
    exports: UsageColumns | None = None,
    queues: ServiceStats | None = None,
    names: Names = _NO_NAMES,
    population: Iterable[str] = (),
    loaded: Loaded = (),
) -> EngagementPage:
    """The page of the last week at a day.

    Args:
        engagement: The day, and what counts.
        legs: Call legs of any weeks, in chunks.
        exports: Rows of Calling Usage Details exports of any ranges; each customer
            and week without call records is taken from those that cover it exactly.
        queues: Call Queue Stats of any ranges.
        names: The customers' names.
        population: Customers with an active Calling line in that week (design 5.31).
        loaded: Customers and weeks whose call records were loaded.
    """
    partial = summarized(engagement, legs)
    if partial is None:
        partial = engagement.summarize(legs_of(()))
    counts = engagement.finish(partial)
    facts = facts_of_records(counts, loaded=loaded)
    if exports is not None:
        facts = preferred(facts, facts_of_exports(exports, engagement.weeks))
    return EngagementPage(
        facts=facts,
        counts=counts,
        names=names,
        population=tuple(population),
        engagement=engagement,
        queues=queues,
    )
