"""Dated history of anything that files keep telling us: only changes are stored.

A *run* says that a key (a subscription, a license line, a device) had certain values
from `day` until `until`. A file that repeats them adds nothing. Reading a past day is
one comparison: the run with `day <= at < until`.

A file is a *full picture* of each owner (a customer) in it: what it leaves out is
gone from that day (design 5.9). An observation that is not part of a full picture, a
facts row, only adds what it says: fields it does not name keep their last value.

The result does not depend on the order in which files are read, as long as they are
full pictures; a late file splits the runs it contradicts. What depends on the order of
facts is written at `partnerhub.columns.merging.merge`.
"""

from __future__ import annotations

from typing import Final, Self

import attrs
import numpy as np
import numpy.typing as npt

from partnerhub.columns.unknown import Bools, Ints

UNKNOWN: Final = np.iinfo(np.int64).min
"""A value that is not known, in the int64 matrix of a history."""

OPEN: Final = 2_932_896
"""`until` of a run that still holds: 9999-12-31 in days since 1970-01-01."""

NOBODY: Final = -OPEN
"""`seen` of a run of which only full pictures tell."""

_SHIFT: Final = 1 << 23  # more than OPEN plus the days before 1970

Masks = npt.NDArray[np.int64]


@attrs.frozen(kw_only=True, eq=False)
class Runs:
    """Runs of many keys, sorted by key, then day.

    Attributes:
        key: Which thing, `(n,)`.
        day: First day, in days since 1970-01-01, `(n,)`.
        until: First day on which it no longer holds; `OPEN` when it still does.
        seen: Last day on which a source that is no full picture told of it;
            `NOBODY` where none did, `(n,)`.
        gone: The key is missing from the full picture of day `until`, `(n,)`.
        observed: Bit i is set where field i was told on `day` itself, and not
            carried over from an earlier run, `(n,)`.
        values: One row a field, `(fields, n)`; `UNKNOWN` where not known.
    """

    key: Ints
    day: Ints
    until: Ints
    seen: Ints
    gone: Bools
    observed: Masks
    values: Ints

    def __len__(self) -> int:
        return len(self.key)

    @classmethod
    def empty(cls, fields: int) -> Self:
        """No runs, of that many fields."""
        none = np.empty(0, np.int64)
        return cls(
            key=none,
            day=none,
            until=none,
            seen=none,
            gone=np.empty(0, np.bool_),
            observed=none,
            values=np.empty((fields, 0), np.int64),
        )

    def take(self, rows: npt.NDArray[np.intp] | Bools) -> Runs:
        """The chosen runs, in the order given."""
        return Runs(
            key=self.key[rows],
            day=self.day[rows],
            until=self.until[rows],
            seen=self.seen[rows],
            gone=self.gone[rows],
            observed=self.observed[rows],
            values=self.values[:, rows],
        )

    def joined(self, other: Runs) -> Runs:
        """These runs, then the others."""
        return Runs(
            key=np.concatenate((self.key, other.key)),
            day=np.concatenate((self.day, other.day)),
            until=np.concatenate((self.until, other.until)),
            seen=np.concatenate((self.seen, other.seen)),
            gone=np.concatenate((self.gone, other.gone)),
            observed=np.concatenate((self.observed, other.observed)),
            values=np.concatenate((self.values, other.values), axis=1),
        )

    def sorted(self) -> Runs:
        """The same runs, by key and day."""
        return self.take(np.argsort(joint(self.key, self.day), kind="stable"))


@attrs.frozen(kw_only=True, eq=False)
class Observations:
    """What one source says of some keys; each key at most once a day.

    Attributes:
        key: Which thing, `(n,)`.
        day: On which day, `(n,)`.
        observed: Bit i is set where field i is told, even as unknown, `(n,)`.
        values: One row a field, `(fields, n)`.
    """

    key: Ints
    day: Ints
    observed: Masks
    values: Ints

    def __len__(self) -> int:
        return len(self.key)

    def take(self, rows: npt.NDArray[np.intp] | Bools) -> Observations:
        """The chosen observations, in the order given."""
        return Observations(
            key=self.key[rows],
            day=self.day[rows],
            observed=self.observed[rows],
            values=self.values[:, rows],
        )


@attrs.frozen(kw_only=True, eq=False)
class Pictures:
    """The days of the full pictures of each owner, sorted and distinct.

    Attributes:
        owner: Whose picture, `(n,)`.
        day: Of which day, `(n,)`.
    """

    owner: Ints
    day: Ints

    @classmethod
    def of(cls, owner: Ints, day: Ints) -> Self:
        """The distinct pairs, sorted."""
        pairs = distinct(joint(owner, day))
        return cls(owner=pairs // _SHIFT, day=pairs % _SHIFT - _SHIFT // 2)

    @classmethod
    def none(cls) -> Self:
        """No picture."""
        return cls(owner=np.empty(0, np.int64), day=np.empty(0, np.int64))

    def of_day(self, day: int) -> Pictures:
        """Those of one day."""
        there = self.day == day
        return Pictures(owner=self.owner[there], day=self.day[there])

    def since(self, day: int) -> Pictures:
        """Those of a day and later ones."""
        there = self.day >= day
        return Pictures(owner=self.owner[there], day=self.day[there])

    def joined(self, other: Pictures) -> Pictures:
        """Those of either."""
        return Pictures.of(
            np.concatenate((self.owner, other.owner)),
            np.concatenate((self.day, other.day)),
        )

    def contains(self, owner: Ints, day: Ints) -> Bools:
        """Whether `owner` has a picture of `day`, pairwise: `(n,)`."""
        mine = joint(self.owner, self.day)
        asked = joint(owner, day)
        place = np.searchsorted(mine, asked)
        place[place == len(mine)] = max(0, len(mine) - 1)
        if not len(mine):
            return np.zeros(len(asked), np.bool_)
        found: Bools = mine[place] == asked
        return found

    def next_after(self, owner: Ints, day: Ints) -> Ints:
        """Day of the owner's first picture after `day`; `OPEN` if none, `(n,)`."""
        mine = joint(self.owner, self.day)
        place = np.searchsorted(mine, joint(owner, day), side="right")
        found = np.full(len(owner), OPEN, np.int64)
        inside = place < len(mine)
        same = inside.copy()
        same[inside] = self.owner[place[inside]] == owner[inside]
        found[same] = self.day[place[same]]
        return found


def at(runs: Runs, day: int) -> npt.NDArray[np.intp]:
    """Rows of the runs that hold on a day, or were gone by then: `(n,)`."""
    return np.flatnonzero((runs.day <= day) & ((runs.until > day) | runs.gone))


def distinct(values: Ints) -> Ints:
    """The distinct values, sorted; where most are sorted already, faster than unique."""
    ordered = np.sort(values, kind="stable")
    first = np.ones(len(ordered), np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    found: Ints = ordered[first]
    return found


def joint(key: Ints, day: Ints) -> Ints:
    """Key and day as one number that sorts like the pair, `(n,)`."""
    return key * _SHIFT + (day + _SHIFT // 2)
