"""The page's numbers on many days, in one pass over all versions.

What holds of a version is a bit a day (`partnerhub.kpis.day_masks`), and a day's sum
is the running sum of what versions add on the day they begin to count, and take away
on the day they cease to. So the cost is that of the versions, not of the days. Only
who is low has to wait: it takes the rates of all customers, and then a second look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

import attrs
import numpy as np

from partnerhub.columns.blocks import worked
from partnerhub.columns.unknown import Ints
from partnerhub.columns.views import Rows
from partnerhub.kpis.day_masks import Edges, Masks, masks_of
from partnerhub.kpis.numbers import LONE, Numbers, Wanted
from partnerhub.kpis.passing import Bit
from partnerhub.kpis.peers import low_over_days
from partnerhub.kpis.versions import AtHand, Block, LineDays, blocks_of, line_days

COUNTED: Final = (Bit.HAD, Bit.EXPIRING, Bit.RENEWING, Bit.ADDED, Bit.OVER)
"""Bits of which customers are counted."""

LOW: Final = 0
"""Stands for the customers that assign few licenses, beside the bits."""

Sums = Mapping[tuple[int, str], Ints]
"""Population and name -> what each day adds, int64 `(days,)`."""

TOLD: Final = "_told"
UNTOLD: Final = "_untold"
"""Ends of the names of how many lines tell a number, and how many do not.

They are counted where a day's sum is 0: it may be that of numbers that nobody knows.
"""


@attrs.frozen(kw_only=True, eq=False)
class Daily:
    """What the days of a series count and sum.

    Attributes:
        customers: Bit or `LOW` -> how many customers have it, int64 `(days,)`; None
            where nobody asked.
        sums: Population and name -> the sum of each day.
    """

    customers: Mapping[int, Ints] | None
    sums: Sums


def trend_of_days(asked: AtHand, /, *, used: str) -> Daily:
    """The licenses of active lines alone.

    Args:
        asked: What the series is about.
        used: The number that counts as used.
    """
    summing = _Summing(asked, used)

    def look(block: Block) -> Sums:
        lines = line_days(block, asked).of(asked.counted(block))
        masks = lines.bits[Bit.ACTIVE]
        return summing.sums(Bit.ACTIVE, masks, lines.rows, Numbers.known)

    found = worked(list(blocks_of(asked.timeline)), look)
    return Daily(customers=None, sums=_added(found, asked))


def page_of_days(asked: AtHand, /, *, used: str) -> Daily:
    """Everything that the page counts and sums.

    Args:
        asked: What the series is about.
        used: The number that counts as used.
    """
    timeline = asked.timeline
    blocks = list(blocks_of(timeline))
    first = _FirstLook(asked, used)
    looks = worked(blocks, first.look)
    low = low_over_days(
        first.rates,
        first.totals,
        region=timeline.customers.region.codes,
        policy=asked.days.policy.low_assignment,
    )
    if asked.customers is not None:
        low &= masks_of(asked.customers)
    summing = _Summing(asked, used)

    def look_at_low(block: Block) -> Sums:
        active = first.active[block.line_versions]
        rows = np.flatnonzero(active != 0)
        line = timeline.lines.line[block.line_versions][rows]
        masks = active[rows] & low[timeline.customer[timeline.holder[line]]]
        return summing.sums(LOW, masks, block.line_versions.start + rows, Numbers.low)

    again = worked(blocks, look_at_low)
    customers = _added([counts for counts, _ in looks], asked)
    customers[LOW] = summing.counted(low)
    return Daily(
        customers=customers,
        sums=_added([*(sums for _, sums in looks), *again], asked),
    )


KeyT = TypeVar("KeyT")


def _added(parts: Iterable[Mapping[KeyT, Ints]], asked: AtHand) -> dict[KeyT, Ints]:
    """The parts, added up by key; 0 on every day for what none of them has."""
    found: dict[KeyT, Ints] = defaultdict(
        lambda: np.zeros(len(asked.days), dtype=np.int64)
    )
    for part in parts:
        for key, numbers in part.items():
            found[key] = found[key] + numbers
    return found


@attrs.frozen(eq=False)
class _Summing:
    """Sums over the days on which lines count."""

    asked: AtHand
    used: str

    def sums(
        self, population: int, masks: Masks, rows: Rows, wanted: Wanted
    ) -> dict[tuple[int, str], Ints]:
        """The sums of each day.

        Args:
            population: What they are the sums of.
            masks: The days on which each line version counts, uint64 `(n,)`.
            rows: Which versions they are.
            wanted: What to sum.
        """
        edges = Edges.of(masks, days=len(self.asked.days))
        found: dict[tuple[int, str], Ints] = {}
        for name, numbers in wanted(self.numbers(rows, edges)).items():
            alone = name in LONE
            sums = edges.on_each_day(np.maximum(numbers, 0) if alone else numbers)
            found[population, name] = sums
            if alone and not sums.all():
                told = numbers >= 0
                found[population, name + TOLD] = edges.on_each_day(told)
                found[population, name + UNTOLD] = edges.on_each_day(~told)
        return found

    def numbers(self, rows: Rows, edges: Edges) -> Numbers:
        """The numbers of those of the versions that hold on any day."""
        lines = self.asked.timeline.lines

        def told(name: str) -> Ints:
            found: Ints = getattr(lines, name)[rows][edges.rows]
            return found

        return Numbers(told, self.used)

    def counted(self, masks: Masks) -> Ints:
        """How many rows hold on each day."""
        return Edges.of(masks, days=len(self.asked.days)).on_each_day()


class _FirstLook:
    """Everything but who is low.

    Attributes:
        active: The days on which each line version is active, uint64 `(n,)`.
        rates: assigned / total of each customer on each day, `(days, customers)`.
        totals: The licenses of it, kept where the policy groups by them.
    """

    def __init__(self, asked: AtHand, used: str) -> None:
        customers = len(asked.timeline.customers)
        self._asked = asked
        self._summing = _Summing(asked, used)
        self.active = np.zeros(len(asked.timeline.lines.line), np.uint64)
        self.rates = np.full((len(asked.days), customers), np.nan)
        grouping = asked.days.policy.low_assignment.group is not None
        self.totals = np.zeros(self.rates.shape) if grouping else None

    def look(self, block: Block, /) -> tuple[dict[int, Ints], Sums]:
        """The customers that the lines of a block count, and the sums."""
        lines = line_days(block, self._asked)
        self.active[lines.rows] = lines.bits[Bit.ACTIVE]
        self._rate(lines, block.customers)
        lines = lines.of(self._asked.counted(block))
        bits, counted = lines.bits, self._summing.counted
        owners = {bit: lines.by_customer(bit, block.customers) for bit in COUNTED}
        added = bits[Bit.ACTIVE] & owners[Bit.ADDED].take(lines.owner)
        sums: dict[tuple[int, str], Ints] = {}
        for bit, masks, wanted in (
            (Bit.ACTIVE, bits[Bit.ACTIVE], Numbers.known),
            (Bit.ADDED, added, Numbers.licenses),
            (Bit.EXPIRING, bits[Bit.EXPIRING], Numbers.near),
            (Bit.RENEWING, bits[Bit.RENEWING], Numbers.near),
            (Bit.OVER, bits[Bit.OVER], Numbers.overage),
        ):
            sums |= self._summing.sums(bit, masks, lines.rows, wanted)
        return {bit: counted(masks) for bit, masks in owners.items()}, sums

    def _rate(self, lines: LineDays, customers: slice) -> None:
        """Notes the rates of a block's customers."""
        size = customers.stop - customers.start
        edges = Edges.of(lines.bits[Bit.ACTIVE], days=len(self._asked.days))
        numbers = self._summing.numbers(lines.rows, edges)
        pair = numbers.rate()
        owner = lines.owner[edges.rows]
        total = edges.of_each(owner, size, pair["total_of_assigned"])
        assigned = edges.of_each(owner, size, pair["assigned_of_total"])
        rates = self.rates[:, customers]
        np.divide(assigned, total, out=rates, where=total > 0)
        if self.totals is not None:
            self.totals[:, customers] = total
