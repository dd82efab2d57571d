"""The invented subscriptions and trials: everything that customers ever hold.

Days are counted from the partner's last day. Lines stand in the order of
`LICENSES`, which are the columns of the two-dimensional arrays.
"""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np

from partnerhub.columns.unknown import FLAG, Array, Bools, Ints
from partnerhub.domain.products import (
    CALLING_PROFESSIONAL,
    CALLING_STANDARD,
    MEETINGS_LICENSE,
)
from partnerhub.sample.cases import CASES, Held
from partnerhub.sample.customers import Customers
from partnerhub.sample.dice import Dice
from partnerhub.sample.texts import texts

LICENSES: Final = (
    MEETINGS_LICENSE,
    CALLING_PROFESSIONAL,
    CALLING_STANDARD,
    "Webex Messaging",
    "Call on Webex",
)
LINES: Final = np.arange(len(LICENSES))
CALLING: Final = slice(1, 3)
"""The columns of the Webex Calling lines."""

MONTHLY: Final = 30
ANNUAL: Final = 365
THREE_YEARS: Final = 1_096
"""Terms, in days."""

MOST_HELD: Final = 8
"""No customer holds more, so that customer * this + slot is a number of its own."""

_FOREVER: Final = 1_000_000
_FILED: Final = 84
"""Days within which customers vanish from the files."""

_COUNTS: Final = (42, 26, 16, 8, 5, 2, 1)
_MIXES: Final = np.array(
    [
        (1, 0, 0, 0, 0),
        (0, 1, 0, 0, 0),
        (0, 0, 1, 0, 0),
        (0, 1, 1, 0, 0),
        (1, 1, 0, 0, 0),
        (1, 1, 1, 0, 0),
        (1, 0, 0, 1, 1),
        (0, 0, 0, 1, 0),
    ],
    dtype=np.bool_,
)
_MIX_WEIGHTS: Final = (26, 20, 10, 16, 14, 8, 4, 2)
_MESSAGING: Final = len(_MIXES) - 1
_TERMS: Final = np.array([ANNUAL, THREE_YEARS, MONTHLY])
_TRIAL_TERMS: Final = np.array([30, 60, 90])
# Shares of licenses assigned, each kind from and to: usual, low, over, none.
_RATES: Final = np.array([(0.5, 1.0), (0.0, 0.25), (1.0, 1.25), (0.0, 0.0)])


@attrs.frozen(kw_only=True, eq=False)
class Subscriptions:
    """Arrays, one element or row a subscription, in order of customers.

    Attributes:
        customer: Position of its customer in the chunk.
        key: Number in the partner, the same however the partner is cut in chunks.
        trial: Whether it is a trial.
        named: Whether it has an id of its own.
        lines: Which lines it has, `(n, 5)`.
        totals: Licenses on the last day, `(n, 5)`.
        counted: Whether the numbers of a line are known, `(n, 5)`.
        rate: Share of the licenses that is assigned on the last day.
        growth: How much that share grows in a day.
        grew: The day on which a fifth of the licenses was added.
        starts: First day.
        ends: Last or renewal day, as the last day finds it.
        ends_known: Whether that is known.
        term: Days from one renewal to the next.
        renews: Whether it renews by itself: 0, 1, or -1 for unknown.
        paid: Whether it has been paid, the same way.
        provisioned: Whether it is completely set up, the same way.
        listed: First day on which files have it.
        gone: First day on which they no longer do.
    """

    customer: Ints
    key: Ints
    trial: Bools
    named: Bools
    lines: Bools
    totals: Ints
    counted: Bools
    rate: Array
    growth: Array
    grew: Ints
    starts: Ints
    ends: Ints
    ends_known: Bools
    term: Ints
    renews: Ints
    paid: Ints
    provisioned: Ints
    listed: Ints
    gone: Ints

    def __len__(self) -> int:
        return len(self.customer)

    def take(self, rows: Array | slice, /) -> Subscriptions:
        """The subscriptions at these positions, or where a mask is true."""
        fields = attrs.fields(Subscriptions)
        return Subscriptions(**{f.name: getattr(self, f.name)[rows] for f in fields})

    def ids(self) -> Array:
        """Their ids: object array, None for a trial without one."""
        # The factor has no divisor in common with 10, so no two keys below 10^9
        # give the same number.
        numbers = (self.key + 1) * 617_283_947 % 1_000_000_000
        return texts([f"Sub{n:09}" for n in numbers.tolist()], blank=~self.named)


def subscriptions(held_by: Customers, /) -> Subscriptions:
    """Everything that some customers ever hold."""
    dice, is_case = held_by.setting.dice, held_by.case >= 0
    counts = 1 + dice.pick(_COUNTS, "subscriptions", held_by.index)
    counts[is_case] = [len(CASES[case].held) for case in held_by.case[is_case]]
    customer, slot = numbered(counts)
    found = _random(dice, held_by, customer, slot)
    for row in np.flatnonzero(is_case[customer]).tolist():
        _set(found, row, CASES[held_by.case[customer[row]]].held[slot[row]])
    return found


def numbered(counts: Ints, /) -> tuple[Ints, Ints]:
    """For so many rows of each owner: a row's owner, and its number there.

    Examples:
        >>> [part.tolist() for part in numbered(np.array([2, 0, 1]))]
        [[0, 0, 2], [0, 1, 0]]
    """
    owner = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    first = np.cumsum(counts) - counts
    return owner, np.arange(len(owner), dtype=np.int64) - first[owner]


def _random(
    dice: Dice, held_by: Customers, customer: Ints, slot: Ints
) -> Subscriptions:
    index = held_by.index[customer]
    key = index * MOST_HELD + slot
    by_line = (key[:, None], LINES)

    trial = dice.chance(0.09, "trial", key)
    renews = np.where(trial, 0, _flags(dice, (40, 55, 5), "renews", key))
    term = np.where(
        trial,
        _TRIAL_TERMS[dice.below(len(_TRIAL_TERMS), "trial term", key)],
        _TERMS[dice.pick((55, 20, 25), "term", key)],
    )
    lapsed = (renews != 1) & dice.chance(0.2, "lapsed", key)
    coming = ~lapsed & dice.chance(0.01, "coming", key)
    ends = 1 + dice.below(term, "end", key)
    ends = np.where(lapsed, -1 - dice.below(300, "lapsed for", key), ends)
    ends = np.where(coming, term + 1 + dice.below(20, "coming in", key), ends)
    periods = 1 + dice.below(np.where(term == MONTHLY, 36, 4), "periods", key)
    starts = ends - term * np.where(trial | coming, 1, periods)

    gone = np.where(lapsed, ends + 120 + dice.below(120, "kept", key), _FOREVER)
    vanishes = dice.chance(0.02, "customer vanishes", index)
    vanishes |= dice.chance(0.01, "vanishes", key)
    gone = np.where(vanishes, -dice.below(_FILED, "vanishes on", index), gone)

    mix = dice.pick(_MIX_WEIGHTS, "mix", key)
    lines = _MIXES[np.where(held_by.messaging_only[customer], _MESSAGING, mix)]
    size = held_by.users[customer][:, None] * dice.between(0.2, 0.9, "size", *by_line)
    bought = dice.chance(0.99, "bought", key)[:, None]
    low, high = _RATES[dice.pick((84, 8, 5, 3), "rate kind", key)].T
    return Subscriptions(
        customer=customer,
        key=key,
        trial=trial,
        named=~trial | dice.chance(0.5, "trial id", key),
        lines=lines,
        totals=np.maximum(size.astype(np.int64), 1) * (lines & bought),
        counted=~dice.chance(0.012, "not counted", *by_line),
        rate=low + (high - low) * dice.share("rate", key),
        growth=dice.between(-0.0005, 0.0015, "growth", key),
        grew=-dice.below(800, "grew", key),
        starts=starts,
        ends=ends,
        ends_known=~dice.chance(0.02, "end unknown", key),
        term=term,
        renews=renews,
        paid=_flags(dice, (3, 93, 4), "paid", key),
        provisioned=_flags(dice, (2, 95, 3), "provisioned", key),
        listed=np.where(coming, -5, starts - dice.below(10, "ordered", key)),
        gone=gone,
    )


def _flags(dice: Dice, weights: tuple[int, int, int], what: str, key: Ints) -> Ints:
    """0, 1, or -1 for unknown, by their weights."""
    return np.array([0, 1, FLAG])[dice.pick(weights, what, key)]


def _set(found: Subscriptions, row: int, held: Held) -> None:
    """Makes one subscription what a case says."""
    totals = held.totals
    found.trial[row], found.named[row] = held.trial, not held.trial
    found.lines[row] = [total is not None for total in totals]
    found.totals[row] = [total or 0 for total in totals]
    found.counted[row] = held.counted
    found.rate[row], found.growth[row] = held.rate, 0.0
    found.grew[row] = -_FOREVER
    found.starts[row] = held.starts
    found.ends[row], found.ends_known[row] = held.ends or 0, held.ends is not None
    found.term[row] = ANNUAL
    found.renews[row] = FLAG if held.renews is None else held.renews
    found.paid[row], found.provisioned[row] = held.paid, held.provisioned
    found.listed[row] = min(held.starts, 0)
    found.gone[row] = _FOREVER if held.gone is None else held.gone
