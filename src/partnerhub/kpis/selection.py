"""What a KPI call is about: a day, a region, products, and what policy leaves out.

A customer belongs to a call by its license lines (design 5.12): lines of the product
at hand of which any number was ever above 0. Everything the KPIs count is a choice
among the rows of a `Selection`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

import attrs
import numpy as np

from partnerhub.columns.portfolio import PRODUCTS, Portfolio
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Bools, Codes, is_unknown
from partnerhub.columns.views import day_bounds
from partnerhub.domain.policies import KpiPolicy
from partnerhub.domain.products import KPI_PRODUCTS, Product
from partnerhub.domain.regions import ALL, RegionChoice, choose
from partnerhub.domain.rules import DayBounds
from partnerhub.kpis.exclusions import (
    Exclusions,
    licenses_left,
    named_customers,
    plain,
    reached,
)
from partnerhub.kpis.passing import Bit, Passed, has, passed

Region = str | None
"""A region, None for customers whose region nobody has told."""


UNKNOWN_TERM: Final = "unknown"
"""The commitment term of subscriptions that tell none."""


@attrs.frozen(kw_only=True, eq=False)
class Selection:
    """The rows of a portfolio that a KPI call is about, as columns beside its own.

    What follows from the first six is worked out when it is first read.

    Attributes:
        portfolio: All customers, as known on the day.
        policy: The day counts and cuts.
        product: The product at hand, None for all products of the KPIs.
        region: The region chosen; `*` for all.
        regions: The regions that hold data, of those chosen.
        term: The commitment term that lines are narrowed to; None for any.
        exclude: What does not count.
    """

    portfolio: Portfolio
    policy: KpiPolicy
    product: Product | None
    region: Region
    regions: tuple[Region, ...]
    term: str | None
    exclude: Exclusions

    @cached_property
    def d(self) -> DayBounds:
        """The bounds of the day."""
        return day_bounds(self.portfolio.at, kpi_policy=self.policy)

    @property
    def line_customer(self) -> Codes:
        """Row of the customer of each line, int32 `(lines,)`."""
        return self.portfolio.line_customer

    @cached_property
    def inside(self) -> Bools:
        """Customers in the regions, bool `(customers,)`."""
        choice = RegionChoice(self.region, self.regions)
        return in_regions(self.portfolio.customers.region, choice)

    @cached_property
    def belongs(self) -> Bools:
        """Lines of the products, regions and term, whatever policy says of them."""
        lines = self.portfolio.lines
        found = of_products(lines.product, self.product) & lines.existed
        if self.term is not None:
            terms = self.portfolio.subscriptions.commitment_term
            found &= of_commitment_term(terms, self.term).take(
                lines.subscription, mode="clip"
            )
        if not self.inside.all():
            found &= self.inside[self.line_customer]
        return found

    @cached_property
    def had(self) -> Bools:
        """Lines that exist or existed, bool `(lines,)`."""
        found = self.belongs
        if self.exclude.customers:
            ids = self.portfolio.customers.id
            found = (
                found
                & ~named_customers(ids, self.exclude.customers)[self.line_customer]
            )
        if self.exclude.licenses:
            licenses = self.portfolio.lines.license
            found = found & licenses_left(licenses, self.exclude.licenses)
        return found

    @cached_property
    def excluded(self) -> Bools:
        """Lines that would be among them without the policy, bool `(lines,)`."""
        return self.belongs & ~self.had

    @cached_property
    def held(self) -> Bools:
        """Those of `had` that are not gone, bool `(lines,)`."""
        return self.had & ~self.portfolio.lines.gone

    @cached_property
    def holding(self) -> Bools:
        """Subscriptions with a line of `held`, bool `(subscriptions,)`."""
        return self.subscriptions_of(self.held)

    @cached_property
    def passed(self) -> Passed:
        """What one pass over the rows has found."""
        return passed(self.portfolio, had=self.had, d=self.d)

    @property
    def line_bits(self) -> Array:
        """The `Bit`s of each line, uint8 `(lines,)`."""
        return self.passed.line_bits

    @property
    def customer_bits(self) -> Array:
        """The `Bit`s of all lines of each customer, uint8 `(customers,)`."""
        return self.passed.customer_bits

    @property
    def counted(self) -> Bools:
        """Customers that have or had a line, bool `(customers,)`."""
        return self.customers_with_bit(Bit.HAD)

    def customers_with_bit(self, bit: int) -> Bools:
        """Customers with a line that has the bit, bool `(customers,)`."""
        return has(self.customer_bits, bit)

    def lines_with_bit(self, bit: int) -> Bools:
        """Lines that have the bit, bool `(lines,)`."""
        return has(self.line_bits, bit)

    def customers_of(self, subscriptions: Bools) -> Bools:
        """The customers of these subscriptions, bool `(customers,)`."""
        return reached(
            self.portfolio.subscriptions.customer[subscriptions],
            len(self.portfolio.customers),
        )

    def customers_with(self, lines: Bools) -> Bools:
        """The customers of these lines, bool `(customers,)`."""
        return reached(self.line_customer[lines], len(self.portfolio.customers))

    def subscriptions_of(self, lines: Bools) -> Bools:
        """The subscriptions of these lines, bool `(subscriptions,)`."""
        return reached(
            self.portfolio.lines.subscription[lines], len(self.portfolio.subscriptions)
        )


def selection_of(
    portfolio: Portfolio,
    /,
    *,
    product: Product | None,
    region: str | None,
    exclude: Exclusions,
    policy: KpiPolicy,
    term: str | None = None,
) -> Selection:
    """The selection of one call.

    Raises:
        RegionRequired: Data lie in several regions and none was chosen.
        NotFound: The region is not known and holds no data.
        InvalidValue: Tags are excluded, and nobody has said whose they are.
    """
    exclude.check()
    choice = choose(region, regions_of(portfolio.customers.region))
    return Selection(
        portfolio=portfolio,
        policy=policy,
        product=product,
        region=choice.region,
        regions=choice.regions,
        term=term,
        exclude=exclude,
    )


def of_commitment_term(terms: TextColumn, wanted: str) -> Bools:
    """Subscriptions of a commitment term; "unknown" for those that tell none."""
    if plain(wanted) == UNKNOWN_TERM:
        return is_unknown(terms.codes)
    return terms.where(lambda term: plain(term) == plain(wanted))


def of_products(codes: Array, product: Product | None) -> Bools:
    """Lines of the product, or of any product of the KPIs."""
    found = np.zeros(len(codes), np.bool_)
    for each in KPI_PRODUCTS if product is None else (product,):
        found |= codes == PRODUCTS.index(each)
    return found


def regions_of(column: TextColumn) -> list[Region]:
    """The regions in which any customer lies, each once."""
    codes = column.codes
    if len(codes) and codes.min() == codes.max():  # counting takes 20 times as long
        codes = codes[:1]
    there = np.flatnonzero(np.bincount(codes.astype(np.intp) + 1)) - 1
    return [None if code < 0 else column.labels[code] for code in there.tolist()]


def in_regions(column: TextColumn, choice: RegionChoice) -> Bools:
    """Customers of the regions chosen, bool `(customers,)`."""
    if choice.region == ALL:
        return np.ones(len(column), np.bool_)
    if choice.region is None:
        return is_unknown(column.codes)
    return column.where(lambda region: region == choice.region)
