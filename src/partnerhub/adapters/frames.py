"""Row views over Polars frames (extra `columnar`): the rules as expressions.

Day columns are dates, flags booleans, null where not known. A rule applied to a view
is a Polars expression, to be put into `filter()` or `with_columns()`::

    d = rules.day_bounds(at)
    frame.filter(rules.nearing_expiration(subscription_view(d), d))
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType, SimpleNamespace
from typing import Any

from partnerhub.domain import rules
from partnerhub.domain.errors import MissingExtra


def subscription_view(d: rules.DayBounds) -> rules.View:
    """The view of a frame of subscriptions, with `ended` and `active`.

    Raises:
        MissingExtra: The extra `columnar` is not installed.
    """
    return rules.with_state(_view(rules.SUBSCRIPTION_READS), d)


def line_view(subscriptions: rules.View, *, gone: str = "line_gone") -> rules.View:
    """The view of a frame of license lines, each beside its subscription.

    Args:
        subscriptions: The view of the subscriptions' columns.
        gone: Name of the column that says that the line itself is gone.

    Raises:
        MissingExtra: The extra `columnar` is not installed.
    """
    view = _view({**rules.LINE_READS, gone: rules.LINE_READS["gone"]})
    view.gone = getattr(view, gone)
    return rules.with_line_state(view, subscriptions.active)


def customer_view() -> rules.View:
    """The view of a frame of customers.

    Raises:
        MissingExtra: The extra `columnar` is not installed.
    """
    return _view(rules.CUSTOMER_READS)


def _view(reads: Mapping[str, Any]) -> SimpleNamespace:
    pl = _polars()
    return SimpleNamespace(
        **{name: pl.col(name).fill_null(fill) for name, fill in reads.items()}
    )


def _polars() -> ModuleType:
    try:
        import polars as pl
    except ImportError as error:
        raise MissingExtra("rules on Polars frames", "columnar") from error
    return pl
