"""Calls in memory: the plainest way there is, which others are measured by."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Final

import attrs
import numpy as np

from partnerhub.adapters.backend import OrganizationRow
from partnerhub.columns.leg_records import (
    MEDIA_VALUES,
    CallDays,
    LegRecords,
    MediaColumns,
    by_customer,
    joined_records,
    with_media,
)
from partnerhub.columns.legs import LegColumns, legs_of
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
from partnerhub.ports import Scope

_NEVER: Final = -1
_Leg = tuple[int, int, str]  # organization, day, report id
_Service = tuple[str, int, int, int, str, str]  # kind, organization, days, names
_STATS: Final = (*SERVICE_TEXTS, *SERVICE_SUMS, *SERVICE_MEANS)


@attrs.define
class CallState:
    """What is stored of calls. Values are replaced and never changed.

    Attributes:
        parts: Records as they were put; some of their rows count no more.
        legs: What tells a leg apart -> its part and row there, and when it was written.
        days: Customers and days that are loaded.
        media: Call id and side -> quality.
        services: What tells a row of statistics apart -> its values.
        quality: The service's own statistics, by customer, location and time.
    """

    parts: dict[int, LegRecords] = attrs.Factory(dict)
    legs: dict[_Leg, tuple[int, int, int]] = attrs.Factory(dict)
    days: dict[tuple[int, int], None] = attrs.Factory(dict)
    media: dict[tuple[str, int], tuple[Any, ...]] = attrs.Factory(dict)
    services: dict[_Service, tuple[Any, ...]] = attrs.Factory(dict)
    quality: dict[tuple[int, str, int, int], CallQualityStats] = attrs.Factory(dict)

    def copied(self) -> CallState:
        """The same, in dictionaries of its own."""
        fields = attrs.fields(CallState)
        return CallState(**{f.name: dict(getattr(self, f.name)) for f in fields})


class MemoryCalls(ABC):
    """Implements `partnerhub.adapters.call_backend.CallBackend` in memory."""

    _lock: AbstractContextManager[Any]

    @property
    @abstractmethod
    def _calls(self) -> CallState:
        """What is stored of calls; another part of the backend has it."""

    @abstractmethod
    def organizations(self, scope: Scope) -> list[OrganizationRow]:
        """The organizations of a scope; another part of the backend has them."""

    def _named(self, scope: Scope) -> dict[int, str]:
        """Key -> uuid of the customers of a scope."""
        return {row.key: row.id for row in self.organizations(scope)}

    # call legs

    def legs(self, first: int, last: int, scope: Scope) -> Iterator[LegColumns]:
        """The legs of these days, in chunks, all from one state."""
        with self._lock:
            inside = self._named(scope)
            found = self._records(
                lambda who, day: first <= day <= last and who in inside
            )
        return iter([records.legs for records in found])

    def _records(self, wanted: Callable[[int, int], bool]) -> list[LegRecords]:
        """The records of wanted customers and days, part by part."""
        chosen: dict[int, list[int]] = {}
        for (who, day, _), (part, row, _) in self._calls.legs.items():
            if wanted(who, day):
                chosen.setdefault(part, []).append(row)
        parts = self._calls.parts
        return [parts[part].take(np.array(rows)) for part, rows in chosen.items()]

    def put_legs(self, organization: Ints, records: LegRecords) -> int:
        """Keeps records, each once, over those that were written before them."""
        state = self._calls
        part = len(state.parts)
        state.parts[part] = records
        day = day_numbers(records.legs.start)
        written = records.report_time.astype("datetime64[ms]")
        times = np.where(np.isnat(written), _NEVER, written.view(np.int64))
        told = zip(
            organization.tolist(), day.tolist(), records.report_id.tolist(), strict=True
        )
        kept = 0
        for row, (key, time) in enumerate(zip(told, times.tolist(), strict=True)):
            known = state.legs.get(key)
            if known is None or time > known[2]:
                state.legs[key] = (part, row, time)
                kept += 1
        return kept

    def leg_days(self, organizations: Ints) -> list[int]:
        """The days on which these customers have a leg, ascending."""
        wanted = set(organizations.tolist())
        return sorted({day for who, day, _ in self._calls.legs if who in wanted})

    def leg_records(self, organizations: Ints, day: int) -> LegRecords:
        """All records of these customers and day, by uuid and report id."""
        wanted = set(organizations.tolist())
        parts = self._records(lambda who, on: on == day and who in wanted)
        return by_customer(joined_records(parts)) if parts else _no_records()

    def call_days(self, first: int, last: int, scope: Scope) -> CallDays:
        """Customers and days that are loaded, by uuid and day."""
        names = self._named(scope)
        found = sorted(
            (names[who], day)
            for who, day in self._calls.days
            if first <= day <= last and who in names
        )
        return CallDays(
            organization=np.array([who for who, _ in found], object),
            day=EPOCH + np.array([day for _, day in found], np.int64),
        )

    def put_call_days(self, organization: Ints, day: Ints) -> None:
        """Notes loaded customers and days, `(n,)`."""
        pairs = zip(organization.tolist(), day.tolist(), strict=True)
        self._calls.days.update(dict.fromkeys(pairs))

    # media quality

    def media_of(self, calls: list[str]) -> MediaColumns:
        """What is known of these calls, by call id; rows of one side come last."""
        wanted, known = set(calls), self._calls.media
        keys = sorted(key for key in known if key[0] in wanted)
        values = [known[key] for key in keys]
        return MediaColumns(
            call_id=np.array([call for call, _ in keys], object),
            caller=np.array([side for _, side in keys], np.int8),
            values={
                name: np.array([row[at] for row in values], kind)
                for at, (name, kind) in enumerate(MEDIA_VALUES.items())
            },
        )

    def media_after(self, call: str, count: int) -> MediaColumns:
        """All of so many calls with the next ids after this one."""
        later = sorted({each for each, _ in self._calls.media if each > call})
        return self.media_of(later[:count])

    def put_media(self, media: MediaColumns) -> None:
        """Keeps these rows, in place of those of the same call and side."""
        keys = zip(media.call_id.tolist(), media.caller.tolist(), strict=True)
        columns = [media.values[name].tolist() for name in MEDIA_VALUES]
        self._calls.media.update(zip(keys, zip(*columns, strict=True), strict=True))

    def join_media(self, calls: list[str]) -> int:
        """Gives the legs of these calls the quality that is known of them."""
        parts, media, wanted = self._calls.parts, self.media_of(calls), set(calls)
        for number, part in parts.items():
            if not wanted.isdisjoint(part.call_id.tolist()):
                parts[number] = with_media(part, media)
        legs = self._calls.legs.values()
        return len(wanted - {parts[part].call_id[row] for part, row, _ in legs})

    # statistics

    def service_stats(
        self, kind: ServiceKind, first: int, last: int, scope: Scope
    ) -> ServiceStats:
        """Statistics of any days inside these, by uuid, days, location and name."""
        names = self._named(scope)
        rows = sorted(
            ((names[key[1]], *key[2:]), values)
            for key, values in self._calls.services.items()
            if key[0] == kind and key[1] in names and first <= key[2] and key[3] <= last
        )
        columns: dict[str, Array] = {}
        for at, name in enumerate(_STATS):
            listed = [values[at] for _, values in rows]
            columns[name] = (
                np.array(listed, object)
                if name in SERVICE_TEXTS
                else np.array(listed, np.int64 if name in SERVICE_SUMS else np.float64)
            )
        days = np.array([key[1:3] for key, _ in rows], np.int64).reshape(-1, 2)
        return ServiceStats(
            organization=np.array([key[0] for key, _ in rows], object),
            location=np.array([key[3] for key, _ in rows], object),
            name=np.array([key[4] for key, _ in rows], object),
            first=EPOCH + days[:, 0],
            last=EPOCH + days[:, 1],
            values=columns,
        )

    def put_service_stats(
        self, kind: ServiceKind, organization: Ints, stats: ServiceStats
    ) -> None:
        """Replaces the rows of the same customer, service and days."""
        keys = zip(
            [str(kind)] * len(stats),
            organization.tolist(),
            day_numbers(stats.first).tolist(),
            day_numbers(stats.last).tolist(),
            stats.location.tolist(),
            stats.name.tolist(),
            strict=True,
        )
        values = zip(*(stats.column(name).tolist() for name in _STATS), strict=True)
        self._calls.services.update(zip(keys, values, strict=True))

    def quality_stats(
        self, first: int, last: int, scope: Scope
    ) -> tuple[CallQualityStats, ...]:
        """Those that begin on these days, by uuid, location and time."""
        inside = self._named(scope)
        found = (
            each
            for (who, *_), each in self._calls.quality.items()
            if who in inside and first <= each.day <= last
        )
        return tuple(sorted(found, key=lambda each: each.key))

    def put_quality_stats(
        self, organization: Ints, stats: list[CallQualityStats]
    ) -> None:
        """Replaces those of the same customer, location and time."""
        for key, each in zip(organization.tolist(), stats, strict=True):
            self._calls.quality[key, each.location, each.start_ms, each.end_ms] = each


def _no_records() -> LegRecords:
    nothing = np.empty(0, dtype=object)
    return LegRecords(
        legs=legs_of(()),
        report_id=nothing,
        report_time=np.empty(0, "datetime64[ms]"),
        call_id=nothing,
    )
