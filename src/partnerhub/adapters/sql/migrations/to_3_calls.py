"""Version 3 of the schema: the tables for call records and what belongs to them."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic.operations import Operations

_TEXT: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_BIG, _INT, _SMALL = sa.BigInteger(), sa.Integer(), sa.SmallInteger()
_REAL: Final[Any] = sa.REAL()
_DOUBLE: Final[Any] = sa.Double()
_MEASURES: Final = tuple(
    f"{stream}_{kind}"
    for stream in ("audio", "video")
    for kind in ("jitter_ms", "latency_ms", "loss_pct")
)

# Table -> columns: name, type. Those before None are its primary key; decimals, and
# the counts of `call_quality`, may be null.
_TABLES: Final[dict[str, tuple[tuple[str, Any] | None, ...]]] = {
    "leg": (
        ("day", _INT),
        ("organization", _INT),
        ("report_id", _TEXT),
        None,
        ("report_time", _BIG),
        ("call_id", _TEXT),
        *((name, _BIG) for name in ("start", "location", "person", "call_type")),
        ("duration_s", _INT),
        ("video_s", _INT),
        *((name, _SMALL) for name in ("answered", "direction", "user_kind")),
        *((name, _SMALL) for name in ("endpoint", "features", "ipv6")),
        *((name, _SMALL) for name in ("audio", "video")),
        *((name, _REAL) for name in _MEASURES),
    ),
    "call_day": (("day", _INT), ("organization", _INT), None),
    "media": (
        ("call_id", _TEXT),
        ("caller", _SMALL),
        None,
        ("fresh", _SMALL),
        *((name, _INT) for name in ("audio", "video", "video_s")),
        *((name, _REAL) for name in _MEASURES),
    ),
    "service_stats": (
        ("kind", _TEXT),
        *((name, _INT) for name in ("organization", "first", "last")),
        ("location", _TEXT),
        ("name", _TEXT),
        None,
        ("phone", _TEXT),
        ("extension", _TEXT),
        *((name, _BIG) for name in ("calls", "answered", "abandoned", "overflowed")),
        *((name, _BIG) for name in ("timed_out", "transferred", "unanswered")),
        *((name, _BIG) for name in ("busy", "others", "wait_s", "abandoned_wait_s")),
        *((name, _BIG) for name in ("hold_s", "talk_s", "handle_s", "duration_s")),
        *((name, _DOUBLE) for name in ("answered_pct", "abandoned_pct")),
        *((name, _DOUBLE) for name in ("mean_wait_s", "mean_abandoned_wait_s")),
        *((name, _DOUBLE) for name in ("mean_hold_s", "mean_talk_s")),
        *((name, _DOUBLE) for name in ("mean_handle_s", "mean_agents")),
        ("mean_agents_busy", _DOUBLE),
    ),
    "call_quality": (
        ("organization", _INT),
        ("location", _TEXT),
        ("start_ms", _BIG),
        ("end_ms", _BIG),
        None,
        *((name, _BIG) for name in ("calls", "calls_with_media", "good_calls")),
        *((name, _DOUBLE) for name in _MEASURES[:3]),
    ),
}


def create_tables(op: Operations, prefix: str, schema: str | None) -> None:
    """Makes the tables with that prefix."""
    for table, told in _TABLES.items():
        keys = told.index(None)
        op.create_table(
            prefix + table,
            *(
                sa.Column(
                    column[0],
                    column[1],
                    primary_key=place < keys,
                    autoincrement=False,
                    nullable=place > keys
                    and (table == "call_quality" or isinstance(column[1], sa.Float)),
                )
                for place, column in enumerate(told)
                if column is not None
            ),
            schema=schema,
            sqlite_with_rowid=False,
        )
