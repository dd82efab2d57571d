"""Subscription Details: one row a subscription or trial, ended ones too (19 columns)."""

from __future__ import annotations

import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.portfolio import LineColumns, Portfolio
from partnerhub.columns.table import Table
from partnerhub.columns.unknown import Array, Ints
from partnerhub.columns.values import Values
from partnerhub.domain.layouts.subscription_details import (
    LICENSE_NAMES,
    LICENSE_TRIPLES,
    SUBSCRIPTION_DETAILS,
)
from partnerhub.domain.source_text import printed_id


def subscription_details(portfolio: Portfolio, /) -> Table:
    """The report of the portfolio's day (specification, "Subscription Details").

    The calculation date of a row is the day of its snapshot, so that reading the
    file back tells a store nothing new (design 5.37). What a newer file left out is
    not in it. Rows are ordered by customer, by name and then id.

    Args:
        portfolio: All customers of one region, or of all.

    Returns:
        The table; without rows where nobody holds anything.
    """
    held, who = portfolio.subscriptions, portfolio.customers
    here = np.flatnonzero(~held.gone)
    names = who.name[held.customer[here]]
    order = np.lexsort((here, names.astype(str)))
    rows = here[order]
    customer = held.customer[rows]
    values: dict[str, Values] = {
        "calculation_date": held.day[rows],
        "customer_name": who.name[customer],
        "org_id": who.id[customer],
        "status": held.source_status.take(rows),
        "subscription_id": _printed_ids(held.id[rows]),
        "subscription_type": held.type.take(rows),
        "users_total": held.users_total[rows],
        "users_verified": held.users_verified[rows],
        "auto_renew": held.auto_renews[rows],
        "expiration_or_renewal_date": held.ends_on[rows],
    }
    for name, (total, assigned, used) in zip(
        LICENSE_NAMES, LICENSE_TRIPLES, strict=True
    ):
        line = _line_of(portfolio.lines, name, len(held))[rows]
        values[total] = _counts(portfolio.lines.total, line)
        values[assigned] = _counts(portfolio.lines.assigned, line)
        values[used] = _counts(portfolio.lines.used_ever, line)
    return Table(
        title=SUBSCRIPTION_DETAILS.name,
        columns=SUBSCRIPTION_DETAILS.columns,
        values=values,
    )


def _printed_ids(identities: Array) -> Array:
    printed = np.empty(len(identities), dtype=object)
    printed[:] = [printed_id(identity) for identity in identities]
    return printed


def _line_of(lines: LineColumns, license_name: str, subscriptions: int) -> Ints:
    """Row of each subscription's line of a license; -1 where it has none."""
    named = lines.license.where(lambda name: name == license_name)
    rows = np.flatnonzero(named & ~lines.gone)
    found = np.full(subscriptions, -1, np.int64)
    found[lines.subscription[rows]] = rows
    return found


def _counts(column: Ints, line: Ints) -> Ints:
    if not len(column):
        return np.full(len(line), unknown.COUNT, np.int64)
    return np.where(line >= 0, column[line], unknown.COUNT)
