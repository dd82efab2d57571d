"""Customers and subscriptions in columns, as filters ask of them."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pendulum

from partnerhub.columns import unknown
from partnerhub.columns.filters.corpus import Corpus
from partnerhub.columns.filters.labels import CustomerLabels, Finder, LabelRows
from partnerhub.columns.owned import OwnedRows
from partnerhub.columns.portfolio import PRODUCTS, Portfolio
from partnerhub.columns.status import StatusFlags, status_flags
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Bools, Codes, Ints
from partnerhub.columns.views import (
    customer_view,
    day_bounds,
    line_view,
    subscription_view,
)
from partnerhub.domain.days import day_number
from partnerhub.domain.filters import TextTest, address_key, folded
from partnerhub.domain.policies import StatusPolicy
from partnerhub.domain.rules import DayBounds, Rule, View
from partnerhub.domain.source_text import printed_id


class _Rows(ABC):
    """What customers and subscriptions have in common."""

    def __init__(self, portfolio: Portfolio, d: DayBounds, size: int) -> None:
        self.at: pendulum.Date = portfolio.at
        self.d = d
        self._size = size
        self._portfolio = portfolio
        self._counts: dict[str, Ints] = {}
        self._shares: dict[str, tuple[Ints, Ints]] = {}

    def native(self, day: dt.date, /) -> int:
        return day_number(day)

    def everything(self) -> Bools:
        return np.ones(self._size, np.bool_)

    def count(self, field: str, /) -> Ints:
        if field not in self._counts:
            column = self._line_counts(field)
            known = self._active_lines & ~unknown.is_unknown(column)
            self._counts[field] = self._summed(column, known)
            with_any = reached(self._line_owner[known], self._size)
            self._counts[field][~with_any] = unknown.COUNT
        return self._counts[field]

    def share(self, field: str, /) -> tuple[Ints, Ints]:
        if field not in self._shares:
            part, whole = self._line_counts(field), self._portfolio.lines.total
            known = ~unknown.is_unknown(part) & ~unknown.is_unknown(whole)
            known &= self._active_lines
            self._shares[field] = self._summed(part, known), self._summed(whole, known)
        return self._shares[field]

    def _line_counts(self, field: str) -> Ints:
        lines = self._portfolio.lines
        match field:
            case "total":
                return lines.total
            case "assigned":
                return lines.assigned
            case _:  # "used"
                ever = unknown.is_unknown(lines.used_7d)
                return np.where(ever, lines.used_ever, lines.used_7d)

    def _summed(self, column: Ints, chosen: Bools) -> Ints:
        """The sum over the chosen lines of each row, int64 `(n,)`."""
        return self._owned_lines.sums(column * chosen)

    @property
    @abstractmethod
    def _owned_lines(self) -> OwnedRows:
        """Which license lines belong to each row."""

    @property
    @abstractmethod
    def _line_owner(self) -> Codes:
        """The row that each license line belongs to, int32 `(lines,)`."""

    @property
    @abstractmethod
    def _active_lines(self) -> Bools:
        """Which license lines are active, bool `(lines,)`."""


class _Subscriptions(_Rows):
    """The rows of `partnerhub.domain.filters.SubscriptionRows`."""

    def __init__(self, portfolio: Portfolio, d: DayBounds) -> None:
        super().__init__(portfolio, d, len(portfolio.subscriptions))
        self._line_rules: dict[Rule, Bools] = {}

    @cached_property
    def view(self) -> View:
        return subscription_view(self._portfolio.subscriptions, self.d)

    @cached_property
    def lines(self) -> View:
        """The view of the license lines."""
        return line_view(self._portfolio.lines, self.view)

    def any_line(self, rule: Rule, /) -> Bools:
        if rule not in self._line_rules:
            found = rule(self.lines, self.d)
            self._line_rules[rule] = reached(self._line_owner[found], self._size)
        return self._line_rules[rule]

    def text(self, field: str, test: TextTest, /) -> Bools:
        held = self._portfolio.subscriptions
        match field:
            case "product":
                return self._ordered(test)
            case "term":
                return _where(held.commitment_term, test)
            case _:  # "subscription" and "text"
                return self._ids.where(test)

    @cached_property
    def _ids(self) -> Corpus:
        return Corpus([printed_id(i) for i in self._portfolio.subscriptions.id])

    def _ordered(self, test: TextTest) -> Bools:
        """Which have ordered a product that passes."""
        wanted = sum(
            1 << code for code, product in enumerate(PRODUCTS) if test(product)
        )
        found: Bools = (self._products & wanted) != 0
        return found

    @cached_property
    def _products(self) -> Array:
        """The products that each has or had a license of, a bit each."""
        lines = self._portfolio.lines
        bit = (1 << np.arange(len(PRODUCTS))).astype(np.uint16)
        bits = lines.existed * bit[lines.product]
        return self._owned_lines.any_bits(bits)

    @property
    def _line_owner(self) -> Codes:
        return self._portfolio.lines.subscription

    @property
    def _owned_lines(self) -> OwnedRows:
        return self._portfolio.lines_of_subscriptions

    @property
    def _active_lines(self) -> Bools:
        active: Bools = self.lines.active
        return active


class Customers(_Rows):
    """The rows of `partnerhub.domain.filters.CustomerRows`."""

    def __init__(
        self,
        portfolio: Portfolio,
        labels: CustomerLabels,
        policy: StatusPolicy,
        finders: Mapping[str, Finder],
    ) -> None:
        d = day_bounds(portfolio.at, policy=policy)
        super().__init__(portfolio, d, len(portfolio.customers))
        self._policy = policy
        self._subscriptions = _Subscriptions(portfolio, d)
        ids = portfolio.customers.id
        self._labels: dict[str, Finder] = {
            "tag": LabelRows(labels.tag, ids, key=folded).where,
            "email": LabelRows(labels.email, ids, key=address_key).where,
            "admin": LabelRows(labels.admin, ids, key=address_key).where,
            **finders,
        }

    @cached_property
    def view(self) -> View:
        """What rules of customers are applied to."""
        return customer_view(self._portfolio.customers)

    @cached_property
    def _statuses(self) -> StatusFlags:
        return status_flags(self._portfolio, policy=self._policy)

    def statuses(self) -> StatusFlags:
        """The values of `CustomerStatus`, uint8 `(customers,)`."""
        return self._statuses

    def any_subscription(self, test: Callable[[_Subscriptions], Any], /) -> Bools:
        """Customers with a subscription of which the test holds."""
        held: Bools = test(self._subscriptions)
        customer = self._portfolio.subscriptions.customer
        # Following the rows is faster while they are few, one pass over all once many.
        if 2 * np.count_nonzero(held) <= len(held):
            return reached(customer[np.flatnonzero(held)], self._size)
        owned = self._portfolio.owned_subscriptions
        return owned.any_bits(held.view(np.uint8)).view(np.bool_)

    def text(self, field: str, test: TextTest, /) -> Bools:
        """Customers of which any of the field's texts passes."""
        who = self._portfolio.customers
        match field:
            case "text":
                held = self.any_subscription(lambda each: each.text("text", test))
                return self.text("name", test) | self.text("id", test) | held
            case "name":
                return self._names.where(test)
            case "id":
                return self._ids.where(test)
            case "managed_by":
                return _where(who.managed_by, test)
            case "region":
                return _where(who.region, test)
            case "industry":
                return _where(who.industry, test)
            case _:  # "tag", "email" and "admin"
                return self._labels[field](test)

    @cached_property
    def _names(self) -> Corpus:
        return Corpus([name or "" for name in self._portfolio.customers.name])

    @cached_property
    def _ids(self) -> Corpus:
        return Corpus(self._portfolio.customers.id.tolist())

    @property
    def _line_owner(self) -> Codes:
        return self._portfolio.line_customer

    @property
    def _owned_lines(self) -> OwnedRows:
        return self._portfolio.owned_lines

    @property
    def _active_lines(self) -> Bools:
        active: Bools = self._subscriptions.lines.active
        return active


def reached(rows: Array, size: int) -> Bools:
    """Where any of `rows` leads, bool `(size,)`."""
    found = np.zeros(size, np.bool_)
    found[rows] = True
    return found


def _where(column: TextColumn, test: TextTest) -> Bools:
    """Rows whose text passes, asked once a distinct text: bool `(n,)`."""
    if test.wanted is None:
        known: Bools = column.codes >= 0
        return known
    found = np.zeros(len(column), np.bool_)
    for code, text in enumerate(column.labels):
        if test(text):
            found |= column.codes == code
    return found
