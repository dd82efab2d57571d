"""What a KPI call is about: a day, a region, products, and what policy leaves out.

A customer belongs to a call by its license lines (design 5.12): lines of the product
at hand of which any number was ever above 0. Everything the KPIs count is a choice
among the rows of a `Selection`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs
import numpy as np

from partnerhub.columns.portfolio import PRODUCTS, Portfolio
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Bools, Codes, is_unknown
from partnerhub.columns.views import day_bounds, line_view, subscription_view
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.policies import KpiPolicy
from partnerhub.domain.products import KPI_PRODUCTS, Product
from partnerhub.domain.regions import ALL, RegionChoice, choose
from partnerhub.domain.rules import DayBounds, View

Region = str | None
"""A region, None for customers whose region nobody has told."""


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _plain_names(names: str | Iterable[str]) -> frozenset[str]:
    return frozenset(map(_plain, _each(names)))


def _uuids(ids: str | Iterable[str]) -> frozenset[str]:
    return frozenset(map(uuid_of, _each(ids)))


def _each(texts: str | Iterable[str]) -> Iterable[str]:
    """The texts, of which a lone one is not a row of letters."""
    return (texts,) if isinstance(texts, str) else texts


@attrs.frozen(kw_only=True)
class Exclusions:
    """What the KPIs leave out on purpose. It stays listed in their coverage.

    Attributes:
        licenses: Names of license types; letter case and spaces do not count.
        customers: Ids of customers, in either form.

    Examples:
        >>> Exclusions(licenses=["Webex  Calling - standard"]).licenses
        frozenset({'webex calling - standard'})
    """

    licenses: frozenset[str] = attrs.field(default=frozenset(), converter=_plain_names)
    customers: frozenset[str] = attrs.field(default=frozenset(), converter=_uuids)


NOTHING: Final = Exclusions()


@attrs.frozen(kw_only=True, eq=False)
class Selection:
    """The rows of a portfolio that a KPI call is about, as masks over its columns.

    Attributes:
        portfolio: All customers, as known on the day.
        policy: The day counts and cuts.
        product: The product at hand, None for all products of the KPIs.
        region: The region chosen; `*` for all.
        regions: The regions that hold data, of those chosen.
        inside: Customers in them, bool `(customers,)`.
        counted: Customers that have or had a line, bool `(customers,)`.
        had: Lines that exist or existed, bool `(lines,)`.
        excluded: Lines that would be among them without the policy, bool `(lines,)`.
        held: Those of `had` that are not gone, bool `(lines,)`.
        holding: Subscriptions with a line of `held`, bool `(subscriptions,)`.
        d: The bounds of the day.
        subscription_view: What the rules of subscriptions are applied to.
        line_view: What the rules of lines are applied to.
        line_customer: Row of the customer of each line, int32 `(lines,)`.
    """

    portfolio: Portfolio
    policy: KpiPolicy
    product: Product | None
    region: Region
    regions: tuple[Region, ...]
    inside: Bools
    counted: Bools
    had: Bools
    excluded: Bools
    held: Bools
    holding: Bools
    d: DayBounds
    subscription_view: View
    line_view: View
    line_customer: Codes

    def customers_of(self, subscriptions: Bools) -> Bools:
        """The customers of these subscriptions, bool `(customers,)`."""
        return _reached(
            self.portfolio.subscriptions.customer[subscriptions], len(self.inside)
        )

    def customers_with(self, lines: Bools) -> Bools:
        """The customers of these lines, bool `(customers,)`."""
        return _reached(self.line_customer[lines], len(self.inside))

    def subscriptions_of(self, lines: Bools) -> Bools:
        """The subscriptions of these lines, bool `(subscriptions,)`."""
        return _reached(self.portfolio.lines.subscription[lines], len(self.holding))


def selection_of(
    portfolio: Portfolio,
    /,
    *,
    product: Product | None,
    region: str | None,
    exclude: Exclusions,
    policy: KpiPolicy,
) -> Selection:
    """The selection of one call.

    Raises:
        RegionRequired: Data lie in several regions and none was chosen.
        NotFound: The region is not known and holds no data.
    """
    held, lines = portfolio.subscriptions, portfolio.lines
    choice = choose(region, _regions(portfolio.customers.region))
    inside = _inside(portfolio.customers.region, choice)
    customer = held.customer[lines.subscription]
    belongs = _of_products(lines.product, product) & lines.existed
    if not inside.all():
        belongs &= inside[customer]
    had = belongs
    if exclude.customers:
        out = _named(portfolio.customers.id, exclude.customers)
        had = had & ~out[customer]
    if exclude.licenses:
        had = had & ~lines.license.where(lambda name: _plain(name) in exclude.licenses)
    d = day_bounds(portfolio.at, kpi_policy=policy)
    view = subscription_view(held, d)
    remaining = had & ~lines.gone
    return Selection(
        portfolio=portfolio,
        policy=policy,
        product=product,
        region=choice.region,
        regions=choice.regions,
        inside=inside,
        counted=_reached(customer[had], len(inside)),
        had=had,
        excluded=belongs & ~had,
        held=remaining,
        holding=_reached(lines.subscription[remaining], len(held)),
        d=d,
        subscription_view=view,
        line_view=line_view(lines, view),
        line_customer=customer,
    )


def _of_products(codes: Array, product: Product | None) -> Bools:
    """Lines of the product, or of any product of the KPIs."""
    wanted = KPI_PRODUCTS if product is None else (product,)
    is_wanted: Bools = np.array([each in wanted for each in PRODUCTS], np.bool_)[codes]
    return is_wanted


def _named(ids: Array, wanted: frozenset[str]) -> Bools:
    """Customers with one of these ids, bool `(customers,)`."""
    return np.fromiter((uuid in wanted for uuid in ids), np.bool_, len(ids))


def _reached(rows: Array, size: int) -> Bools:
    """Where any of `rows` leads, bool `(size,)`."""
    reached = np.zeros(size, np.bool_)
    reached[rows] = True
    return reached


def _regions(column: TextColumn) -> list[Region]:
    """The regions in which any customer lies, each once."""
    _, first = np.unique(column.codes, return_index=True)
    regions: list[Region] = column.take(first).texts().tolist()
    return regions


def _inside(column: TextColumn, choice: RegionChoice) -> Bools:
    """Customers of the regions chosen, bool `(customers,)`."""
    if choice.region == ALL:
        return np.ones(len(column), np.bool_)
    if choice.region is None:
        return is_unknown(column.codes)
    return column.where(lambda region: region == choice.region)
