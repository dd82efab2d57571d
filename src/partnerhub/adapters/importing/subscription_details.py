"""Subscription Details: subscriptions, their licenses, their customers."""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np

from partnerhub.adapters.importing.coding import Coded
from partnerhub.adapters.importing.grouping import Grouped
from partnerhub.adapters.importing.saying import said_by_texts
from partnerhub.adapters.importing.spool import Rows
from partnerhub.adapters.importing.taking import (
    FileContext,
    Part,
    Told,
    known_counts,
    texts,
    told_organizations,
)
from partnerhub.adapters.importing.trials import content
from partnerhub.columns.datasets import LICENSES, SUBSCRIPTIONS
from partnerhub.columns.records import DatedRecords, FullPictures
from partnerhub.columns.unknown import Array, Ints
from partnerhub.domain.layouts.subscription_details import (
    LICENSE_NAMES,
    LICENSE_TRIPLES,
)
from partnerhub.domain.source_text import TrialNumbers, is_trial_placeholder
from partnerhub.domain.subscriptions import existed

_COUNTS: Final = ("total", "assigned", "used_ever")
"""Fields of a license line, in the order of a triple's columns."""

_FIELDS: Final = {
    "status": "source_status",
    "subscription_type": "type",
    "expiration_or_renewal_date": "ends_on",
    "auto_renew": "auto_renews",
    "users_total": "users_total",
    "users_verified": "users_verified",
}
"""Column key -> field of the subscription."""

_OF_CUSTOMERS: Final = frozenset({"org_id", "customer_name", "region"})

_LASTING: Final = (
    "expiration_or_renewal_date",
    *(total for total, _, _ in LICENSE_TRIPLES),
)
"""Keys of the columns that tell trials alike apart, as those that change least."""


def take(rows: Rows, context: FileContext) -> Told:
    """What the rows say; a row that contradicts an earlier one is a problem."""
    cells = rows.cells
    day = cells["calculation_date"]
    identity = identities(rows)
    grouped = Grouped.by(rows.customers, Coded.of(identity), day=day)
    compared = {k: c for k, c in cells.items() if k not in _OF_CUSTOMERS}
    kept = grouped.first
    taken = rows if grouped.distinct else grouped.completed(rows)
    first = _At(rows=taken, identity=identity[kept], day=day[kept], row=kept)
    pictures = context.pictures(first.rows.cells["org_id"], first.day)
    return Told(
        organizations=told_organizations(
            rows, day, name="customer_name", region=context.region
        ),
        parts=(_subscriptions(first, pictures), _licenses(first, pictures)),
        problems=context.contradictions(
            rows,
            grouped.contradicting(compared),
            column="subscription_id",
            same="subscription and day",
        ),
    )


@attrs.frozen(eq=False)
class _At:
    """The rows that are taken, with what tells them apart."""

    rows: Rows
    identity: Array
    day: Array
    row: Ints


def identities(rows: Rows) -> Array:
    """What tells each subscription apart within its customer, object `(n,)`.

    A trial without an id is told by its type and products, and numbered where a
    customer has several alike in one file (design 5.10): by what they say, so that the
    order of the rows does not matter.
    """
    identity = rows.cells["subscription_id"].copy()
    are_trials = rows.coded("subscription_id").each(is_trial_placeholder, np.bool_)
    if not are_trials.any():
        return identity
    trials = rows.take(np.flatnonzero(are_trials))
    held = np.stack([_held(trials, triple) for triple in LICENSE_TRIPLES], axis=1)
    names = np.array(LICENSE_NAMES, dtype=object)
    kinds = _texts(trials, "subscription_type")
    numbers = TrialNumbers()
    place = np.flatnonzero(are_trials)
    for row in sorted(
        range(len(trials)), key=lambda row: content(trials, [row], first=_LASTING)
    ):
        identity[place[row]] = numbers.identity(
            trials.cells["org_id"][row],
            trials.cells["calculation_date"][row],
            kinds[row],
            names[held[row]].tolist(),
        )
    return identity


def _held(rows: Rows, triple: tuple[str, ...]) -> Array:
    """Which rows have or had a license, bool `(n,)`."""
    counts = [rows.cells[key] for key in triple if key in rows.cells]
    return np.broadcast_to(existed(*counts), len(rows))


def _texts(rows: Rows, key: str) -> Array:
    return rows.cells.get(key, texts(len(rows)))


def _subscriptions(first: _At, pictures: FullPictures | None) -> Part:
    cells = first.rows.cells
    fields = {field: cells[key] for key, field in _FIELDS.items() if key in cells}
    said = said_by_texts(
        first.rows.coded("subscription_id"),
        _texts(first.rows, "subscription_type"),
        _texts(first.rows, "status"),
    )
    fields["paid"] = said["paid"]
    if "source_status" in fields:
        fields["source_expired"] = said["source_expired"]
    # Of a whole row, what nothing calls a trial is none.
    fields["is_trial"] = (said["is_trial"] == 1).astype(np.int8)
    return Part(
        records=DatedRecords(
            dataset=SUBSCRIPTIONS,
            organization=cells["org_id"],
            identity=first.identity,
            day=first.day,
            fields=fields,
            told={"paid": said["paid"] >= 0},
            pictures=pictures,
        ),
        row=first.row,
    )


def _licenses(first: _At, pictures: FullPictures | None) -> Part:
    """One record a row and license; a blank triple says nothing."""
    rows, names = [], []
    counts: dict[str, list[Array]] = {field: [] for field in _COUNTS}
    blank = np.full(len(first.rows), -1, np.int64)
    for name, triple in zip(LICENSE_NAMES, LICENSE_TRIPLES, strict=True):
        columns = {
            field: first.rows.cells.get(key, blank)
            for field, key in zip(_COUNTS, triple, strict=True)
        }
        there = np.flatnonzero(known_counts(*columns.values()))
        rows.append(there)
        names.append(np.full(len(there), name, dtype=object))
        for field, column in columns.items():
            counts[field].append(column[there])
    row = np.concatenate(rows)
    fields = {field: np.concatenate(parts) for field, parts in counts.items()}
    fields["existed"] = existed(*fields.values()).astype(np.int8)
    return Part(
        records=DatedRecords(
            dataset=LICENSES,
            organization=first.rows.cells["org_id"][row],
            parent=first.identity[row],
            identity=np.concatenate(names),
            day=first.day[row],
            fields=fields,
            pictures=pictures,
        ),
        row=first.row[row],
    )
