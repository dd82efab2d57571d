"""What a store held on a day, as tables to ask filters of."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import pendulum
import sqlalchemy as sa

from partnerhub.adapters.sql import rule_views
from partnerhub.adapters.sql.schema import Schema
from partnerhub.columns.datasets import CUSTOMERS, LICENSES, SUBSCRIPTIONS, Dataset
from partnerhub.domain.filters import TextTest
from partnerhub.domain.policies import StatusPolicy
from partnerhub.domain.products import Product, product_of
from partnerhub.domain.rules import Rule, View
from partnerhub.domain.status import LINE_STATUS, SUBSCRIPTION_STATUS

Clause = sa.ColumnElement[bool]


class Tables:
    """What the store held on a day, as common table expressions."""

    def __init__(
        self,
        schema: Schema,
        at: pendulum.Date,
        licenses: Iterable[str],
        policy: StatusPolicy,
    ) -> None:
        self.at = at
        self.d = rule_views.day_bounds(at, policy=policy)
        self._schema = schema
        self._licenses = tuple(licenses)

    @cached_property
    def customers(self) -> sa.CTE:
        """Organizations known by the day, with what is known of them."""
        who, facts = self._schema.organization, self._held(CUSTOMERS).subquery()
        return (
            sa.select(
                who.c.key,
                who.c.id,
                who.c.region,
                *(facts.c[name] for name in CUSTOMERS.field_names),
            )
            .join_from(who, facts, facts.c.organization == who.c.key, isouter=True)
            .where(who.c.known_since <= self.d.today)
            .cte("customers")
        )

    @cached_property
    def subscriptions(self) -> sa.CTE:
        """Subscriptions, as rules read them."""
        held = self._held(SUBSCRIPTIONS).subquery()
        calling = self.with_product(TextTest((Product.CALLING,), exact=True))
        has_calling = sa.case((held.c.key.in_(calling), 1), else_=0)
        query = sa.select(held, has_calling.label("has_calling"))
        return query.cte("subscriptions")

    @cached_property
    def lines(self) -> sa.CTE:
        """License lines; each is as gone as its subscription."""
        return self._held(LICENSES).cte("lines")

    def _held(self, dataset: Dataset) -> sa.Select[Any]:
        """The newest run of each thing that holds on the day, or was gone by then."""
        things = self._schema.things[dataset.name]
        runs = self._schema.histories[dataset.name]
        later, today = runs.alias(), self.d.today
        followed = sa.exists().where(
            later.c.key == runs.c.key,
            later.c.day >= runs.c.until,
            later.c.day <= today,
        )
        # What holds on the day is the newest: to look for later runs of it as well
        # takes five times as long.
        newest = (runs.c.until > today) | ((runs.c.gone == 1) & ~followed)
        gone = sa.case((runs.c.until <= today, 1), else_=0)
        return (
            sa.select(
                things.c.key,
                things.c.organization,
                things.c.parent,
                things.c.identity,
                gone.label("gone"),
                *(runs.c[name] for name in dataset.field_names),
            )
            .join_from(runs, things, things.c.key == runs.c.key)
            .where(runs.c.day <= today, newest)
        )

    def _active_lines(self) -> tuple[sa.FromClause, sa.FromClause, View]:
        """Lines, the subscriptions to join them with, and the view of the lines."""
        lines, held = self.lines.alias(), self.subscriptions.alias()
        line = rule_views.line_view(lines, rule_views.subscription_view(held, self.d))
        return lines, held, line

    def with_line(self, rule: Rule) -> sa.Select[tuple[int]]:
        """The keys of subscriptions with a line of which the rule holds."""
        lines, held, line = self._active_lines()
        query = sa.select(lines.c.parent).join_from(
            lines, held, held.c.key == lines.c.parent
        )
        return query.where(rule(line, self.d))

    def with_product(self, test: TextTest) -> sa.Select[tuple[int]]:
        """The keys of subscriptions that have or had a license of the products."""
        names = [name for name in self._licenses if test(product_of(name))]
        c = self.lines.alias().c
        return sa.select(c.parent).where(c.existed == 1, c.identity.in_(names))

    def with_email(self, test: TextTest) -> sa.Select[tuple[int]]:
        """The keys of customers with one of the addresses."""
        c = self._schema.email.c
        query = sa.select(c.organization)
        return query if test.wanted is None else query.where(c.address.in_(test.wanted))

    def texts(self, test: TextTest) -> sa.Select[tuple[int]]:
        """The keys of the texts, where histories hold keys in their place."""
        c = self._schema.text.c
        return sa.select(c.key).where(c.text.in_(test.wanted or ()))

    def sums(self, owner: str) -> sa.FromClause:
        """The sums over the active lines of each customer, or subscription.

        Args:
            owner: `organization`, or `subscription`.
        """
        lines, held, line = self._active_lines()
        c = lines.c
        key = held.c.organization if owner == "organization" else held.c.key
        counts = {
            "total": c.total,
            "assigned": c.assigned,
            "used": sa.func.coalesce(c.used_7d, c.used_ever),
        }
        columns = [key.label("owner")]
        for name, count in counts.items():
            both = count.is_not(None) & c.total.is_not(None)
            columns += [
                sa.func.sum(count).label(name),
                sa.func.sum(sa.case((both, count))).label(f"{name}_part"),
                sa.func.sum(sa.case((both, c.total))).label(f"{name}_whole"),
            ]
        query = sa.select(*columns).join_from(lines, held, held.c.key == c.parent)
        return query.where(line.active).group_by(key).subquery()

    @cached_property
    def statuses(self) -> sa.FromClause:
        """The OR of the statuses of each customer's subscriptions and lines."""
        held = self.subscriptions.alias()
        view = rule_views.subscription_view(held, self.d)
        holds_of = {
            status: rule(view, self.d) for status, rule in SUBSCRIPTION_STATUS.items()
        } | {
            status: held.c.key.in_(self.with_line(rule))
            for status, rule in LINE_STATUS.items()
        }
        bits: sa.ColumnElement[int] = sa.literal(0)
        for status, clause in holds_of.items():
            bits += sa.func.max(sa.case((clause, status.value), else_=0))
        owner = held.c.organization
        query = sa.select(owner.label("owner"), bits.label("bits"))
        return query.group_by(owner).subquery()
