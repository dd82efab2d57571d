"""The KPIs of a hub: the pure functions of `partnerhub.kpis` over its store."""

from __future__ import annotations

import datetime as dt

from partnerhub import kpis
from partnerhub.domain.products import Product
from partnerhub.domain.regions import UNSPECIFIED
from partnerhub.hub.context import Context


class Kpis:
    """The KPIs of a hub (specification, "Key performance indicators")."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def overview(
        self,
        *,
        product: Product | str | None = None,
        region: str | None = None,
        at: dt.date | str | None = None,
        exclude: kpis.Exclusions | None = None,
    ) -> kpis.Overview:
        """The five headline KPIs on a day; see `partnerhub.kpis.overview`.

        Args:
            product: Calling or Meetings; None for both.
            region: A region, or `*` for all of them. Needed where data lie in several.
            at: The day; today where it is left out.
            exclude: Licenses and customers that do not count.

        Raises:
            RegionRequired: Data lie in several regions and none was chosen.
            NotFound: The region is not published and holds no data.
            InvalidValue: The product has no KPIs.
        """
        context = self._context
        choice = context.one_region(region)
        return kpis.overview(
            context.portfolio(context.day(at), choice),
            product=product,
            region=choice.region if choice.region is not None else UNSPECIFIED,
            exclude=exclude or kpis.Exclusions(),
            policy=context.kpi_policy,
        )
