"""The statuses of all customers in one pass (design 6).

Each rule gives one bit a row; the bits of a customer's rows are ORed together by one
`np.bitwise_or.reduceat` over rows sorted by customer.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from partnerhub.columns.portfolio import Portfolio, first_rows
from partnerhub.columns.views import (
    customer_view,
    day_bounds,
    line_view,
    subscription_view,
)
from partnerhub.domain.policies import StatusPolicy
from partnerhub.domain.status import (
    CUSTOMER_STATUS,
    LINE_STATUS,
    SUBSCRIPTION_STATUS,
    settled,
)

StatusFlags = npt.NDArray[np.uint8]

__all__ = ["StatusFlags", "first_rows", "status_flags"]

_DEFAULT_POLICY = StatusPolicy()


def status_flags(
    portfolio: Portfolio, *, policy: StatusPolicy = _DEFAULT_POLICY
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
    view = subscription_view(held, d)
    bits = np.zeros(len(held), np.uint8)
    for status, rule in SUBSCRIPTION_STATUS.items():
        bits |= rule(view, d).view(np.uint8) * np.uint8(status.value)
    over = line_view(lines, view)
    for status, rule in LINE_STATUS.items():
        bits[lines.subscription[rule(over, d)]] |= np.uint8(status.value)
    flags = np.zeros(len(portfolio.customers), np.uint8)
    first = first_rows(held.customer)
    present = held.customer[first]
    if len(first):
        flags[present] = np.bitwise_or.reduceat(bits, first)
    who = customer_view(portfolio.customers)
    for status, rule in CUSTOMER_STATUS.items():
        flags[present] |= rule(who, d)[present].view(np.uint8) * np.uint8(status.value)
    found: StatusFlags = settled(flags, where=np.where)
    return found
