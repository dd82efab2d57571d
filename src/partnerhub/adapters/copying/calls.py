"""Copying calls: a day at a time, so that memory holds what a few customers call."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

import attrs
import numpy as np

from partnerhub.adapters.backend import Backend, OrganizationRow
from partnerhub.columns.leg_records import MEDIA_VALUES, LegRecords, MediaColumns
from partnerhub.columns.legs import ROW_COLUMNS
from partnerhub.columns.queue_stats import (
    SERVICE_MEANS,
    SERVICE_SUMS,
    SERVICE_TEXTS,
    ServiceKind,
    ServiceStats,
)
from partnerhub.columns.records import day_numbers
from partnerhub.columns.unknown import Array, Ints
from partnerhub.domain.errors import StoreCorrupt
from partnerhub.ports import Scope

_EVER: Final = (-(2**30), 2**30)
_CALLS: Final = 50_000
_LEGS: Final = "legs"

Line = tuple[Any, ...]


@attrs.frozen(kw_only=True, eq=False)
class CopiedCalls:
    """All that a store knows of the calls of some customers.

    Attributes:
        backend: The store, read while it is copied.
        rows: The customers.
    """

    backend: Backend
    rows: list[OrganizationRow]

    @property
    def _keys(self) -> Ints:
        return np.array([row.key for row in self.rows], np.int64)

    @property
    def _scope(self) -> Scope:
        return Scope(organizations=tuple(row.id for row in self.rows))

    def lines(self) -> Iterator[Line]:
        """What tells whether two stores know the same; of legs, one line a day."""
        for day in self.backend.leg_days(self._keys):
            records = self.backend.leg_records(self._keys, day)
            digest = hashlib.sha256()
            for row in _leg_rows(records):
                digest.update(repr(row).encode())
            yield (_LEGS, day, len(records), digest.hexdigest())
        loaded = self.backend.call_days(*_EVER, self._scope)
        pairs = zip(
            loaded.organization.tolist(), day_numbers(loaded.day).tolist(), strict=True
        )
        yield from (("call day", *pair) for pair in pairs)
        for kind in ServiceKind:
            stats = self.backend.service_stats(kind, *_EVER, self._scope)
            yield from ((str(kind), *row) for row in _stat_rows(stats))
        for each in self.backend.quality_stats(*_EVER, self._scope):
            yield ("call quality", *attrs.astuple(each))

    def write(self, target: Backend, key_of: dict[str, int]) -> None:
        """Writes it all where nothing of these customers is.

        Args:
            target: Where to, inside a transaction.
            key_of: Uuid -> key there.
        """
        for day in self.backend.leg_days(self._keys):
            records = self.backend.leg_records(self._keys, day)
            places = records.legs.places
            owners = places.owners()[records.legs.place]
            target.put_legs(_keys(owners, key_of), records)
        loaded = self.backend.call_days(*_EVER, self._scope)
        owners = _keys(loaded.organization, key_of)
        target.put_call_days(owners, day_numbers(loaded.day))
        for kind in ServiceKind:
            stats = self.backend.service_stats(kind, *_EVER, self._scope)
            owners = _keys(stats.organization, key_of)
            target.put_service_stats(kind, owners, stats)
        quality = self.backend.quality_stats(*_EVER, self._scope)
        uuids = np.array([each.customer for each in quality], object)
        target.put_quality_stats(_keys(uuids, key_of), list(quality))


def legs_in(lines: list[Line], /) -> int:
    """How many legs more than lines there are."""
    return sum(line[2] - 1 for line in lines if line[0] == _LEGS)


def copy_media(source: Backend, target: Backend, /, *, name: str) -> bytes:
    """Copies media quality, which is of no customer; gives a digest of it.

    Raises:
        StoreCorrupt: What was read back is not what was written.
    """
    with target.writing():
        for media in _media(source):
            target.put_media(media)
    digest = hashlib.sha256()
    for media in _media(source):
        told = list(_media_rows(media))
        with target.reading():
            back = target.media_of(sorted(set(media.call_id.tolist())))
        if list(map(repr, _media_rows(back))) != list(map(repr, told)):
            raise StoreCorrupt(name, "media quality came back otherwise")
        digest.update(repr(told).encode())
    return digest.digest()


def _media(backend: Backend) -> Iterator[MediaColumns]:
    call = ""
    while len(media := backend.media_after(call, _CALLS)):
        yield media
        call = media.call_id[-1]


def _media_rows(media: MediaColumns) -> Iterator[Line]:
    columns = (media.call_id, media.caller, *(media.values[n] for n in MEDIA_VALUES))
    return zip(*(column.tolist() for column in columns), strict=True)


def _leg_rows(records: LegRecords) -> Iterator[Line]:
    """Rows that do not depend on codes of the store's own."""
    legs = records.legs
    users = np.array([*legs.users.text.tolist(), None], object)  # -1 is the last
    texts: dict[str, Array] = {
        "place": legs.places.text[legs.place],
        "user": users[legs.user],
        "call_type": np.array(legs.type_names(), object)[legs.call_type],
    }
    columns = (
        legs.places.owners()[legs.place],
        records.report_id,
        records.report_time.astype("datetime64[ms]").astype(np.int64),
        records.call_id,
        *(
            texts[name] if name in texts else getattr(legs, name)
            for name in ROW_COLUMNS
        ),
    )
    return zip(*(column.tolist() for column in columns), strict=True)


def _stat_rows(stats: ServiceStats) -> Iterator[Line]:
    columns = (
        stats.organization,
        day_numbers(stats.first),
        day_numbers(stats.last),
        stats.location,
        stats.name,
        *map(stats.column, (*SERVICE_TEXTS, *SERVICE_SUMS, *SERVICE_MEANS)),
    )
    return zip(*(column.tolist() for column in columns), strict=True)


def _keys(uuids: Array, key_of: dict[str, int]) -> Ints:
    return np.fromiter(map(key_of.__getitem__, uuids.tolist()), np.int64, len(uuids))
