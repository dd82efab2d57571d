"""Copying a whole store into another, of whatever kind, some customers at a time.

Each batch is read back and compared by a checksum of all that it holds. A copy that was
interrupted goes on where it was: batches that are there and equal are left alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, Final

import attrs
import numpy as np

from partnerhub.adapters.backend import (
    NO_PARENT,
    Backend,
    OrganizationRow,
    StoredDocument,
    Things,
)
from partnerhub.adapters.copying_calls import CopiedCalls, copy_media, legs_in
from partnerhub.adapters.store import HubStore
from partnerhub.columns.datasets import DATASETS, SUBSCRIPTIONS, Dataset, Kind
from partnerhub.columns.history import UNKNOWN, Pictures, Runs
from partnerhub.columns.unknown import Array, Ints
from partnerhub.columns.usage import UsageColumns
from partnerhub.domain.errors import StoreCorrupt, StoreError
from partnerhub.domain.report_runs import ALL_RUNS, ImportNote, ReportRun
from partnerhub.ports import EVERYTHING, Scope

_BATCH: Final = 1_000
_ALWAYS: Final = -(2**40)

Progress = Callable[[int, int], None]
"""Called with the customers copied so far, and how many there are."""


@attrs.frozen(kw_only=True)
class CopyReport:
    """What was copied.

    Attributes:
        customers: How many there are in both stores.
        skipped: How many of them were there already.
        rows: Rows of every kind, in both stores.
        documents: How many there are in both stores.
        runs: Report runs, and notes of imports, in both stores.
        checksum: Of all that was copied; the same for equal stores.
    """

    customers: int
    skipped: int
    rows: int
    documents: int
    runs: int
    checksum: str


def copy_store(
    source: HubStore, target: HubStore, *, progress: Progress | None = None
) -> CopyReport:
    """Copies everything, as it was when the copy began, and verifies it.

    Args:
        source: What to copy; it may be written to meanwhile.
        target: Where to; empty, or the beginning of the same copy.
        progress: Told of the customers copied.

    Raises:
        StoreError: The target holds other data of a customer.
        StoreCorrupt: What was read back is not what was written.
    """
    skipped = rows = done = 0
    checksum = hashlib.sha256()
    with source.backend.reading():
        everyone = source.backend.organizations(EVERYTHING)
        for start in range(0, len(everyone), _BATCH):
            batch = everyone[start : start + _BATCH]
            part = _read(source.backend, batch)
            lines = part.lines()
            digest = _digest(lines)
            if _transfer(part, lines, target, digest):
                skipped += len(batch)
            checksum.update(digest)
            rows += len(lines) + legs_in(lines)
            done += len(batch)
            if progress is not None:
                progress(done, len(everyone))
        checksum.update(copy_media(source.backend, target.backend, name=target.name))
        told = _Told.of(source.backend)
    with target.backend.writing():
        told.write(target.backend)
    with target.backend.reading():
        told.compare(_Told.of(target.backend), target.name)
        there = len(target.backend.organizations(EVERYTHING))
    if there != len(everyone):
        raise StoreError(
            target.name, f"it holds {there - len(everyone)} more customers"
        )
    checksum.update(_digest(told.lines()))
    return CopyReport(
        customers=len(everyone),
        skipped=skipped,
        rows=rows,
        documents=len(told.documents),
        runs=len(told.runs) + len(told.imports),
        checksum=checksum.hexdigest(),
    )


@attrs.frozen(kw_only=True)
class _Told:
    """What is kept of no customer."""

    documents: list[StoredDocument]
    runs: list[ReportRun]
    imports: list[ImportNote]

    @classmethod
    def of(cls, backend: Backend) -> _Told:
        """That of a store."""
        return cls(
            documents=backend.documents(),
            runs=backend.runs(ALL_RUNS),
            imports=backend.imports(0),
        )

    def write(self, backend: Backend) -> None:
        """Writes it all, over what a copy that was interrupted has written."""
        for document in self.documents:
            backend.set_document(document)
        for run in self.runs:
            backend.set_run(run)
        for note in self.imports:
            backend.set_import(note)

    def compare(self, there: _Told, target: str) -> None:
        """Refuses a target that holds anything else."""
        for field in attrs.fields(_Told):
            if getattr(self, field.name) != getattr(there, field.name):
                raise StoreError(target, f"it holds other {field.name}")

    def lines(self) -> list[tuple[Any, ...]]:
        """Every row as a tuple."""
        return [
            (field.name, *attrs.astuple(row, recurse=False))
            for field in attrs.fields(_Told)
            for row in getattr(self, field.name)
        ]


def _transfer(
    part: _Part, lines: list[tuple[Any, ...]], target: HubStore, digest: bytes
) -> bool:
    """Writes a part and verifies it; whether it was there already."""
    scope = Scope(organizations=tuple(row.id for row in part.rows))
    backend = target.backend
    with backend.reading():
        there = backend.organizations(scope)
        found = _digest(_read(backend, there).lines()) if there else b""
    if found == digest:
        return True
    if there:
        raise StoreError(
            target.name,
            f"it holds other data of {len(there)} of these customers; copy into an "
            "empty store",
        )
    with backend.writing():
        part.write(backend)
    with backend.reading():
        back = _read(backend, backend.organizations(scope)).lines()
    if _digest(back) != digest:
        raise StoreCorrupt(
            target.name,
            f"of {len(lines)} rows written {len(set(map(repr, lines)) - set(map(repr, back)))} came back "
            "otherwise; the target cannot be trusted",
        )
    return False


def _digest(lines: list[tuple[Any, ...]]) -> bytes:
    return hashlib.sha256("\n".join(map(repr, lines)).encode()).digest()


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
class _Part:
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


def _read(backend: Backend, rows: list[OrganizationRow]) -> _Part:
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
    return _Part(
        rows=rows,
        emails={row.key: backend.emails_of(row.key) for row in rows},
        tags=_tags(backend, rows),
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
    backend: Backend, rows: list[OrganizationRow]
) -> dict[int, dict[tuple[str, ...], tuple[str, ...]]]:
    """Customer -> subscription (nothing for its own) -> tags."""
    key_of = {row.id: row.key for row in rows}
    own = backend.tags()
    found: dict[int, dict[tuple[str, ...], tuple[str, ...]]] = {
        row.key: {(): own[row.id]} if row.id in own else {} for row in rows
    }
    for (uuid, identity), tags in sorted(backend.thing_tags().items()):
        if uuid in key_of:
            found[key_of[uuid]][identity,] = tags
    return found
