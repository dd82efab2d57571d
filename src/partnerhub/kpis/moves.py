"""Customers won and lost between two days."""

from __future__ import annotations

from functools import partial
from typing import Final

import attrs
import numpy as np
import pendulum

from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.unknown import Bools
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.policies import KpiPolicy
from partnerhub.domain.products import Product, parse_kpi_product
from partnerhub.kpis.coverage import Coverage
from partnerhub.kpis.passing import Bit
from partnerhub.kpis.results import Count, count_of
from partnerhub.kpis.selection import NOTHING, Exclusions, Selection, selection_of
from partnerhub.kpis.tables import held_table

_POLICY: Final = KpiPolicy()


@attrs.frozen(kw_only=True, eq=False)
class Movement:
    """Who had an active subscription or trial of the products, and who has.

    Attributes:
        first: The earlier day.
        last: The later day.
        active_before: Customers with one on the first day.
        active_after: Customers with one on the last day.
        new: Those of the last day that had none on the first.
        churned: Those of the first day that have none on the last.
        coverage: What the numbers of the last day rest on.
    """

    first: pendulum.Date
    last: pendulum.Date
    active_before: Count
    active_after: Count
    new: Count
    churned: Count
    coverage: Coverage = attrs.field(repr=False)

    @property
    def churn_ratio(self) -> float | None:
        """Churned / active before, 0..1; None where nobody was active."""
        return self.churned / self.active_before if self.active_before else None

    def to_dict(self) -> dict[str, str | int | float | None]:
        """The days and the numbers, ready for JSON."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "active_before": int(self.active_before),
            "active_after": int(self.active_after),
            "new": int(self.new),
            "churned": int(self.churned),
            "churn_ratio": self.churn_ratio,
        }


def movement(
    before: Portfolio,
    after: Portfolio,
    /,
    *,
    product: Product | str | None = None,
    region: str | None = None,
    exclude: Exclusions = NOTHING,
    policy: KpiPolicy = _POLICY,
) -> Movement:
    """Customers that became active, and that ceased to be, between two days.

    Active is a customer with an active subscription or trial that has a license line
    of the products (design 5.4 and 5.12). One that left and came back between the
    two days is neither new nor churned.

    Args:
        before: All customers on the first day.
        after: All customers on the last day.
        product: Calling or Meetings; None for both.
        region: A region, or `*` for all of them.
        exclude: Licenses and customers that do not count.
        policy: The day counts and cuts.

    Raises:
        InvalidValue: The last day is before the first; the product has no KPIs.
        RegionRequired: Data lie in several regions and none was chosen.
        NotFound: The region is not known and holds no data.
    """
    if after.at < before.at:
        raise InvalidValue("last day", str(after.at), f"the first is {before.at}")

    def selected(portfolio: Portfolio) -> Selection:
        return selection_of(
            portfolio,
            product=parse_kpi_product(product),
            region=region,
            exclude=exclude,
            policy=policy,
        )

    old, new = selected(before), selected(after)
    was, now = (each.customers_with_bit(Bit.ACTIVE) for each in (old, new))
    return Movement(
        first=before.at,
        last=after.at,
        active_before=_count(old, "Active customers", was),
        active_after=_count(new, "Active customers", now),
        new=_count(new, "New customers", now & ~_among(after, before, was)),
        churned=_count(old, "Churned customers", was & ~_among(before, after, now)),
        coverage=Coverage(selection=new),
    )


def _count(selection: Selection, title: str, customers: Bools) -> Count:
    rows = partial(held_table, customers=customers)
    return count_of(selection, title, customers, rows=rows)


def _among(portfolio: Portfolio, other: Portfolio, chosen: Bools) -> Bools:
    """Customers of the one that are among those chosen of the other."""
    wanted = set(other.customers.id[chosen].tolist())
    ids = portfolio.customers.id
    return np.fromiter((uuid in wanted for uuid in ids), np.bool_, len(ids))
