"""What a KPI call is about: a day, a region, products, and what policy leaves out.

A customer belongs to a call by its license lines (design 5.12): lines of the product
at hand of which any number was ever above 0. Everything the KPIs count is a choice
among the rows of a `Scope`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs
import numpy as np

from partnerhub.columns.portfolio import PRODUCTS, Portfolio
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Bools, Codes
from partnerhub.columns.views import day_bounds, line_view, subscription_view
from partnerhub.domain import regions as known_regions
from partnerhub.domain.errors import NotFound, RegionRequired
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.policies import KpiPolicy
from partnerhub.domain.products import KPI_PRODUCTS, Product
from partnerhub.domain.rules import DayBounds, View

Region = str | None
"""A region, None for customers whose region nobody has told."""


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _plain_names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_plain, names))


def _uuids(ids: Iterable[str]) -> frozenset[str]:
    return frozenset(map(uuid_of, ids))


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

    licenses: frozenset[str] = attrs.field(default=(), converter=_plain_names)
    customers: frozenset[str] = attrs.field(default=(), converter=_uuids)


NOTHING: Final = Exclusions()


@attrs.frozen(kw_only=True, eq=False)
class Scope:
    """The rows of a portfolio that a KPI call is about, as masks over its columns.

    Attributes:
        portfolio: All customers, as known on the day.
        policy: The day counts and cuts.
        product: The product at hand, None for all products of the KPIs.
        region: The region chosen; `*` for all.
        regions: The regions that hold data, of those chosen.
        inside: Customers in them, bool `(customers,)`.
        counted: Customers that have or had a line, bool `(customers,)`.
        excluded: Customers left out by policy, bool `(customers,)`.
        had: Lines that exist or existed, bool `(lines,)`.
        held: Those of them that are not gone, bool `(lines,)`.
        holding: Subscriptions with such a line, bool `(subscriptions,)`.
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
    excluded: Bools
    had: Bools
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

    def subscriptions_of(self, lines: Bools) -> Bools:
        """The subscriptions of these lines, bool `(subscriptions,)`."""
        return _reached(self.portfolio.lines.subscription[lines], len(self.holding))


def scope_of(
    portfolio: Portfolio,
    /,
    *,
    product: Product | None,
    region: str | None,
    exclude: Exclusions,
    policy: KpiPolicy,
) -> Scope:
    """The scope of one call.

    Raises:
        RegionRequired: Data lie in several regions and none was chosen.
        NotFound: The region is not known and holds no data.
    """
    held, lines = portfolio.subscriptions, portfolio.lines
    chosen, regions, inside = _chosen(portfolio.customers.region, region)
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
    counted = _reached(customer[had], len(inside))
    excluded = _reached(customer[belongs], len(inside)) & ~counted
    d = day_bounds(portfolio.at, kpi_policy=policy)
    view = subscription_view(held, d)
    remaining = had & ~lines.gone
    return Scope(
        portfolio=portfolio,
        policy=policy,
        product=product,
        region=chosen,
        regions=regions,
        inside=inside,
        counted=counted,
        excluded=excluded,
        had=had,
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


# --- regions ---------------------------------------------------------------------


def _chosen(
    column: TextColumn, region: str | None
) -> tuple[Region, tuple[Region, ...], Bools]:
    """The region chosen, the regions with data in it, and their customers."""
    present = np.unique(column.codes).tolist()
    code_of = {None if c < 0 else str(column.labels[c]): c for c in present}
    regions = _in_order(code_of)
    if region == known_regions.ALL:
        return region, regions, np.ones(len(column), np.bool_)
    if region is None:
        if len(regions) > 1:
            raise RegionRequired(map(known_regions.label, regions))
        only = regions[0] if regions else None
        return only, regions, np.ones(len(column), np.bool_)
    one = known_regions.parse_region(region)
    if one in code_of:
        return one, (one,), column.codes == code_of[one]
    if one is not None and one not in known_regions.KNOWN:
        choices = [*known_regions.KNOWN, *map(known_regions.label, regions)]
        raise NotFound("region", region, choices=choices)
    return one, (), np.zeros(len(column), np.bool_)


def _in_order(regions: Iterable[Region]) -> tuple[Region, ...]:
    """Published regions first, in their order; then others; unspecified last."""
    known = {name: place for place, name in enumerate(known_regions.KNOWN)}
    last = len(known)
    return tuple(
        sorted(
            regions,
            key=lambda name: (name is None, known.get(name or "", last), name or ""),
        )
    )
