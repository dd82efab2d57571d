"""The rows behind a number, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.table import Table
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.columns.values import Values
from partnerhub.domain.layouts import REGION, CellType, Column
from partnerhub.domain.source_text import TRIAL_ID, printed_id
from partnerhub.kpis.passing import Bit
from partnerhub.kpis.peers import Assignment
from partnerhub.kpis.selection import Selection


def described(
    key: str, heading: str, french: str, cell: CellType = CellType.TEXT, blank: str = ""
) -> Column:
    """A column of the tables behind KPIs."""
    return Column(key=key, heading=heading, french=french, cell=cell, blank=blank)


_NOT_KNOWN: Final = "It is not known."

CUSTOMER: Final = (
    described("customer", "Customer", "Client"),
    described("customer_id", "Org ID", "ID de l'organisation", CellType.ID),
    REGION,
)
SUBSCRIPTION: Final = (
    described("subscription", "Subscription ID", "ID de l'abonnement"),
    described("subscription_id", "Real subscription ID", "ID réel de l'abonnement"),
)
LICENSE: Final = described("license", "License", "Licence")
DAYS: Final = described(
    "days",
    "Days left",
    "Jours restants",
    CellType.COUNT,
    "The end or renewal date is not known, or has passed.",
)
STATE: Final = (
    described(
        "ends_on",
        "Expiration/Renewal date",
        "Date d'expiration/de renouvellement",
        CellType.DAY,
        _NOT_KNOWN,
    ),
    DAYS,
    described(
        "auto_renews",
        "Auto-renew?",
        "Renouvellement automatique ?",
        CellType.FLAG,
        _NOT_KNOWN,
    ),
)
LICENSES: Final = (
    described(
        "total", "Total licenses", "Total des licences", CellType.COUNT, _NOT_KNOWN
    ),
    described(
        "assigned",
        "Assigned licenses",
        "Licences attribuées",
        CellType.COUNT,
        _NOT_KNOWN,
    ),
)
OVERAGE: Final = described(
    "overage", "Overage licenses", "Licences en dépassement", CellType.COUNT
)
RATE: Final = described(
    "customer_assignment_ratio",
    "Customer's license assignment",
    "Attribution de licences du client",
    CellType.RATIO,
)
CUT: Final = described(
    "peer_cut_ratio",
    "Cut of its peers",
    "Seuil de ses pairs",
    CellType.RATIO,
)
SEEN: Final = described("day", "Last seen", "Vu le", CellType.DAY, _NOT_KNOWN)


def customer_table(selection: Selection, title: str, customers: Bools) -> Table:
    """One row a customer."""
    rows = np.flatnonzero(customers)
    return Table(title=title, columns=CUSTOMER, values=_customer_cells(selection, rows))


def subscription_table(
    selection: Selection, title: str, *, subscriptions: Bools
) -> Table:
    """One row a subscription or trial, the one that ends first at the top.

    Its licenses are those of the products at hand.
    """
    rows = np.flatnonzero(subscriptions)
    return _table(selection, title, rows, (*STATE, *LICENSES)).sort_by(DAYS.key)


def bit_table(selection: Selection, title: str, *, bit: int) -> Table:
    """One row a subscription or trial with a line that has the `Bit`."""
    lines = selection.lines_with_bit(bit)
    return subscription_table(
        selection, title, subscriptions=selection.subscriptions_of(lines)
    )


def held_table(selection: Selection, title: str, *, customers: Bools) -> Table:
    """One row an active subscription or trial of these customers."""
    lines = selection.lines_with_bit(Bit.ACTIVE) & customers[selection.line_customer]
    return subscription_table(
        selection, title, subscriptions=selection.subscriptions_of(lines)
    )


def managed_table(selection: Selection, title: str) -> Table:
    """One row a subscription or trial, past or present, of a license of the products.

    Ended and gone ones stand here too: their customers are still managed.
    """
    return subscription_table(
        selection, title, subscriptions=selection.subscriptions_of(selection.had)
    )


def stale_table(selection: Selection, title: str, *, subscriptions: Bools) -> Table:
    """One row a subscription or trial, the one seen longest ago at the top."""
    rows = np.flatnonzero(subscriptions)
    day = selection.portfolio.subscriptions.day[rows]
    return _table(
        selection, title, rows, (SEEN, *LICENSES), own={SEEN.key: day}
    ).sort_by(SEEN.key)


def low_assignment_table(
    selection: Selection, title: str, *, found: Assignment
) -> Table:
    """One row an active subscription or trial of a customer that assigns few licenses.

    The customer with the lowest rate stands at the top.
    """
    held = selection.subscriptions_of(selection.lines_with_bit(Bit.ACTIVE))
    held &= found.low[selection.portfolio.subscriptions.customer]
    rows = np.flatnonzero(held)
    customer = selection.portfolio.subscriptions.customer[rows]
    own = {RATE.key: found.rate[customer], CUT.key: found.cut[customer]}
    return _table(
        selection, title, rows, (RATE, CUT, *STATE, *LICENSES), own=own
    ).sort_by(RATE.key)


def line_table(selection: Selection, title: str, *, lines: Bools) -> Table:
    """One row a license line."""
    rows = np.flatnonzero(lines)
    return _table(
        selection,
        title,
        selection.portfolio.lines.subscription[rows],
        (LICENSE, *STATE, *LICENSES),
        own=_line_cells(selection, rows),
    )


def overage_table(selection: Selection, title: str) -> Table:
    """One row a license line over its limit, the farthest over it first."""
    rows = np.flatnonzero(selection.lines_with_bit(Bit.OVER))
    columns = selection.portfolio.lines
    overage = columns.assigned[rows] - columns.total[rows]
    return _table(
        selection,
        title,
        columns.subscription[rows],
        (LICENSE, *STATE, *LICENSES, OVERAGE),
        own=_line_cells(selection, rows) | {OVERAGE.key: overage},
    ).sort_by(OVERAGE.key, descending=True)


def _table(
    selection: Selection,
    title: str,
    rows: Array,
    columns: tuple[Column, ...],
    *,
    own: Mapping[str, Values] = MappingProxyType({}),
) -> Table:
    """Rows of subscriptions: who and which, then `columns`.

    Printed, a trial has the literal of the specification in place of its id.

    Args:
        selection: The selection.
        title: What the table shows.
        rows: Rows of the subscriptions.
        columns: What stands after customer and subscription.
        own: Column key -> values that are not those of the subscription.
    """
    cells = {**subscription_cells(selection, rows), **own}
    for name in ("total", "assigned"):
        if name not in own:
            column = getattr(selection.portfolio.lines, name)
            cells[name] = _sum_of_lines(selection, column)[rows]
    every = (*CUSTOMER, *SUBSCRIPTION, *columns)
    return Table(
        title=title,
        columns=every,
        values={column.key: cells[column.key] for column in every},
        printed=tuple(c.key for c in every if c.key != "subscription_id"),
    )


def _customer_cells(selection: Selection, rows: Array) -> dict[str, Values]:
    columns = selection.portfolio.customers
    uuid, name = columns.id[rows], columns.name[rows]
    return {
        "customer": np.where(name == "", uuid, name),
        "customer_id": uuid,
        "region": columns.region.take(rows),
    }


def subscription_cells(selection: Selection, rows: Array) -> dict[str, Values]:
    """Who holds these subscriptions, which they are, and their state."""
    columns = selection.portfolio.subscriptions
    left = (columns.ends_on[rows] - np.datetime64(selection.portfolio.at)).astype(
        np.int64
    )
    no_day = np.isnat(columns.ends_on[rows]) | (left < 0)
    is_trial, real = columns.is_trial[rows] == 1, columns.id[rows]
    real[is_trial] = [printed_id(identity) for identity in real[is_trial]]
    return _customer_cells(selection, columns.customer[rows]) | {
        "subscription": np.where(is_trial, TRIAL_ID, real),
        "subscription_id": real,
        "ends_on": columns.ends_on[rows],
        "days": np.where(no_day, unknown.COUNT, left),
        "auto_renews": columns.auto_renews[rows],
    }


def _line_cells(selection: Selection, rows: Array) -> dict[str, Values]:
    columns = selection.portfolio.lines
    return {
        LICENSE.key: columns.license.take(rows),
        "total": columns.total[rows],
        "assigned": columns.assigned[rows],
    }


def _sum_of_lines(selection: Selection, column: Ints) -> Ints:
    """What is known of a number of each subscription's lines; -1 where nothing is."""
    size = len(selection.portfolio.subscriptions)
    rows = np.flatnonzero(selection.held & ~unknown.is_unknown(column))
    subscription = selection.portfolio.lines.subscription[rows]
    found = np.bincount(subscription, column[rows], size).astype(np.int64)
    is_known = np.bincount(subscription, minlength=size) > 0
    return np.where(is_known, found, unknown.COUNT)
