"""Call-quality statistics of one customer, as the service's own summary has them.

They count calls, where call records count legs, and are never mixed with these.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Final

import attrs

from partnerhub.adapters.cdr.cells import parse_time
from partnerhub.adapters.exports.cells import CellError
from partnerhub.adapters.exports.options import MEBIBYTE
from partnerhub.adapters.exports.problems import shown_name
from partnerhub.domain.errors import FileRefused
from partnerhub.domain.ids import uuid_of

_LIMIT: Final = MEBIBYTE


@attrs.frozen(kw_only=True)
class CallQualityStats:
    """Calls of one customer, and how many of them were good. None is not known.

    Attributes:
        customer: Uuid of the customer, which the summary does not say itself.
        start_ms: Beginning of its range, milliseconds since 1970, included.
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
    def poor_ratio(self) -> float | None:
        """Share of calls with media that were not good, 0..1; None without one."""
        if not self.calls_with_media or self.good_calls is None:
            return None
        return 1 - self.good_calls / self.calls_with_media


def read_quality_stats(
    path: str | PathLike[str], /, *, customer: str
) -> CallQualityStats:
    """The statistics in a JSON file, as the service answers.

    Args:
        path: The file.
        customer: Id of the customer they are of.

    Raises:
        FileRefused: It holds no such statistics.
        OSError: There is no such file, or it may not be read.
    """
    path = Path(path)
    name = shown_name(path.name)
    with path.open("rb") as file:
        content = file.read(_LIMIT + 1)
    if len(content) > _LIMIT:
        raise FileRefused(name, f"over {_LIMIT} bytes, which no such answer has")
    try:
        answer: Any = json.loads(content.decode("utf-8-sig"))
        start, end = (parse_time(str(answer[key])) for key in ("startTime", "endTime"))
        metrics = dict(answer["metrics"])
    except (ValueError, TypeError, KeyError, RecursionError, CellError) as error:
        raise FileRefused(name, "it holds no call-quality statistics") from error
    if start is None or end is None:
        raise FileRefused(name, "it does not say of which days it is")
    return CallQualityStats(
        customer=uuid_of(customer),
        start_ms=start,
        end_ms=end,
        location=str(answer.get("location") or ""),
        calls=_count(metrics, "totalCalls"),
        calls_with_media=_count(metrics, "totalCallsWithMedia"),
        good_calls=_count(metrics, "totalGoodQualityCallsWithMedia"),
        audio_jitter_ms=_number(metrics, "avgCallLegAudioJitter"),
        audio_latency_ms=_number(metrics, "avgCallLegAudioLatency"),
        audio_loss_pct=_number(metrics, "avgCallLegAudioPacketLoss"),
    )


def _count(metrics: Mapping[str, Any], key: str) -> int | None:
    value = _number(metrics, key)
    return None if value is None else int(value)


def _number(metrics: Mapping[str, Any], key: str) -> float | None:
    """A number, or a text that holds one; None for anything else, or below 0."""
    try:
        value = float(metrics.get(key, "nan"))
    except (TypeError, ValueError):
        return None
    return value if 0 <= value < float("inf") else None
