"""Customers won and lost between two days."""

from __future__ import annotations

from functools import partial

import attrs
import numpy as np
import pendulum

from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.unknown import Bools
from partnerhub.domain.errors import InvalidValue
from partnerhub.kpis.coverage import Coverage
from partnerhub.kpis.pages import Page
from partnerhub.kpis.passing import Bit
from partnerhub.kpis.results import Count, count_of
from partnerhub.kpis.selection import Selection
from partnerhub.kpis.tables import held_table


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


def movement(before: Page, after: Page, /) -> Movement:
    """Customers that became active, and that ceased to be, between two days.

    Active is a customer with an active subscription or trial that has a license line
    of the products (design 5.4 and 5.12). One that left and came back between the
    two days is neither new nor churned.

    Args:
        before: The page of the first day.
        after: The page of the last day, of the same product, region, term and
            exclusions.

    Raises:
        InvalidValue: The last day is before the first; the pages are of different
            things.

    Examples:
        >>> from partnerhub.columns.objects import portfolio_of
        >>> from partnerhub.kpis import page
        >>> days = [pendulum.date(2026, 11, day) for day in (1, 22)]
        >>> found = movement(*(page(portfolio_of(at=day)) for day in days))
        >>> int(found.new), found.churn_ratio
        (0, None)
    """
    old, new = before.selection, after.selection
    first, last = old.portfolio, new.portfolio
    if last.at < first.at:
        raise InvalidValue("last day", str(last.at), f"the first is {first.at}")
    for name in ("product", "region", "term", "exclude"):
        one, other = getattr(old, name), getattr(new, name)
        if one != other:
            raise InvalidValue(f"{name} of the last day", other, f"the first: {one}")
    was, now = (each.customers_with_bit(Bit.ACTIVE) for each in (old, new))
    return Movement(
        first=first.at,
        last=last.at,
        active_before=_count(old, "Active customers", was),
        active_after=_count(new, "Active customers", now),
        new=_count(new, "New customers", now & ~_among(last, first, was)),
        churned=_count(old, "Churned customers", was & ~_among(first, last, now)),
        coverage=after.coverage,
    )


def _count(selection: Selection, title: str, customers: Bools) -> Count:
    rows = partial(held_table, customers=customers)
    return count_of(selection, title, customers, rows=rows)


def _among(portfolio: Portfolio, other: Portfolio, chosen: Bools) -> Bools:
    """Customers of the one that are among those chosen of the other."""
    wanted = set(other.customers.id[chosen].tolist())
    ids = portfolio.customers.id
    return np.fromiter((uuid in wanted for uuid in ids), np.bool_, len(ids))
