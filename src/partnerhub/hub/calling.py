"""Calling engagement of a hub: its store's exports, and call legs where it has them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import attrs
import numpy as np

from partnerhub.columns.legs import LegColumns
from partnerhub.columns.portfolio import PRODUCTS, Portfolio
from partnerhub.columns.queue_stats import ServiceStats
from partnerhub.columns.usage import USAGE_COUNTS, UsageColumns
from partnerhub.columns.views import day_bounds, subscription_view
from partnerhub.domain.capabilities import Capability
from partnerhub.domain.engagement_policy import EngagementPolicy
from partnerhub.domain.products import Product
from partnerhub.domain.weeks import Period
from partnerhub.hub.context import Context, scope_of
from partnerhub.hub.permissions import reads
from partnerhub.kpis.calling import Engagement, EngagementPage, engagement_page
from partnerhub.ports import Scope


class LegSource(Protocol):
    """Where call legs come from, such as a Parquet data set."""

    def chunks(
        self,
        *,
        region: str | None = ...,
        first: dt.date | None = ...,
        last: dt.date | None = ...,
        customers: Iterable[str] | None = ...,
    ) -> Iterator[LegColumns]:
        """The legs of a region and range of days, so many at a time."""
        ...


class Calling:
    """Calling engagement of a hub (specification, "Calling engagement").

    Args:
        context: The hub's surroundings.
        legs: Where call legs are; without it the exports of the store are used.
        queues: Call Queue Stats.
        policy: What counts.
    """

    def __init__(
        self,
        context: Context,
        /,
        *,
        legs: LegSource | None = None,
        queues: ServiceStats | None = None,
        policy: EngagementPolicy | None = None,
    ) -> None:
        self._context = context
        self._legs = legs
        self._queues = queues
        self._policy = policy or EngagementPolicy()

    @reads(Capability.PARTNER_ANALYTICS)
    def engagement(
        self, *, region: str | None = None, at: dt.date | str | None = None
    ) -> EngagementPage:
        """The engagement page of the last week that was complete on a day.

        Args:
            region: A region, or `*` for all; needed where data lie in several.
            at: The day; today where it is left out.

        Raises:
            RegionRequired: Data lie in several regions and none was chosen.
            NotFound: The region is not published and holds no data.
        """
        context = self._context
        choice, day = context.one_region(region), context.day(at)
        engagement = Engagement(at=day, policy=self._policy)
        weeks = engagement.weeks
        portfolio = context.portfolio(weeks[-1][1], choice)
        customers = portfolio.customers
        legs: Iterable[LegColumns] = ()
        if self._legs is not None:
            legs = self._legs.chunks(
                region=choice.region, first=weeks[0][0], last=weeks[-1][1]
            )
        names = zip(customers.id.tolist(), customers.name.tolist(), strict=True)
        return engagement_page(
            engagement,
            legs=legs,
            exports=self._exports(weeks, scope_of(choice)),
            queues=self._queues,
            names=dict(names),
            population=with_calling(portfolio),
        )

    def _exports(self, weeks: Iterable[Period], scope: Scope) -> UsageColumns:
        """The usage rows of exactly each week."""
        parts = [self._context.store.usage(first, last, scope) for first, last in weeks]

        def joined(name: str) -> Any:
            return np.concatenate([getattr(part, name) for part in parts])

        return UsageColumns(
            **{
                field.name: joined(field.name)
                for field in attrs.fields(UsageColumns)
                if field.name != "counts"
            },
            counts={
                key: np.concatenate([part.counts[key] for part in parts])
                for key in USAGE_COUNTS
            },
        )


def with_calling(portfolio: Portfolio, /) -> tuple[str, ...]:
    """Uuids of the customers with an active Calling line on the portfolio's day."""
    held, lines = portfolio.subscriptions, portfolio.lines
    view = subscription_view(held, day_bounds(portfolio.at))
    is_calling = lines.product == PRODUCTS.index(Product.CALLING)
    chosen = is_calling & lines.existed & ~lines.gone & view.active[lines.subscription]
    customers = np.unique(held.customer[lines.subscription[chosen]])
    return tuple(portfolio.customers.id[customers].tolist())
