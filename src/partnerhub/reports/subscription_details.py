"""Subscription Details: one row a subscription or trial, ended ones too (19 columns)."""

from __future__ import annotations

import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.portfolio import PRODUCTS, LineColumns, Portfolio
from partnerhub.columns.table import Table
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.columns.values import Values
from partnerhub.domain.layouts.shared import REGION
from partnerhub.domain.layouts.subscription_details import (
    LICENSE_NAMES,
    LICENSE_TRIPLES,
    SUBSCRIPTION_DETAILS,
)
from partnerhub.domain.products import Product
from partnerhub.domain.source_text import printed_id
from partnerhub.reports.inventories import rows_by_name


def subscription_details(
    portfolio: Portfolio, /, *, product: Product | None = None
) -> Table:
    """The report of the portfolio's day (specification, "Subscription Details").

    The calculation date of a row is the day of its snapshot, so that reading the
    file back tells a store nothing new (design 5.37). What a newer file left out is
    not in it. Rows are ordered by customer, by name and then id. As data it has the
    customer's region too, which is not printed.

    Args:
        portfolio: All customers of one region, or of all.
        product: Only what has, or had, a license of this product.

    Returns:
        The table; without rows where nobody holds anything.
    """
    held, who = portfolio.subscriptions, portfolio.customers
    rows = rows_by_name(who, held.customer)
    rows = rows[~held.gone[rows]]
    if product is not None:
        rows = rows[_has(portfolio.lines, product, len(held))[rows]]
    customer = held.customer[rows]
    values: dict[str, Values] = {
        "calculation_date": held.day[rows],
        "customer_name": TextColumn(customer, who.name),
        "org_id": TextColumn(customer, who.id),
        "region": who.region.take(customer),
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
        columns=(*SUBSCRIPTION_DETAILS.columns, REGION),
        values=values,
        printed=SUBSCRIPTION_DETAILS.keys,
    )


def _has(lines: LineColumns, product: Product, subscriptions: int) -> Bools:
    """Which subscriptions have, or had, a license of a product."""
    found = np.zeros(subscriptions, np.bool_)
    of_product = lines.product == PRODUCTS.index(product)
    found[lines.subscription[of_product & lines.existed]] = True
    return found


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
