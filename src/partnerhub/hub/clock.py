"""Today, in UTC: the day of every call of a hub that names none."""

from __future__ import annotations

from collections.abc import Callable

import pendulum

Clock = Callable[[], pendulum.Date]


def utc_today() -> pendulum.Date:
    """The UTC date of now."""
    return pendulum.now("UTC").date()


def utc_now() -> pendulum.DateTime:
    """The instant of now, in UTC: that of calls about time of day that name none."""
    return pendulum.now("UTC")
