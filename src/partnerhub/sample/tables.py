"""Subscription Details and the two facts files of some customers, as tables.

Every heading comes from the layouts; what is written here is cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs
import numpy as np

from partnerhub.columns.table import Table
from partnerhub.columns.unknown import FLAG, Array, is_unknown
from partnerhub.columns.values import Values
from partnerhub.domain.customers import ManagedBy
from partnerhub.domain.layouts import (
    CUSTOMER_FACTS,
    SUBSCRIPTION_DETAILS,
    SUBSCRIPTION_FACTS,
    CellType,
    Layout,
)
from partnerhub.domain.layouts.subscription_details import LICENSE_TRIPLES
from partnerhub.domain.source_text import TRIAL_ID
from partnerhub.domain.subscriptions import CommitmentTerm
from partnerhub.sample.customers import Customers, industries, sign_ins
from partnerhub.sample.names import user_emails
from partnerhub.sample.snapshots import Snapshot
from partnerhub.sample.subscriptions import ANNUAL, LICENSES, MONTHLY
from partnerhub.sample.texts import coded, texts

_STATUSES: Final = ("Active", "Expired")
_TYPES: Final = ("Subscription", "Trial")
_PROVISIONED: Final = ("Awaiting Provisioning Details", "TRUE")
_TERMS: Final = (CommitmentTerm.MONTHLY, CommitmentTerm.ANNUAL)
_MANAGED_BY: Final = (ManagedBy.PARTNER, ManagedBy.EXTERNAL)
_TAGS: Final = ("vip", "at risk", "pilot", "école", "renewal 2027", "tier-1;vip")
_TAG_WEIGHTS: Final = (8, 6, 5, 2, 6, 3, 70)  # the last: no tag
_MOST_EMAILS: Final = 3


def report(layout: Layout, values: Mapping[str, Values], /) -> Table:
    """A table with the columns of a layout that `values` has."""
    columns = tuple(column for column in layout.columns if column.key in values)
    return Table(title=layout.name, columns=columns, values=values)


def subscription_details(on: Snapshot, /) -> Table:
    """The Subscription Details of one day."""
    of, held = on.of, on.held
    dice, index = of.setting.dice, of.index
    users_known = ~dice.chance(0.01, "users unknown", index)
    share = dice.between(0.7, 1.0, "verified", index)
    users = np.where(users_known, of.users, -1)
    verified = np.where(users_known, (of.users * share).astype(np.int64), -1)
    values: dict[str, Values] = {
        "calculation_date": np.full(len(held), np.datetime64(on.on, "D")),
        "customer_name": of.names[held.customer],
        "org_id": coded(held.customer, of.ids),
        "status": coded(on.expired, _STATUSES),
        "subscription_id": np.where(held.named, held.ids(), TRIAL_ID),
        "subscription_type": coded(held.trial, _TYPES),
        "users_total": users[held.customer],
        "users_verified": verified[held.customer],
        "auto_renew": held.renews.astype(np.int8),
        "expiration_or_renewal_date": of.setting.days(on.ends, held.ends_known),
    }
    for line, triple in enumerate(LICENSE_TRIPLES):
        counts = (on.totals, on.assigned, on.used_ever)
        values |= {key: c[:, line] for key, c in zip(triple, counts, strict=True)}
    return report(SUBSCRIPTION_DETAILS, values)


def subscription_facts(on: Snapshot, /) -> Table:
    """What the reports leave out about subscriptions: one row a license line.

    A trial without an id is left out, since nothing would say which one is meant;
    so are a few subscriptions about which nobody has told.
    """
    dice, of = on.of.setting.dice, on.of
    told = on.held.named & dice.chance(0.93, "told", on.held.key)
    row, line = np.nonzero(on.held.lines & told[:, None])
    held = on.held.take(row)
    term = np.where(held.term == MONTHLY, 0, np.where(held.term == ANNUAL, 1, -1))
    order = dice.below(10_000_000, "order", held.key).tolist()
    values: dict[str, Values] = {
        "org_id": coded(held.customer, of.ids),
        "subscription_id": held.ids(),
        "day": np.full(len(row), np.datetime64(on.on, "D")),
        "starts_on": of.setting.days(held.starts),
        "paid": held.paid.astype(np.int8),
        "provisioned": coded(held.provisioned, _PROVISIONED),
        "commitment_term": coded(np.where(held.trial, -1, term), _TERMS),
        "invoice": texts([f"INV-{number:07}" for number in order]),
        "orders": texts(
            [f"{n:08}, {n + 1:08}" if n % 3 == 0 else f"{n:08}" for n in order]
        ),
        "product": coded(line, LICENSES),
        "total": on.totals[row, line],
        "assigned": on.assigned[row, line],
        "used_7d": on.used_7d[row, line],
        "used_3m": on.used_3m[row, line],
    }
    return report(SUBSCRIPTION_FACTS, values)


def customer_facts(on: Snapshot, /) -> Table:
    """What the reports leave out about the customers of one day."""
    of = on.of.take(np.unique(on.held.customer))
    dice, index = of.setting.dice, of.index
    managed_by = np.array([0, 1, FLAG])[dice.pick((70, 25, 5), "managed by", index)]
    tags = dice.pick(_TAG_WEIGHTS, "tags", index)
    signed_in, has_admins = sign_ins(of)
    values: dict[str, Values] = {
        "org_id": of.ids,
        "name": of.names,
        "region": coded(of.region, of.setting.regions),
        "managed_by": coded(managed_by, _MANAGED_BY),
        "industry": industries(of),
        "last_admin_sign_in": signed_in,
        "has_admins": has_admins,
        "user_emails": _emails(of),
        "tags": coded(np.where(tags < len(_TAGS), tags, -1), _TAGS),
    }
    return _with_words(report(CUSTOMER_FACTS, values), "last_admin_sign_in")


def _emails(of: Customers) -> Array:
    people = np.minimum(of.users, _MOST_EMAILS)
    told = ~of.setting.dice.chance(0.1, "e-mail addresses unknown", of.index)
    addresses = [
        user_emails(of.setting.dice, of.index, np.full(len(of), person))
        for person in range(_MOST_EMAILS)
    ]
    return texts(
        [
            " ".join(all_of_one[:count]) if is_told else None
            for *all_of_one, count, is_told in zip(
                *addresses, people.tolist(), told.tolist(), strict=True
            )
        ]
    )


def _with_words(table: Table, key: str) -> Table:
    """The table with a column of days as texts: words for days that have one."""
    column, days = table.column(key), table[key]
    written = texts(np.datetime_as_string(days), blank=is_unknown(days))
    for word, day in reversed(tuple(column.words.items())):  # so that the first wins
        written[days == np.datetime64(day, "D")] = word
    columns = tuple(
        attrs.evolve(each, cell=CellType.TEXT) if each is column else each
        for each in table.columns
    )
    values = {**table.values, key: written}
    return attrs.evolve(table, columns=columns, values=values)
