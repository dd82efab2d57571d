"""Facts files of ours: what no export carries (design 7). A blank cell says nothing."""

from __future__ import annotations

import re
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
    """What a customer facts file says; a second row of a customer is a problem."""
    cells = rows.cells
    grouped = Grouped.by(cells["org_id"])
    kept = grouped.first
    problems = {
        row: context.problem(
            int(rows.line[row]),
            "org_id",
            cells["org_id"][row],
            f"line {rows.line[kept[grouped.group[row]]]} is of the same customer; "
            "that line was taken",
        )
        for row in sorted(set(range(len(rows))) - set(kept.tolist()))
    }
    first = rows.take(kept)
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
        problems=problems,
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
    things = Grouped.by(cells["org_id"], identity, cells["day"])
    fields = {f: cells[key] for key, f in _SUBSCRIPTION_FIELDS.items() if key in cells}
    if "provisioned" in cells:
        known = [provisioned(text) if text else None for text in cells["provisioned"]]
        fields["provisioned"] = _flags(known)
    if "source_status" in fields:
        said = [source_status(text) for text in fields["source_status"]]
        fields["source_expired"] = _flags([status.expired for status in said])
    contradicting = things.contradicting(fields)
    license_names = np.array(
        [
            _SHORT_NAMES.get(n.casefold(), n)
            for n in cells.get("product", texts(len(rows)))
        ],
        dtype=object,
    )
    counts = {name: cells[name] for name in _COUNTS if name in cells}
    lines = Grouped.by(cells["org_id"], identity, cells["day"], license_names)
    contradicting |= lines.contradicting(counts)
    problems = {
        row: context.problem(
            int(rows.line[row]),
            "subscription_id",
            cells["subscription_id"][row],
            f"line {rows.line[earlier]} has the same subscription and day "
            "with other values; that line was taken",
        )
        for row, earlier in contradicting.items()
    }
    days = cells["day"]
    newest = {
        who: day
        for who, day in sorted(
            zip(cells["org_id"].tolist(), days.tolist(), strict=True),
            key=lambda pair: pair[1],
        )
    }
    return Told(
        organizations=tuple(
            OrganizationFacts(id=who, region=region, day=day)
            for who, day in newest.items()
        ),
        parts=(
            _subscription_part(rows, identity, things, fields),
            _license_part(rows, identity, lines, license_names, counts),
        ),
        problems=problems,
    )


def _flags(values: list[bool | None]) -> Array:
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
