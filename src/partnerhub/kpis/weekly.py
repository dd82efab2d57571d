"""Weekly change: what a subscription has now less what it had a week ago.

Now is its newest snapshot within the last seven days, then the newest within the
seven days before (design 5.22). Without both there is no change to tell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from partnerhub.columns.objects import portfolio_of
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.unknown import Array
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.subscriptions import Subscription
from partnerhub.kpis.lines import Lines, lines_of

WEEK: Final = dt.timedelta(days=7)
_WEEK64: Final = np.timedelta64(7, "D")

Changes = npt.NDArray[np.float64]
"""Changes of either sign, NaN where not known."""


def week_before(
    now: Portfolio, week_ago: Portfolio | Iterable[Subscription] | None, /
) -> Portfolio | None:
    """The columns of a week ago, as a call gave them.

    Raises:
        InvalidValue: They are of another day.
    """
    if week_ago is None:
        return None
    day = now.at - WEEK
    if not isinstance(week_ago, Portfolio):
        return portfolio_of(week_ago, at=day)
    if week_ago.at != day:
        why = f"a week before {now.at} is {day}"
        raise InvalidValue("week ago", str(week_ago.at), why)
    return week_ago


def changes(now: Lines, names: Iterable[str], then: Portfolio | None) -> list[Changes]:
    """The weekly change of some numbers of each subscription of the lines.

    Args:
        now: Lines as they stand.
        names: The numbers.
        then: All customers as they stood a week ago; None where nobody knows.

    Returns:
        One array a number, NaN without both snapshots, `(subscriptions,)`.
    """
    wanted = list(names)
    size = len(now.subscriptions)
    if then is None or not size:
        return [np.full(size, np.nan) for _ in wanted]
    matches = _same(now, then)
    there = np.flatnonzero(matches >= 0)
    selection = attrs.evolve(now.selection, portfolio=then)
    chosen = np.zeros(len(then.subscriptions), np.bool_)
    chosen[matches[there]] = True
    held = selection.held & chosen.take(then.lines.subscription, mode="clip")
    before = lines_of(selection, held)
    # Where each of its subscriptions stands among those of `before`.
    place = np.full(len(then.subscriptions), -1)
    place[before.subscriptions] = np.arange(len(before.subscriptions))
    there = there[place[matches[there]] >= 0]
    at = place[matches[there]]
    found = []
    for name in wanted:
        new, old = now.by_subscription(name), before.by_subscription(name)
        change = np.full(size, np.nan)
        known = (new[there] >= 0) & (old[at] >= 0)
        change[there[known]] = (new[there] - old[at])[known]
        found.append(change)
    return found


def _same(now: Lines, then: Portfolio) -> Array:
    """The row a week ago of each subscription, -1 where one snapshot is missing."""
    portfolio, rows = now.selection.portfolio, now.subscriptions
    seen = np.flatnonzero(_age(portfolio, rows) < _WEEK64)
    asked = _keys(portfolio, rows[seen])
    wanted = {customer for customer, _ in asked}
    theirs = np.fromiter(
        (customer in wanted for customer in then.customers.id), np.bool_
    )
    old = np.flatnonzero(theirs.take(then.subscriptions.customer, mode="clip"))
    old = old[_age(then, old) <= _WEEK64]
    keys = dict(zip(_keys(then, old), old.tolist(), strict=True))
    found = np.full(len(rows), -1)
    found[seen] = [keys.get(key, -1) for key in asked]
    return found


def _age(portfolio: Portfolio, rows: Array) -> Array:
    """How long ago each was seen; one that was read from nowhere stands for today."""
    age: Array = np.datetime64(portfolio.at) - portfolio.subscriptions.day[rows]
    age[np.isnat(age)] = np.timedelta64(0, "D")
    return age


def _keys(portfolio: Portfolio, rows: Array) -> list[tuple[str, str]]:
    held = portfolio.subscriptions
    customers = portfolio.customers.id[held.customer[rows]].tolist()
    return list(zip(customers, held.id[rows].tolist(), strict=True))
