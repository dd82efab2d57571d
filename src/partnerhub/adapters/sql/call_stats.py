"""Media quality, and statistics of services and calls, in their tables."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import sqlalchemy as sa

from partnerhub.adapters.sql.call_hashes import CallHashes
from partnerhub.adapters.sql.call_tables import QUALITY_COUNTS, QUALITY_MEANS
from partnerhub.adapters.sql.session import Part
from partnerhub.columns.leg_records import MEDIA_VALUES, MediaColumns
from partnerhub.columns.queue_stats import (
    SERVICE_MEANS,
    SERVICE_SUMS,
    SERVICE_TEXTS,
    ServiceKind,
    ServiceStats,
)
from partnerhub.columns.records import EPOCH, day_numbers
from partnerhub.columns.unknown import Array, Ints
from partnerhub.domain.call_quality import CallQualityStats
from partnerhub.domain.calls import DIRECTIONS, Direction
from partnerhub.domain.days import DAY_MS
from partnerhub.domain.quality import MEASURES
from partnerhub.ports import Scope

_MADE: Final = DIRECTIONS.index(Direction.ORIGINATING)
_SERVICE_KEYS: Final = ("first", "last", "location", "name")
_QUALITY: Final = ("location", "start_ms", "end_ms", *QUALITY_COUNTS, *QUALITY_MEANS)


class CallStats(Part):
    """The part that keeps what belongs to calls and is no record of one."""

    # media quality

    def media_of(self, calls: list[str]) -> MediaColumns:
        """What is known of these calls, by call id; rows of one side come last."""
        c = self._schema.media.c
        if self._session.scalar(sa.select(c.call_id).limit(1)) is None:
            calls = []
        return self._media(self._session.among(c.call_id, calls))

    def media_after(self, call: str, count: int) -> MediaColumns:
        """All of so many calls with the next ids after this one."""
        c = self._schema.media.c
        query = sa.select(c.call_id).where(c.call_id > call).distinct()
        rows = self._session.fetch(query.order_by(c.call_id).limit(count))
        return self.media_of([call_id for (call_id,) in rows])

    def _media(self, *conditions: sa.ColumnElement[bool]) -> MediaColumns:
        c = self._schema.media.c
        query = sa.select(c.call_id, c.caller, *(c[name] for name in MEDIA_VALUES))
        call_id, caller, *values = self._session.fetch_columns(
            query.where(*conditions).order_by(c.call_id, c.caller)
        )
        return MediaColumns(
            call_id=call_id,
            caller=caller.astype(np.int8),
            values={
                name: column.astype(kind)
                for (name, kind), column in zip(
                    MEDIA_VALUES.items(), values, strict=True
                )
            },
        )

    def put_media(self, media: MediaColumns) -> None:
        """Keeps these rows, in place of those of the same call and side."""
        if not len(media):
            return
        columns: dict[str, Array] = {
            "call_id": media.call_id,
            "caller": media.caller.astype(np.int64),
            **{
                name: column if name in MEASURES else column.astype(np.int64)
                for name, column in media.values.items()
            },
        }
        self._session.merge_columns(self._schema.media, columns, "replace")

    def join_media(self, calls: list[str]) -> int:
        """Gives the legs of these calls the quality that is known of them."""
        leg, media = self._schema.leg, self._schema.media
        # Legs lie in the order of their days: those of others are not looked at.
        days = CallHashes(self._session).days_of(calls)
        if not days:
            return len(calls)
        inside = self._session.among(leg.c.day, days)
        among = self._session.among(leg.c.call_id, calls)
        query = sa.select(leg.c.call_id).where(inside, among).distinct()
        # PostgreSQL, which knows nothing of new rows yet, would hold each row of a file
        # against each leg of its day.
        with self._session.over_all():
            met = self._session.fetch(query)
            same = sa.and_(
                inside,
                leg.c.call_id == media.c.call_id,
                self._session.among(media.c.call_id, calls),
            )
            # What is told of one side comes after what is told of both.
            for caller, is_side in (
                (-1, sa.true()),
                (0, leg.c.direction != _MADE),
                (1, leg.c.direction == _MADE),
            ):
                self._session.execute(
                    sa.update(leg)
                    .values({name: media.c[name] for name in MEDIA_VALUES})
                    .where(same, media.c.caller == caller, is_side)
                )
        return len(calls) - len(met)

    # statistics of services

    def service_stats(
        self, kind: ServiceKind, first: int, last: int, scope: Scope
    ) -> ServiceStats:
        """Statistics of any days inside these, by uuid, days, location and name."""
        table, who = self._schema.service_stats, self._schema.organization
        c = table.c
        names = (*_SERVICE_KEYS, *SERVICE_TEXTS, *SERVICE_SUMS, *SERVICE_MEANS)
        uuid, *columns = self._session.fetch_columns(
            sa.select(who.c.id, *(c[name] for name in names))
            .join_from(table, who, who.c.key == c.organization)
            .where(c.kind == str(kind), c.first >= first, c.last <= last)
            .where(*self._session.inside(c.organization, scope))
            .order_by(who.c.id, c.first, c.last, c.location, c.name)
        )
        found: dict[str, Array] = dict(zip(names, columns, strict=True))
        begin, end, location, name = (found.pop(key) for key in _SERVICE_KEYS)
        return ServiceStats(
            organization=uuid,
            location=location,
            name=name,
            first=EPOCH + begin,
            last=EPOCH + end,
            values=found,
        )

    def put_service_stats(
        self, kind: ServiceKind, organization: Ints, stats: ServiceStats
    ) -> None:
        """Replaces the rows of the same customer, service and days."""
        if not len(stats):
            return
        columns: dict[str, Array] = {
            "kind": np.full(len(stats), str(kind), object),
            "organization": organization,
            "first": day_numbers(stats.first),
            "last": day_numbers(stats.last),
            "location": stats.location,
            "name": stats.name,
            **{name: stats.column(name) for name in SERVICE_TEXTS},
            **{name: stats.column(name).astype(np.int64) for name in SERVICE_SUMS},
            **{name: stats.column(name) for name in SERVICE_MEANS},
        }
        self._session.merge_columns(self._schema.service_stats, columns, "replace")

    # the service's own statistics of calls

    def quality_stats(
        self, first: int, last: int, scope: Scope
    ) -> tuple[CallQualityStats, ...]:
        """Those that begin on these days, by uuid, location and time."""
        table, who = self._schema.call_quality, self._schema.organization
        c = table.c
        rows = self._session.fetch(
            sa.select(who.c.id, *(c[name] for name in _QUALITY))
            .join_from(table, who, who.c.key == c.organization)
            .where(c.start_ms >= first * DAY_MS, c.start_ms < (last + 1) * DAY_MS)
            .where(*self._session.inside(c.organization, scope))
            .order_by(who.c.id, c.location, c.start_ms, c.end_ms)
        )
        told: list[dict[str, Any]] = [
            dict(zip(("customer", *_QUALITY), row, strict=True)) for row in rows
        ]
        return tuple(CallQualityStats(**each) for each in told)

    def put_quality_stats(
        self, organization: Ints, stats: list[CallQualityStats]
    ) -> None:
        """Replaces those of the same customer, location and time."""
        self._session.insert(
            self._schema.call_quality,
            ("organization", *_QUALITY),
            (
                (key, *(getattr(each, name) for name in _QUALITY))
                for key, each in zip(organization.tolist(), stats, strict=True)
            ),
            clash="replace",
        )
