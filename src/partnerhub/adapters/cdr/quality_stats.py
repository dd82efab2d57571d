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
from partnerhub.adapters.exports.sources import Source
from partnerhub.domain.call_quality import CallQualityStats
from partnerhub.domain.errors import FileRefused
from partnerhub.domain.ids import uuid_of

_LIMIT: Final = MEBIBYTE
_RANGE: Final = ("startTime", "endTime")


@attrs.frozen(kw_only=True)
class QualityFile:
    """A file of call-quality statistics.

    Attributes:
        source: Where it is.
        customer: Uuid of the customer it is of, which it does not say itself.
    """

    source: Source
    customer: str

    @property
    def file(self) -> str:
        """Its name in messages."""
        return self.source.file

    def read(self) -> CallQualityStats:
        """The statistics in it.

        Raises:
            FileRefused: It does not say of which days it is.
        """
        try:
            answer = _answer(self.source)
            start, end = (parse_time(str(answer[key])) for key in _RANGE)
            metrics = dict(answer["metrics"])
        except (ValueError, TypeError, KeyError, RecursionError, CellError) as error:
            raise FileRefused(
                self.file, "it holds no call-quality statistics"
            ) from error
        if start is None or end is None:
            raise FileRefused(self.file, "it does not say of which days it is")
        return CallQualityStats(
            customer=self.customer,
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


def is_quality_stats(source: Source, /) -> bool:
    """Whether a source holds what the service answers when asked for statistics."""
    if not source.start(64).decode("utf-8-sig", "ignore").lstrip().startswith("{"):
        return False
    try:
        answer = _answer(source)
    except (ValueError, RecursionError):
        return False
    return isinstance(answer, dict) and isinstance(answer.get("metrics"), dict)


def _answer(source: Source) -> Any:
    with source.open() as stream:
        content = stream.read(_LIMIT + 1)
    if len(content) > _LIMIT:
        raise ValueError(f"over {_LIMIT} bytes, which no such answer has")
    return json.loads(content.decode("utf-8-sig"))


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
    source = Source(file=shown_name(path.name), opener=lambda: path.open("rb"))
    return QualityFile(source=source, customer=uuid_of(customer)).read()


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
