"""Call-quality statistics of one customer, as the service's own summary has them.

They count calls, where call records count legs, and are never mixed with these.
"""

from __future__ import annotations

import attrs

from partnerhub.domain.days import DAY_MS


@attrs.frozen(kw_only=True)
class CallQualityStats:
    """Calls of one customer, and how many of them were good. None is not known.

    Attributes:
        customer: Uuid of the customer, which the summary does not say itself.
        start_ms: Beginning of its range, UTC, milliseconds since 1970, included.
        end_ms: Its end, not included.
        location: Name of the location it is of; blank for all.
        calls: Calls, not call legs.
        calls_with_media: Those whose quality is known.
        good_calls: Those of good quality.
        audio_jitter_ms: Mean over call legs, and so on.
        audio_latency_ms: Mean over call legs.
        audio_loss_pct: Mean over call legs.
    """

    customer: str
    start_ms: int
    end_ms: int
    location: str = ""
    calls: int | None = None
    calls_with_media: int | None = None
    good_calls: int | None = None
    audio_jitter_ms: float | None = None
    audio_latency_ms: float | None = None
    audio_loss_pct: float | None = None

    @property
    def key(self) -> tuple[str, str, int, int]:
        """What tells it apart, and where it stands among others."""
        return self.customer, self.location, self.start_ms, self.end_ms

    @property
    def day(self) -> int:
        """The day on which its range begins, in days since 1970-01-01, UTC."""
        return self.start_ms // DAY_MS

    @property
    def poor_ratio(self) -> float | None:
        """Share of calls with media that were not good, 0..1; None without one."""
        if not self.calls_with_media or self.good_calls is None:
            return None
        return 1 - self.good_calls / self.calls_with_media
