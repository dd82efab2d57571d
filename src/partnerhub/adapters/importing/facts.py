"""Facts files of ours: what no export carries. A blank cell says nothing."""

from __future__ import annotations

import re
from typing import Final

import attrs
import numpy as np

from partnerhub.adapters.importing.coding import Coded
from partnerhub.adapters.importing.grouping import Grouped
from partnerhub.adapters.importing.saying import flag, said_by_texts
from partnerhub.adapters.importing.spool import Rows
from partnerhub.adapters.importing.taking import (
    FileContext,
    Part,
    Told,
    texts,
    told_organizations,
    told_region,
)
from partnerhub.adapters.importing.trials import identified, told_trials
from partnerhub.columns.datasets import CUSTOMERS, LICENSES, SUBSCRIPTIONS
from partnerhub.columns.records import DatedRecords
from partnerhub.columns.unknown import Array, Bools, is_unknown
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.products import canonical_license
from partnerhub.domain.source_text import provisioned
from partnerhub.domain.subscriptions import existed
from partnerhub.domain.tags import assigned
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


def take_customers(rows: Rows, context: FileContext) -> Told:
    """What a customer facts file says; rows of one customer complete each other."""
    cells = rows.cells
    grouped = Grouped.by(rows.customers)
    kept = grouped.first
    first = grouped.completed(rows)
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
    organizations = [
        _organization(first, row, days[row], context.region)
        for row in range(len(first))
    ]
    problems = context.contradictions(
        rows, grouped.contradicting(cells), column="org_id", same="customer"
    )
    for place, facts in enumerate(organizations):
        why = _no_tags(facts.tags or ())
        if why:
            row = int(kept[place])
            told = ", ".join(facts.tags or ())
            problems[row] = context.problem(int(rows.line[row]), "tags", told, why)
            organizations[place] = attrs.evolve(facts, tags=None)
    return Told(
        organizations=tuple(organizations),
        parts=(Part(records=records.take(says), row=kept[says]),),
        of_customers=True,
        problems=problems,
    )


def _no_tags(texts: tuple[str, ...]) -> str:
    """Why these cannot be the tags of a customer; blank where they can."""
    try:
        assigned(texts)
    except InvalidValue as error:
        return f"{error}; the tags were not taken, the rest of the row was"
    return ""


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
        region=told_region(cell("region")) or region,
        industry=cell("industry") or None,
        user_emails=many("user_emails", _ADDRESSES),
        tags=many("tags", _MANY),
        day=day.item(),
    )


def take_subscriptions(rows: Rows, context: FileContext) -> Told:
    """What a subscription facts file says, one row a subscription, day and license."""
    cells = rows.cells
    licenses = _licenses(rows)
    identity, lost = _identities(rows, licenses, context)
    if lost:
        return _without(rows, context, lost)
    fields = _subscription_fields(rows)
    counts = {name: cells[name] for name in _COUNTS if name in cells}
    told = Coded.of(identity)
    things = Grouped.by(rows.customers, told, day=cells["day"])
    lines = Grouped.by(rows.customers, told, Coded.of(licenses), day=cells["day"])
    return Told(
        organizations=told_organizations(rows, cells["day"], region=context.region),
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


def _without(rows: Rows, context: FileContext, lost: dict[int, str]) -> Told:
    """What the other rows say, and a problem for each that is left out."""
    left = np.setdiff1d(np.arange(len(rows)), list(lost))
    told = take_subscriptions(rows.take(left), context)
    problems = {
        row: context.problem(
            int(rows.line[row]),
            "subscription_id",
            str(rows.cells["subscription_id"][row]),
            f"{why}; the row was not taken",
        )
        for row, why in lost.items()
    }
    return attrs.evolve(
        told,
        parts=tuple(attrs.evolve(part, row=left[part.row]) for part in told.parts),
        problems={int(left[row]): each for row, each in told.problems.items()}
        | problems,
    )


def _licenses(rows: Rows) -> Array:
    """The license of each row, blank where it tells of none, object `(n,)`."""
    named = rows.cells.get("product", texts(len(rows)))
    return Coded.of(named).each(canonical_license, np.object_)


def _subscription_fields(rows: Rows) -> dict[str, Array]:
    cells = rows.cells
    fields = {f: cells[key] for key, f in _SUBSCRIPTION_FIELDS.items() if key in cells}
    if "provisioned" in cells:
        fields["provisioned"] = Coded.of(cells["provisioned"]).each(
            lambda text: flag(provisioned(text)), np.int8
        )
    return fields


def _identities(
    rows: Rows, licenses: Array, context: FileContext
) -> tuple[Array, dict[int, str]]:
    """What tells the subscription of each row apart; and rows without, with the why."""
    identity = rows.cells["subscription_id"].copy()
    trials = told_trials(rows, licenses, _has_license(rows, licenses))
    found, lost = identified(trials, rows, context.trials)
    for row, told in found.items():
        identity[row] = told
    return identity, lost


def _has_license(rows: Rows, licenses: Array) -> Bools:
    """Which rows are of a license that is there; one of which 0 were bought is not."""
    counts = {name: rows.cells[name] for name in _COUNTS if name in rows.cells}
    none_bought = counts.get("total", np.full(len(rows), -1)) == 0
    found: Bools = (licenses != "") & (existed(*counts.values()) | ~none_bought)
    return found


def _subscription_part(
    rows: Rows, identity: Array, things: Grouped, fields: dict[str, Array]
) -> Part:
    first = things.first
    merged = {name: things.merged(column) for name, column in fields.items()}
    # Of what the rows of a thing say together: its status may stand in one of them,
    # and that it has been paid in another.
    said = said_by_texts(
        Coded.of(rows.cells["subscription_id"][first]),
        merged.get("type", texts(len(first))),
        merged.get("source_status", texts(len(first))),
    )
    if "paid" in merged:
        said["paid"] = np.where(merged["paid"] >= 0, merged["paid"], said["paid"])
    merged |= said
    told = {name: ~is_unknown(column) for name, column in merged.items()}
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
        merged["existed"] = existed(*merged.values()).astype(np.int8)
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
