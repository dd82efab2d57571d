"""What of a filter a database can answer, and the query that answers it.

The tables keep texts as they were told, and no engine of SQL folds them as
`partnerhub.domain.filters.folded` does. So terms on free texts are left out of what
is pushed, in the direction that can only let in more customers: the query finds all
that match, and where `PushDown.exact` is false some that do not, for
`partnerhub.columns.filters` to finish over what was found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final, assert_never

import attrs
import sqlalchemy as sa

from partnerhub.adapters.sql.filters.rows import Customers
from partnerhub.adapters.sql.filters.tables import Tables
from partnerhub.adapters.sql.schema import Schema
from partnerhub.columns.datasets import LICENSES
from partnerhub.domain.days import as_day
from partnerhub.domain.filters import (
    EVERYTHING,
    And,
    Filter,
    Not,
    OneSubscription,
    Or,
    Term,
    all_of,
    any_of,
    holds,
)
from partnerhub.domain.policies import DEFAULT_STATUS_POLICY, StatusPolicy

PUSHED: Final = frozenset(
    {
        "status",
        "subscription_status",
        "trial_status",
        "managed_by",
        "product",
        "type",
        "term",
        "region",
        "id",
        "ends",
        "renews",
        "total",
        "assigned",
        "used",
        "last_sign_in",
        "email",
    }
)
"""The fields that the tables can answer for."""

_NOTHING: Final = Not(EVERYTHING)


@attrs.frozen(kw_only=True, eq=False)
class PushDown:
    """What of a filter a database answers.

    Attributes:
        query: The uuids of the customers that may match.
        pushed: The filter that the query answers.
        exact: It is the whole filter; else some that are found do not match.
    """

    query: sa.Select[tuple[str]]
    pushed: Filter
    exact: bool


def push_down(
    node: Filter,
    schema: Schema,
    /,
    *,
    at: dt.date,
    licenses: Iterable[str],
    policy: StatusPolicy = DEFAULT_STATUS_POLICY,
) -> PushDown:
    """A filter as a query over the tables of a store, as known on a day.

    Args:
        node: The filter.
        schema: The tables.
        at: The day; a date-time becomes its UTC date.
        licenses: The license names of the store, as `license_names` asks for them.
        policy: The day counts of the statuses.

    Examples:
        >>> from partnerhub.domain.query_text import parse_filter
        >>> found = push_down(
        ...     parse_filter("region:US (-acme OR -type:trial)"),
        ...     Schema.prefixed(),
        ...     at=dt.date(2026, 11, 22),
        ...     licenses=[],
        ... )
        >>> str(found.pushed), found.exact
        ('region:US', False)
    """
    pushed = relaxed(node)
    customers = Customers(Tables(schema, as_day(at), licenses, policy))
    clause = holds(pushed, customers)
    query = sa.select(customers.table.c.id).select_from(customers.source)
    return PushDown(query=query.where(clause), pushed=pushed, exact=pushed == node)


def license_names(schema: Schema, /) -> sa.Select[tuple[str]]:
    """The query for the license names of a store."""
    return sa.select(schema.things[LICENSES.name].c.identity).distinct()


def relaxed(node: Filter, /) -> Filter:
    """The strictest filter of pushed fields that holds wherever `node` does.

    Examples:
        >>> from partnerhub.domain.query_text import parse_filter
        >>> str(relaxed(parse_filter("acme -(type:trial tag:vip)")))
        ''
        >>> str(relaxed(parse_filter("acme -(type:trial OR tag:vip)")))
        '-type:trial'
    """
    return _bound(node, instead=EVERYTHING)


def _bound(node: Filter, *, instead: Filter) -> Filter:
    """The filter with `instead` for every term that is not pushed.

    Everything makes it hold of more customers, nothing of fewer.
    """
    match node:
        case Term():
            return node if node.field in PUSHED else instead
        case And():
            parts = [_bound(part, instead=instead) for part in node.parts]
            return _NOTHING if _NOTHING in parts else all_of(parts)
        case Or():
            parts = [_bound(part, instead=instead) for part in node.parts]
            chosen = [part for part in parts if part != _NOTHING]
            return EVERYTHING if EVERYTHING in parts else any_of(chosen)
        case Not():
            return ~_bound(node.part, instead=~instead)
        case OneSubscription():
            part = _bound(node.part, instead=instead)
            return _NOTHING if part == _NOTHING else OneSubscription(part)
        case _:
            assert_never(node)
