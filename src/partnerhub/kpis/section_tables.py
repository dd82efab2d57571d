"""The tables of the five sections, in the specification's column order.

Printed, they are what the page shows. As data they say more: the real id, the
commitment term, the region, and each number of a bar in a column of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.months import whole_months
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.printing import PrintedColumn
from partnerhub.columns.table import Table
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Ints
from partnerhub.columns.values import Values
from partnerhub.domain.layouts import Column
from partnerhub.kpis.lines import Lines, Ratios, shares_of
from partnerhub.kpis.numbers import spare_of
from partnerhub.kpis.section_columns import (
    ADDED_ON,
    ASSIGNED,
    ASSIGNED_RATIO,
    ASSIGNED_SHARE,
    AUTO_RENEWS,
    AVAILABLE,
    BAR,
    BAR_COLUMNS,
    CHANGES,
    COUNT,
    ENDS_ON,
    NO_END,
    OVERAGE,
    TERM,
    TOTAL,
    USED,
    USED_3M,
    USED_BASIS,
    USED_RATIO,
    USED_SHARE,
)
from partnerhub.kpis.tables import (
    CUSTOMER,
    DAYS,
    LICENSE,
    RATE,
    SUBSCRIPTION,
    described,
    subscription_cells,
)
from partnerhub.kpis.weekly import changes


def added_table(lines: Lines, title: str, *, week_ago: Portfolio | None) -> Table:
    """One row a recently added subscription or trial, the newest first."""
    days = described(
        "days_since_added", "Days since added", "Jours depuis l'ajout", COUNT
    )
    held = lines.selection.portfolio.subscriptions
    since = _today(lines) - held.added_on[lines.subscriptions]
    own = {days.key: since.astype(np.int64), **_changes(lines, week_ago)}
    both = [column.key for column in CHANGES.values()]
    printed: list[str | PrintedColumn] = [days.key, TOTAL.key, BAR, *both]
    more = (days, *CHANGES.values())
    return _table(lines, title, own, more, printed).sort_by(days.key)


def expiration_table(lines: Lines, title: str) -> Table:
    """One row a subscription or trial, the one that ends first at the top."""
    return _nearing(lines, title, "Days until expiration", "Jours avant expiration")


def renewal_table(lines: Lines, title: str) -> Table:
    """One row a subscription, the one that renews first at the top."""
    return _nearing(lines, title, "Days until renewal", "Jours avant renouvellement")


def low_table(
    lines: Lines, title: str, *, rate: Array, week_ago: Portfolio | None
) -> Table:
    """One row a subscription or trial of the customer with the lowest rate first.

    Args:
        lines: Active lines of the customers that assign few licenses.
        title: What the table shows.
        rate: The rate of each customer, `(customers,)`.
        week_ago: All customers a week ago.
    """
    months = described(
        "months_since_added",
        "Months since added",
        "Mois depuis l'ajout",
        COUNT,
        "Nobody knows when it was added, or it starts later.",
    )
    held = lines.selection.portfolio.subscriptions
    rows = lines.subscriptions
    change = CHANGES["assigned"]
    own = {
        months.key: whole_months(held.added_on[rows], _today(lines)),
        RATE.key: rate[held.customer[rows]],
        change.key: _changes(lines, week_ago)[change.key],
    }
    printed = (months.key, ASSIGNED_SHARE, TOTAL.key, BAR, change.key)
    return _table(lines, title, own, (months, RATE, change), printed).sort_by(RATE.key)


def overages_table(lines: Lines, title: str) -> Table:
    """One row a license line over its limit, the farthest over it first."""
    months = described(
        "months_remaining", "Months remaining", "Mois restants", COUNT, NO_END
    )
    portfolio = lines.selection.portfolio
    rows = portfolio.lines.subscription[lines.rows]
    own: dict[str, Values] = {
        months.key: whole_months(_today(lines), portfolio.subscriptions.ends_on[rows]),
        LICENSE.key: portfolio.lines.license.take(lines.rows),
    }
    printed = (
        months.key,
        AUTO_RENEWS.key,
        TOTAL.key,
        ASSIGNED_SHARE,
        USED_SHARE,
        LICENSE.key,
    )
    cells = {**subscription_cells(lines.selection, rows), **_per_line(lines), **own}
    table = _assembled(
        lines, title, rows=rows, cells=cells, more=(months, LICENSE), printed=printed
    )
    return table.sort_by(OVERAGE.key, descending=True)


def lines_table(lines: Lines, title: str) -> Table:
    """One row a license line: the numbers that sums and ratios are made of."""
    portfolio = lines.selection.portfolio
    rows = portfolio.lines.subscription[lines.rows]
    cells = subscription_cells(lines.selection, rows) | _per_line(lines)
    cells[LICENSE.key] = portfolio.lines.license.take(lines.rows)
    return _assembled(
        lines, title, rows=rows, cells=cells, more=(LICENSE, DAYS), printed=()
    )


def _nearing(lines: Lines, title: str, heading: str, french: str) -> Table:
    days = described("days", heading, french, COUNT, NO_END)
    own = {USED_3M.key: lines.by_subscription("used_3m")}
    printed = (days.key, TOTAL.key, BAR, USED_3M.key)
    return _table(lines, title, own, (days, USED_3M), printed).sort_by(days.key)


def _changes(lines: Lines, week_ago: Portfolio | None) -> dict[str, Values]:
    found = changes(lines, CHANGES, week_ago)
    keys = (column.key for column in CHANGES.values())
    return dict(zip(keys, found, strict=True))


def _table(
    lines: Lines,
    title: str,
    own: Mapping[str, Values],
    more: Sequence[Column],
    printed: Sequence[str | PrintedColumn],
) -> Table:
    """One row a subscription: who and which, then `more`, then licenses and state."""
    rows = lines.subscriptions
    who = subscription_cells(lines.selection, rows)
    cells = {**who, **_per_subscription(lines), **own}
    return _assembled(lines, title, rows=rows, cells=cells, more=more, printed=printed)


def _assembled(
    lines: Lines,
    title: str,
    *,
    rows: Array,
    cells: dict[str, Values],
    more: Sequence[Column],
    printed: Sequence[str | PrintedColumn],
) -> Table:
    held = lines.selection.portfolio.subscriptions
    cells |= {
        TERM.key: held.commitment_term.take(rows),
        ADDED_ON.key: held.added_on[rows],
    }
    columns = (
        *CUSTOMER,
        *SUBSCRIPTION,
        *more,
        TOTAL,
        *BAR_COLUMNS,
        USED_BASIS,
        OVERAGE,
        ASSIGNED_RATIO,
        USED_RATIO,
        ADDED_ON,
        ENDS_ON,
        AUTO_RENEWS,
        TERM,
    )
    shown = (CUSTOMER[0].key, SUBSCRIPTION[0].key, *printed) if printed else ()
    values = {column.key: cells[column.key] for column in columns}
    return Table(title=title, columns=columns, values=values, printed=shown)


def _per_subscription(lines: Lines) -> dict[str, Values]:
    """The sums over the lines of each; an overage is never offset by another line."""
    total, assigned = lines.numbers("total"), lines.numbers("assigned")
    spare, over = spare_of(total, assigned), spare_of(assigned, total)
    return _licenses(
        total=lines.by_subscription("total"),
        assigned=lines.by_subscription("assigned"),
        available=lines.summed(spare, spare >= 0),
        overage=lines.summed(over, over >= 0),
        lately=lines.by_subscription("used_7d"),
        ever=lines.by_subscription("used_ever"),
        share=lines.shares,
    )


def _per_line(lines: Lines) -> dict[str, Values]:
    total, assigned = lines.numbers("total"), lines.numbers("assigned")
    return _licenses(
        total=total,
        assigned=assigned,
        available=spare_of(total, assigned),
        overage=spare_of(assigned, total),
        lately=lines.numbers("used_7d"),
        ever=lines.numbers("used_ever"),
        share=lambda name: shares_of(lines.numbers(name), total),
    )


def _licenses(
    *,
    total: Ints,
    assigned: Ints,
    available: Ints,
    overage: Ints,
    lately: Ints,
    ever: Ints,
    share: Callable[[str], Ratios],
) -> dict[str, Values]:
    """The licenses of each row; used is that of seven days, else at least once."""
    used = np.where(lately >= 0, lately, ever)
    basis = np.where(lately >= 0, 0, np.where(ever >= 0, 1, unknown.CODE))
    return {
        TOTAL.key: total,
        USED.key: used,
        USED_BASIS.key: TextColumn(
            basis.astype(np.int32), np.array(["7d", "ever"], dtype=object)
        ),
        ASSIGNED.key: assigned,
        AVAILABLE.key: available,
        OVERAGE.key: overage,
        ASSIGNED_RATIO.key: share("assigned"),
        USED_RATIO.key: np.where(lately >= 0, share("used_7d"), share("used_ever")),
    }


def _today(lines: Lines) -> np.datetime64:
    return np.datetime64(lines.selection.portfolio.at)
