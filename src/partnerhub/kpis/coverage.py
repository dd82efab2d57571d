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
from partnerhub.kpis.scope import Region, Scope
from partnerhub.kpis.tables import managed_table, stale_table, subscription_table

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
    """Customers that a result does not count, and why.

    Attributes:
        reason: Why, for people.
        customers: How many, and who.
    """

    reason: str
    customers: Count


@attrs.frozen(kw_only=True, eq=False)
class Coverage:
    """What a result rests on. Its parts are worked out when they are first read."""

    _scope: Scope = attrs.field(repr=False)

    @property
    def at(self) -> pendulum.Date:
        """The day asked for."""
        return self._scope.portfolio.at

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions that hold data, of those asked for."""
        return self._scope.regions

    @property
    def products(self) -> tuple[Product, ...]:
        """The products at hand."""
        product = self._scope.product
        return KPI_PRODUCTS if product is None else (product,)

    @cached_property
    def customers(self) -> Count:
        """The customers counted: they have or had a license of the products."""
        scope = self._scope
        return count_of(scope, "Customers", scope.counted, rows=managed_table)

    @cached_property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Customers of the regions that are not counted, by reason."""
        scope = self._scope
        names = " or ".join(product.value.capitalize() for product in self.products)
        never = scope.inside & ~scope.counted & ~scope.excluded
        reasons = {
            f"never had a {names} license": never,
            "excluded by policy": scope.excluded,
        }
        return tuple(
            LeftOut(reason=reason, customers=self._of_customers(reason, customers))
            for reason, customers in reasons.items()
            if customers.any()
        )

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
        scope = self._scope
        age = scope.d.today - scope.portfolio.subscriptions.day
        old = self._rows & (age > np.timedelta64(scope.policy.stale_after, "D"))
        return count_of(
            scope,
            "Old rows",
            scope.customers_of(old),
            rows=partial(stale_table, subscriptions=old),
        )

    @cached_property
    def known(self) -> Mapping[str, int]:
        """Input -> for how many of the customers counted it is known.

        An input of subscriptions or lines is known for a customer when every row
        that it still has tells it.
        """
        scope = self._scope
        held, lines = scope.portfolio.subscriptions, scope.portfolio.lines
        owner, of_line = held.customer[self._rows], lines.subscription[scope.held]
        line_owner = held.customer[of_line]
        found: dict[str, int] = {}
        for name in _CUSTOMER_INPUTS:
            missing = is_unknown(getattr(scope.portfolio.customers, name))
            found[name] = int(np.count_nonzero(scope.counted & ~missing))
        for name in _SUBSCRIPTION_INPUTS:
            missing = is_unknown(getattr(held, name)[self._rows])
            found[name] = self._known_for(owner, missing)
        for name in _LINE_INPUTS:
            missing = is_unknown(getattr(lines, name)[scope.held])
            found[name] = self._known_for(line_owner, missing)
        return MappingProxyType(found)

    @property
    def notes(self) -> tuple[str, ...]:
        """The same in words, for people."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        regions = ", ".join(map(label, self.regions)) or "no region"
        yield f"as of {self.at}; {_customers(self.customers)} of {regions}"
        if self.newest is None or self.oldest is None:
            yield "no row is known at or before that day"
        else:
            yield f"rows seen from {self.oldest} to {self.newest}"
        for left_out in self.left_out:
            yield f"{_customers(left_out.customers)} left out: {left_out.reason}"
        if self.stale:
            days = self._scope.policy.stale_after
            yield f"{_customers(self.stale)} with rows older than {days} days"

    @cached_property
    def _rows(self) -> Bools:
        """Subscriptions of the scope that are still there."""
        scope = self._scope
        return scope.holding & ~scope.portfolio.subscriptions.gone

    @cached_property
    def _days(self) -> Array:
        days = self._scope.portfolio.subscriptions.day[self._rows]
        known: Array = days[~np.isnat(days)]
        return known

    def _known_for(self, customer: Array, missing: Bools) -> int:
        with_rows = np.zeros(len(self._scope.inside), np.bool_)
        with_rows[customer] = True
        with_rows[customer[missing]] = False
        return int(np.count_nonzero(with_rows))

    def _of_customers(self, title: str, customers: Bools) -> Count:
        scope = self._scope
        of_them = customers[scope.portfolio.subscriptions.customer]
        return count_of(
            scope,
            title,
            customers,
            rows=partial(subscription_table, subscriptions=of_them),
        )


def _customers(number: int) -> str:
    return "1 customer" if number == 1 else f"{number:,} customers"
