"""Today, in UTC. The only place of the library that looks at a clock by itself."""

from __future__ import annotations

from collections.abc import Callable

import pendulum

Clock = Callable[[], pendulum.Date]


def utc_today() -> pendulum.Date:
    """The UTC date of now."""
    return pendulum.now("UTC").date()
