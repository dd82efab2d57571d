"""Where a number of the page is heading: a straight line, and how far it may be off.

The line is that of ordinary least squares over the days of a series. The interval is
its prediction interval (Draper and Smith, "Applied Regression Analysis", 1.4): it
widens with the distance from the days that are known, and with every point that is
off the line. It supposes that what moved the number goes on, and that points err
independently. Where the past does not support that, the interval is too narrow.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Final

import attrs
import numpy as np
import pendulum

from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue

LEAST: Final = 6
"""Points that a forecast needs; with fewer its interval means nothing."""


@attrs.frozen(kw_only=True)
class Forecast:
    """A number on a day to come.

    Attributes:
        day: The day.
        expected: What the line gives, never below 0.
        low: The lower end of the interval, never below 0.
        high: The upper end.
        confidence: The share of such intervals that hold the number, 0..1.
        points: Days of the series that the line rests on.
    """

    day: pendulum.Date
    expected: float
    low: float
    high: float
    confidence: float
    points: int

    def to_dict(self) -> dict[str, str | float | int]:
        """The same, ready for JSON."""
        return {
            "day": self.day.isoformat(),
            "expected": self.expected,
            "low": self.low,
            "high": self.high,
            "confidence": self.confidence,
            "points": self.points,
        }


def forecast(
    days: Sequence[dt.date],
    numbers: Sequence[float | None],
    day: dt.date | str,
    /,
    *,
    confidence: float = 0.8,
) -> Forecast | None:
    """What a number is expected to be on a day to come.

    Args:
        days: The days of a series.
        numbers: The number on each of them; None, or NaN, where there is none.
        day: The day asked for.
        confidence: How sure the interval is, above 0 and below 1.

    Returns:
        None with fewer than six known points, or with all of them on one day.

    Raises:
        InvalidValue: The confidence is no share, or the lengths differ.

    Examples:
        >>> weeks = [pendulum.date(2026, 9, 6).add(weeks=n) for n in range(8)]
        >>> found = forecast(weeks, [10, 12, 14, 16, 18, 20, 22, 24], "2026-11-08")
        >>> found.expected, found.low, found.high
        (28.0, 28.0, 28.0)
        >>> forecast(weeks[:3], [1, 2, 3], "2026-11-08") is None
        True
    """
    if not 0 < confidence < 1:
        raise InvalidValue("confidence", confidence, "above 0 and below 1")
    if len(days) != len(numbers):
        raise InvalidValue("series", len(numbers), f"there are {len(days)} days")
    known = [
        (as_day(each).toordinal(), float(number))
        for each, number in zip(days, numbers, strict=True)
        if number is not None and not math.isnan(number)
    ]
    if len(known) < LEAST or len({place for place, _ in known}) == 1:
        return None
    x, y = np.array(known).T
    there = as_day(day)
    spread = float(((x - x.mean()) ** 2).sum())
    slope = float(((x - x.mean()) * (y - y.mean())).sum()) / spread
    distance = there.toordinal() - float(x.mean())
    expected = float(y.mean()) + slope * distance
    residuals = y - y.mean() - slope * (x - x.mean())
    free = len(known) - 2
    error = float(np.sqrt((residuals**2).sum() / free))
    error *= float(np.sqrt(1 + 1 / len(known) + distance**2 / spread))
    margin = student_t(0.5 + confidence / 2, free) * error
    return Forecast(
        day=there,
        expected=_shown(expected),
        low=_shown(expected - margin),
        high=_shown(expected + margin),
        confidence=confidence,
        points=len(known),
    )


def student_t(share: float, freedom: int) -> float:
    """The quantile of Student's t, for 4 degrees of freedom and more.

    The expansion of Abramowitz and Stegun, 26.7.5; off by less than 2 % at 4 degrees
    of freedom and 0.995.

    Examples:
        >>> round(student_t(0.9, 10), 3), round(student_t(0.975, 30), 3)
        (1.372, 2.042)
    """
    z = NormalDist().inv_cdf(share)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    more = (term / freedom**n for n, term in enumerate(terms, start=1))
    return float(z + sum(more))


def _shown(number: float) -> float:
    return max(0.0, round(number, 6))
