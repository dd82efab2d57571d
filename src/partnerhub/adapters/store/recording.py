"""Taking dated records into a backend: keys, then one merge, then the difference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

import attrs
import numpy as np
import numpy.typing as npt

from partnerhub.adapters.backend import NO_PARENT, Backend
from partnerhub.columns import history
from partnerhub.columns.datasets import DATASETS, Dataset, Kind
from partnerhub.columns.history import UNKNOWN, Observations, Pictures, Runs
from partnerhub.columns.merging import merge
from partnerhub.columns.records import DatedRecords, day_numbers, to_int64
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.domain.organizations import key_texts

_BY_NAME = {dataset.name: dataset for dataset in DATASETS}


@attrs.frozen(kw_only=True, eq=False)
class _Told:
    """What records tell, in keys of the backend.

    Attributes:
        owner: The customer of each record, `(n,)`.
        thing: What it tells of, `(n,)`.
        parent: What that belongs to, or `NO_PARENT`, `(n,)`.
        day: Its day, `(n,)`.
        full: The full pictures of customers that the records are.
    """

    dataset: Dataset
    owner: Ints
    thing: Ints
    parent: Ints
    day: Ints
    full: Pictures


@attrs.frozen(kw_only=True, eq=False)
class _Numbered:
    """The things that are told of now, or were before, numbered from 0 for the merge.

    Attributes:
        key: The key of each in the backend, `(things,)`.
        owner: The customer of each, `(things,)`.
        before: Which thing each run is of that was there before, `(runs,)`.
        now: Which thing each record is of, `(n,)`.
    """

    key: Ints
    owner: Ints
    before: npt.NDArray[np.intp]
    now: npt.NDArray[np.intp]

    @classmethod
    def of(cls, old: Runs, owner_of_old: Ints, told: _Told) -> Self:
        every = np.concatenate((old.key, told.thing))
        key, number = np.unique(every, return_inverse=True)
        owner = np.empty(len(key), np.int64)
        owner[number] = np.concatenate((owner_of_old, told.owner))
        return cls(
            key=key, owner=owner, before=number[: len(old)], now=number[len(old) :]
        )


@attrs.frozen(kw_only=True, eq=False)
class _Pictured:
    """Whose full pictures say which things are there.

    Attributes:
        owner: Whose pictures say it of each thing, `(things,)`.
        known: Those that were read before.
        full: Those that the records are.
    """

    owner: Ints
    known: Pictures
    full: Pictures


def record(backend: Backend, records: DatedRecords) -> Bools:
    """Merges records into a backend, inside a write transaction.

    Args:
        backend: Where.
        records: What; each thing at most once a day.

    Returns:
        Which rows told something new, `(n,)`.
    """
    dataset = records.dataset
    day = day_numbers(records.day)
    owner, full = _owners(backend, records, day)
    if not len(records) and not len(full.owner):
        return np.zeros(0, np.bool_)
    # All that can be is read before things are made: a backend may send rows on
    # their way while the merging goes on, and would have to wait for them to read.
    values = _matrix(backend, records)
    owners = history.distinct(np.concatenate((owner, full.owner)))
    first = int(np.concatenate((day, full.day)).min())
    old, owner_of_old = backend.runs_of(dataset, owners, first)
    known = backend.pictures_of(dataset.pictures, owners)
    thing, parent = _thing_keys(backend, records, owner, day)

    told = _Told(
        dataset=dataset, owner=owner, thing=thing, parent=parent, day=day, full=full
    )
    numbered = _Numbered.of(old, owner_of_old, told)
    pictured = _Pictured(owner=numbered.owner, known=known, full=full)
    if dataset.parent is not None:
        pictured = _pictured_by_parent(backend, told, numbered, known.since(first))
    before = _with_keys(old, numbered.before)
    merged = merge(
        before,
        Observations(
            key=numbered.now, day=day, observed=records.observed(), values=values
        ),
        owner_of=pictured.owner,
        known=pictured.known,
        full=pictured.full,
        sticky=tuple(dataset.field_names.index(name) for name in dataset.sticky),
        leaving=dataset.parent is None,
    )
    dropped, added = _difference(before, merged.runs)
    backend.replace_runs(
        dataset,
        old.take(dropped),
        _with_keys(added, numbered.key[added.key]),
        numbered.owner[added.key],
    )
    # Things of a parent share its pictures, which are noted with the parent.
    if dataset.parent is None:
        backend.add_pictures(dataset.pictures, full)
    return merged.changed


def _pictured_by_parent(
    backend: Backend, told: _Told, numbered: _Numbered, known: Pictures
) -> _Pictured:
    """The pictures of parents: one tells the lines of the subscriptions in it alone."""
    owner = np.full(len(numbered.key), NO_PARENT, np.int64)
    owner[numbered.now] = told.parent
    untold = np.flatnonzero(owner == NO_PARENT)
    owner[untold] = _parents(
        backend, told.dataset, numbered.owner[untold], numbered.key[untold]
    )
    whole = told.full.contains(told.owner, told.day)
    full = Pictures.of(owner[numbered.now][whole], told.day[whole])
    days = np.concatenate((told.day, told.full.day))
    first = int(days.min())
    nothing_else = (
        not len(numbered.before)
        and whole.all()
        and first == days.max()
        and told.full.contains(known.owner, known.day).all()
    )
    if nothing_else:
        # Nothing is known but the pictures that these are, noted with the parents: it
        # would take as long to read those again as it took to write them.
        return _Pictured(owner=owner, known=Pictures.none(), full=full)
    owners = history.distinct(np.concatenate((told.owner, told.full.owner)))
    above = _BY_NAME[str(told.dataset.parent)]
    return _Pictured(
        owner=owner, known=_with_parent(backend, above, owners, first, known), full=full
    )


def _parents(backend: Backend, dataset: Dataset, owner: Ints, keys: Ints) -> Ints:
    """The parent of each of these keys of things of these customers."""
    if not len(keys):
        return keys
    things = backend.things_of(dataset, np.unique(owner))
    order = np.argsort(things.key)
    found: Ints = things.parent[order][np.searchsorted(things.key[order], keys)]
    return found


def _with_parent(
    backend: Backend, parent: Dataset, owners: Ints, first: int, known: Pictures
) -> Pictures:
    """The pictures, all from a day on, in which each parent thing is."""
    if not len(known.day):
        return known
    runs, owner = backend.runs_of(parent, owners, first)
    pictured = history.joint(known.owner, known.day)
    begin = np.searchsorted(pictured, history.joint(owner, runs.day))
    end = np.searchsorted(pictured, history.joint(owner, runs.until))
    count = end - begin
    row = np.repeat(begin - np.cumsum(count) + count, count) + np.arange(count.sum())
    return Pictures.of(np.repeat(runs.key, count), known.day[row])


def _owners(
    backend: Backend, records: DatedRecords, day: Ints
) -> tuple[Ints, Pictures]:
    """The customer of each record, and the full pictures, of customers made if new."""
    told, names, days = records.pictures, records.organization, day
    if told is not None:
        names = np.concatenate((names, told.organization))
        days = np.concatenate((days, day_numbers(told.day)))
    owner = organization_keys(backend, names, days)
    count = len(records)
    return owner[:count], Pictures.of(owner[count:], days[count:])


def organization_keys(backend: Backend, uuid: Array, day: Ints) -> Ints:
    """The keys of customers that were there on these days, made where new, `(n,)`."""
    listed = uuid.tolist()
    place = {text: code for code, text in enumerate(dict.fromkeys(listed))}
    key_texts(place)
    codes = np.fromiter(map(place.__getitem__, listed), np.int64, len(listed))
    keys = backend.organization_keys(list(place), _earliest(codes, day, len(place)))
    return keys[codes]


def _earliest(codes: Ints, day: Ints, count: int) -> Ints:
    """The earliest day of each code, `(count,)`."""
    earliest = np.full(count, np.iinfo(np.int64).max, np.int64)
    np.minimum.at(earliest, codes, day)
    return earliest


def _coded(texts: Array, keys_of: Callable[[list[str]], Ints]) -> Ints:
    """The key of each text, asked once a distinct text; `UNKNOWN` for blank."""
    listed = texts.tolist()
    told = [text for text in dict.fromkeys(listed) if text]
    if not told:
        return np.full(len(texts), UNKNOWN, np.int64)
    key_texts(told)
    key_of: dict[str | None, int] = dict(zip(told, keys_of(told).tolist(), strict=True))
    key_of |= {"": UNKNOWN, None: UNKNOWN}
    return np.fromiter(map(key_of.__getitem__, listed), np.int64, len(listed))


def _thing_keys(
    backend: Backend, records: DatedRecords, owner: Ints, day: Ints
) -> tuple[Ints, Ints]:
    """The thing of each record, and the thing it belongs to, made where new."""
    dataset = records.dataset
    key_texts(records.identity.tolist())
    parent = np.full(len(records), NO_PARENT, np.int64)
    if dataset.parent is not None and records.parent is not None:
        # Lines of one subscription mostly follow each other: a third is to be asked.
        text = records.parent
        first = np.ones(len(records), np.bool_)
        first[1:] = (owner[1:] != owner[:-1]) | (day[1:] != day[:-1])
        first[1:] |= text[1:] != text[:-1]
        key_texts(text[first].tolist())
        above = _BY_NAME[dataset.parent]
        keys = backend.thing_keys(
            above, owner[first], parent[first], text[first], day[first]
        )
        parent = keys[np.cumsum(first) - 1]
    return backend.thing_keys(dataset, owner, parent, records.identity, day), parent


def _matrix(backend: Backend, records: DatedRecords) -> Ints:
    """The fields as one int64 matrix `(fields, n)`, texts as keys."""
    rows = np.full((len(records.dataset.fields), len(records)), UNKNOWN, np.int64)
    for place, field in enumerate(records.dataset.fields):
        column = records.fields.get(field.name)
        if column is None:
            continue
        if field.kind is Kind.TEXT:
            rows[place] = _coded(column, backend.text_keys)
        else:
            rows[place] = to_int64(column, field.kind)
    return rows


def _with_keys(runs: Runs, key: npt.NDArray[np.int64] | npt.NDArray[np.intp]) -> Runs:
    return Runs(
        key=key.astype(np.int64, copy=False),
        day=runs.day,
        until=runs.until,
        seen=runs.seen,
        gone=runs.gone,
        observed=runs.observed,
        values=runs.values,
    )


def _difference(before: Runs, after: Runs) -> tuple[npt.NDArray[np.intp], Runs]:
    """Rows of `before` that are no longer so, and the runs of `after` that are new.

    Both are sorted by key and day, which tell a run apart.
    """
    if not len(before):
        return np.empty(0, np.intp), after
    _, mine, theirs = np.intersect1d(
        _content(before), _content(after), assume_unique=True, return_indices=True
    )
    equal = (
        (before.until[mine] == after.until[theirs])
        & (before.seen[mine] == after.seen[theirs])
        & (before.gone[mine] == after.gone[theirs])
        & (before.observed[mine] == after.observed[theirs])
        & (before.values[:, mine] == after.values[:, theirs]).all(axis=0)
    )
    dropped = np.ones(len(before), np.bool_)
    dropped[mine[equal]] = False
    added = np.ones(len(after), np.bool_)
    added[theirs[equal]] = False
    return np.flatnonzero(dropped), after.take(added)


def _content(runs: Runs) -> Ints:
    return history.joint(runs.key, runs.day)
