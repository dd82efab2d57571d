"""The statuses of all customers in one pass (design 6).

Each rule gives one bit a row; the bits of a customer's rows are ORed together by one
`np.bitwise_or.reduceat` over rows sorted by customer.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from partnerhub.columns.blocks import Block, each_block
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
    every = portfolio.subscription_runs
    flags = np.zeros(len(portfolio.customers), np.uint8)
    present = np.zeros(len(portfolio.customers), np.bool_)

    def work(block: Block) -> None:
        view = subscription_view(held, d, rows=block.subscriptions)
        bits = np.zeros(len(view.active), np.uint8)
        for status, rule in SUBSCRIPTION_STATUS.items():
            bits |= rule(view, d).view(np.uint8) * np.uint8(status.value)
        holder = lines.subscription[block.lines] - np.int32(block.subscriptions.start)
        active = view.active.take(holder, mode="clip")
        over = lines_of_active(lines, active, rows=block.lines)
        for status, rule in LINE_STATUS.items():
            bits[holder[np.flatnonzero(rule(over, d))]] |= np.uint8(status.value)
        runs = every.within(block.subscriptions)
        flags[runs.owner] = runs.any_bits(bits)
        present[runs.owner] = True

    each_block(portfolio, work)
    who = customer_view(portfolio.customers)
    for status, rule in CUSTOMER_STATUS.items():
        holds = rule(who, d) & present
        flags |= holds.view(np.uint8) * np.uint8(status.value)
    found: StatusFlags = settled(flags, where=np.where)
    return found
