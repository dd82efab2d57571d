"""The columns of the tables that keep calls, for the newest schema.

A leg is one row of typed columns, in the order of day, customer and report id: new
days are added at the end of the table, and a range of days is read as one stretch.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from partnerhub.adapters.sql.table_columns import TEXT, column
from partnerhub.columns.leg_records import MEDIA_VALUES
from partnerhub.columns.queue_stats import SERVICE_MEANS, SERVICE_SUMS, SERVICE_TEXTS
from partnerhub.domain.quality import MEASURES

LEG_NUMBERS: Final = (
    "answered",
    "direction",
    "user_kind",
    "endpoint",
    "features",
    "ipv6",
    "audio",
    "video",
)
"""Columns of legs that are small numbers."""

QUALITY_COUNTS: Final = ("calls", "calls_with_media", "good_calls")
QUALITY_MEANS: Final = ("audio_jitter_ms", "audio_latency_ms", "audio_loss_pct")

Columns = tuple[sa.Column[Any], ...]


def leg() -> Columns:
    """Of `leg`; `location`, `person` and `call_type` are keys of `text`."""
    return (
        column("day", sa.Integer, key=True),
        column("organization", sa.Integer, key=True),
        column("report_id", TEXT, key=True),
        column("report_time", sa.BigInteger),
        column("call_id", TEXT),
        column("start", sa.BigInteger),
        column("location", sa.BigInteger),
        column("person", sa.BigInteger),
        column("call_type", sa.BigInteger),
        column("duration_s", sa.Integer),
        column("video_s", sa.Integer),
        *(column(name, sa.SmallInteger) for name in LEG_NUMBERS),
        *(column(name, sa.REAL, nullable=True) for name in MEASURES),
    )


def call_day() -> Columns:
    """Of `call_day`."""
    return (
        column("day", sa.Integer, key=True),
        column("organization", sa.Integer, key=True),
    )


def call_hash() -> Columns:
    """Of `call_hash`; `partnerhub.adapters.sql.call_hashes` says what hashes are."""
    return (
        column("day", sa.Integer, key=True),
        column("batch", sa.Integer, key=True),
        column("hashes", sa.LargeBinary),
    )


def media() -> Columns:
    """Of `media`; `caller` is 1 for the side that called, 0 for the other, -1 both."""
    kinds: dict[str, Any] = dict.fromkeys(MEASURES, sa.REAL)
    return (
        column("call_id", TEXT, key=True),
        column("caller", sa.SmallInteger, key=True),
        *(
            column(name, kinds.get(name, sa.Integer), nullable=name in kinds)
            for name in MEDIA_VALUES
        ),
    )


def service_stats() -> Columns:
    """Of `service_stats`."""
    return (
        column("kind", TEXT, key=True),
        column("organization", sa.Integer, key=True),
        column("first", sa.Integer, key=True),
        column("last", sa.Integer, key=True),
        column("location", TEXT, key=True),
        column("name", TEXT, key=True),
        *(column(name, TEXT) for name in SERVICE_TEXTS),
        *(column(name, sa.BigInteger) for name in SERVICE_SUMS),
        *(column(name, sa.Double, nullable=True) for name in SERVICE_MEANS),
    )


def call_quality() -> Columns:
    """Of `call_quality`; a range begins at `start_ms` and ends before `end_ms`."""
    return (
        column("organization", sa.Integer, key=True),
        column("location", TEXT, key=True),
        column("start_ms", sa.BigInteger, key=True),
        column("end_ms", sa.BigInteger, key=True),
        *(column(name, sa.BigInteger, nullable=True) for name in QUALITY_COUNTS),
        *(column(name, sa.Double, nullable=True) for name in QUALITY_MEANS),
    )
