"""One pass over all rows, out of which every subscription KPI comes.

Each license line gets a byte with a bit for each population it belongs to; a
customer has the bits of its lines. Along the way the licenses of each customer are
summed, for the rates that low assignment compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs
import numpy as np

from partnerhub.columns.blocks import Block, each_block, runs_of
from partnerhub.columns.portfolio import LineColumns, Portfolio
from partnerhub.columns.timeline import LineVersions
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.columns.views import Rows, lines_of_active, subscription_view
from partnerhub.domain import rules


class Bit:
    """What is known of a license line, one bit each; a customer has those of its lines.

    Lines that do not belong to the selection have none.
    """

    HAD: Final = 1
    """It is or was a license of the products at hand."""
    HELD: Final = 2
    """It is still there."""
    ACTIVE: Final = 4
    """It is still there, and its subscription or trial is active."""
    EXPIRING: Final = 8
    RENEWING: Final = 16
    ADDED: Final = 32
    OVER: Final = 64


SUBSCRIPTION_BITS: Final[Mapping[int, rules.Rule]] = MappingProxyType(
    {
        Bit.EXPIRING: rules.nearing_expiration,
        Bit.RENEWING: rules.nearing_renewal,
        Bit.ADDED: rules.recently_added,
    }
)
LINE_BITS: Final[Mapping[int, rules.Rule]] = MappingProxyType(
    {Bit.OVER: rules.over_limit}
)


@attrs.frozen(kw_only=True, eq=False)
class Passed:
    """What a pass has found.

    Attributes:
        line_bits: The `Bit`s of each line, uint8 `(lines,)`.
        customer_bits: The `Bit`s of all lines of each customer, uint8 `(customers,)`.
        total: Licenses of each customer's active lines of which total and assigned
            are known, int64 `(customers,)`.
        assigned: Those of them that are assigned, int64 `(customers,)`.
    """

    line_bits: Array
    customer_bits: Array
    total: Ints
    assigned: Ints


def passed(portfolio: Portfolio, *, had: Bools, d: rules.DayBounds) -> Passed:
    """The pass over a portfolio.

    Args:
        portfolio: All customers.
        had: The lines at hand, bool `(lines,)`; others get no bit.
        d: The bounds of the day.
    """
    held, lines = portfolio.subscriptions, portfolio.lines
    customers = len(portfolio.customers)
    found = Passed(
        line_bits=np.zeros(len(lines), np.uint8),
        customer_bits=np.zeros(customers, np.uint8),
        total=np.zeros(customers, np.int64),
        assigned=np.zeros(customers, np.int64),
    )

    def work(block: Block) -> None:
        rows = block.lines
        view = subscription_view(held, d, rows=block.subscriptions)
        holder = lines.subscription[rows] - np.int32(block.subscriptions.start)
        bits = line_bits(lines, view, holder, rows=rows, d=d)
        bits *= had[rows]
        found.line_bits[rows] = bits
        owner = held.customer[block.subscriptions].take(holder, mode="clip")
        first, customer = runs_of(owner)
        if not len(first):
            return
        found.customer_bits[customer] = np.bitwise_or.reduceat(bits, first)
        total, assigned = lines.total[rows], lines.assigned[rows]
        counts = has(bits, Bit.ACTIVE) & ((total | assigned) >= 0)
        last = np.append(first[1:], len(owner)) - 1
        for sums, numbers in ((found.total, total), (found.assigned, assigned)):
            # Differences of the running sum: faster than `np.add.reduceat`.
            running = np.cumsum(numbers * counts)[last]
            sums[customer] = np.diff(running, prepend=0)

    each_block(portfolio, work)
    return found


def line_bits(
    columns: LineColumns | LineVersions,
    view: rules.View,
    holder: Array,
    *,
    rows: Rows,
    d: rules.DayBounds,
) -> Array:
    """The `Bit`s of some lines, as if all were at hand, uint8 `(n,)`.

    Args:
        columns: The lines, or versions of them.
        view: The view of the subscriptions of these lines.
        holder: The row of each line's subscription in that view, `(n,)`.
        rows: Which lines.
        d: The bounds of the day.
    """
    of_subscription = view.active.view(np.uint8) * np.uint8(Bit.ACTIVE)
    for bit, rule in SUBSCRIPTION_BITS.items():
        of_subscription |= rule(view, d).view(np.uint8) * np.uint8(bit)
    bits: Array = of_subscription.take(holder, mode="clip")
    line = lines_of_active(columns, has(bits, Bit.ACTIVE), rows=rows)
    for bit, rule in LINE_BITS.items():
        bits |= rule(line, d).view(np.uint8) * np.uint8(bit)
    bits |= np.uint8(Bit.HELD)
    bits *= ~columns.gone[rows]
    bits |= np.uint8(Bit.HAD)
    return bits


def has(bits: Array, bit: int) -> Bools:
    """Where the bit is set.

    Examples:
        >>> has(np.array([1, 2, 3], np.uint8), 2).tolist()
        [False, True, True]
    """
    found: Bools = (bits & np.uint8(bit)) != 0
    return found
