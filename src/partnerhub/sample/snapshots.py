"""What files of one day say of the subscriptions."""

from __future__ import annotations

import datetime as dt
from typing import Final

import attrs
import numpy as np

from partnerhub.columns.unknown import COUNT, Array, Bools, Ints
from partnerhub.sample.customers import Customers
from partnerhub.sample.subscriptions import LINES, Subscriptions, subscriptions

_SEASON: Final = (92, 96, 100, 97, 95, 90, 78, 72, 96, 100, 99, 80)
"""Use in each month, in per cent of the busiest."""


@attrs.frozen(kw_only=True, eq=False)
class Snapshot:
    """What a file of one day has: arrays, one element or row a subscription.

    Attributes:
        of: Who the customers are.
        on: The day.
        held: The subscriptions and trials that the file has.
        ends: Last or renewal day, counted from the partner's last day; only where
            `held.ends_known`.
        expired: Whether the source calls it expired.
        totals: Licenses by line, -1 where unknown: `(n, 5)`.
        assigned: Licenses assigned to users, the same way.
        used_ever: Licenses used at least once, the same way.
        used_3m: Licenses used in the last three months, the same way.
        used_7d: Licenses used in the last seven days, the same way.
    """

    of: Customers
    on: dt.date
    held: Subscriptions
    ends: Ints
    expired: Bools
    totals: Ints
    assigned: Ints
    used_ever: Ints
    used_3m: Ints
    used_7d: Ints


def snapshot(of: Customers, on: dt.date, /) -> Snapshot:
    """What files of a day have of some customers."""
    setting, dice = of.setting, of.setting.dice
    day = (on - setting.until).days
    held = subscriptions(of)
    held = held.take((held.listed <= day) & (day < held.gone))

    terms_ago = np.maximum((held.ends - day) // held.term, 0)
    ends = held.ends - np.where(held.renews == 1, terms_ago * held.term, 0)
    grown = (day >= held.grew)[:, None]
    totals = np.where(grown, held.totals, held.totals * 4 // 5)
    rate = np.maximum(held.rate + held.growth * day, 0.0)[:, None]
    assigned = np.rint(totals * rate).astype(np.int64)

    by_line = (held.key[:, None], LINES)
    season = _SEASON[on.month - 1] / 100
    used_ever = _part(assigned, dice.between(0.75, 1.02, "used ever", *by_line))
    used_3m = _part(used_ever, dice.between(0.75, 1.02, "used 3m", *by_line))
    used_7d = _part(used_3m, season * dice.between(0.8, 1.02, "used 7d", *by_line, day))

    def known(counts: Ints) -> Ints:
        return np.where(held.counted, counts, COUNT)

    return Snapshot(
        of=of,
        on=on,
        held=held,
        ends=ends,
        expired=held.ends_known & (ends < day) & (held.renews != 1),
        totals=known(totals),
        assigned=known(assigned),
        used_ever=known(used_ever),
        used_3m=known(used_3m),
        used_7d=known(used_7d),
    )


def _part(whole: Ints, share: Array) -> Ints:
    """A share of each number, rounded down; never more than all of it."""
    return (whole * np.minimum(share, 1.0)).astype(np.int64)
