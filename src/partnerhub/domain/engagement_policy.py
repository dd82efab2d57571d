"""The numbers and choices behind Calling engagement, as data."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.quality import QualityThresholds

ExcludedFrom = Literal["quality", "all"]

_EXCLUDED_FROM: Final = ("quality", "all")
_THRESHOLDS: Final = QualityThresholds()


@attrs.frozen(kw_only=True)
class EngagementScope:
    """What becomes of analog phones, third-party devices and IPv6 (design 5.28).

    Attributes:
        excluded_from: "quality" counts their legs as calls; "all" leaves them out of
            the engagement page altogether. The report always counts them as calls,
            and its poor legs never include them.
    """

    excluded_from: ExcludedFrom = "quality"

    def __attrs_post_init__(self) -> None:
        if self.excluded_from not in _EXCLUDED_FROM:
            raise InvalidValue(
                "excluded_from", self.excluded_from, choices=_EXCLUDED_FROM
            )


@attrs.frozen(kw_only=True)
class AlertPolicy:
    """When a rise of the poor share is worth an alert. Ours.

    Attributes:
        significance: Chance of an alert without cause, 0..1, one-sided.
        minimum_rated: Rated legs that the last week, and the weeks before it
            together, each need.
        minimum_rise: Rise of the poor share below which nobody is told, 0..1.
    """

    significance: float = 0.01
    minimum_rated: int = 50
    minimum_rise: float = 0.01

    def __attrs_post_init__(self) -> None:
        if not 0 < self.significance < 1:
            raise InvalidValue("significance", self.significance, "above 0 and below 1")
        if self.minimum_rated < 1:
            raise InvalidValue("minimum_rated", self.minimum_rated, "1 or more")


@attrs.frozen(kw_only=True)
class EngagementPolicy:
    """How the Calling engagement page counts.

    Attributes:
        thresholds: When a leg is poor.
        scope: What the page leaves out.
        trend_weeks: Weeks of the quality trend. Cisco: 8.
        alerts: When a customer or location is worth an alert.
    """

    thresholds: QualityThresholds = _THRESHOLDS
    scope: EngagementScope = EngagementScope()
    trend_weeks: int = 8
    alerts: AlertPolicy = AlertPolicy()

    def __attrs_post_init__(self) -> None:
        if self.trend_weeks < 1:
            raise InvalidValue("trend_weeks", self.trend_weeks, "1 or more")
