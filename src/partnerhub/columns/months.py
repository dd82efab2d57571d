"""Whole months between days, in bulk."""

from __future__ import annotations

import numpy as np

from partnerhub.columns.unknown import COUNT, Days, Ints


def whole_months(first: Days | np.datetime64, last: Days | np.datetime64, /) -> Ints:
    """Whole months from `first` to `last`, rounded down, int64 `(n,)` (design 5.23).

    Counted as pendulum's `in_months`: a month is full on the same day of the next
    one, and also as many days earlier as the next one is shorter, so that it is full
    from 31 January to 28 February.

    Args:
        first: datetime64[D], `(n,)` or one day.
        last: datetime64[D], `(n,)` or one day.

    Returns:
        -1 where a day is not known, or `last` is before `first`.

    Examples:
        >>> first = np.array(["2026-01-31", "2026-01-31", "NaT"], "datetime64[D]")
        >>> last = np.array(["2026-02-27", "2026-02-28", "2026-02-28"], "datetime64[D]")
        >>> whole_months(first, last).tolist()
        [0, 1, -1]
    """
    first, last = np.broadcast_arrays(first, last)
    missing = np.isnat(first) | np.isnat(last) | (last < first)
    from_month, to_month = first.astype("M8[M]"), last.astype("M8[M]")
    more_days = _day_of_month(last) - _day_of_month(first)
    shorter = _length(to_month) - _length(to_month - 1)
    months = (to_month - from_month).astype(np.int64)
    months -= (more_days < 0) & (more_days != shorter)
    return np.where(missing, COUNT, months)


def _day_of_month(days: Days) -> Ints:
    since: Ints = (days - days.astype("M8[M]").astype("M8[D]")).astype(np.int64)
    return since


def _length(months: Days) -> Ints:
    days: Ints = (months + 1).astype("M8[D]") - months.astype("M8[D]")
    return days.astype(np.int64)
