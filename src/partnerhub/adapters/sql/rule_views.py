"""Row views over SQL tables: the rules of `partnerhub.domain.rules` as clauses.

Day columns are INTEGER days since 1970-01-01, flags INTEGER 0 and 1, NULL where not
known. A rule applied to a view is a SQLAlchemy clause, to be put into `where()`::

    s = subscription_view(table, day_bounds(at))
    select(table.c.id).where(rules.nearing_expiration(s, day_bounds(at)))
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from partnerhub.domain import rules
from partnerhub.domain.days import day_number
from partnerhub.domain.policies import (
    DEFAULT_KPI_POLICY,
    DEFAULT_STATUS_POLICY,
    KpiPolicy,
    StatusPolicy,
)


def day_bounds(
    at: dt.date,
    *,
    policy: StatusPolicy = DEFAULT_STATUS_POLICY,
    kpi_policy: KpiPolicy = DEFAULT_KPI_POLICY,
) -> rules.DayBounds:
    """The bounds of one day as days since 1970-01-01.

    Examples:
        >>> day_bounds(dt.date(1970, 1, 11)).today
        10
    """
    return rules.day_bounds(at, policy=policy, kpi_policy=kpi_policy, native=day_number)


def subscription_view(table: sa.FromClause, d: rules.DayBounds) -> rules.View:
    """The view of a table of subscriptions, with `ended` and `active`."""
    return rules.with_state(_view(table, rules.SUBSCRIPTION_READS), d)


def line_view(table: sa.FromClause, subscriptions: rules.View) -> rules.View:
    """The view of a table of license lines, with `active`.

    Args:
        table: The lines.
        subscriptions: The view of the subscriptions that the query joins them with.
    """
    return rules.with_line_state(_view(table, rules.LINE_READS), subscriptions.active)


def customer_view(table: sa.FromClause) -> rules.View:
    """The view of a table of customers."""
    return _view(table, rules.CUSTOMER_READS)


def _view(table: sa.FromClause, reads: Mapping[str, Any]) -> SimpleNamespace:
    """What each column reads as; a column that the table lacks is not in the view."""
    return SimpleNamespace(
        **{
            name: _read(table.c[name], fill)
            for name, fill in reads.items()
            if name in table.c
        }
    )


def _read(column: sa.ColumnElement[Any], fill: object) -> sa.ColumnElement[Any]:
    match fill:
        case bool():  # a comparison, since PostgreSQL takes no integer for a truth
            return sa.func.coalesce(column, int(fill)) != 0
        case dt.date():
            return sa.func.coalesce(column, day_number(fill))
        case _:
            return sa.func.coalesce(column, fill)
