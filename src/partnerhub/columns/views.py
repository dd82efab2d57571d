"""Row views over columns: what the rules of `partnerhub.domain.rules` are applied to."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any, Final

import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.portfolio import (
    CustomerColumns,
    LineColumns,
    SubscriptionColumns,
)
from partnerhub.domain import rules
from partnerhub.domain.policies import KpiPolicy, StatusPolicy

_STATUS: Final = StatusPolicy()
_KPI: Final = KpiPolicy()


def day_bounds(
    at: dt.date, *, policy: StatusPolicy = _STATUS, kpi_policy: KpiPolicy = _KPI
) -> rules.DayBounds:
    """The bounds of one day as datetime64[D], to compare day columns with."""
    return rules.day_bounds(at, policy=policy, kpi_policy=kpi_policy, native=_day64)


def _day64(day: dt.date) -> np.datetime64:
    return np.datetime64(day.isoformat(), "D")


def subscription_view(columns: SubscriptionColumns, d: rules.DayBounds) -> rules.View:
    """The view of all subscriptions, with `ended` and `active`."""
    return rules.with_state(_view(columns, rules.SUBSCRIPTION_READS), d)


def line_view(columns: LineColumns, subscriptions: rules.View) -> rules.View:
    """The view of all license lines; a line that is gone is not active.

    Args:
        columns: The lines.
        subscriptions: The view of the subscriptions they belong to.
    """
    view = _view(columns, rules.LINE_READS)
    view.active = subscriptions.active[columns.subscription] & ~columns.gone
    return view


def customer_view(columns: CustomerColumns) -> rules.View:
    """The view of all customers."""
    return _view(columns, rules.CUSTOMER_READS)


def _view(columns: object, reads: Any) -> SimpleNamespace:
    view = SimpleNamespace()
    for name, fill in reads.items():
        column = getattr(columns, name)
        if isinstance(fill, bool):
            column = (
                column
                if column.dtype == np.bool_
                else np.where(unknown.is_unknown(column), fill, column != 0)
            )
        else:
            native = _day64(fill) if isinstance(fill, dt.date) else fill
            column = unknown.filled(column, native)
        setattr(view, name, column)
    return view
