"""The memory backend: the plainest one, by which the others are judged."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import attrs
import numpy as np

from partnerhub.adapters.backend import (
    NO_PARENT,
    NOT_YET,
    Held,
    OrganizationRow,
    StoredDocument,
    Things,
)
from partnerhub.adapters.memory_calls import CallState, MemoryCalls
from partnerhub.adapters.memory_runs import MemoryRuns, RunState
from partnerhub.columns import history
from partnerhub.columns.datasets import DATASETS, SUBSCRIPTIONS, Dataset
from partnerhub.columns.history import Pictures, Runs
from partnerhub.columns.records import EPOCH, day_numbers
from partnerhub.columns.unknown import Array, Ints
from partnerhub.columns.usage import USAGE_COUNTS, UsageColumns
from partnerhub.domain.filters import Filter
from partnerhub.domain.policies import StatusPolicy
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
    """Everything stored.

    Values are replaced and never changed, so that a copy of the dictionaries is a copy
    of the state.
    """

    organizations: dict[str, OrganizationRow] = attrs.Factory(dict)
    uuids: dict[int, str] = attrs.Factory(dict)
    texts: dict[str, int] = attrs.Factory(dict)
    things: dict[str, _Things] = attrs.Factory(
        lambda: {d.name: _Things({}, {}, Runs.empty(len(d.fields))) for d in DATASETS}
    )
    pictures: dict[str, Pictures] = attrs.Factory(dict)
    emails: dict[int, tuple[str, ...]] = attrs.Factory(dict)
    of_email: dict[str, tuple[int, ...]] = attrs.Factory(dict)
    tags: dict[tuple[int, int], tuple[str, ...]] = attrs.Factory(dict)
    usage: dict[_UsageKey, tuple[int, ...]] = attrs.Factory(dict)
    calls: CallState = attrs.Factory(CallState)
    documents: dict[tuple[str, str], StoredDocument] = attrs.Factory(dict)
    runs: RunState = attrs.Factory(RunState)

    def copied(self) -> _State:
        """The same state, in dictionaries of its own."""
        parts = {
            field.name: getattr(self, field.name) for field in attrs.fields(_State)
        }
        parts.pop("calls")
        parts.pop("runs")
        copies: dict[str, Any] = {name: dict(part) for name, part in parts.items()}
        copies["calls"] = self.calls.copied()
        copies["runs"] = self.runs.copied()
        copies["things"] = {
            name: _Things(dict(each.keys), dict(each.first_day), each.runs)
            for name, each in self.things.items()
        }
        return _State(**copies)


class MemoryBackend(MemoryCalls, MemoryRuns):
    """Keeps everything in dictionaries and arrays of this process."""

    name = "memory:"

    def __init__(self) -> None:
        self._state = _State()
        self._lock = threading.RLock()
        self._inside = False
        self._writes = 0

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Works on the state itself, and puts the old one back if that fails."""
        with self._lock:
            if self._inside:
                raise RuntimeError("this thread is inside a transaction of this store")
            before = self._state.copied()
            self._inside = True
            try:
                yield
            except BaseException:
                self._state = before
                raise
            finally:
                self._inside = False
                self._writes += 1

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Waits for a writer to end."""
        with self._lock:
            yield

    def candidates(
        self,
        node: Filter,  # noqa: ARG002 - of the protocol
        at: dt.date,  # noqa: ARG002
        *,
        policy: StatusPolicy,  # noqa: ARG002
    ) -> list[str] | None:
        """Nothing narrows them down: all are in memory anyway."""
        return None

    def writes(self) -> int | None:
        """How many write transactions there have been; None inside one."""
        return None if self._inside else self._writes

    def close(self) -> None:
        """Nothing to give up."""

    @property
    def _runs(self) -> RunState:
        return self._state.runs

    @property
    def _calls(self) -> CallState:
        return self._state.calls

    # keys

    def next_organization_key(self) -> int:
        """A key that no organization has; the following ones are free too."""
        return len(self._state.organizations) + 1

    def organization_keys(self, uuids: list[str], day: Ints | None = None) -> Ints:
        """The keys of these uuids, made where new and known since that day, `(n,)`."""
        known = self._state.organizations
        days = [NOT_YET] * len(uuids) if day is None else day.tolist()
        for uuid, since in zip(uuids, days, strict=True):
            if uuid not in known:
                row = OrganizationRow(key=len(known) + 1, id=uuid, known_since=since)
                self.update_organizations([row])
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

    def things_of(self, dataset: Dataset, organizations: Ints) -> Things:
        """All things of these customers."""
        known = self._state.things[dataset.name]
        wanted = set(organizations.tolist())
        found = [(k, *t) for t, k in known.keys.items() if t[0] in wanted]
        return Things(
            key=np.array([row[0] for row in found], np.int64),
            organization=np.array([row[1] for row in found], np.int64),
            parent=np.array([row[2] for row in found], np.int64),
            identity=_objects([row[3] for row in found]),
            first_day=np.array([known.first_day[row[0]] for row in found], np.int64),
        )

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
        known = self._state.organizations
        wanted = known if scope.organizations is None else set(scope.organizations)
        rows = (known[uuid] for uuid in sorted(wanted) if uuid in known)
        return [
            row for row in rows if scope.regions is None or row.region in scope.regions
        ]

    def update_organizations(self, rows: Iterable[OrganizationRow]) -> None:
        """Keeps these rows, in place of those with their keys."""
        for row in rows:
            self._state.organizations[row.id] = row
            self._state.uuids[row.key] = row.id

    def note_days(self, organization: Ints, day: Ints) -> None:
        """Notes that these distinct customers were there on these days, `(n,)`."""
        days = dict(zip(organization.tolist(), day.tolist(), strict=True))
        self.update_organizations(
            attrs.evolve(row, known_since=days[row.key])
            for row in list(self._state.organizations.values())
            if days.get(row.key, row.known_since) < row.known_since
        )

    def emails_of(self, organization: int) -> tuple[str, ...]:
        """The addresses of a customer, sorted."""
        return self._state.emails.get(organization, ())

    def tags_of(self, organization: int, thing: int = NO_PARENT) -> tuple[str, ...]:
        """The tags of a customer, or of one of its subscriptions, in their order."""
        return self._state.tags.get((organization, thing), ())

    def set_emails(self, organization: int, addresses: tuple[str, ...]) -> None:
        """Replaces the addresses of a customer."""
        of_email = self._state.of_email
        for address in self._state.emails.get(organization, ()):
            others = tuple(key for key in of_email[address] if key != organization)
            of_email[address] = others
            if not others:
                del of_email[address]
        for address in addresses:
            of_email[address] = (*of_email.get(address, ()), organization)
        self._state.emails[organization] = addresses

    def organizations_of_email(self, address: str | None) -> tuple[str, ...]:
        """Uuids of the customers with that address, or with any, sorted."""
        keys: Iterable[int] = self._state.of_email.get(address or "", ())
        if address is None:
            keys = (key for key, some in self._state.emails.items() if some)
        return tuple(sorted(self._state.uuids[key] for key in keys))

    def set_tags(
        self, organization: int, tags: tuple[str, ...], thing: int = NO_PARENT
    ) -> None:
        """Replaces the tags of a customer, or of one of its subscriptions."""
        self._state.tags[organization, thing] = tags

    def set_own_tags(self, tags: Mapping[int, tuple[str, ...]]) -> None:
        """Replaces the own tags of many customers, by key."""
        for organization, texts in tags.items():
            self.set_tags(organization, texts)

    def tags(self) -> Mapping[str, tuple[str, ...]]:
        """Uuid -> tags, of every customer that has any."""
        rows = self.organizations(Scope())
        tags = {row.id: self.tags_of(row.key) for row in rows}
        return {uuid: texts for uuid, texts in tags.items() if texts}

    def thing_tags(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """Uuid and identity -> tags, of every subscription that has any."""
        uuids = self._state.uuids
        things = self._state.things[SUBSCRIPTIONS.name].keys
        names = {key: thing[2] for thing, key in things.items()}
        return {
            (uuids[who], names[thing]): tags
            for (who, thing), tags in self._state.tags.items()
            if thing != NO_PARENT and tags
        }

    # documents

    def document(self, kind: str, id: str, /) -> StoredDocument | None:  # noqa: A002
        """One document."""
        return self._state.documents.get((kind, id))

    def documents(self, kind: str | None = None, /) -> list[StoredDocument]:
        """Those of a kind, or all, by code point order of kind and id."""
        rows = sorted(self._state.documents.items())
        return [row for (of, _), row in rows if kind is None or of == kind]

    def set_document(self, document: StoredDocument, /) -> None:
        """Keeps a document in place of the one with its kind and id."""
        self._state.documents[document.kind, document.id] = document

    def remove_document(self, kind: str, id: str, /) -> None:  # noqa: A002
        """Removes a document."""
        del self._state.documents[kind, id]

    # calling usage

    def usage(self, first: int, last: int, scope: Scope) -> UsageColumns:
        """Usage rows of exactly these days."""
        inside = {row.key for row in self.organizations(scope)}
        return self._usage(
            key
            for key in self._state.usage
            if key[2:] == (first, last) and key[0] in inside
        )

    def usage_within(self, first: int, last: int, scope: Scope) -> UsageColumns:
        """Usage rows of any days inside these."""
        inside = {row.key for row in self.organizations(scope)}
        return self._usage(
            key
            for key in self._state.usage
            if first <= key[2] and key[3] <= last and key[0] in inside
        )

    def usage_of(self, organizations: Ints) -> UsageColumns:
        """All usage rows of these customers, of whatever days, in a fixed order."""
        wanted = set(organizations.tolist())
        return self._usage(key for key in self._state.usage if key[0] in wanted)

    def _usage(self, keys: Iterable[_UsageKey]) -> UsageColumns:
        id_of = {row.key: row.id for row in self._state.organizations.values()}
        found = sorted(
            (id_of[key[0]], *key[1:], self._state.usage[key]) for key in keys
        )
        counts = np.array([row[4] for row in found], np.int64)
        counts = counts.reshape(len(found), len(USAGE_COUNTS))
        return UsageColumns(
            organization=_objects([row[0] for row in found]),
            location=_objects([row[1] for row in found]),
            first=EPOCH + np.array([row[2] for row in found], np.int64),
            last=EPOCH + np.array([row[3] for row in found], np.int64),
            counts=dict(zip(USAGE_COUNTS, counts.T, strict=True)),
        )

    def put_usage(self, organization: Ints, usage: UsageColumns) -> None:
        """Replaces the rows of the same customer, location and days."""
        unknown = np.full(len(usage), -1, np.int64)
        told = zip(
            organization.tolist(),
            usage.location.tolist(),
            day_numbers(usage.first).tolist(),
            day_numbers(usage.last).tolist(),
            *(usage.counts.get(name, unknown).tolist() for name in USAGE_COUNTS),
            strict=True,
        )
        self._state.usage.update({row[:4]: row[4:] for row in told})


def _objects(texts: list[str]) -> Array:
    column = np.empty(len(texts), dtype=object)
    column[:] = texts
    return column
