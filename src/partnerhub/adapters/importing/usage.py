"""Calling Usage Details: sums per customer and location over the file's days."""

from __future__ import annotations

import numpy as np

from partnerhub.adapters.importing.grouping import Grouped
from partnerhub.adapters.importing.spool import Rows
from partnerhub.adapters.importing.taking import (
    FileContext,
    Told,
    UsagePart,
    told_organizations,
)
from partnerhub.columns.usage import UsageColumns

_TEXTS = frozenset({"customer_name", "org_id", "location", "region"})


def take(rows: Rows, context: FileContext) -> Told:
    """What the rows say; a second row of a location is a problem."""
    cells = rows.cells
    counts = {key: column for key, column in cells.items() if key not in _TEXTS}
    grouped = Grouped.by(rows.customers, rows.coded("location"))
    kept = grouped.first
    first = np.full(len(kept), np.datetime64(str(context.first), "D"))
    last = np.full(len(kept), np.datetime64(str(context.last), "D"))
    return Told(
        organizations=told_organizations(
            rows.take(kept), last, name="customer_name", region=context.region
        ),
        usage=UsagePart(
            columns=UsageColumns(
                organization=cells["org_id"][kept],
                location=cells["location"][kept],
                first=first,
                last=last,
                counts={key: column[kept] for key, column in counts.items()},
            ),
            row=kept,
        ),
        problems=context.contradictions(
            rows,
            grouped.contradicting(counts),
            column="location",
            same="location",
        ),
    )
