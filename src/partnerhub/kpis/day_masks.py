"""Rules over many days at once: what holds of a row is a bit a day.

A comparison of a day with a bound, on up to 64 days, is one number of 64 bits that is
looked up by the day; `&`, `|` and `not_` of such numbers are single instructions. So
rules are put to every day in the time that one day takes, and nothing has to be kept
from one day to the next.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.columns.views import Rows, read_as
from partnerhub.domain import rules
from partnerhub.domain.days import day_number
from partnerhub.domain.policies import KpiPolicy

Masks = npt.NDArray[np.uint64]
"""Bit `n` of each number: whether something holds on day `n`."""

WIDTH: Final = 64
"""Days that fit a mask."""

_SPAN: Final = 366 * 8
"""Days between the first and the last of a mask, so that look-ups stay small."""

_ONE: Final = np.uint64(1)


def batches(days: Sequence[dt.date], /) -> Iterator[Sequence[dt.date]]:
    """Ascending days, as many at once as fit a mask.

    Examples:
        >>> [len(some) for some in batches([dt.date(2026, 11, 22)] * 100)]
        [64, 36]
    """
    start = 0
    for place in range(1, len(days) + 1):
        full = place - start == WIDTH
        if place == len(days) or full or (days[place] - days[start]).days > _SPAN:
            yield days[start:place]
            start = place


def masks_of(flags: Bools, /) -> Masks:
    """All days where the flag is set, none where it is not."""
    return np.negative(flags.astype(np.int64)).view(np.uint64)


@attrs.frozen(eq=False)
class Holds:
    """On which days something holds of each row: what rules make of their columns.

    Attributes:
        masks: uint64 `(n,)`.
    """

    masks: Masks

    def __and__(self, other: Holds) -> Holds:
        return Holds(self.masks & other.masks)

    def __or__(self, other: Holds) -> Holds:
        return Holds(self.masks | other.masks)

    def __eq__(self, other: object) -> Holds:  # type: ignore[override]
        """What `rules.not_` asks: where it does not hold."""
        if other is not False:
            return NotImplemented
        return Holds(~self.masks)

    __hash__ = None  # type: ignore[assignment]


@attrs.frozen(eq=False)
class _Bound:
    """A bound on each of the days, int64 `(days,)`, and the days looked up for it."""

    numbers: Ints
    known: Ints

    def holds(self, compare: Callable[[Any, Any], Any]) -> Masks:
        """The mask of each known day that is compared with the bound."""
        found = np.zeros(len(self.known), np.uint64)
        for place, number in enumerate(self.numbers.tolist()):
            found |= compare(self.known, number).astype(np.uint64) << np.uint64(place)
        return found


class _Table:
    """The masks of every comparison, made when a rule first asks for it."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, str], Masks] = {}

    def of(self, bound: _Bound, compare: Callable[[Any, Any], Any]) -> Masks:
        key = id(bound), compare.__name__
        if key not in self._found:
            self._found[key] = bound.holds(compare)
        return self._found[key]


@attrs.frozen(eq=False)
class _Days:
    """A column of days, each as its place among the days looked up."""

    places: Array
    table: _Table

    def _compared(self, bound: _Bound, compare: Callable[[Any, Any], Any]) -> Holds:
        return Holds(self.table.of(bound, compare).take(self.places, mode="clip"))

    def __le__(self, bound: _Bound) -> Holds:
        return self._compared(bound, operator.le)

    def __lt__(self, bound: _Bound) -> Holds:
        return self._compared(bound, operator.lt)

    def __ge__(self, bound: _Bound) -> Holds:
        return self._compared(bound, operator.ge)

    def __gt__(self, bound: _Bound) -> Holds:
        return self._compared(bound, operator.gt)


@attrs.frozen(eq=False)
class _Counts:
    """A column of numbers, which are the same on all days."""

    numbers: Array

    def __gt__(self, other: _Counts) -> Holds:
        return Holds(masks_of(self.numbers > other.numbers))


@attrs.frozen(eq=False)
class ManyDays:
    """Up to 64 days, and what rules compare with on each of them.

    Attributes:
        days: The days, ascending.
        policy: The day counts.
    """

    days: Sequence[dt.date]
    policy: KpiPolicy
    _table: _Table = attrs.field(factory=_Table, init=False)

    def __len__(self) -> int:
        return len(self.days)

    @cached_property
    def d(self) -> rules.DayBounds:
        """The bounds, each on all days."""
        each = [
            rules.day_bounds(day, kpi_policy=self.policy, native=day_number)
            for day in self.days
        ]
        names = [field.name for field in attrs.fields(rules.DayBounds)]
        numbers = {
            name: np.array([getattr(d, name) for d in each], np.int64) for name in names
        }
        least = min(int(array[0]) for array in numbers.values()) - 1
        most = max(int(array[-1]) for array in numbers.values()) + 1
        known = np.arange(least, most + 1)
        return rules.DayBounds(
            **{name: _Bound(array, known) for name, array in numbers.items()}
        )

    def since(self, days: Array) -> Masks:
        """The days from each of these on."""
        begun: Holds = self._column(days, None) <= self.d.today
        return begun.masks

    def view(self, columns: object, reads: Mapping[str, Any], rows: Rows) -> rules.View:
        """Some rows of the columns of one class, as rules read them."""
        return _View(self, columns, reads, rows)

    def column(self, column: Array, fill: Any) -> Any:
        """A column as rules read it, with `fill` where it is not known."""
        if isinstance(fill, bool):
            return Holds(masks_of(read_as(column, fill)))
        if isinstance(fill, dt.date):
            return self._column(column, fill)
        return _Counts(read_as(column, fill))

    def _column(self, days: Array, fill: dt.date | None) -> _Days:
        known = self.d.today.known
        numbers = days.view(np.int64) if fill is None else read_as(days, fill)
        if numbers.dtype == np.uint64:  # what is not known lies beyond all days
            numbers = np.minimum(numbers, max(int(known[-1]), 0)).view(np.int64)
        # What is not known may be so small that a difference would be none.
        places = np.maximum(numbers, known[0], dtype=np.int64)
        places -= known[0]
        return _Days(places, self._table)


class _View:
    def __init__(
        self, days: ManyDays, columns: object, reads: Mapping[str, Any], rows: Rows
    ) -> None:
        self._days = days
        self._columns = columns
        self._reads = reads
        self._rows = rows

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._reads:
            raise AttributeError(name)
        column = getattr(self._columns, name)[self._rows]
        found = self._days.column(column, self._reads[name])
        setattr(self, name, found)  # asked for once
        return found


@attrs.frozen(eq=False)
class Edges:
    """Where rows begin and cease to hold.

    Attributes:
        rows: The rows that hold on any day, ascending, `(n,)`.
        days: How many days there are.
        turns: Places in `rows`, the days on which they turn, and 1 where they begin to
            hold or -1 where they cease to.
    """

    rows: Array
    days: int
    turns: Sequence[tuple[Rows, Array, int]]

    @classmethod
    def of(cls, masks: Masks, /, *, days: int) -> Edges:
        """The edges of some rows.

        Args:
            masks: uint64 `(n,)`.
            days: How many days the masks are of.

        Examples:
            >>> found = Edges.of(np.array([0, 0b0110, 0b1011], np.uint64), days=4)
            >>> found.rows.tolist(), found.on_each_day().tolist()
            ([1, 2], [1, 2, 1, 1])
            >>> found.on_each_day(np.array([10, 5])).tolist()
            [5, 15, 10, 5]
        """
        rows = np.flatnonzero(masks != 0)
        held = masks[rows]
        left = held ^ (held << _ONE)
        if days < WIDTH:
            left &= (_ONE << np.uint64(days)) - _ONE
        turns: list[tuple[Rows, Array, int]] = []
        places: Rows = slice(None)
        sign = 1  # what begins to hold ceases to before it begins again
        while len(left):
            below = left - _ONE
            day = np.bitwise_count(below & ~left).astype(np.intp)
            turns.append((places, day, sign))
            left &= below
            more = np.flatnonzero(left != 0)
            places = more if isinstance(places, slice) else places[more]
            left, sign = left[more], -sign
        return cls(rows, days, turns)

    def on_each_day(self, weights: Array | None = None, /) -> Ints:
        """The sum over the rows that hold, on each day, int64 `(days,)`.

        Args:
            weights: What each of `rows` counts, `(n,)`; 1 where left out. Sums are
                exact up to 2**53.
        """
        changes = np.zeros(self.days)
        for places, day, sign in self.turns:
            some = None if weights is None else weights[places]
            changes += sign * np.bincount(day, some, minlength=self.days)
        return np.cumsum(changes).astype(np.int64)

    def of_each(self, group: Array, groups: int, weights: Array, /) -> Array:
        """The same for each group of rows, float64 `(days, groups)`.

        Args:
            group: The group of each of `rows`, from 0 on, `(n,)`.
            groups: How many there are.
            weights: What each of `rows` counts, `(n,)`.
        """
        changes = np.zeros(self.days * groups)
        for places, day, sign in self.turns:
            code = day * groups + group[places]
            found = np.bincount(code, weights[places], minlength=len(changes))
            changes += found if sign > 0 else -found
        sums = changes.reshape(self.days, groups)
        for yesterday, today in pairwise(sums):
            np.add(today, yesterday, out=today)
        return sums
