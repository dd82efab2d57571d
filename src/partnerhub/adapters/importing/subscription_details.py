"""Subscription Details: subscriptions, their licenses, their customers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs
import numpy as np

from partnerhub.adapters.importing.grouping import Grouped
from partnerhub.adapters.importing.spool import Rows
from partnerhub.adapters.importing.taking import (
    FileContext,
    Part,
    Told,
    known_counts,
    told_organizations,
)
from partnerhub.columns.datasets import LICENSES, SUBSCRIPTIONS
from partnerhub.columns.records import DatedRecords, FullPictures
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.domain.layouts.subscription_details import (
    LICENSE_NAMES,
    LICENSE_TRIPLES,
)
from partnerhub.domain.source_text import (
    is_trial_placeholder,
    says_trial,
    source_status,
    trial_identity,
)

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


def take(rows: Rows, context: FileContext, *, region: str | None) -> Told:
    """What the rows say; a row that contradicts an earlier one is a problem."""
    cells = rows.cells
    day = cells["calculation_date"]
    identity = identities(rows)
    grouped = Grouped.by(cells["org_id"], identity, day)
    compared = {k: c for k, c in cells.items() if k not in {"org_id", "customer_name"}}
    kept = grouped.first
    first = _At(rows=rows.take(kept), identity=identity[kept], day=day[kept], row=kept)
    pictures = context.pictures(first.rows.cells["org_id"], first.day)
    return Told(
        organizations=told_organizations(
            rows, day, name="customer_name", region=region
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
    customer has several alike in one file (design 5.10).
    """
    identity = rows.cells["subscription_id"].copy()
    seen: dict[tuple[object, ...], int] = {}
    for row in np.flatnonzero(_each(identity, is_trial_placeholder)).tolist():
        kind = _text(rows, "subscription_type", row)
        products = [
            name
            for name, triple in zip(LICENSE_NAMES, LICENSE_TRIPLES, strict=True)
            if any(_count(rows, key, row) > 0 for key in triple)
        ]
        key = (
            rows.cells["org_id"][row],
            rows.cells["calculation_date"][row],
            kind,
            tuple(products),
        )
        seen[key] = seen.get(key, 0) + 1
        identity[row] = trial_identity(kind, products, seen[key])
    return identity


def _text(rows: Rows, key: str, row: int) -> str:
    column = rows.cells.get(key)
    return "" if column is None else str(column[row])


def _count(rows: Rows, key: str, row: int) -> int:
    column = rows.cells.get(key)
    return -1 if column is None else int(column[row])


def _each(texts: Array, test: Callable[[str], bool]) -> Bools:
    """`test` of each text, asked once a distinct text."""
    known: dict[str, bool] = {}
    for text in texts:
        if text not in known:
            known[text] = test(text)
    return np.fromiter((known[text] for text in texts), np.bool_, len(texts))


def _subscriptions(first: _At, pictures: FullPictures | None) -> Part:
    cells = first.rows.cells
    fields = {field: cells[key] for key, field in _FIELDS.items() if key in cells}
    told = {}
    trial = _each(cells["subscription_id"], says_trial)
    if "type" in fields:
        trial |= _each(fields["type"], says_trial)
    if "source_status" in fields:
        status = fields["source_status"]
        said = {text: source_status(text) for text in set(status.tolist())}
        trial |= _each(status, lambda text: bool(said[text].is_trial))
        fields["source_expired"] = np.array(
            [_flag(said[text].expired) for text in status], np.int8
        )
        fields["paid"] = np.array([_flag(said[text].paid) for text in status], np.int8)
        told["paid"] = fields["paid"] >= 0
    fields["is_trial"] = trial.astype(np.int8)
    return Part(
        records=DatedRecords(
            dataset=SUBSCRIPTIONS,
            organization=cells["org_id"],
            identity=first.identity,
            day=first.day,
            fields=fields,
            told=told,
            pictures=pictures,
        ),
        row=first.row,
    )


def _flag(value: bool | None) -> int:
    return -1 if value is None else int(value)


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
    fields["existed"] = existed(fields)
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


def existed(counts: dict[str, Array]) -> Array:
    """Whether any number of a line is above 0, int8 `(n,)` (design 5.12)."""
    above = [column > 0 for column in counts.values()]
    found: Array = np.logical_or.reduce(above).astype(np.int8)
    return found
