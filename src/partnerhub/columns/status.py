"""The statuses of all customers in one pass.

Each rule gives one bit a row; a customer has the bits of all its rows.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from partnerhub.columns.blocks import Block, blocks_of, worked
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.views import (
    customer_view,
    day_bounds,
    lines_of_active,
    subscription_view,
)
from partnerhub.domain.policies import DEFAULT_STATUS_POLICY, StatusPolicy
from partnerhub.domain.status import (
    CUSTOMER_STATUS,
    LINE_STATUS,
    SUBSCRIPTION_STATUS,
    settled,
)

StatusFlags = npt.NDArray[np.uint8]


def status_flags(
    portfolio: Portfolio, *, policy: StatusPolicy = DEFAULT_STATUS_POLICY
) -> StatusFlags:
    """The statuses of every customer on the portfolio's day.

    Args:
        portfolio: The customers and what they hold.
        policy: The day counts.

    Returns:
        The values of `partnerhub.domain.status.CustomerStatus`, uint8 `(customers,)`;
        0 for a customer that never had a subscription or trial.
    """
    d = day_bounds(portfolio.at, policy=policy)
    held, lines = portfolio.subscriptions, portfolio.lines
    owned, holder = portfolio.owned_subscriptions, portfolio.line_holder
    flags = np.zeros(len(portfolio.customers), np.uint8)

    def work(block: Block) -> None:
        view = subscription_view(held, d, rows=block.subscriptions)
        bits = np.zeros(len(view.active), np.uint8)
        for status, rule in SUBSCRIPTION_STATUS.items():
            bits |= rule(view, d).view(np.uint8) * np.uint8(status.value)
        # Rules of lines ask that the subscription be active. Whether it is, is looked
        # up of those few of which all else holds: it takes 1 ns for each line.
        if_active = lines_of_active(lines, np.True_, rows=block.lines)
        for status, rule in LINE_STATUS.items():
            some = holder[block.lines].take(np.flatnonzero(rule(if_active, d)))
            some -= block.subscriptions.start
            some = some.take(np.flatnonzero(view.active.take(some)))
            bits[some] |= np.uint8(status.value)
        mine = owned.of_some(block.customers)
        flags[block.customers] = mine.any_bits(bits)

    worked(blocks_of(portfolio), work)
    who = customer_view(portfolio.customers)
    for status, rule in CUSTOMER_STATUS.items():
        holds = rule(who, d) & (owned.sizes > 0)
        flags |= holds.view(np.uint8) * np.uint8(status.value)
    found: StatusFlags = settled(flags, where=np.where)
    return found
