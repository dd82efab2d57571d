"""Facts files of ours: what no export carries (design 7). A blank cell says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import numpy as np

from partnerhub.adapters.importing.grouping import Grouped
from partnerhub.adapters.importing.spool import Rows
from partnerhub.adapters.importing.subscription_details import existed
from partnerhub.adapters.importing.taking import FileContext, Part, Told, texts
from partnerhub.columns.datasets import CUSTOMERS, LICENSES, SUBSCRIPTIONS
from partnerhub.columns.records import DatedRecords
from partnerhub.columns.unknown import Array, is_unknown
from partnerhub.domain.products import MEETINGS_LICENSE
from partnerhub.domain.regions import parse_region
from partnerhub.domain.source_text import (
    is_trial_placeholder,
    provisioned,
    says_trial,
    source_status,
    trial_identity,
)
from partnerhub.ports import OrganizationFacts

_MANY: Final = re.compile(r"[;,]\s*")
_ADDRESSES: Final = re.compile(r"[\s;,]+")

_SUBSCRIPTION_FIELDS: Final = {
    "starts_on": "starts_on",
    "ends_on": "ends_on",
    "auto_renews": "auto_renews",
    "type": "type",
    "status": "source_status",
    "paid": "paid",
    "commitment_term": "commitment_term",
    "invoice": "invoice",
    "orders": "orders",
}
_COUNTS: Final = ("total", "assigned", "used_7d", "used_3m")

_SHORT_NAMES: Final = {"meetings": MEETINGS_LICENSE}


def take_customers(rows: Rows, context: FileContext, *, region: str | None) -> Told:
    """What a customer facts file says; rows of one customer complete each other."""
    cells = rows.cells
    grouped = Grouped.by(cells["org_id"])
    kept = grouped.first
    first = Rows(
        rows.line[kept], {key: grouped.merged(column) for key, column in cells.items()}
    )
    days = context.days(len(first))
    fields = {
        name: first.cells[name] for name in CUSTOMERS.field_names if name in first.cells
    }
    records = DatedRecords(
        dataset=CUSTOMERS,
        organization=first.cells["org_id"],
        identity=texts(len(first)),
        day=days,
        fields=fields,
        told={name: ~is_unknown(column) for name, column in fields.items()},
    )
    says = np.flatnonzero(records.observed() != 0)
    return Told(
        organizations=tuple(
            _organization(first, row, days[row], region) for row in range(len(first))
        ),
        parts=(Part(records=records.take(says), row=kept[says]),),
        of_customers=True,
        problems=context.contradictions(
            rows, grouped.contradicting(cells), column="org_id", same="customer"
        ),
    )


def _organization(
    rows: Rows, row: int, day: Array, region: str | None
) -> OrganizationFacts:
    def cell(key: str) -> str:
        column = rows.cells.get(key)
        return "" if column is None else str(column[row])

    def many(key: str, separator: re.Pattern[str]) -> tuple[str, ...] | None:
        found = tuple(text for text in separator.split(cell(key).strip()) if text)
        return found or None

    return OrganizationFacts(
        id=cell("org_id"),
        name=cell("name") or None,
        region=parse_region(cell("region")) or region,
        industry=cell("industry") or None,
        user_emails=many("user_emails", _ADDRESSES),
        tags=many("tags", _MANY),
        day=day.item(),
    )


def take_subscriptions(rows: Rows, context: FileContext, *, region: str | None) -> Told:
    """What a subscription facts file says, one row a subscription, day and license."""
    cells = rows.cells
    identity = _identities(rows)
    licenses = _licenses(rows)
    fields = _subscription_fields(rows)
    counts = {name: cells[name] for name in _COUNTS if name in cells}
    things = Grouped.by(cells["org_id"], identity, cells["day"])
    lines = Grouped.by(cells["org_id"], identity, cells["day"], licenses)
    pairs = zip(cells["org_id"].tolist(), cells["day"].tolist(), strict=True)
    newest = dict(sorted(pairs, key=lambda pair: pair[1]))
    return Told(
        organizations=tuple(
            OrganizationFacts(id=who, region=region, day=day)
            for who, day in newest.items()
        ),
        parts=(
            _subscription_part(rows, identity, things, fields),
            _license_part(rows, identity, lines, licenses, counts),
        ),
        problems=context.contradictions(
            rows,
            things.contradicting(fields) | lines.contradicting(counts),
            column="subscription_id",
            same="subscription and day",
        ),
    )


def _licenses(rows: Rows) -> Array:
    """The license of each row, blank where it tells of none, object `(n,)`."""
    named = rows.cells.get("product", texts(len(rows)))
    found = np.empty(len(rows), dtype=object)
    found[:] = [_SHORT_NAMES.get(name.casefold(), name) for name in named]
    return found


def _subscription_fields(rows: Rows) -> dict[str, Array]:
    cells = rows.cells
    fields = {f: cells[key] for key, f in _SUBSCRIPTION_FIELDS.items() if key in cells}
    if "provisioned" in cells:
        fields["provisioned"] = _flags(map(provisioned, cells["provisioned"]))
    if "source_status" in fields:
        said = map(source_status, fields["source_status"])
        fields["source_expired"] = _flags(status.expired for status in said)
    return fields


def _flags(values: Iterable[bool | None]) -> Array:
    return np.array([-1 if value is None else int(value) for value in values], np.int8)


def _identities(rows: Rows) -> Array:
    """A trial without an id is told by its type and all products of its rows."""
    identity = rows.cells["subscription_id"].copy()
    trials = [row for row, text in enumerate(identity) if is_trial_placeholder(text)]
    kinds = rows.cells.get("type", texts(len(rows)))
    names = rows.cells.get("product", texts(len(rows)))
    products: dict[tuple[object, ...], set[str]] = {}
    for row in trials:
        key = (rows.cells["org_id"][row], rows.cells["day"][row], kinds[row])
        products.setdefault(key, set()).update({names[row]} - {""})
    for row in trials:
        key = (rows.cells["org_id"][row], rows.cells["day"][row], kinds[row])
        identity[row] = trial_identity(kinds[row], products[key], 1)
    return identity


def _subscription_part(
    rows: Rows, identity: Array, things: Grouped, fields: dict[str, Array]
) -> Part:
    first = things.first
    merged = {name: things.merged(column) for name, column in fields.items()}
    told = {name: ~is_unknown(column) for name, column in merged.items()}
    trial = np.fromiter((says_trial(text) for text in identity[first]), np.bool_)
    merged["is_trial"], told["is_trial"] = trial.astype(np.int8), trial
    return Part(
        records=DatedRecords(
            dataset=SUBSCRIPTIONS,
            organization=rows.cells["org_id"][first],
            identity=identity[first],
            day=rows.cells["day"][first],
            fields=merged,
            told=told,
        ),
        row=first,
    )


def _license_part(
    rows: Rows,
    identity: Array,
    lines: Grouped,
    names: Array,
    counts: dict[str, Array],
) -> Part:
    merged = {name: lines.merged(column) for name, column in counts.items()}
    first = lines.first
    told = {name: ~is_unknown(column) for name, column in merged.items()}
    if merged:
        merged["existed"] = existed(merged)
        told["existed"] = merged["existed"] == 1
    says = (names[first] != "") & np.logical_or.reduce(
        [np.zeros(len(first), np.bool_), *told.values()]
    )
    records = DatedRecords(
        dataset=LICENSES,
        organization=rows.cells["org_id"][first],
        parent=identity[first],
        identity=names[first],
        day=rows.cells["day"][first],
        fields=merged,
        told=told,
    )
    chosen = np.flatnonzero(says)
    return Part(records=records.take(chosen), row=first[chosen])
