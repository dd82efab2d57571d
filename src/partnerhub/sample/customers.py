"""The invented customers, a chunk at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

import attrs
import numpy as np

from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import FLAG, Array, Bools, Codes, Days, Ints
from partnerhub.domain.layouts import NEVER
from partnerhub.sample.cases import CASES
from partnerhub.sample.dice import Dice
from partnerhub.sample.names import INDUSTRIES, customer_names
from partnerhub.sample.texts import coded, texts

CHUNK: Final = 8_192
"""Customers that are held at a time."""

_MOST_USERS: Final = 12_000
_LEAST_USERS: Final = 8
_MESSAGING_ONLY: Final = 0.04


@attrs.frozen(kw_only=True)
class Setting:
    """What every part of a sample partner depends on.

    Attributes:
        dice: Decides everything.
        regions: Customers are dealt out to them in turn.
        until: The last day, from which all others are counted.
    """

    dice: Dice
    regions: tuple[str, ...]
    until: dt.date

    def days(self, offsets: Ints, known: Bools | None = None) -> Days:
        """The days so many after the last one; NaT where not known."""
        days = np.datetime64(self.until, "D") + offsets.astype("timedelta64[D]")
        return days if known is None else np.where(known, days, np.datetime64("NaT"))


@attrs.frozen(kw_only=True, eq=False)
class Customers:
    """What never changes about some customers: arrays, one element a customer.

    Attributes:
        setting: Of the partner they belong to.
        index: Number in the partner, over all regions.
        region: Position in the setting's regions.
        case: Position in `CASES`; -1 for a random customer.
        ids: Uuids of their organizations.
        names: Display names.
        users: Size: users of the organization on the last day.
        messaging_only: Never has anything but messaging.
    """

    setting: Setting
    index: Ints
    region: Codes
    case: Ints
    ids: Array
    names: Array
    users: Ints
    messaging_only: Bools

    def __len__(self) -> int:
        return len(self.index)

    @property
    def regions(self) -> list[str]:
        """The region of each."""
        return [self.setting.regions[code] for code in self.region.tolist()]

    def take(self, rows: Array, /) -> Customers:
        """The customers at these positions."""
        fields = attrs.fields(Customers)
        arrays = {f.name: getattr(self, f.name) for f in fields if f.name != "setting"}
        return attrs.evolve(self, **{name: a[rows] for name, a in arrays.items()})


def customers(setting: Setting, index: Ints, /) -> Customers:
    """The customers with these numbers."""
    dice = setting.dice
    ordinal, region = np.divmod(index, len(setting.regions))
    case = np.where(ordinal < len(CASES), ordinal, -1)
    # Few are large: half have at most 16 users, one in a hundred more than 800.
    users = _LEAST_USERS / (1 - dice.share("users", index))
    needed = np.array([*(case.users for case in CASES), 0])[case]  # 0 where -1 leads
    return Customers(
        setting=setting,
        index=index,
        region=region.astype(np.int32),
        case=case,
        ids=dice.uuids("organization", index),
        names=customer_names(
            dice, index, [setting.regions[code] for code in region.tolist()]
        ),
        users=np.clip(users.astype(np.int64), needed, _MOST_USERS),
        messaging_only=dice.chance(_MESSAGING_ONLY, "messaging only", index),
    )


def chunks(
    setting: Setting, count: int, /, *, region: str | None = None
) -> Iterator[Customers]:
    """The first `count` customers of the partner, or those of them in one region."""
    first, step = 0, 1
    if region is not None:
        first, step = setting.regions.index(region), len(setting.regions)
    for start in range(first, count, step * CHUNK):
        end = min(start + step * CHUNK, count)
        yield customers(setting, np.arange(start, end, step, dtype=np.int64))


def industries(held: Customers, /) -> TextColumn:
    """The business vertical of each; unknown for a few."""
    dice = held.setting.dice
    code = dice.below(len(INDUSTRIES), "industry", held.index)
    unknown = dice.chance(0.05, "industry unknown", held.index)
    return coded(np.where(unknown, -1, code), INDUSTRIES)


def wholesale_ids(held: Customers, /) -> Array:
    """External ids: object array, None for the many that are no wholesale customer."""
    wholesale = held.setting.dice.chance(0.1, "wholesale", held.index)
    return texts([f"WS-{n:06}" for n in held.index.tolist()], blank=~wholesale)


def sign_ins(held: Customers, /) -> tuple[Days, Array]:
    """Last administrator sign-in (`NEVER`, or NaT if unknown), and has-administrators.

    The latter is a flag: 0, 1, or -1 for unknown.
    """
    dice, index = held.setting.dice, held.index
    days_ago = dice.pick((70, 20, 10), "sign-in", index) * 45 + dice.below(
        45, "sign-in day", index
    )
    kind = dice.pick((91, 4, 5), "sign-in kind", index)
    is_never, is_known = kind == 1, kind != 2  # noqa: PLR2004 - position of the weight
    has_admins = np.where(dice.chance(0.98, "has administrators", index), 1, 0)
    has_admins[~is_known] = FLAG
    for at in np.flatnonzero(held.case >= 0):
        case = CASES[held.case[at]]
        is_known[at], is_never[at] = True, case.signed_in is None
        days_ago[at] = case.signed_in or 0
        has_admins[at] = case.has_admins
    is_never |= has_admins == 0
    days = held.setting.days(-days_ago, is_known)
    return np.where(is_never, np.datetime64(NEVER, "D"), days), has_admins.astype(
        np.int8
    )
