"""Row views over columns: what the rules of `partnerhub.domain.rules` are applied to.

A view fills a column when a rule first asks for it, and the columns keep what was read
of them: flags as bool, days and counts as numbers of 32 bits, which compare four times
as fast as those of 64.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from partnerhub.columns.portfolio import (
    CustomerColumns,
    LineColumns,
    SubscriptionColumns,
)
from partnerhub.columns.timeline import LineVersions, SubscriptionVersions
from partnerhub.columns.unknown import Array, Bools, RuleColumns
from partnerhub.domain import rules
from partnerhub.domain.days import EARLIEST, day_number
from partnerhub.domain.policies import (
    DEFAULT_KPI_POLICY,
    DEFAULT_STATUS_POLICY,
    KpiPolicy,
    StatusPolicy,
)

_ALL: Final = slice(None)

Rows = slice | Array
"""Some rows: neighbours, or a list of them."""
_LEAST: Final = np.iinfo(np.int32).min
"""What a day reads as that is not known and reads as the earliest."""


def day_bounds(
    at: dt.date,
    *,
    policy: StatusPolicy = DEFAULT_STATUS_POLICY,
    kpi_policy: KpiPolicy = DEFAULT_KPI_POLICY,
) -> rules.DayBounds:
    """The bounds of one day as numbers, to compare the days of views with."""
    return rules.day_bounds(at, policy=policy, kpi_policy=kpi_policy, native=_bound)


def _bound(day: dt.date) -> int:
    """A bound; the earliest day is where `_numbers` puts an unknown one."""
    return day_number(day) if day > EARLIEST else _LEAST


class RowView:
    """Some rows of the columns of one class, as rules read them."""

    def __init__(
        self, columns: RuleColumns, reads: Mapping[str, Any], rows: Rows
    ) -> None:
        self._columns = columns
        self._fills = reads
        self._rows = rows

    def __getattr__(self, name: str) -> Array:
        if name.startswith("_") or name not in self._fills:
            raise AttributeError(name)
        read = self._columns.read
        if name not in read:
            read[name] = self._read(name, self._fills[name])
        found = read[name][self._rows]
        setattr(self, name, found)  # asked for once
        return found

    def _read(self, name: str, fill: Any) -> Array:
        is_count = isinstance(fill, int) and not isinstance(fill, bool)
        columns = self._columns
        return read_as(
            columns.counts(name) if is_count else getattr(columns, name), fill
        )


def subscription_view(
    columns: SubscriptionColumns | SubscriptionVersions,
    d: rules.DayBounds,
    *,
    rows: Rows = _ALL,
) -> rules.View:
    """The view of all or some subscriptions, with `ended` and `active`.

    Args:
        columns: The subscriptions, or versions of them.
        d: The bounds of the day.
        rows: Which of them.
    """
    return rules.with_state(RowView(columns, rules.SUBSCRIPTION_READS, rows), d)


def line_view(columns: LineColumns, subscriptions: rules.View) -> rules.View:
    """The view of all license lines, with `active`.

    Args:
        columns: The lines.
        subscriptions: The view of the subscriptions they belong to.
    """
    active = subscriptions.active.take(columns.subscription, mode="clip")
    return lines_of_active(columns, active)


def lines_of_active(
    columns: LineColumns | LineVersions,
    active: Bools | np.bool_,
    *,
    rows: Rows = _ALL,
) -> rules.View:
    """The view of some license lines.

    Args:
        columns: All lines.
        active: Whether the subscription of each of the some is active.
        rows: Which.
    """
    return rules.with_line_state(RowView(columns, rules.LINE_READS, rows), active)


def customer_view(columns: CustomerColumns) -> rules.View:
    """The view of all customers."""
    return RowView(columns, rules.CUSTOMER_READS, _ALL)


def read_as(column: Array, fill: Any) -> Array:
    """The column with `fill` where it is not known."""
    if isinstance(fill, bool):
        if column.dtype == np.bool_:
            return column
        known: Array = column != 0 if fill else column > 0
        return known
    if isinstance(fill, dt.date):
        return _numbers(column, fill)
    plain = column if fill == rules.LARGEST else np.maximum(column, fill)
    # Without a sign the unknown -1 is the largest of all numbers.
    return plain.view(f"u{plain.dtype.itemsize}")


def _numbers(days: Array, fill: dt.date) -> Array:
    """datetime64[D] as numbers of days, with `fill` where not known."""
    found = days.view(np.int64).astype(np.int32)  # one that is not known becomes 0
    zero = np.flatnonzero(found == 0)
    unknown = zero[np.isnat(days[zero])]
    found[unknown] = _LEAST if fill == EARLIEST else day_number(fill)
    return found
