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

from partnerhub.columns.blocks import (
    ROWS,
    Block,
    blocks_of,
    worked,
)
from partnerhub.columns.portfolio import LineColumns, Portfolio
from partnerhub.columns.timeline import LineVersions
from partnerhub.columns.unknown import Array, Bools, Codes, Ints
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
SECTIONS: Final = (Bit.EXPIRING, Bit.RENEWING, Bit.ADDED, Bit.OVER)
"""Bits of which the lines are listed."""

_NO_ROWS: Final = np.empty(0, np.intp)

LINE_BITS: Final[Mapping[int, rules.Rule]] = MappingProxyType(
    {Bit.OVER: rules.over_limit}
)


@attrs.frozen(kw_only=True, eq=False)
class Passed:
    """What a pass has found.

    Attributes:
        line_bits: The `Bit`s of each line, uint8 `(lines,)`.
        line_customer: Row of the customer of each line, int32 `(lines,)`.
        customer_bits: The `Bit`s of all lines of each customer, uint8 `(customers,)`.
        rows: Bit -> the lines that have it, ascending; for those of `SECTIONS`.
        total: Licenses of each customer's active lines of which total and assigned
            are known, int64 `(customers,)`.
        assigned: Those of them that are assigned, int64 `(customers,)`.
    """

    line_bits: Array
    line_customer: Codes
    customer_bits: Array
    rows: Mapping[int, Array]
    total: Ints
    assigned: Ints

    def active_of(self, customers: Bools, /) -> Array:
        """The active lines of these customers, ascending."""

        def work(block: slice) -> Array:
            chosen = customers.take(self.line_customer[block], mode="clip")
            chosen &= has(self.line_bits[block], Bit.ACTIVE)
            rows: Array = np.flatnonzero(chosen)
            rows += block.start
            return rows

        size = len(self.line_bits)
        blocks = [slice(low, low + ROWS) for low in range(0, size, ROWS)]
        found: Array = np.concatenate([_NO_ROWS, *worked(blocks, work)])
        return found


def passed(portfolio: Portfolio, *, had: Bools, d: rules.DayBounds) -> Passed:
    """The pass over a portfolio.

    Args:
        portfolio: All customers.
        had: The lines at hand, bool `(lines,)`; others get no bit.
        d: The bounds of the day.
    """
    held, lines = portfolio.subscriptions, portfolio.lines
    runs, licenses = portfolio.line_runs, portfolio.licenses
    customers = len(portfolio.customers)
    bits_of_lines = np.zeros(len(lines), np.uint8)
    line_customer = np.zeros(len(lines), np.int32)
    bits_of_customers = np.zeros(customers, np.uint8)
    totals, assigned_of = np.zeros((2, customers), np.int64)

    def work(block: Block) -> list[Array]:
        rows = block.lines
        view = subscription_view(held, d, rows=block.subscriptions)
        holder = lines.subscription[rows] - np.int32(block.subscriptions.start)
        bits = line_bits(lines, view, holder, rows=rows, d=d)
        bits *= had[rows].view(np.uint8)
        bits_of_lines[rows] = bits
        owner = held.customer[block.subscriptions].take(holder, mode="clip")
        line_customer[rows] = owner
        mine = runs.within(rows)
        bits_of_customers[mine.owner] = mine.any_bits(bits)
        sums = licenses[rows].sums(has(bits, Bit.ACTIVE), mine)
        totals[mine.owner], assigned_of[mine.owner] = sums
        return [rows.start + np.flatnonzero(has(bits, bit)) for bit in SECTIONS]

    listed = worked(blocks_of(portfolio), work)
    rows = zip(*listed, strict=True) if listed else ([_NO_ROWS] for _ in SECTIONS)
    return Passed(
        line_bits=bits_of_lines,
        line_customer=line_customer,
        customer_bits=bits_of_customers,
        rows=dict(zip(SECTIONS, map(np.concatenate, rows), strict=True)),
        total=totals,
        assigned=assigned_of,
    )


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
    bits *= (~columns.gone[rows]).view(np.uint8)
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
