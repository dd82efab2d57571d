"""Versions of what customers held, block by block, and on which days what holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

import attrs
import numpy as np

from partnerhub.columns.owned import first_rows
from partnerhub.columns.timeline import Timeline
from partnerhub.columns.unknown import Array, Bools, Codes, Days
from partnerhub.columns.views import Rows
from partnerhub.domain import rules
from partnerhub.kpis.day_masks import Holds, ManyDays, Masks, masks_of
from partnerhub.kpis.passing import LINE_BITS, SUBSCRIPTION_BITS, Bit

_ROWS: Final = 1 << 17
"""Versions of a block, about; what is worked out of them stays in the cache."""

_FEW: Final = 0.7
"""Share of versions below which the others are not carried along."""


@attrs.frozen(eq=False)
class AtHand:
    """What a series is about.

    Attributes:
        timeline: Every version of what customers held.
        days: The days.
        lines: The lines at hand, bool `(lines,)`.
        term: Versions of subscriptions of the term at hand; None for any.
        customers: Those who are counted, bool `(customers,)`; None for all. The others
            are their peers.
    """

    timeline: Timeline
    days: ManyDays
    lines: Bools
    term: Bools | None = None
    customers: Bools | None = None

    def counted(self, block: Block, /) -> Masks | None:
        """All days of the customers of a block who count; None where all of them do."""
        if self.customers is None:
            return None
        return masks_of(self.customers[block.customers])


@attrs.frozen
class Block:
    """Neighbouring customers, with every version of what they hold."""

    customers: slice
    subscriptions: slice
    lines: slice
    subscription_versions: slice
    line_versions: slice


def blocks_of(timeline: Timeline, /) -> Iterator[Block]:
    """The blocks of a timeline, each of whole customers."""
    line = timeline.lines.line
    inner = timeline.customer[timeline.holder[line[_ROWS::_ROWS]]]
    customers = np.unique(np.concatenate(([0], inner, [len(timeline.customers)])))
    subscriptions = _places(timeline.customer, customers)
    lines = _places(timeline.holder, subscriptions)
    bounds = np.stack(
        [
            customers,
            subscriptions,
            lines,
            _places(timeline.subscriptions.subscription, subscriptions),
            _places(line, lines),
        ],
        axis=1,
    ).tolist()
    for low, high in pairwise(bounds):
        yield Block(*map(slice, low, high))


def _places(codes: Codes, wanted: Array) -> Array:
    found: Array = np.searchsorted(codes, wanted.astype(codes.dtype))
    return found


@attrs.frozen(eq=False)
class _Versions:
    """The versions of a block that hold on any of the days.

    Attributes:
        rows: Their rows.
        thing: What each is a version of, ascending, `(n,)`.
        masks: The days on which it is the newest, uint64 `(n,)`.
        first: Where the versions of each thing begin, `(things,)`.
    """

    rows: Rows
    thing: Codes
    masks: Masks
    first: Array

    @classmethod
    def of(cls, thing: Codes, since: Days, part: slice, days: ManyDays) -> _Versions:
        mine = thing[part]
        first = first_rows(mine)
        begun = days.since(since[part])
        following = np.zeros(len(mine), np.uint64)
        following[:-1] = begun[1:]
        following[first[1:] - 1] = 0  # a version of the next thing
        masks = begun ^ following
        seen = np.flatnonzero(masks != 0)
        if len(seen) > _FEW * len(mine):
            return cls(part, mine, masks, first)
        return cls(part.start + seen, mine[seen], masks[seen], first_rows(mine[seen]))

    def by_thing(self, masks: Masks, things: slice) -> Masks:
        """The days of all versions of each thing, uint64 `(things,)`."""
        found = np.zeros(things.stop - things.start, np.uint64)
        if len(self.first):
            places = self.thing[self.first] - np.int32(things.start)
            found[places] = np.bitwise_or.reduceat(masks, self.first)
        return found


@attrs.frozen(eq=False)
class LineDays:
    """The line versions of a block, and on which days they have which bit.

    Attributes:
        rows: Their rows.
        owner: Place of each one's customer in the block, ascending, `(n,)`.
        bits: Bit -> its days, uint64 `(n,)`.
    """

    rows: Rows
    owner: Codes
    bits: Mapping[int, Masks]

    def of(self, customers: Masks | None, /) -> LineDays:
        """Those of some customers of the block; the same where they are None."""
        if customers is None:
            return self
        mine = customers.take(self.owner)
        bits = {bit: masks & mine for bit, masks in self.bits.items()}
        return attrs.evolve(self, bits=bits)

    def by_customer(self, bit: int, customers: slice) -> Masks:
        """The days on which any line of each customer has the bit."""
        found = np.zeros(customers.stop - customers.start, np.uint64)
        first = first_rows(self.owner)
        if len(first):
            found[self.owner[first]] = np.bitwise_or.reduceat(self.bits[bit], first)
        return found


def line_days(block: Block, asked: AtHand, /) -> LineDays:
    """What holds of the line versions of a block."""
    timeline, days = asked.timeline, asked.days
    lines, start = timeline.lines, block.subscriptions.start
    versions = _Versions.of(lines.line, lines.since, block.line_versions, days)
    holder = timeline.holder[versions.thing]
    places = holder - np.int32(start)
    held = {
        bit: masks.take(places, mode="clip")
        for bit, masks in _subscription_days(block, asked).items()
    }
    there = masks_of(asked.lines[versions.thing] & lines.existed[versions.rows])
    had = versions.masks & there & held.pop(Bit.HAD)
    view = days.view(lines, rules.LINE_READS, versions.rows)
    rules.with_line_state(view, Holds(held.pop(Bit.ACTIVE)))
    alive = had & rules.not_(view.gone).masks
    bits = {Bit.HAD: had, Bit.ACTIVE: had & view.active.masks}
    bits |= {bit: alive & masks for bit, masks in held.items()}
    bits |= {bit: had & rule(view, days.d).masks for bit, rule in LINE_BITS.items()}
    owner = timeline.customer[holder] - np.int32(block.customers.start)
    return LineDays(versions.rows, owner, bits)


def _subscription_days(block: Block, asked: AtHand) -> dict[int, Masks]:
    """Bit -> the days on which each subscription of a block has it."""
    columns, days = asked.timeline.subscriptions, asked.days
    versions = _Versions.of(
        columns.subscription, columns.since, block.subscription_versions, days
    )
    view = days.view(columns, rules.SUBSCRIPTION_READS, versions.rows)
    rules.with_state(view, days.d)
    masks = {Bit.HAD: versions.masks, Bit.ACTIVE: view.active.masks}
    masks |= {bit: rule(view, days.d).masks for bit, rule in SUBSCRIPTION_BITS.items()}
    mine = versions.masks
    if asked.term is not None:
        mine = mine & masks_of(asked.term[versions.rows])
    things = block.subscriptions
    return {bit: versions.by_thing(mine & each, things) for bit, each in masks.items()}
