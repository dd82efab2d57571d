"""Things of customers in memory: their keys, their runs and full pictures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

import numpy as np

from partnerhub.adapters.backend import Held, OrganizationRow, Things
from partnerhub.adapters.memory.state import State
from partnerhub.columns import history
from partnerhub.columns.datasets import Dataset
from partnerhub.columns.history import Pictures, Runs
from partnerhub.columns.records import from_int64
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Ints
from partnerhub.ports import Scope


class MemoryThings(ABC):
    """The part that keeps things and texts, and what was so when."""

    _state: State

    @abstractmethod
    def organizations(self, scope: Scope) -> list[OrganizationRow]:
        """The organizations of a scope; another part of the backend has them."""

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
            identity=np.array([row[3] for row in found], object),
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
        first_day = [things.first_day[key] for key in runs.key.tolist()]
        return Held(
            key=runs.key.astype(np.int32),
            day=runs.day.astype(np.int32),
            until=runs.until.astype(np.int32),
            seen=runs.seen.astype(np.int32),
            organization=owner[inside].astype(np.int32),
            parent=np.array([thing[1] for thing in of_run], np.int32),
            identity=TextColumn.of(thing[2] for thing in of_run),
            first_day=np.array(first_day, np.int32),
            fields={
                field.name: from_int64(row, field.kind)
                for field, row in zip(dataset.fields, runs.values, strict=True)
            },
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
