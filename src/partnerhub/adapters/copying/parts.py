"""All that a store holds of some customers, read out and written into another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import attrs
import numpy as np

from partnerhub.adapters.backend import NO_PARENT, Backend, OrganizationRow, Things
from partnerhub.adapters.copying.calls import CopiedCalls
from partnerhub.columns.datasets import DATASETS, SUBSCRIPTIONS, Dataset, Kind
from partnerhub.columns.history import OPEN, UNKNOWN, Pictures, Runs
from partnerhub.columns.unknown import Array, Ints
from partnerhub.columns.usage import UsageColumns

_ALWAYS: Final = -OPEN


@attrs.frozen(kw_only=True, eq=False)
class _Kept:
    """Things of one dataset with their runs, texts spelled out."""

    dataset: Dataset
    things: Things
    runs: Runs
    owner: Ints
    texts: dict[int, str]
    parents: dict[int, str]

    def label(self) -> dict[int, tuple[int, str, str]]:
        """Key -> customer, what it belongs to, and what tells it apart."""
        things = self.things
        columns = (things.key, things.organization, things.parent, things.identity)
        return {
            key: (owner, self.parents.get(parent, ""), identity)
            for key, owner, parent, identity in zip(
                *(column.tolist() for column in columns), strict=True
            )
        }

    def values(self) -> list[list[Any]]:
        """The fields of the runs, texts as such."""
        columns: list[list[Any]] = []
        for field, row in zip(self.dataset.fields, self.runs.values, strict=True):
            listed: list[Any] = row.tolist()
            if field.kind is Kind.TEXT:
                listed = [None if v == UNKNOWN else self.texts[v] for v in listed]
            columns.append(listed)
        return columns


@attrs.frozen(kw_only=True, eq=False)
class CopiedPart:
    """All that a store holds of some customers."""

    rows: list[OrganizationRow]
    emails: dict[int, tuple[str, ...]]
    tags: dict[int, dict[tuple[str, ...], tuple[str, ...]]]
    kept: list[_Kept]
    pictures: dict[str, Pictures]
    usage: UsageColumns
    calls: CopiedCalls

    def lines(self) -> list[tuple[Any, ...]]:
        """Every row as a tuple that does not depend on the store's own keys."""
        return sorted(self._lines(), key=repr)

    def _lines(self) -> Iterator[tuple[Any, ...]]:
        uuid = {row.key: row.id for row in self.rows}
        for row in self.rows:
            yield ("organization", *attrs.astuple(attrs.evolve(row, key=0)))
            yield ("people", row.id, self.emails[row.key], self.tags[row.key])
        for kept in self.kept:
            name, label = kept.dataset.name, kept.label()
            of = {key: (uuid[who], *rest) for key, (who, *rest) in label.items()}
            first = kept.things.first_day.tolist()
            for key, day in zip(kept.things.key.tolist(), first, strict=True):
                yield (name, *of[key], day)
            runs = kept.runs
            times = (
                runs.key,
                runs.day,
                runs.until,
                runs.seen,
                runs.gone,
                runs.observed,
            )
            columns = [column.tolist() for column in times]
            for key, *told in zip(*columns, *kept.values(), strict=True):
                yield (name, "run", *of[key], *told)
        for name, known in self.pictures.items():
            for who, day in zip(known.owner.tolist(), known.day.tolist(), strict=True):
                yield ("picture", name, uuid[who], day)
        usage = self.usage
        keys = (usage.organization, usage.location, usage.first, usage.last)
        columns = [column.tolist() for column in (*keys, *usage.counts.values())]
        for row_of_usage in zip(*columns, strict=True):
            yield ("usage", *row_of_usage)
        yield from self.calls.lines()

    def write(self, backend: Backend) -> None:
        """Writes it all where nothing of these customers is."""
        uuids = [row.id for row in self.rows]
        keys = backend.organization_keys(uuids).tolist()
        key_of = dict(zip((row.key for row in self.rows), keys, strict=True))
        backend.update_organizations(
            attrs.evolve(row, key=key_of[row.key]) for row in self.rows
        )
        things: dict[str, dict[int, int]] = {}
        for kept in self.kept:
            things[kept.dataset.name] = _write_things(backend, kept, key_of, things)
        for name, known in self.pictures.items():
            owner = _mapped(known.owner, key_of)
            backend.add_pictures(name, Pictures.of(owner, known.day))
        for row in self.rows:
            backend.set_emails(key_of[row.key], self.emails[row.key])
            self._write_tags(backend, row, key_of[row.key])
        if len(self.usage):
            of = dict(zip(uuids, keys, strict=True))
            owners = [of[uuid] for uuid in self.usage.organization.tolist()]
            backend.put_usage(np.array(owners, np.int64), self.usage)
        self.calls.write(backend, dict(zip(uuids, keys, strict=True)))

    def _write_tags(self, backend: Backend, row: OrganizationRow, key: int) -> None:
        owner = np.array([key], np.int64)
        for of, tags in self.tags[row.key].items():
            thing = NO_PARENT
            if of:
                held = backend.things_of(SUBSCRIPTIONS, owner)
                thing = int(held.key[held.identity == of[0]][0])
            backend.set_tags(key, tags, thing)


def _write_things(
    backend: Backend,
    kept: _Kept,
    key_of: dict[int, int],
    written: dict[str, dict[int, int]],
) -> dict[int, int]:
    """The key in the target of each thing."""
    things, dataset = kept.things, kept.dataset
    parent = things.parent
    if dataset.parent is not None:
        parent = _mapped(parent, written[dataset.parent])
    owner = _mapped(things.organization, key_of)
    keys = backend.thing_keys(dataset, owner, parent, things.identity, things.first_day)
    new_key = dict(zip(things.key.tolist(), keys.tolist(), strict=True))
    values = kept.runs.values.copy()
    listed = list(kept.texts.values())
    text_of = dict(zip(kept.texts, backend.text_keys(listed).tolist(), strict=True))
    text_of[UNKNOWN] = UNKNOWN
    for place, field in enumerate(dataset.fields):
        if field.kind is Kind.TEXT:
            values[place] = _mapped(values[place], text_of)
    runs = attrs.evolve(kept.runs, key=_mapped(kept.runs.key, new_key), values=values)
    nothing = Runs.empty(len(dataset.fields))
    backend.replace_runs(dataset, nothing, runs, _mapped(kept.owner, key_of))
    return new_key


def _mapped(keys: Array, to: dict[int, int]) -> Ints:
    return np.fromiter(map(to.__getitem__, keys.tolist()), np.int64, len(keys))


def read_part(backend: Backend, rows: list[OrganizationRow]) -> CopiedPart:
    """All that a store holds of these customers."""
    keys = np.array([row.key for row in rows], np.int64)
    kept = []
    names: dict[str, dict[int, str]] = {}
    for dataset in DATASETS:
        things = backend.things_of(dataset, keys)
        runs, owner = backend.runs_of(dataset, keys, _ALWAYS)
        names[dataset.name] = dict(
            zip(things.key.tolist(), things.identity.tolist(), strict=True)
        )
        wanted = _text_keys(dataset, runs)
        texts = dict(zip(wanted.tolist(), backend.texts(wanted), strict=True))
        parents = {} if dataset.parent is None else names[dataset.parent]
        kept.append(
            _Kept(
                dataset=dataset,
                things=things,
                runs=runs,
                owner=owner,
                texts=texts,
                parents=parents,
            )
        )
    pictured = {dataset.pictures for dataset in DATASETS}
    return CopiedPart(
        rows=rows,
        emails={row.key: backend.emails_of(row.key) for row in rows},
        tags=_tags(backend, rows, keys),
        kept=kept,
        pictures={n: backend.pictures_of(n, keys) for n in sorted(pictured)},
        usage=backend.usage_of(keys),
        calls=CopiedCalls(backend=backend, rows=rows),
    )


def _text_keys(dataset: Dataset, runs: Runs) -> Ints:
    places = [p for p, f in enumerate(dataset.fields) if f.kind is Kind.TEXT]
    texts = runs.values[places]
    found: Ints = np.unique(texts[texts != UNKNOWN])
    return found


def _tags(
    backend: Backend, rows: list[OrganizationRow], keys: Ints
) -> dict[int, dict[tuple[str, ...], tuple[str, ...]]]:
    """Customer -> subscription (nothing for its own) -> tags."""
    key_of = {row.id: row.key for row in rows}
    own = backend.tags(keys)
    found: dict[int, dict[tuple[str, ...], tuple[str, ...]]] = {
        row.key: {(): own[row.id]} if row.id in own else {} for row in rows
    }
    for (uuid, identity), tags in sorted(backend.thing_tags(keys).items()):
        found[key_of[uuid]][identity,] = tags
    return found
