"""True Forward: licenses that an enterprise agreement will charge for.

This is not the license overage of Partner Hub, which is any license assigned beyond
what was bought. An Enterprise Agreement lets a customer grow by 20 %, for Webex Suite
by 15 %, before it is charged at the next anniversary; every assigned license counts.
It is measured on the last day of the eleventh month of each year of the term (Cisco,
"Flex 3.0 True Forward"). Named User subscriptions have no such room.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

import attrs
import numpy as np
import pendulum

from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.table import Table
from partnerhub.columns.views import day_bounds, line_view, subscription_view
from partnerhub.domain.days import as_day
from partnerhub.domain.layouts import CellType, Column
from partnerhub.kpis.tables import CUSTOMER, LICENSE, SUBSCRIPTION, described

_AGREEMENT: Final = r"enterprise agreement|\bea\b|flex.*\bent"
_SUITE: Final = r"\bsuite\b"


@attrs.frozen(kw_only=True)
class TrueForwardPolicy:
    """What counts as an enterprise agreement, and how far it may grow.

    Attributes:
        agreement: Pattern of the subscription types that are one; letter case does
            not count. Ours: sources write the type as free text.
        suite: Pattern of the licenses that belong to Webex Suite.
        room_ratio: How far licenses may grow, as a share of those bought.
        suite_room_ratio: The same of Webex Suite.
    """

    agreement: str = _AGREEMENT
    suite: str = _SUITE
    room_ratio: float = attrs.field(default=0.20, converter=float)
    suite_room_ratio: float = attrs.field(default=0.15, converter=float)


_COLUMNS: Final = (
    *CUSTOMER,
    *SUBSCRIPTION,
    LICENSE,
    described("total", "Total licenses", "Nombre total de licences", CellType.COUNT),
    described("assigned", "Assigned licenses", "Licences attribuées", CellType.COUNT),
    described(
        "assigned_ratio",
        "Share of licenses assigned",
        "Part des licences attribuées",
        CellType.RATIO,
    ),
    described("room_ratio", "Room to grow", "Marge de croissance", CellType.RATIO),
    described(
        "over",
        "Licenses over the room",
        "Licences au-delà de la marge",
        CellType.COUNT,
    ),
    Column(
        key="measured_on",
        heading="Next measured on",
        french="Prochaine mesure le",
        cell=CellType.DAY,
        blank="The start is not known.",
    ),
)
_POLICY: Final = TrueForwardPolicy()


def true_forward(
    portfolio: Portfolio, /, *, policy: TrueForwardPolicy = _POLICY
) -> Table:
    """License lines of enterprise agreements that grew beyond their room.

    One row a line with assigned > total * (1 + room), the farthest over it first.
    Only active subscriptions, no trials; a line of which a number is not known is
    left out. Unlike the KPIs, all products count.

    Args:
        portfolio: All customers on a day.
        policy: What counts as an agreement, and its room.
    """
    held, lines = portfolio.subscriptions, portfolio.lines
    d = day_bounds(portfolio.at)
    view = subscription_view(held, d)
    agreement = re.compile(policy.agreement, re.IGNORECASE)
    covered = held.type.where(lambda text: bool(agreement.search(text)))
    covered &= ~view.is_trial
    suite = re.compile(policy.suite, re.IGNORECASE)
    is_suite = lines.license.where(lambda text: bool(suite.search(text)))
    room = np.where(is_suite, policy.suite_room_ratio, policy.room_ratio)
    # Rounded, so that 1.15 times 100 is 115 and not a little less.
    allowed = np.floor(np.round(lines.total * (1 + room), 6)).astype(np.int64)
    over = line_view(lines, view).active & covered.take(lines.subscription, mode="clip")
    over &= (lines.total >= 0) & (lines.assigned > allowed)
    rows = np.flatnonzero(over)
    holder = lines.subscription[rows]
    owner = held.customer[holder]
    who = portfolio.customers
    total, assigned = lines.total[rows], lines.assigned[rows]
    shares = np.full(len(rows), np.nan)
    np.divide(assigned, total, out=shares, where=total > 0)
    starts = held.starts_on[holder]
    table = Table(
        title="True Forward",
        columns=_COLUMNS,
        values={
            "customer": np.where(who.name[owner] == "", who.id[owner], who.name[owner]),
            "customer_id": who.id[owner],
            "region": who.region.take(owner),
            "subscription": held.id[holder],
            "subscription_id": held.id[holder],
            "license": lines.license.take(rows),
            "total": total,
            "assigned": assigned,
            "assigned_ratio": shares,
            "room_ratio": room[rows],
            "over": assigned - allowed[rows],
            "measured_on": np.array(
                [_measured(day, portfolio.at) for day in starts.tolist()], "M8[D]"
            ),
        },
    )
    return table.sort_by("over", descending=True)


def _measured(start: dt.date | None, at: pendulum.Date) -> pendulum.Date | None:
    """The last day of the eleventh month of the year of the term that `at` is in."""
    if start is None:
        return None
    begin = as_day(start)
    years = 0
    while (day := begin.add(months=11 + 12 * years).subtract(days=1)) < at:
        years += 1
    return day
