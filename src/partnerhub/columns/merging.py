"""Bringing what a source tells into the runs of a history: the one merging rule."""

from __future__ import annotations

import attrs
import numpy as np

from partnerhub.columns.events import GONE, HELD, MISSED, NEW, Events, bits
from partnerhub.columns.history import (
    NOBODY,
    OPEN,
    UNKNOWN,
    Observations,
    Pictures,
    Runs,
    joint,
)
from partnerhub.columns.unknown import Bools, Ints


@attrs.frozen(kw_only=True, eq=False)
class Merged:
    """What merging gave.

    Attributes:
        runs: All runs of all keys, old and new.
        changed: Which observations told something that was not known: `(n,)`.
    """

    runs: Runs
    changed: Bools


def merge(
    old: Runs,
    new: Observations,
    *,
    owner_of: Ints,
    known: Pictures,
    full: Pictures,
    sticky: tuple[int, ...] = (),
    leaving: bool = True,
) -> Merged:
    """Brings new observations into the runs of the same owners.

    What is read in the order of its days gives what was told, and read again changes
    nothing. So does any order of full pictures alone. Of observations that are none,
    facts, only the last day of each run is kept (`Runs.seen`), not all on which they
    repeated it; where they come in another order two things can come out otherwise:

    - Different facts that come late, of a day within a run of facts, hold until the
      next picture or the last day of that run, not until the facts in between.
    - A late picture that leaves out what facts told both before and after it makes
      it not gone: they are taken to have told it all the time.

    Args:
        old: Every run of the owners concerned that is not over before the first new
            day, sorted.
        new: What is told now. Where it is full pictures, all of it is.
        owner_of: The owner of each key, int `(keys,)`; keys are 0..keys-1.
        known: Full pictures that were read before.
        full: Full pictures that the new observations are; their owners' other keys
            are gone from that day.
        sticky: Fields, 0 or 1, that stay 1 once they were.
        leaving: Whether a key that a full picture leaves out is gone. If not, it
            shares the fate of something else, and keeps its values.

    Returns:
        The runs after merging, and which observations were news.
    """
    setting = _Setting(owner_of, sticky, leaving)
    days = np.unique(full.day)
    if len(days) <= 1:
        return _merge_one(old, new, known, full, setting)
    changed = np.zeros(len(new), np.bool_)
    for day in days:
        rows = np.flatnonzero(new.day == day)
        pictures = full.of_day(int(day))
        merged = _merge_one(old, new.take(rows), known, pictures, setting)
        changed[rows] = merged.changed
        old, known = merged.runs, known.joined(pictures)
    return Merged(runs=old, changed=changed)


@attrs.frozen(eq=False)
class _Setting:
    """What does not change from one day of a merge to the next."""

    owner_of: Ints
    sticky: tuple[int, ...]
    leaving: bool


def _merge_one(
    old: Runs,
    new: Observations,
    known: Pictures,
    full: Pictures,
    setting: _Setting,
) -> Merged:
    """Merges observations whose full pictures, if they are any, are of one day."""
    owner_of, leaving = setting.owner_of, setting.leaving
    if not len(old) and not len(known.owner) and _once_each(new):
        return _first_load(new, full, owner_of)
    new = _softened(old, new)
    changed = _news(old, new, known, setting)
    none = np.empty(0, np.int64)
    missed = _missed(old, new, owner_of, full) if leaving else (none, none)
    alone = ~full.contains(owner_of[new.key], new.day)
    vouching = new.take(alone)
    kept = changed | ~_repeats(old, new)
    new, alone = new.take(kept), alone[kept]
    resumed = _resumed(old, new, missed, owner_of, known, alone=alone)
    dropped = _dropped(old, new, owner_of, known) if leaving else (none, none)
    over = old.take(old.gone)
    fields = len(old.values)
    events = Events.of(
        Events.absences(over.key, over.until, GONE, fields),
        Events.absences(*dropped, GONE, fields),
        Events.told(old, HELD),
        Events.told(attrs.evolve(old.take(resumed[0]), day=resumed[1]), HELD),
        Events.told(new, NEW),
        Events.absences(*missed, MISSED, fields),
    )
    runs = events.replayed(setting.sticky)
    return Merged(runs=_with_seen(runs, old, vouching), changed=changed)


def _once_each(new: Observations) -> bool:
    """Whether no key is told of on two days."""
    return not len(new) or int(np.bincount(new.key).max()) == 1


def _first_load(new: Observations, full: Pictures, owner_of: Ints) -> Merged:
    """What merging gives where nothing was known, a tenth of its time."""
    changed = np.ones(len(new), np.bool_)
    new = new.take(np.argsort(new.key, kind="stable"))
    pictured = full.contains(owner_of[new.key], new.day)
    runs = Runs(
        key=new.key,
        day=new.day,
        until=np.full(len(new), OPEN, np.int64),
        seen=np.where(pictured, NOBODY, new.day),
        gone=np.zeros(len(new), np.bool_),
        observed=new.observed,
        values=new.values,
    )
    return Merged(runs=runs, changed=changed)


def _run_of(old: Runs, key: Ints, day: Ints) -> Ints:
    """Row of the old run that covers `day` of `key`; -1 where none does, `(n,)`."""
    if not len(old):
        return np.full(len(key), -1, np.int64)
    row = (
        np.searchsorted(joint(old.key, old.day), joint(key, day), side="right") - 1
    ).astype(np.int64)
    row[row < 0] = -1
    covers = (row >= 0) & (old.key[row] == key) & (day < old.until[row])
    return np.where(covers, row, -1)


def _softened(old: Runs, new: Observations) -> Observations:
    """Unknown does not replace what another source told of the same day."""
    row = _run_of(old, new.key, new.day)
    if not len(old) or not len(new):
        return new
    told_too = (row >= 0) & ((new.day == old.day[row]) | (new.day <= old.seen[row]))
    blank = (new.values == UNKNOWN) & told_too
    weights = np.left_shift(1, np.arange(len(new.values), dtype=np.int64))
    return attrs.evolve(new, observed=new.observed & ~(weights @ blank))


def _repeats(old: Runs, new: Observations) -> Bools:
    """Observations that tell no field which the run of their day does not tell."""
    if not len(old):
        return np.zeros(len(new), np.bool_)
    row = _run_of(old, new.key, new.day)
    found: Bools = (row >= 0) & (new.observed & ~old.observed[row] == 0)
    return found


def _news(old: Runs, new: Observations, known: Pictures, setting: _Setting) -> Bools:
    row = _run_of(old, new.key, new.day)
    if not len(old):
        return np.ones(len(new), np.bool_)
    seen = (
        known.contains(setting.owner_of[new.key], new.day)
        | (new.day <= old.seen[row])
        | (new.day == old.day[row])
    )
    told = bits(new.observed, len(new.values))
    held = old.values[:, row]
    equal = (held == new.values) | ~told
    for field in setting.sticky:
        # A file that tells 0 of a flag which stays set tells nothing.
        equal[field] |= (held[field] == 1) & (new.values[field] == 0)
    same = equal.all(axis=0)
    news: Bools = ~((row >= 0) & seen & same)
    return news


def _missed(
    old: Runs, new: Observations, owner_of: Ints, full: Pictures
) -> tuple[Ints, Ints]:
    """Keys that a full picture leaves out although they were there: key, day."""
    if not len(old) or not len(full.owner):
        none = np.empty(0, np.int64)
        return none, none
    keys = np.unique(old.key)
    owners = owner_of[keys]
    first = np.searchsorted(full.owner, owners, side="left")
    count = np.searchsorted(full.owner, owners, side="right") - first
    key = np.repeat(keys, count)
    offset = np.arange(len(key)) - np.repeat(np.cumsum(count) - count, count)
    day = full.day[np.repeat(first, count) + offset]
    row = _run_of(old, key, day)
    told = np.isin(joint(key, day), joint(new.key, new.day)) | (day <= old.seen[row])
    left_out = (row >= 0) & ~told
    return key[left_out], day[left_out]


def _resumed(
    old: Runs,
    new: Observations,
    missed: tuple[Ints, Ints],
    owner_of: Ints,
    known: Pictures,
    *,
    alone: Bools,
) -> tuple[Ints, Ints]:
    """Where an interrupted old run is known to hold again: row, day.

    That is at the next sign of it and, as what comes alone lies over a picture of its
    day, at that picture too.
    """
    key = np.concatenate((new.key, missed[0]))
    day = np.concatenate((new.day, missed[1]))
    row = _run_of(old, key, day)
    inside = row >= 0
    over = np.concatenate((alone, np.zeros(len(missed[0]), np.bool_)))[inside]
    key, day, row = key[inside], day[inside], row[inside]
    if not len(row):
        return row, day
    over &= known.contains(owner_of[key], day)
    evidence = known.next_after(owner_of[key], day)
    own = old.seen[row]
    evidence = np.where((own > day) & (own < evidence), own, evidence)
    holds = evidence < old.until[row]
    return (
        np.concatenate((row[holds], row[over])),
        np.concatenate((evidence[holds], day[over])),
    )


def _dropped(
    old: Runs, new: Observations, owner_of: Ints, known: Pictures
) -> tuple[Ints, Ints]:
    """New keys that a later picture, read before, leaves out: key, day."""
    fresh = _run_of(old, new.key, new.day) < 0
    key, day = new.key[fresh], new.day[fresh]
    left_out = known.next_after(owner_of[key], day)
    starts = Pictures(owner=old.key, day=old.day).next_after(key, day)
    over = (left_out < OPEN) & (left_out < starts)
    return key[over], left_out[over]


def _with_seen(runs: Runs, old: Runs, alone: Observations) -> Runs:
    """The last day on which a source that is no full picture told of each run."""
    vouched = old.seen > NOBODY
    key = np.concatenate((old.key[vouched], alone.key))
    day = np.concatenate((old.seen[vouched], alone.day))
    row = _run_of(runs, key, day)
    seen = runs.seen.copy()
    np.maximum.at(seen, row[row >= 0], day[row >= 0])
    return attrs.evolve(runs, seen=seen)
