"""What happened to the keys of a history, in order; the runs are what lies between."""

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
    Runs,
    joint,
)
from partnerhub.columns.unknown import Bools, Ints

# Among events of one key and day the last of these wins; NEW lies over the others.
GONE, HELD, NEW, MISSED = range(4)


@attrs.frozen(kw_only=True, eq=False)
class Events:
    """What happened to the keys, in order; the runs are what lies between."""

    key: Ints
    day: Ints
    kind: npt.NDArray[np.int8]
    observed: Masks
    values: Ints

    @classmethod
    def of(cls, *parts: Events) -> Events:
        """All of them, by key, day and kind."""
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
    def told(cls, rows: Runs | Observations, kind: int) -> Events:
        """Events at which values are told."""
        return cls(
            key=rows.key,
            day=rows.day,
            kind=np.full(len(rows), kind, np.int8),
            observed=rows.observed,
            values=rows.values,
        )

    @classmethod
    def absences(cls, key: Ints, day: Ints, kind: int, fields: int) -> Events:
        """Events at which keys are no longer there."""
        return cls(
            key=key,
            day=day,
            kind=np.full(len(key), kind, np.int8),
            observed=np.zeros(len(key), np.int64),
            values=np.full((fields, len(key)), UNKNOWN, np.int64),
        )

    def replayed(self, sticky: tuple[int, ...]) -> Runs:
        """The runs that these events leave."""
        return self.one_a_day().carried(sticky).compressed()

    def take(self, rows: Bools) -> Events:
        """The chosen events, in their order."""
        return Events(
            key=self.key[rows],
            day=self.day[rows],
            kind=self.kind[rows],
            observed=self.observed[rows],
            values=self.values[:, rows],
        )

    def one_a_day(self) -> Events:
        """One event a key and day: the last one, over what was held that day."""
        if not len(self.key):
            return self
        follows = np.zeros(len(self.key), np.bool_)
        follows[1:] = (self.key[1:] == self.key[:-1]) & (self.day[1:] == self.day[:-1])
        over = np.flatnonzero(
            follows & (self.kind == NEW) & (np.roll(self.kind, 1) == HELD)
        )
        observed, values = self.observed.copy(), self.values.copy()
        told = bits(observed[over], len(values))
        values[:, over] = np.where(told, values[:, over], values[:, over - 1])
        observed[over] |= observed[over - 1]
        merged = attrs.evolve(self, observed=observed, values=values)
        last = np.ones(len(self.key), np.bool_)
        last[:-1] = ~follows[1:]
        return merged.take(last)

    @property
    def absent(self) -> Bools:
        """Events from which the key is not there, `(n,)`."""
        found: Bools = (self.kind == GONE) | (self.kind == MISSED)
        return found

    def carried(self, sticky: tuple[int, ...]) -> Events:
        """Fields that were not told take the value of the event before."""
        count = len(self.key)
        rows = np.arange(count)
        fresh = np.ones(count, np.bool_)
        fresh[1:] = (self.key[1:] != self.key[:-1]) | self.absent[:-1]
        first = np.ones(count, np.bool_)
        first[1:] = self.key[1:] != self.key[:-1]
        own = bits(self.observed, len(self.values)) | self.absent
        # What was gone begins afresh: of the fields that were not told that day it may
        # still hold values carried over a gap which was not known then.
        values = np.where(own | ~(fresh & ~first), self.values, UNKNOWN)
        source = np.maximum.accumulate(np.where(own | fresh, rows, 0), axis=1)
        values = np.take_along_axis(values, source, axis=1)
        begin = np.maximum.accumulate(np.where(first, rows, 0))
        for field in sticky:
            was = np.maximum.accumulate(np.where(self.values[field] == 1, rows, -1))
            values[field] = np.where((was >= begin) & ~self.absent, 1, values[field])
        return attrs.evolve(self, values=values)

    def compressed(self) -> Runs:
        """Events that change nothing are dropped; the rest become runs.

        One that tells other fields than the run before stays: were it dropped, a late
        file could not know any more what was told on that day.
        """
        same = np.zeros(len(self.key), np.bool_)
        same[1:] = (
            (self.key[1:] == self.key[:-1])
            & (self.absent[1:] == self.absent[:-1])
            & (self.observed[1:] == self.observed[:-1])
            & (self.values[:, 1:] == self.values[:, :-1]).all(axis=0)
        )
        kept = self.take(~same)
        until = np.full(len(kept.key), OPEN, np.int64)
        gone = np.zeros(len(kept.key), np.bool_)
        followed = kept.key[1:] == kept.key[:-1]
        until[:-1][followed] = kept.day[1:][followed]
        gone[:-1] = followed & kept.absent[1:]
        held = ~kept.absent
        return Runs(
            key=kept.key[held],
            day=kept.day[held],
            until=until[held],
            seen=np.full(int(held.sum()), NOBODY, np.int64),
            gone=gone[held],
            observed=kept.observed[held],
            values=kept.values[:, held],
        )


def bits(masks: Masks, fields: int) -> Bools:
    """Bit i of each mask in row i: `(fields, n)`."""
    shifts = np.arange(fields, dtype=np.int64)[:, None]
    found: Bools = ((masks[None, :] >> shifts) & 1).astype(np.bool_)
    return found
