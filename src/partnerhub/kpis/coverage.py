"""What a result rests on: which rows, which customers not, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from types import MappingProxyType
from typing import Final

import attrs
import numpy as np
import pendulum

from partnerhub.columns.unknown import Array, Bools, is_unknown
from partnerhub.domain.days import as_day
from partnerhub.domain.products import KPI_PRODUCTS, Product
from partnerhub.domain.regions import label
from partnerhub.kpis.results import Count, count_of
from partnerhub.kpis.selection import Region, Selection
from partnerhub.kpis.tables import (
    line_table,
    managed_table,
    stale_table,
    subscription_table,
)

_SUBSCRIPTION_INPUTS: Final = (
    "starts_on",
    "ends_on",
    "auto_renews",
    "paid",
    "provisioned",
    "added_on",
)
_LINE_INPUTS: Final = ("total", "assigned", "used_7d", "used_3m", "used_ever")
_CUSTOMER_INPUTS: Final = ("last_admin_sign_in", "has_admins")


@attrs.frozen(kw_only=True)
class LeftOut:
    """Customers that a result does not count, or not with all they hold.

    Attributes:
        reason: Why, for people.
        customers: How many and who; its rows are what does not count.
    """

    reason: str
    customers: Count


@attrs.frozen(kw_only=True, eq=False)
class Coverage:
    """What a result rests on. Its parts are worked out when they are first read."""

    _selection: Selection = attrs.field(alias="selection", repr=False)

    @property
    def at(self) -> pendulum.Date:
        """The day asked for."""
        return self._selection.portfolio.at

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions that hold data, of those asked for."""
        return self._selection.regions

    @property
    def products(self) -> tuple[Product, ...]:
        """The products at hand."""
        product = self._selection.product
        return KPI_PRODUCTS if product is None else (product,)

    @cached_property
    def customers(self) -> Count:
        """The customers counted: they have or had a license of the products."""
        selection = self._selection
        return count_of(selection, "Customers", selection.counted, rows=managed_table)

    @cached_property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Customers of the regions that do not count, or not with all, by reason."""
        selection = self._selection
        excluded = selection.customers_with(selection.excluded)
        never = selection.inside & ~selection.counted & ~excluded
        products = " or ".join(product.value.capitalize() for product in self.products)
        found = (
            self._never_held(f"never had a {products} license{self._of_term}", never),
            self._excluded("excluded by policy", excluded & ~selection.counted),
            self._excluded(
                "counted without licenses that policy excludes",
                excluded & selection.counted,
            ),
        )
        return tuple(left_out for left_out in found if left_out.customers)

    @cached_property
    def oldest(self) -> pendulum.Date | None:
        """The day of the oldest row; None when no row has one."""
        return None if not len(self._days) else as_day(self._days.min().item())

    @cached_property
    def newest(self) -> pendulum.Date | None:
        """The day of the newest row; None when no row has one."""
        return None if not len(self._days) else as_day(self._days.max().item())

    @cached_property
    def stale(self) -> Count:
        """Customers with rows that are older than `KpiPolicy.stale_after` days."""
        selection = self._selection
        age = (
            np.datetime64(selection.portfolio.at)
            - selection.portfolio.subscriptions.day
        )
        old = self._rows & (age > np.timedelta64(selection.policy.stale_after, "D"))
        return count_of(
            selection,
            "Old rows",
            selection.customers_of(old),
            rows=partial(stale_table, subscriptions=old),
        )

    @cached_property
    def known(self) -> Mapping[str, int]:
        """Input -> for how many of the customers counted it is known.

        An input of subscriptions or lines is known for a customer when every row
        that it still has tells it.
        """
        selection = self._selection
        held, lines = selection.portfolio.subscriptions, selection.portfolio.lines
        owner, of_line = held.customer[self._rows], lines.subscription[selection.held]
        line_owner = held.customer[of_line]
        found: dict[str, int] = {}
        for name in _CUSTOMER_INPUTS:
            missing = is_unknown(getattr(selection.portfolio.customers, name))
            found[name] = int(np.count_nonzero(selection.counted & ~missing))
        for name in _SUBSCRIPTION_INPUTS:
            missing = is_unknown(getattr(held, name)[self._rows])
            found[name] = self._known_for(owner, missing)
        for name in _LINE_INPUTS:
            missing = is_unknown(getattr(lines, name)[selection.held])
            found[name] = self._known_for(line_owner, missing)
        return MappingProxyType(found)

    @property
    def notes(self) -> tuple[str, ...]:
        """The same in words, for people."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        regions = ", ".join(map(label, self.regions)) or "no region"
        yield f"as of {self.at}; {_customers(self.customers)} of {regions}"
        if self.newest is not None:
            yield f"rows seen from {self.oldest} to {self.newest}"
        elif not self.customers and not self.left_out:
            yield "no row is known at or before that day"
        for left_out in self.left_out:
            yield f"{_customers(left_out.customers)} {left_out.reason}"
        if self.stale:
            days = self._selection.policy.stale_after
            yield f"{_customers(self.stale)} with rows older than {days} days"

    @property
    def _of_term(self) -> str:
        term = self._selection.term
        return "" if term is None else f" with the commitment term {term}"

    @cached_property
    def _rows(self) -> Bools:
        """Subscriptions of the selection that are still there."""
        selection = self._selection
        return selection.holding & ~selection.portfolio.subscriptions.gone

    @cached_property
    def _days(self) -> Array:
        days = self._selection.portfolio.subscriptions.day[self._rows]
        known: Array = days[~np.isnat(days)]
        return known

    def _known_for(self, customer: Array, missing: Bools) -> int:
        with_rows = np.zeros(len(self._selection.inside), np.bool_)
        with_rows[customer] = True
        with_rows[customer[missing]] = False
        return int(np.count_nonzero(with_rows))

    def _never_held(self, reason: str, customers: Bools) -> LeftOut:
        selection = self._selection
        held = customers[selection.portfolio.subscriptions.customer]
        rows = partial(subscription_table, subscriptions=held)
        return LeftOut(
            reason=reason, customers=count_of(selection, reason, customers, rows=rows)
        )

    def _excluded(self, reason: str, customers: Bools) -> LeftOut:
        selection = self._selection
        lines = selection.excluded & customers[selection.line_customer]
        rows = partial(line_table, lines=lines)
        return LeftOut(
            reason=reason, customers=count_of(selection, reason, customers, rows=rows)
        )


def _customers(number: int) -> str:
    return "1 customer" if number == 1 else f"{number:,} customers"
