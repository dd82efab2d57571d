"""Devices, telephone numbers and app versions: inventories of the file's day."""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np

from partnerhub.adapters.importing.coding import Coded
from partnerhub.adapters.importing.grouping import Grouped
from partnerhub.adapters.importing.spool import Rows
from partnerhub.adapters.importing.taking import (
    FileContext,
    Part,
    Told,
    told_organizations,
)
from partnerhub.columns.datasets import APP_VERSIONS, DEVICES, NUMBERS, Dataset
from partnerhub.columns.records import DatedRecords
from partnerhub.columns.unknown import Array

_SEPARATOR: Final = "\t"

IDENTITY: Final = {
    DEVICES.name: ("mac",),
    NUMBERS.name: ("phone_number", "extension", "location_id"),
    APP_VERSIONS.name: ("application_type", "platform", "version", "os_version"),
}
"""The columns that tell an item apart within its customer. Where all are blank, all
its columns do, and an ordinal for items alike."""


def take(rows: Rows, context: FileContext, *, dataset: Dataset) -> Told:
    """What the rows say; a row that contradicts an earlier one is a problem."""
    cells = rows.cells
    days = context.days(len(rows))
    identity = _identities(rows, dataset)
    grouped = Grouped.by(rows.customers, Coded.of(identity))
    fields = {name: cells[name] for name in dataset.field_names if name in cells}
    kept = grouped.first
    external = _external(rows)
    records = DatedRecords(
        dataset=dataset,
        organization=cells["org_id"][kept],
        identity=identity[kept],
        day=days[kept],
        fields={name: column[kept] for name, column in fields.items()},
        pictures=context.pictures(cells["org_id"][kept], days[kept]),
    )
    return Told(
        organizations=tuple(
            attrs.evolve(fact, external_id=external.get(fact.id))
            for fact in told_organizations(
                rows, days, name="customer_name", region=context.region
            )
        ),
        parts=(Part(records=records, row=kept),),
        problems=context.contradictions(
            rows,
            grouped.contradicting(fields),
            # A file of extensions need not have phone numbers.
            column=next(key for key in IDENTITY[dataset.name] if key in cells),
            same="item",
        ),
    )


def _identities(rows: Rows, dataset: Dataset) -> Array:
    """What tells each item apart within its customer, object `(n,)`."""
    identity = _joined(rows, IDENTITY[dataset.name])
    nameless = np.flatnonzero([not text.strip() for text in identity.tolist()])
    if len(nameless):
        anything = _joined(rows.take(nameless), dataset.field_names)
        seen: dict[tuple[str, str], int] = {}
        for row, text in zip(nameless.tolist(), anything.tolist(), strict=True):
            alike = (rows.cells["org_id"][row], text)
            seen[alike] = seen.get(alike, 0) + 1
            identity[row] = f"{text}{_SEPARATOR}{seen[alike]:03}"
    return identity


def _joined(rows: Rows, keys: tuple[str, ...]) -> Array:
    blank = [""] * len(rows)
    columns = [rows.cells[key].tolist() if key in rows.cells else blank for key in keys]
    joined = np.empty(len(rows), dtype=object)
    joined[:] = [
        _SEPARATOR.join(map(str, cells)) for cells in zip(*columns, strict=True)
    ]
    return joined


def _external(rows: Rows) -> dict[str, str]:
    """Customer -> its wholesale id, for those that have one."""
    told = rows.cells.get("external_id")
    if told is None:
        return {}
    return {
        who: text
        for who, text in zip(rows.cells["org_id"].tolist(), told.tolist(), strict=True)
        if text
    }
