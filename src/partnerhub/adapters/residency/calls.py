"""Calls where each region has a store of its own."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from partnerhub.columns.leg_records import CallDays, LegRecords, MediaColumns
from partnerhub.columns.legs import LegColumns
from partnerhub.columns.queue_stats import ServiceKind, ServiceStats, joined_stats
from partnerhub.columns.unknown import Array, Bools
from partnerhub.domain.call_quality import CallQualityStats
from partnerhub.domain.errors import RegionRequired
from partnerhub.ports import EVERYTHING, LegsPut, MediaPut, Scope, Store, Writer


class RegionalCalls(ABC):
    """Implements `partnerhub.ports.CallSource` over the stores of several regions."""

    @abstractmethod
    def _asked(self, scope: Scope) -> list[Store]:
        """The stores of a scope's regions; another part has it."""

    def legs(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> Iterator[LegColumns]:
        """The call legs that begin on these days, store by store."""
        for store in self._asked(scope):
            yield from store.legs(first, last, scope)

    def call_days(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> CallDays:
        """Which customers' call records were loaded for which of the days."""
        parts = [store.call_days(first, last, scope) for store in self._asked(scope)]
        owners = np.concatenate([part.organization for part in parts])
        days = np.concatenate([part.day for part in parts])
        pairs = list(zip(owners.tolist(), days.tolist(), strict=True))
        order = sorted(range(len(pairs)), key=pairs.__getitem__)
        rows = np.array(order, np.int64)
        return CallDays(organization=owners[rows], day=days[rows])

    def service_stats(
        self,
        kind: ServiceKind,
        first: dt.date,
        last: dt.date,
        scope: Scope = EVERYTHING,
    ) -> ServiceStats:
        """Statistics of services, of any range of days inside these."""
        stores = self._asked(scope)
        parts = [store.service_stats(kind, first, last, scope) for store in stores]
        return parts[0] if len(parts) == 1 else joined_stats(parts)

    def quality_stats(
        self, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
    ) -> tuple[CallQualityStats, ...]:
        """Call-quality statistics that begin on these days."""
        found = [
            each
            for store in self._asked(scope)
            for each in store.quality_stats(first, last, scope)
        ]
        return tuple(sorted(found, key=lambda each: each.key))


class RegionalCallWriter(ABC):
    """Implements `partnerhub.ports.CallWriter` over the stores of several regions."""

    _stores: Mapping[str, Store]

    @abstractmethod
    def _writer(self, region: str) -> Writer:
        """The writer of a region; another part has it."""

    @abstractmethod
    def _homes_of(self, uuids: Array) -> Array:
        """The region in whose store each customer is; another part has it."""

    def put_legs(self, records: LegRecords) -> LegsPut:
        """Takes call records in, each in the store of its customer."""
        if not len(records):
            return LegsPut()
        places = records.legs.places
        met = np.unique(places.customer[records.legs.place])
        home_of = np.empty(len(places.customers), dtype=object)
        home_of[met] = self._homes_of(places.customers[met])
        homes = home_of[places.customer[records.legs.place]]
        taken = unchanged = 0
        for region in dict.fromkeys(homes.tolist()):
            part = records.take(np.flatnonzero(homes == region))
            put = self._writer(region).put_legs(part)
            taken, unchanged = taken + put.taken, unchanged + put.unchanged
        return LegsPut(taken=taken, unchanged=unchanged)

    def put_call_days(self, days: CallDays) -> None:
        """Notes that call records of these customers and days are loaded."""
        for region, rows in self._by_home(days.organization):
            part = CallDays(organization=days.organization[rows], day=days.day[rows])
            self._writer(region).put_call_days(part)

    def put_media(
        self, media: Iterable[MediaColumns], *, region: str | None = None
    ) -> MediaPut:
        """Takes media quality into the store of a region."""
        if region is None and len(self._stores) == 1:
            region = next(iter(self._stores))
        if region is None or region not in self._stores:
            raise RegionRequired(self._stores)
        return self._writer(region).put_media(media, region=region)

    def put_service_stats(self, kind: ServiceKind, stats: ServiceStats) -> Bools:
        """Replaces statistics, each in the store of its customer."""
        changed = np.zeros(len(stats), np.bool_)
        for region, rows in self._by_home(stats.organization):
            writer = self._writer(region)
            changed[rows] = writer.put_service_stats(kind, stats.take(rows))
        return changed

    def put_quality_stats(self, stats: Sequence[CallQualityStats]) -> Bools:
        """Replaces call-quality statistics, each in the store of its customer."""
        changed = np.zeros(len(stats), np.bool_)
        uuids = np.array([each.customer for each in stats], object)
        for region, rows in self._by_home(uuids):
            part = [stats[row] for row in rows.tolist()]
            changed[rows] = self._writer(region).put_quality_stats(part)
        return changed

    def _by_home(self, uuids: Array) -> Iterator[tuple[str, Array]]:
        """Each region of these customers, and the rows of it."""
        homes = self._homes_of(uuids)
        for region in dict.fromkeys(homes.tolist()):
            yield region, np.flatnonzero(homes == region)
