"""Calls in a store made of a backend: what is the same whatever the engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator, Sequence

import numpy as np

from partnerhub.adapters.backend import Backend
from partnerhub.adapters.store.recording import organization_keys
from partnerhub.columns.leg_records import (
    MEDIA_VALUES,
    CallDays,
    LegRecords,
    MediaColumns,
    newest,
    with_media,
)
from partnerhub.columns.legs import LegColumns
from partnerhub.columns.queue_stats import (
    SERVICE_MEANS,
    SERVICE_SUMS,
    SERVICE_TEXTS,
    ServiceKind,
    ServiceStats,
)
from partnerhub.columns.records import day_numbers
from partnerhub.columns.unknown import Array, Bools, Ints, is_unknown
from partnerhub.domain.call_quality import CallQualityStats
from partnerhub.domain.days import as_day, day_number
from partnerhub.domain.organizations import key_texts
from partnerhub.ports import EVERYTHING, LegsPut, MediaPut, Scope


class CallReads:
    """Implements `partnerhub.ports.CallSource` over a backend."""

    _backend: Backend

    def legs(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> Iterator[LegColumns]:
        """The call legs that begin on these days, in chunks."""
        return self._backend.legs(*_numbers(first, last), scope)

    def call_days(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> CallDays:
        """Which customers' call records were loaded for which of the days."""
        with self._backend.reading():
            return self._backend.call_days(*_numbers(first, last), scope)

    def service_stats(
        self,
        kind: ServiceKind,
        first: dt.date,
        last: dt.date,
        scope: Scope = EVERYTHING,
    ) -> ServiceStats:
        """Statistics of services, of any range of days inside these."""
        with self._backend.reading():
            days = _numbers(first, last)
            return self._backend.service_stats(ServiceKind(kind), *days, scope)

    def quality_stats(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> tuple[CallQualityStats, ...]:
        """Call-quality statistics that begin on these days."""
        with self._backend.reading():
            return self._backend.quality_stats(*_numbers(first, last), scope)


class CallWrites:
    """Implements `partnerhub.ports.CallWriter` over a backend."""

    _backend: Backend

    def put_legs(self, records: LegRecords) -> LegsPut:
        """Takes call records in; one taken twice changes nothing."""
        if not len(records):
            return LegsPut()
        told = len(records)
        for texts in (
            records.legs.places.text,
            records.legs.users.text,
            records.legs.other_types,
            records.report_id,
            records.call_id,
        ):
            key_texts(texts)
        records = newest(records)
        calls = sorted({call for call in records.call_id.tolist() if call})
        known = self._backend.media_of(calls)
        if len(known):
            records = with_media(records, known)
        legs = records.legs
        day = day_numbers(legs.start)
        owners = legs.places.owners()[legs.place]
        keys = self._customers(owners, day)
        taken = self._keep(keys, records)
        self._put_days(keys, day)
        return LegsPut(taken=taken, unchanged=told - taken)

    def _keep(self, keys: Ints, records: LegRecords) -> int:
        """Keeps records, no two of one customer, day and id; how many were news."""
        return self._backend.put_legs(keys, records)

    def put_call_days(self, days: CallDays) -> None:
        """Notes that call records of these customers and days are loaded."""
        if len(days):
            numbers = day_numbers(days.day)
            self._put_days(self._customers(days.organization, numbers), numbers)

    def _customers(self, uuids: Array, day: Ints) -> Ints:
        """The keys of customers that were there on these days, `(n,)`."""
        return organization_keys(self._backend, uuids, day)

    def _put_days(self, keys: Ints, day: Ints) -> None:
        pairs = np.unique(np.stack([day, keys]), axis=1)
        self._backend.put_call_days(pairs[1], pairs[0])

    def put_media(
        self,
        media: Iterable[MediaColumns],
        *,
        region: str | None = None,  # noqa: ARG002 - all regions are in this store
    ) -> MediaPut:
        """Takes media quality in, for the records there are and those to come."""
        told = taken = 0
        calls: set[str] = set()
        for part in media:
            key_texts(part.call_id)
            told += len(part)
            known = self._backend.media_of(sorted(set(part.call_id.tolist())))
            rows = _news(dict(_media_rows(known)), _media_rows(part))
            news = part.take(rows)
            self._backend.put_media(news)
            calls.update(news.call_id.tolist())
            taken += len(rows)
        waiting = self._join(calls)
        return MediaPut(taken=taken, unchanged=told - taken, waiting=waiting)

    def _join(self, calls: set[str]) -> int:
        """Gives legs the new quality of their calls; how many calls have no leg."""
        return self._backend.join_media(sorted(calls)) if calls else 0

    def put_service_stats(self, kind: ServiceKind, stats: ServiceStats) -> Bools:
        """Replaces statistics of the same service and days."""
        changed = np.zeros(len(stats), np.bool_)
        if not len(stats):
            return changed
        for texts in (stats.location, stats.name, *map(stats.column, SERVICE_TEXTS)):
            key_texts(texts)
        first, last = day_numbers(stats.first), day_numbers(stats.last)
        scope = Scope(organizations=tuple(sorted(set(stats.organization.tolist()))))
        known = self._backend.service_stats(
            kind, int(first.min()), int(last.max()), scope
        )
        rows = _news(dict(_stat_rows(known)), _stat_rows(stats))
        keys = self._customers(stats.organization, last)
        self._backend.put_service_stats(kind, keys[rows], stats.take(rows))
        changed[rows] = True
        return changed

    def put_quality_stats(self, stats: Sequence[CallQualityStats]) -> Bools:
        """Replaces call-quality statistics of the same customer, place and time."""
        changed = np.zeros(len(stats), np.bool_)
        if not stats:
            return changed
        key_texts([each.location for each in stats])
        uuids = np.array([each.customer for each in stats], object)
        days = np.array([each.day for each in stats], np.int64)
        known = self._backend.quality_stats(
            int(days.min()), int(days.max()), Scope(organizations=tuple(uuids))
        )
        rows = _news(dict(_quality_rows(known)), _quality_rows(stats))
        keys = self._customers(uuids, days)
        self._backend.put_quality_stats(keys[rows], [stats[row] for row in rows])
        changed[rows] = True
        return changed


Rows = Iterator[tuple[Hashable, Hashable]]
"""What tells each row apart, and what it says."""


def _news(known: dict[Hashable, Hashable], told: Rows) -> Ints:
    """The rows that say something new; of rows of one thing only the last can."""
    last = {key: (row, says) for row, (key, says) in enumerate(told)}
    news = (row for key, (row, says) in last.items() if known.get(key) != says)
    return np.array(sorted(news), np.int64)


def _media_rows(media: MediaColumns) -> Rows:
    values = zip(*(_cells(media.values[key]) for key in MEDIA_VALUES), strict=True)
    keys = zip(media.call_id.tolist(), media.caller.tolist(), strict=True)
    return zip(keys, values, strict=True)


def _stat_rows(stats: ServiceStats) -> Rows:
    keys = zip(
        stats.organization.tolist(),
        stats.first.tolist(),
        stats.last.tolist(),
        stats.location.tolist(),
        stats.name.tolist(),
        strict=True,
    )
    names = (*SERVICE_TEXTS, *SERVICE_SUMS, *SERVICE_MEANS)
    values = zip(*(_cells(stats.column(name)) for name in names), strict=True)
    return zip(keys, values, strict=True)


def _quality_rows(stats: Iterable[CallQualityStats]) -> Rows:
    return ((each.key, each) for each in stats)


def _cells(column: Array) -> list[Hashable]:
    """Cells that are equal where they say the same, which NaN never is."""
    if column.dtype.kind != "f":
        listed: list[Hashable] = column.tolist()
        return listed
    return [
        None if missing else cell
        for cell, missing in zip(
            column.tolist(), is_unknown(column).tolist(), strict=True
        )
    ]


def _numbers(first: dt.date, last: dt.date) -> tuple[int, int]:
    return day_number(as_day(first)), day_number(as_day(last))
