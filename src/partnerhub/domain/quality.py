"""Poor call quality, written once in the style of `partnerhub.domain.rules`.

A rule is a function `rule(s, q)` of a row view `s` and quality bounds `q`, made of
comparisons, `& |` and `not_`, so it serves one leg, numpy columns, SQL and Polars.
A view has no unknowns: `LEG_READS` says what each reads as. Bounds are above 0, so
NaN, which is below every bound, may stand in for the 0 of an unknown measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Final, Literal

import attrs

from partnerhub.domain.calls import CallLeg
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.rules import not_

STREAMS: Final = ("audio", "video")
KINDS: Final = ("jitter_ms", "latency_ms", "loss_pct")
MEASURES: Final = tuple(f"{stream}_{kind}" for stream in STREAMS for kind in KINDS)
"""Attributes of a leg that hold its quality."""

LEG_READS: Final[Mapping[str, Any]] = {
    **dict.fromkeys(MEASURES, 0.0),
    "measured": False,
    "unsupported": False,
}
"""Attribute of a leg -> what it reads as where it is not known.

`measured` says whether any measure is known; `unsupported` whether the endpoint is
of a kind that has no quality data.
"""

View = Any
Combine = Literal["any", "all"]


def _bound(_: object, attribute: attrs.Attribute[float], value: float) -> None:
    if not value > 0:
        raise InvalidValue(attribute.name, value, "a bound is above 0")


@attrs.frozen(kw_only=True)
class QualityThresholds:
    """When a call leg is poor (design 5.27).

    Attributes:
        jitter_ms: Jitter above it is poor, in milliseconds.
        latency_ms: Latency above it is poor, in milliseconds.
        loss_pct: Packet loss above it is poor, in percent.
        combine: Whether "any" one measure makes a stream poor, or only "all" three.
        inclusive: Whether the bound itself is poor, as Cisco's English help has it.

    Raises:
        InvalidValue: A bound is not above 0, or `combine` is neither.
    """

    jitter_ms: float = attrs.field(default=150.0, validator=_bound)
    latency_ms: float = attrs.field(default=400.0, validator=_bound)
    loss_pct: float = attrs.field(default=5.0, validator=_bound)
    combine: Combine = "any"
    inclusive: bool = False

    def __attrs_post_init__(self) -> None:
        if self.combine not in ("any", "all"):
            raise InvalidValue("combine", self.combine, choices=("any", "all"))


def _exceeds(measure: Any, bound: float, q: QualityThresholds) -> Any:
    return measure >= bound if q.inclusive else measure > bound


def _stream_is_poor(jitter: Any, latency: Any, loss: Any, q: QualityThresholds) -> Any:
    by_jitter = _exceeds(jitter, q.jitter_ms, q)
    by_latency = _exceeds(latency, q.latency_ms, q)
    by_loss = _exceeds(loss, q.loss_pct, q)
    if q.combine == "all":
        return by_jitter & by_latency & by_loss
    return by_jitter | by_latency | by_loss


def rated(s: View, _: QualityThresholds) -> Any:
    """It has any measure, and an endpoint that can have one (design 5.27, 5.28)."""
    return s.measured & not_(s.unsupported)


def poor_quality(s: View, q: QualityThresholds) -> Any:
    """It is rated, and any stream that is there is poor (design 5.27)."""
    audio = _stream_is_poor(s.audio_jitter_ms, s.audio_latency_ms, s.audio_loss_pct, q)
    video = _stream_is_poor(s.video_jitter_ms, s.video_latency_ms, s.video_loss_pct, q)
    return rated(s, q) & (audio | video)


LEG_RULES: Final = (rated, poor_quality)


def leg_view(leg: CallLeg, /) -> View:
    """The row view of one leg."""
    told = {name: getattr(leg, name) for name in MEASURES}
    return SimpleNamespace(
        **{
            name: LEG_READS[name] if value is None else value
            for name, value in told.items()
        },
        measured=any(value is not None for value in told.values()),
        unsupported=leg.unsupported,
    )


_DEFAULT: Final = QualityThresholds()


def is_poor_quality(
    leg: CallLeg, /, *, thresholds: QualityThresholds = _DEFAULT
) -> bool | None:
    """Whether a call leg is of poor quality; None when it is not rated.

    Args:
        leg: The leg.
        thresholds: What is poor.

    Examples:
        >>> import datetime as dt
        >>> at = dt.datetime(2026, 11, 16, 9)
        >>> leg = CallLeg(organization="acme", start=at, audio_jitter_ms=151.0)
        >>> is_poor_quality(leg), is_poor_quality(CallLeg(organization="a", start=at))
        (True, None)
    """
    s = leg_view(leg)
    return bool(poor_quality(s, thresholds)) if rated(s, thresholds) else None
