"""Customers and subscriptions in SQL, as filters ask of them."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from partnerhub.adapters.sql import rule_views
from partnerhub.adapters.sql.filters.tables import Tables
from partnerhub.domain.days import day_number
from partnerhub.domain.filters import TextTest
from partnerhub.domain.rules import Rule, View
from partnerhub.domain.status import CUSTOMER_STATUS, settled

Clause = sa.ColumnElement[bool]
Number = sa.ColumnElement[int]


class _Rows(ABC):
    """What customers and subscriptions have in common.

    Attributes:
        table: The rows themselves.
        source: The same, joined with what the clauses made so far ask of.
    """

    def __init__(self, tables: Tables, table: sa.FromClause) -> None:
        self.at = tables.at
        self.d = tables.d
        self.table = table
        self.source = table
        self._tables = tables
        self._sums: sa.FromClause | None = None

    def native(self, day: dt.date, /) -> int:
        return day_number(day)

    def everything(self) -> Clause:
        return sa.literal(1) == 1

    def count(self, field: str, /) -> Number:
        return sa.func.coalesce(self._joined_sums().c[field], -1)

    def share(self, field: str, /) -> tuple[Number, Number]:
        c = self._joined_sums().c
        part, whole = c[f"{field}_part"], c[f"{field}_whole"]
        return sa.func.coalesce(part, 0), sa.func.coalesce(whole, 0)

    def _joined_sums(self) -> sa.FromClause:
        if self._sums is None:
            self._sums = self._tables.sums(self._owner())
            self._join(self._sums)
        return self._sums

    def _join(self, table: sa.FromClause) -> None:
        self.source = self.source.outerjoin(table, table.c.owner == self.table.c.key)

    @abstractmethod
    def _owner(self) -> str:
        """Whose sums of licenses they are: `subscription` or `organization`."""


class _Subscriptions(_Rows):
    """The rows of `partnerhub.domain.filters.SubscriptionRows`."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables, tables.subscriptions.alias())

    @cached_property
    def view(self) -> View:
        return rule_views.subscription_view(self.table, self.d)

    def any_line(self, rule: Rule, /) -> Clause:
        return self.table.c.key.in_(self._tables.with_line(rule))

    def text(self, field: str, test: TextTest, /) -> Clause:
        if field == "product":
            return self.table.c.key.in_(self._tables.with_product(test))
        return _known_in(self.table.c.commitment_term, self._tables.texts(test))

    def _owner(self) -> str:
        return "subscription"


class Customers(_Rows):
    """The rows of `partnerhub.domain.filters.CustomerRows`."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables, tables.customers)
        self._bits: Bits | None = None

    @cached_property
    def view(self) -> View:
        """What rules of customers are applied to."""
        return rule_views.customer_view(self.table)

    def statuses(self) -> Bits:
        """The values of `CustomerStatus`."""
        if self._bits is None:
            self._bits = self._settled()
        return self._bits

    def _settled(self) -> Bits:
        """As `partnerhub.columns.status` does it, in the words of SQL."""
        found = self._tables.statuses
        self._join(found)
        bits: Number = found.c.bits
        for status, rule in CUSTOMER_STATUS.items():
            bits = bits + sa.case((rule(self.view, self.d), status.value), else_=0)
        return Bits(
            settled(
                Bits(sa.func.coalesce(bits, 0)),
                where=lambda holds, then, other: sa.case(
                    (holds, then), else_=other.clause
                ),
            )
        )

    def any_subscription(self, test: Callable[[_Subscriptions], Clause], /) -> Clause:
        """Customers with a subscription of which the test holds."""
        held = _Subscriptions(self._tables)
        clause = test(held)
        found = sa.select(held.table.c.organization).select_from(held.source)
        return self.table.c.key.in_(found.where(clause))

    def text(self, field: str, test: TextTest, /) -> Clause:
        """Customers of which the field's text passes."""
        c = self.table.c
        match field:
            case "managed_by":
                return _known_in(c.managed_by, self._tables.texts(test))
            case "email":
                return c.key.in_(self._tables.with_email(test))
            case _:  # "id" and "region"
                if test.wanted is None:
                    return c[field].is_not(None)
                return _known_in(c[field], test.wanted)

    def _owner(self) -> str:
        return "organization"


class Bits:
    """Integers whose `&` is that of their bits, as `settled` takes them."""

    def __init__(self, clause: Number) -> None:
        self.clause = clause

    def __and__(self, mask: int) -> Number:
        return self.clause.bitwise_and(mask)


def _known_in(
    column: sa.ColumnElement[Any], among: Iterable[str] | sa.Select[tuple[int]]
) -> Clause:
    """Whether the column has one of these values; false where it has none."""
    return column.is_not(None) & column.in_(among)
