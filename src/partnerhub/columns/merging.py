"""Bringing what a source tells into the runs of a history: the one merging rule."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from partnerhub.columns.history import (
    NOBODY,
    OPEN,
    UNKNOWN,
    Masks,
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
    days = np.unique(full.day)
    if len(days) <= 1:
        return _merge_one(old, new, owner_of, known, full, sticky, leaving)
    changed = np.zeros(len(new), np.bool_)
    for day in days:
        rows = np.flatnonzero(new.day == day)
        pictures = full.of_day(int(day))
        merged = _merge_one(
            old, new.take(rows), owner_of, known, pictures, sticky, leaving
        )
        changed[rows] = merged.changed
        old, known = merged.runs, known.joined(pictures)
    return Merged(runs=old, changed=changed)


def _merge_one(
    old: Runs,
    new: Observations,
    owner_of: Ints,
    known: Pictures,
    full: Pictures,
    sticky: tuple[int, ...],
    leaving: bool,  # noqa: FBT001 - passed on
) -> Merged:
    """Merges observations whose full pictures, if they are any, are of one day."""
    new = _softened(old, new)
    changed = _news(old, new, owner_of, known)
    none = np.empty(0, np.int64)
    missed = _missed(old, new, owner_of, full) if leaving else (none, none)
    resumed = _resumed(old, new, missed, owner_of, known)
    dropped = _dropped(old, new, owner_of, known) if leaving else (none, none)
    events = _Events.gather(old, new, missed, resumed, dropped)
    runs = events.replayed(sticky)
    alone = ~full.contains(owner_of[new.key], new.day)
    return Merged(runs=_with_seen(runs, old, new.take(alone)), changed=changed)


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
    bits = np.left_shift(1, np.arange(len(new.values), dtype=np.int64))[:, None]
    return attrs.evolve(new, observed=new.observed & ~(blank * bits).sum(axis=0))


def _news(old: Runs, new: Observations, owner_of: Ints, known: Pictures) -> Bools:
    row = _run_of(old, new.key, new.day)
    if not len(old):
        return np.ones(len(new), np.bool_)
    seen = (
        known.contains(owner_of[new.key], new.day)
        | (new.day <= old.seen[row])
        | (new.day == old.day[row])
    )
    told = _bits(new.observed, len(new.values))
    same = ((old.values[:, row] == new.values) | ~told).all(axis=0)
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
) -> tuple[Ints, Ints]:
    """Where an interrupted old run is next known to hold again: row, day."""
    key = np.concatenate((new.key, missed[0]))
    day = np.concatenate((new.day, missed[1]))
    row = _run_of(old, key, day)
    inside = row >= 0
    key, day, row = key[inside], day[inside], row[inside]
    if not len(row):
        return row, day
    evidence = known.next_after(owner_of[key], day)
    own = old.seen[row]
    evidence = np.where((own > day) & (own < evidence), own, evidence)
    holds = evidence < old.until[row]
    return row[holds], evidence[holds]


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


# Among events of one key and day the last of these wins; NEW lies over the others.
_GONE, _HELD, _NEW, _MISSED = range(4)


@attrs.frozen(kw_only=True, eq=False)
class _Events:
    """What happened to the keys, in order; the runs are what lies between."""

    key: Ints
    day: Ints
    kind: npt.NDArray[np.int8]
    observed: Masks
    values: Ints

    @classmethod
    def gather(
        cls,
        old: Runs,
        new: Observations,
        missed: tuple[Ints, Ints],
        resumed: tuple[Ints, Ints],
        dropped: tuple[Ints, Ints],
    ) -> _Events:
        over = old.take(old.gone)
        again = attrs.evolve(old.take(resumed[0]), day=resumed[1])
        parts = (
            cls._absences(over.key, over.until, _GONE, len(old.values)),
            cls._absences(*dropped, _GONE, len(old.values)),
            cls._told(old, _HELD),
            cls._told(again, _HELD),
            cls._told(new, _NEW),
            cls._absences(*missed, _MISSED, len(old.values)),
        )
        key = np.concatenate([part.key for part in parts])
        day = np.concatenate([part.day for part in parts])
        kind = np.concatenate([part.kind for part in parts])
        order = np.lexsort((kind, joint(key, day)))
        return cls(
            key=key[order],
            day=day[order],
            kind=kind[order],
            observed=np.concatenate([part.observed for part in parts])[order],
            values=np.concatenate([part.values for part in parts], axis=1)[:, order],
        )

    @classmethod
    def _told(cls, rows: Runs | Observations, kind: int) -> _Events:
        return cls(
            key=rows.key,
            day=rows.day,
            kind=np.full(len(rows), kind, np.int8),
            observed=rows.observed,
            values=rows.values,
        )

    @classmethod
    def _absences(cls, key: Ints, day: Ints, kind: int, fields: int) -> _Events:
        return cls(
            key=key,
            day=day,
            kind=np.full(len(key), kind, np.int8),
            observed=np.zeros(len(key), np.int64),
            values=np.full((fields, len(key)), UNKNOWN, np.int64),
        )

    def replayed(self, sticky: tuple[int, ...]) -> Runs:
        """The runs that these events leave."""
        return self._one_a_day()._carried(sticky)._compressed()

    def _take(self, rows: Bools) -> _Events:
        return _Events(
            key=self.key[rows],
            day=self.day[rows],
            kind=self.kind[rows],
            observed=self.observed[rows],
            values=self.values[:, rows],
        )

    def _one_a_day(self) -> _Events:
        """One event a key and day: the last one, over what was held that day."""
        if not len(self.key):
            return self
        follows = np.zeros(len(self.key), np.bool_)
        follows[1:] = (self.key[1:] == self.key[:-1]) & (self.day[1:] == self.day[:-1])
        over = np.flatnonzero(
            follows & (self.kind == _NEW) & (np.roll(self.kind, 1) == _HELD)
        )
        observed, values = self.observed.copy(), self.values.copy()
        told = _bits(observed[over], len(values))
        values[:, over] = np.where(told, values[:, over], values[:, over - 1])
        observed[over] |= observed[over - 1]
        merged = attrs.evolve(self, observed=observed, values=values)
        last = np.ones(len(self.key), np.bool_)
        last[:-1] = ~follows[1:]
        return merged._take(last)

    @property
    def _absent(self) -> Bools:
        found: Bools = (self.kind == _GONE) | (self.kind == _MISSED)
        return found

    def _carried(self, sticky: tuple[int, ...]) -> _Events:
        """Fields that were not told take the value of the event before."""
        count = len(self.key)
        rows = np.arange(count)
        fresh = np.ones(count, np.bool_)
        fresh[1:] = (self.key[1:] != self.key[:-1]) | self._absent[:-1]
        told = _bits(self.observed, len(self.values)) | fresh | self._absent
        source = np.maximum.accumulate(np.where(told, rows, 0), axis=1)
        values = np.take_along_axis(self.values, source, axis=1)
        first = np.ones(count, np.bool_)
        first[1:] = self.key[1:] != self.key[:-1]
        begin = np.maximum.accumulate(np.where(first, rows, 0))
        for field in sticky:
            was = np.maximum.accumulate(np.where(self.values[field] == 1, rows, -1))
            values[field] = np.where((was >= begin) & ~self._absent, 1, values[field])
        return attrs.evolve(self, values=values)

    def _compressed(self) -> Runs:
        """Events that change nothing are dropped; the rest become runs."""
        same = np.zeros(len(self.key), np.bool_)
        same[1:] = (
            (self.key[1:] == self.key[:-1])
            & (self._absent[1:] == self._absent[:-1])
            & (self.values[:, 1:] == self.values[:, :-1]).all(axis=0)
        )
        kept = self._take(~same)
        until = np.full(len(kept.key), OPEN, np.int64)
        gone = np.zeros(len(kept.key), np.bool_)
        followed = kept.key[1:] == kept.key[:-1]
        until[:-1][followed] = kept.day[1:][followed]
        gone[:-1] = followed & kept._absent[1:]
        held = ~kept._absent
        return Runs(
            key=kept.key[held],
            day=kept.day[held],
            until=until[held],
            seen=np.full(int(held.sum()), NOBODY, np.int64),
            gone=gone[held],
            observed=kept.observed[held],
            values=kept.values[:, held],
        )


def _with_seen(runs: Runs, old: Runs, alone: Observations) -> Runs:
    """The last day on which a source that is no full picture told of each run."""
    vouched = old.seen > NOBODY
    key = np.concatenate((old.key[vouched], alone.key))
    day = np.concatenate((old.seen[vouched], alone.day))
    row = _run_of(runs, key, day)
    seen = runs.seen.copy()
    np.maximum.at(seen, row[row >= 0], day[row >= 0])
    return attrs.evolve(runs, seen=seen)


def _bits(masks: Masks, fields: int) -> Bools:
    """Bit i of each mask in row i: `(fields, n)`."""
    shifts = np.arange(fields, dtype=np.int64)[:, None]
    bits: Bools = ((masks[None, :] >> shifts) & 1).astype(np.bool_)
    return bits
