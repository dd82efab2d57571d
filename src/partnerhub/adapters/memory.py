"""The memory backend: the plainest one, by which the others are judged."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import attrs
import numpy as np

from partnerhub.adapters.backend import (
    Held,
    OrganizationRow,
)
from partnerhub.columns import history
from partnerhub.columns.datasets import DATASETS, Dataset
from partnerhub.columns.history import Pictures, Runs
from partnerhub.columns.records import EPOCH, day_numbers
from partnerhub.columns.unknown import Array, Ints
from partnerhub.columns.usage import UsageColumns
from partnerhub.ports import Scope

_Thing = tuple[int, int, str]  # organization, parent, identity
_UsageKey = tuple[int, str, int, int]  # organization, location, first, last


@attrs.define
class _Things:
    """The things of one dataset, and their runs."""

    keys: dict[_Thing, int]
    first_day: dict[int, int]
    runs: Runs


@attrs.define
class _State:
    """Everything stored; a transaction works on a copy of it."""

    organizations: dict[str, OrganizationRow] = attrs.Factory(dict)
    texts: dict[str, int] = attrs.Factory(dict)
    things: dict[str, _Things] = attrs.Factory(
        lambda: {d.name: _Things({}, {}, Runs.empty(len(d.fields))) for d in DATASETS}
    )
    pictures: dict[str, Pictures] = attrs.Factory(dict)
    emails: dict[int, tuple[str, ...]] = attrs.Factory(dict)
    tags: dict[int, tuple[str, ...]] = attrs.Factory(dict)
    usage: dict[_UsageKey, dict[str, int]] = attrs.Factory(dict)


class MemoryBackend:
    """Keeps everything in dictionaries and arrays of this process."""

    name = "memory:"

    def __init__(self) -> None:
        self._state = _State()
        self._lock = threading.RLock()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Works on the state itself, and puts the old one back if that fails."""
        with self._lock:
            before = copy.deepcopy(self._state)
            try:
                yield
            except BaseException:
                self._state = before
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Waits for a writer to end."""
        with self._lock:
            yield

    def close(self) -> None:
        """Nothing to give up."""

    # keys

    def organization_keys(self, uuids: list[str]) -> Ints:
        """The keys of these uuids, made where new, `(n,)`."""
        known = self._state.organizations
        for uuid in uuids:
            if uuid not in known:
                known[uuid] = OrganizationRow(key=len(known) + 1, id=uuid)
        return np.array([known[uuid].key for uuid in uuids], np.int64)

    def thing_keys(
        self,
        dataset: Dataset,
        organization: Ints,
        parent: Ints,
        identity: Array,
        day: Ints,
    ) -> Ints:
        """The keys of these things seen on these days, made where new, `(n,)`."""
        known = self._state.things[dataset.name]
        keys = np.empty(len(identity), np.int64)
        told = zip(
            organization.tolist(),
            parent.tolist(),
            identity.tolist(),
            day.tolist(),
            strict=True,
        )
        for row, (*thing, seen) in enumerate(told):
            key = known.keys.setdefault(tuple(thing), len(known.keys) + 1)
            known.first_day[key] = min(seen, known.first_day.get(key, seen))
            keys[row] = key
        return keys

    def text_keys(self, texts: list[str]) -> Ints:
        """The keys of these texts, made where new, `(n,)`."""
        known = self._state.texts
        return np.array(
            [known.setdefault(text, len(known) + 1) for text in texts], np.int64
        )

    def texts(self, keys: Ints) -> list[str]:
        """The texts of these keys."""
        by_key = list(self._state.texts)
        return [by_key[key - 1] for key in keys.tolist()]

    # history

    def runs_of(
        self, dataset: Dataset, organizations: Ints, since: int
    ) -> tuple[Runs, Ints]:
        """Runs of these customers that are not over before `since`, sorted."""
        runs = self._state.things[dataset.name].runs
        owner = self._owner_of(dataset, runs.key)
        wanted = np.isin(owner, organizations) & (runs.until >= since)
        return runs.take(wanted), owner[wanted]

    def replace_runs(
        self,
        dataset: Dataset,
        old: Runs,
        new: Runs,
        organization: Ints,  # noqa: ARG002 - a key knows its customer here
    ) -> None:
        """Drops the old runs and keeps the new ones."""
        things = self._state.things[dataset.name]
        mine = history.joint(things.runs.key, things.runs.day)
        dropped = np.isin(mine, history.joint(old.key, old.day))
        things.runs = things.runs.take(~dropped).joined(new).sorted()

    def pictures_of(self, name: str, organizations: Ints) -> Pictures:
        """All full pictures of these customers."""
        known = self._state.pictures.get(name, Pictures.none())
        wanted = np.isin(known.owner, organizations)
        return Pictures(owner=known.owner[wanted], day=known.day[wanted])

    def add_pictures(self, name: str, pictures: Pictures) -> None:
        """Notes full pictures; those known already stay."""
        known = self._state.pictures.get(name, Pictures.none())
        self._state.pictures[name] = known.joined(pictures)

    def held_on(self, dataset: Dataset, day: int, scope: Scope) -> Held:
        """The runs that hold on a day, or were gone by then."""
        things = self._state.things[dataset.name]
        rows = history.at(things.runs, day)
        owner = self._owner_of(dataset, things.runs.key[rows])
        inside = np.isin(owner, [row.key for row in self.organizations(scope)])
        runs = things.runs.take(rows[inside])
        by_key = list(things.keys)
        of_run = [by_key[key - 1] for key in runs.key.tolist()]
        identity = np.empty(len(runs), dtype=object)
        identity[:] = [thing[2] for thing in of_run]
        return Held(
            runs=runs,
            organization=owner[inside],
            parent=np.array([thing[1] for thing in of_run], np.int64),
            identity=identity,
            first_day=np.array(
                [things.first_day[key] for key in runs.key.tolist()],
                np.int64,
            ),
        )

    def newest_pictures(self, name: str, day: int, scope: Scope) -> Mapping[int, int]:
        """Customer -> day of its newest full picture at or before `day`."""
        inside = {row.key for row in self.organizations(scope)}
        known = self._state.pictures.get(name, Pictures.none())
        pairs = zip(known.owner.tolist(), known.day.tolist(), strict=True)
        return {who: seen for who, seen in pairs if seen <= day and who in inside}

    def first_pictures(self, name: str) -> Mapping[str | None, int]:
        """Region -> day of the first full picture of any of its customers."""
        known = self._state.pictures.get(name, Pictures.none())
        region_of = {r.key: r.region for r in self._state.organizations.values()}
        first: dict[str | None, int] = {}
        for who, day in zip(known.owner.tolist(), known.day.tolist(), strict=True):
            region = region_of[who]
            first[region] = min(day, first.get(region, day))
        return first

    def first_day(self) -> int | None:
        """The earliest day of any run; None when there is none."""
        days = [t.runs.day.min() for t in self._state.things.values() if len(t.runs)]
        return int(min(days)) if days else None

    def _owner_of(self, dataset: Dataset, keys: Ints) -> Ints:
        known = self._state.things[dataset.name].keys
        owners = np.fromiter((thing[0] for thing in known), np.int64, count=len(known))
        return owners[keys - 1] if len(keys) else np.empty(0, np.int64)

    # organizations

    def organizations(self, scope: Scope) -> list[OrganizationRow]:
        """The organizations of a scope, by code point order of their uuid."""
        return [
            row
            for _, row in sorted(self._state.organizations.items())
            if (scope.regions is None or row.region in scope.regions)
            and (scope.organizations is None or row.id in scope.organizations)
        ]

    def update_organizations(self, rows: Iterable[OrganizationRow]) -> None:
        """Replaces these rows."""
        self._state.organizations.update({row.id: row for row in rows})

    def emails_of(self, organization: int) -> tuple[str, ...]:
        """The addresses of a customer, sorted."""
        return self._state.emails.get(organization, ())

    def tags_of(self, organization: int) -> tuple[str, ...]:
        """The tags of a customer, in their order."""
        return self._state.tags.get(organization, ())

    def set_emails(self, organization: int, addresses: tuple[str, ...]) -> None:
        """Replaces the addresses of a customer."""
        self._state.emails[organization] = addresses

    def organizations_of_email(self, address: str) -> tuple[str, ...]:
        """Uuids of the customers with that address, sorted."""
        return tuple(
            uuid
            for uuid, row in sorted(self._state.organizations.items())
            if address in self._state.emails.get(row.key, ())
        )

    def set_tags(self, organization: int, tags: tuple[str, ...]) -> None:
        """Replaces the tags of a customer."""
        self._state.tags[organization] = tags

    def tags(self) -> Mapping[str, tuple[str, ...]]:
        """Uuid -> tags, of every customer that has any."""
        tags = self._state.tags
        rows = self.organizations(Scope())
        return {row.id: tags[row.key] for row in rows if tags.get(row.key)}

    # calling usage

    def usage(self, first: int, last: int, scope: Scope) -> UsageColumns:
        """Usage rows of exactly these days."""
        id_of = {row.key: row.id for row in self.organizations(scope)}
        found = sorted(
            (
                (id_of[who], place, counts)
                for (who, place, begin, end), counts in self._state.usage.items()
                if (begin, end) == (first, last) and who in id_of
            ),
            key=lambda row: row[:2],
        )
        keys = {key for _, _, counts in found for key in counts}
        return UsageColumns(
            organization=np.array([who for who, _, _ in found], dtype=object),
            location=np.array([place for _, place, _ in found], dtype=object),
            first=np.full(len(found), EPOCH + first),
            last=np.full(len(found), EPOCH + last),
            counts={
                key: np.array([c.get(key, -1) for _, _, c in found], np.int64)
                for key in sorted(keys)
            },
        )

    def put_usage(self, organization: Ints, usage: UsageColumns) -> None:
        """Replaces the rows of the same customer, location and days."""
        first, last = day_numbers(usage.first), day_numbers(usage.last)
        for row in range(len(usage)):
            key = (
                int(organization[row]),
                usage.location[row],
                int(first[row]),
                int(last[row]),
            )
            self._state.usage[key] = {
                name: int(column[row]) for name, column in usage.counts.items()
            }
