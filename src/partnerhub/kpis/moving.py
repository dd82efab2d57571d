"""The page's numbers as days go by: what changed, and nothing else, is counted anew.

A row can change its mind between two days only if a new version of it began, or if
one of its days is passed by one of the bounds that rules compare with. Those rows
are put through the rules again; what they counted for is taken back, and what they
count for now is added.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs
import numpy as np

from partnerhub.columns.timeline import Timeline
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.columns.views import RowView, subscription_view
from partnerhub.domain import rules
from partnerhub.kpis.passing import SUBSCRIPTION_BITS, Bit, has, line_bits
from partnerhub.kpis.probing import compared_days

_COMPARED: Final = compared_days(SUBSCRIPTION_BITS.values())
_DAYS: Final = tuple(sorted({name for name, _ in _COMPARED}))

COUNTED: Final = (Bit.HAD, Bit.EXPIRING, Bit.RENEWING, Bit.ADDED, Bit.OVER)
"""Bits of which customers are counted."""

SUMS: Final = (
    "total",  # licenses of active lines
    "assigned",
    "used",
    "total_of_assigned",  # of active lines that know both numbers of the ratio
    "assigned_of_total",
    "total_of_used",
    "used_of_total",
    "assigned_of_used",
    "used_of_assigned",
    "unassigned",
)
"""What is summed for each customer, over its active lines."""

NEAR_SUMS: Final = (
    "total_of_assigned",
    "assigned_of_total",
    "total_of_used",
    "used_of_total",
)
"""What is summed over the lines that are nearing expiration, or renewal."""

_BLOCK: Final = 1 << 15
"""Rows worked on at once, so that what is worked out of them stays in the cache."""

_LAST: Final = np.iinfo(np.int64).max


@attrs.frozen(kw_only=True, eq=False)
class _Numbers:
    """The numbers of some lines, -1 where not known."""

    total: Ints
    assigned: Ints
    used: Ints

    def sums(self, counts: Bools) -> Ints:
        """Each of `SUMS` for each line that counts, 0 for others, int64 `(10, n)`."""
        total, assigned, used = self.total, self.assigned, self.used
        both = ((total | assigned) >= 0) & counts
        of_used = ((total | used) >= 0) & counts
        pair = ((assigned | used) >= 0) & counts
        found = np.empty((len(SUMS), len(total)), np.int64)
        spare = np.maximum(total - assigned, 0)
        parts = (
            (total, (total >= 0) & counts),
            (assigned, (assigned >= 0) & counts),
            (used, (used >= 0) & counts),
            (total, both),
            (assigned, both),
            (total, of_used),
            (used, of_used),
            (assigned, pair),
            (used, pair),
            (spare, both),
        )
        for row, (numbers, known) in zip(found, parts, strict=True):
            np.multiply(numbers, known, out=row)
        return found


class Moving:
    """All customers on a day that moves forward.

    Attributes:
        counts: How many lines of each customer have each of `COUNTED`, int32
            `(5, customers)`.
        sums: `SUMS` of each customer, int64 `(10, customers)`.
        near: `NEAR_SUMS` by bit.
        overage: Licenses assigned beyond what was bought.
    """

    def __init__(self, timeline: Timeline, *, had: Bools, used: str) -> None:
        """Before the first day, where nothing is known.

        Args:
            timeline: Every version of what customers held.
            had: The lines at hand, bool `(lines,)`.
            used: The number that counts as used.
        """
        subscriptions, lines = timeline.subscriptions, timeline.lines
        self._timeline = timeline
        self._had = had
        self._used = used
        self._owner = timeline.customer.take(timeline.holder, mode="clip")
        customers = len(timeline.customers)
        self.counts = np.zeros((len(COUNTED), customers), np.int32)
        self.sums = np.zeros((len(SUMS), customers), np.int64)
        self.near = {
            bit: dict.fromkeys(NEAR_SUMS, 0) for bit in (Bit.EXPIRING, Bit.RENEWING)
        }
        self.overage = 0
        # The version of each subscription and line that holds; -1 before the first.
        self._held = np.full(len(timeline.customer), -1, np.int64)
        self._line = np.full(len(timeline.holder), -1, np.int64)
        self._bits = np.zeros(len(timeline.holder), np.uint8)
        self._begun = _Calendar(subscriptions.since)
        self._lines_begun = _Calendar(lines.since)
        self._days = {name: np.zeros(len(self._held), np.int32) for name in _DAYS}
        self._first_line = np.searchsorted(
            timeline.holder, np.arange(len(self._held) + 1, dtype=np.int32)
        )
        self._bounds: rules.DayBounds | None = None

    def to(self, d: rules.DayBounds, /) -> None:
        """Moves to a later day, of which these are the bounds."""
        held, lines = self._timeline.subscriptions, self._timeline.lines
        begun = self._begun.until(d.today)
        moved = held.subscription[begun]
        self._held[moved] = begun  # in order of day: the newest stays
        view = RowView(held, rules.SUBSCRIPTION_READS, begun)
        for name, days in self._days.items():
            days[moved] = getattr(view, name)
        told = np.zeros(len(self._held), np.bool_)
        if self._bounds is not None:
            self._mark_passed(told, self._bounds, d)
        told[moved] = True
        self._bounds = d
        new = self._lines_begun.until(d.today)
        changed = np.zeros(len(self._line), np.bool_)
        changed[self._expanded(np.flatnonzero(told))] = True
        changed[lines.line[new]] = True
        rows = np.flatnonzero(changed & self._had)
        before = self._line[rows]
        self._line[lines.line[new]] = new
        for low in range(0, len(rows), _BLOCK):
            block = slice(low, low + _BLOCK)
            self._count_anew(rows[block], before[block], d)

    def _mark_passed(
        self, told: Bools, before: rules.DayBounds, d: rules.DayBounds
    ) -> None:
        for start in range(0, len(told), _BLOCK):
            block = slice(start, start + _BLOCK)
            for name, bound in _COMPARED:
                low, high = getattr(before, bound), getattr(d, bound)
                # Below the low bound it wraps around to a large number.
                since = (self._days[name][block] - np.int32(low)).view(np.uint32)
                told[block] |= since <= np.uint32(high - low)

    def _expanded(self, subscriptions: Array) -> Array:
        """The lines of these subscriptions."""
        first = self._first_line[subscriptions]
        counts = self._first_line[subscriptions + 1] - first
        offsets = np.cumsum(counts) - counts
        places = np.arange(int(counts.sum())) - np.repeat(offsets, counts)
        found: Array = np.repeat(first, counts) + places
        return found

    def _count_anew(self, rows: Array, before: Array, d: rules.DayBounds) -> None:
        """Takes back what these lines counted for, and adds what they do now."""
        bits = np.zeros(len(rows), np.uint8)
        holder = self._timeline.holder[rows]
        there = (self._line[rows] >= 0) & (self._held[holder] >= 0)
        bits[there] = self._bits_of(rows[there], holder[there], d)
        old = self._bits[rows]
        differs = (bits != old) | (self._line[rows] != before)
        rows, bits, old, before = (
            array[differs] for array in (rows, bits, old, before)
        )
        self._bits[rows] = bits
        self._move_counts(rows, old, bits)
        self._move_sums(rows, old, bits, before)

    def _bits_of(self, rows: Array, holder: Array, d: rules.DayBounds) -> Array:
        versions = self._line[rows]
        first = np.flatnonzero(np.diff(holder, prepend=-1))
        place = np.cumsum(np.diff(holder, prepend=-1) != 0) - 1
        held = self._held[holder[first]]
        view = subscription_view(self._timeline.subscriptions, d, rows=held)
        lines = self._timeline.lines
        bits = line_bits(lines, view, place, rows=versions, d=d)
        # A line is gone with its subscription.
        alive = ~self._timeline.subscriptions.gone[held]
        bits = np.where(alive[place], bits, bits & np.uint8(Bit.HAD))
        bits *= lines.existed[versions]
        return bits

    def _move_counts(self, rows: Array, old: Array, bits: Array) -> None:
        owner = self._owner[rows]
        for place, bit in enumerate(COUNTED):
            change = has(bits, bit).astype(np.int32) - has(old, bit)
            moved = np.flatnonzero(change)
            np.add.at(self.counts[place], owner[moved], change[moved])

    def _move_sums(self, rows: Array, old: Array, bits: Array, before: Array) -> None:
        """The sums, less those of the versions before, plus those of now."""
        counts = np.flatnonzero(has(old | bits, Bit.ACTIVE))
        rows, old, bits = rows[counts], old[counts], bits[counts]
        owner = self._owner[rows]
        first = np.flatnonzero(np.diff(owner, prepend=-1))
        if not len(first):
            return
        less = self._summed(before[counts], old, sign=-1)
        more = self._summed(self._line[rows], bits, sign=1)
        more -= less
        self.sums[:, owner[first]] += np.add.reduceat(more, first, axis=1)

    def _summed(self, versions: Array, bits: Array, *, sign: int) -> Ints:
        """The sums of some lines; those over all customers are moved by them."""
        numbers = self._numbers(versions)
        found = numbers.sums(has(bits, Bit.ACTIVE))
        for bit, sums in self.near.items():
            near = found[3:7] @ has(bits, bit).astype(np.int64)
            for key, value in zip(NEAR_SUMS, near.tolist(), strict=True):
                sums[key] += sign * value
        over = has(bits, Bit.OVER)
        self.overage += sign * int((numbers.assigned - numbers.total)[over].sum())
        return found

    def _numbers(self, versions: Array) -> _Numbers:
        """The numbers of versions, unknown for one that is none."""
        lines = self._timeline.lines

        def told(name: str) -> Ints:
            if not len(lines.line):
                return np.full(len(versions), -1)
            numbers: Ints = getattr(lines, name).take(versions, mode="clip")
            return np.where(versions < 0, -1, numbers).astype(np.int64)

        return _Numbers(
            total=told("total"), assigned=told("assigned"), used=told(self._used)
        )


class _Calendar:
    """Versions in the order of the day on which they begin."""

    def __init__(self, since: Array) -> None:
        days = since.view(np.int64)
        if (days[1:] >= days[:-1]).all():
            self._order = np.arange(len(days))
        else:  # a stable sort of small integers is a radix sort
            ages = days - days.min(initial=_LAST)
            narrow = ages.astype(np.min_scalar_type(int(ages.max(initial=0))))
            self._order = np.argsort(narrow, kind="stable")
        self._days = days[self._order]
        self._place = 0

    def until(self, day: int) -> Array:
        """Those that begin by the day, and were not given yet."""
        place = int(np.searchsorted(self._days, day, side="right"))
        found: Array = self._order[self._place : place]
        self._place = max(place, self._place)
        return found


def numbers_of_day(moving: Moving, low: Bools) -> Mapping[str, Any]:
    """Every number of the page, on the day it stands at.

    Args:
        moving: All customers.
        low: Those that assign few licenses, bool `(customers,)`.
    """
    counted = {bit: moving.counts[place] > 0 for place, bit in enumerate(COUNTED)}
    new = counted[Bit.ADDED]
    sums = dict(zip(SUMS, moving.sums, strict=True))
    of_low = dict(zip(SUMS, (moving.sums @ low.astype(np.int64)).tolist(), strict=True))
    found: dict[str, Any] = {
        "total_customers": int(np.count_nonzero(counted[Bit.HAD])),
        "new_customers": int(np.count_nonzero(new)),
        "new_total_licenses": int(sums["total"][new].sum()),
    }
    for name, bit in (("expiration", Bit.EXPIRING), ("renewal", Bit.RENEWING)):
        near = moving.near[bit]
        found[f"nearing_{name}"] = int(np.count_nonzero(counted[bit]))
        found[f"nearing_{name}_assignment_ratio"] = _ratio(
            near["assigned_of_total"], near["total_of_assigned"]
        )
        found[f"nearing_{name}_usage_ratio"] = _ratio(
            near["used_of_total"], near["total_of_used"]
        )
    over = int(np.count_nonzero(counted[Bit.OVER]))
    return found | {
        "low_assignment": int(np.count_nonzero(low)),
        "low_assignment_ratio": _ratio(
            of_low["assigned_of_total"], of_low["total_of_assigned"]
        ),
        "low_usage_when_assigned_ratio": _ratio(
            of_low["used_of_total"], of_low["total_of_used"]
        ),
        "low_used_of_assigned_ratio": _ratio(
            of_low["used_of_assigned"], of_low["assigned_of_used"]
        ),
        "low_unassigned": of_low["unassigned"],
        "over_limit": over,
        "total_overage": moving.overage,
        "average_overage": _ratio(moving.overage, over),
        "purchased": int(sums["total"].sum()),
        "assigned": int(sums["assigned"].sum()),
        "used": int(sums["used"].sum()),
    }


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
