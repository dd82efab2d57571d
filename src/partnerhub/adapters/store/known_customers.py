"""The customers known on a day, and what all readings of a backend share."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import pendulum

from partnerhub.adapters.backend import NOT_YET, Backend, Held, OrganizationRow
from partnerhub.columns import history
from partnerhub.columns.datasets import CUSTOMERS, SUBSCRIPTIONS
from partnerhub.columns.portfolio import CustomerColumns
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import (
    CODE,
    DAY,
    FLAG,
    Array,
    Bools,
    Codes,
    Days,
    Ints,
)
from partnerhub.domain.days import day_number
from partnerhub.ports import Scope


@attrs.frozen(eq=False)
class KnownCustomers:
    """The organizations known on the day, and the row of each key."""

    rows: Sequence[OrganizationRow]
    keys: Ints

    @classmethod
    def known_by(
        cls, backend: Backend, at: pendulum.Date, scope: Scope
    ) -> KnownCustomers:
        """Those of a scope."""
        rows = [
            row
            for row in backend.organizations(scope)
            if row.known_since <= day_number(at)
        ]
        return cls(rows, np.array([row.key for row in rows], np.int64))

    def places(self, organization: Array) -> Codes:
        """The row of each organization key, -1 where it is not among them."""
        return places(self.keys, organization)


def places(keys: Array, asked: Array) -> Codes:
    """Where each asked key stands among distinct keys, -1 where it does not, `(n,)`."""
    if not len(keys):
        return np.full(len(asked), -1, np.int32)
    order = np.argsort(keys, kind="stable")
    found = np.searchsorted(keys[order], asked)
    found[found == len(keys)] = 0
    place = order[found]
    return np.where(keys[place] == asked, place, -1).astype(np.int32)


def newest(held: Held) -> Held:
    """One run a thing: one that was gone and came back has two on a later day."""
    key = held.key
    if (key[1:] > key[:-1]).all():
        return held
    wide = key.astype(np.int64)
    order = np.argsort(history.joint(wide, held.day.astype(np.int64)), kind="stable")
    key = key[order]
    last = np.ones(len(key), np.bool_)
    last[:-1] = key[1:] != key[:-1]
    return held.take(order[last])


def customer_columns(
    backend: Backend, who: KnownCustomers, at: pendulum.Date, scope: Scope
) -> CustomerColumns:
    """The columns of the known customers, as of a day."""
    held = newest(backend.held_on(CUSTOMERS, day_number(at), scope))
    place = who.places(held.organization)

    def spread(name: str, unknown: object) -> Array:
        column: Array = np.full(len(who.rows), unknown, held.fields[name].dtype)
        column[place] = held.fields[name]
        column.flags.writeable = False
        return column

    return CustomerColumns(
        id=np.array([row.id for row in who.rows], object),
        name=np.array([row.name for row in who.rows], object),
        region=TextColumn.of(row.region for row in who.rows),
        industry=TextColumn.of(row.industry for row in who.rows),
        external_id=TextColumn.of(row.external_id for row in who.rows),
        managed_by=TextColumn.of_keys(spread("managed_by", CODE), backend.texts),
        last_admin_sign_in=spread("last_admin_sign_in", DAY),
        has_admins=spread("has_admins", FLAG),
    )


def added_on(
    backend: Backend,
    who: KnownCustomers,
    customer: Codes,
    starts_on: Days,
    first_seen: Days,
) -> Days:
    """The known start, else the first day it was seen (design 5.18).

    That day tells only where an earlier export of the region could have shown it.
    """
    begun = backend.first_pictures(SUBSCRIPTIONS.pictures)
    first_of_region = np.array(
        [begun.get(row.region, NOT_YET) for row in who.rows], np.int64
    )
    earlier: Bools = first_seen.astype(np.int64) > first_of_region[customer]
    added = np.where(earlier, first_seen, DAY)
    return np.where(np.isnat(starts_on), added, starts_on)
