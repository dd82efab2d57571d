"""Calling Usage Details from the exports: sums per customer and location."""

from __future__ import annotations

import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.portfolio import CustomerColumns
from partnerhub.columns.table import Table
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Codes
from partnerhub.columns.usage import UsageColumns
from partnerhub.columns.values import Values
from partnerhub.domain.layouts import CALLING_USAGE_DETAILS, REGION


def usage_details(usage: UsageColumns, customers: CustomerColumns, /) -> Table:
    """The report of the usage rows, ordered by customer, by name and then id.

    As data it has the customer's region too, which is not printed.

    Args:
        usage: Rows of one range of days.
        customers: Who the customers are.
    """
    place = {uuid: row for row, uuid in enumerate(customers.id.tolist())}
    found = [place.get(uuid, unknown.CODE) for uuid in usage.organization.tolist()]
    customer = np.array(found, np.int32)
    names = TextColumn(customer, customers.name)
    spelled = [name or "" for name in names.texts().tolist()]
    rows = np.lexsort((np.arange(len(usage)), np.array(spelled, dtype=str)))
    not_known = np.full(len(usage), unknown.COUNT, np.int64)
    told: dict[str, Values] = {
        "org_id": usage.organization[rows],
        "location": usage.location[rows],
        **{key: column[rows] for key, column in usage.counts.items()},
        "customer_name": names.take(rows),
        "region": _of(customers.region, customer[rows]),
    }
    keys = (*CALLING_USAGE_DETAILS.keys, REGION.key)
    return Table(
        title=CALLING_USAGE_DETAILS.name,
        columns=(*CALLING_USAGE_DETAILS.columns, REGION),
        values={key: told.get(key, not_known) for key in keys},
        printed=CALLING_USAGE_DETAILS.keys,
    )


def _of(column: TextColumn, customer: Codes) -> TextColumn:
    """The text of each customer; unknown where the customer is."""
    if not len(column):
        return TextColumn(np.full(len(customer), unknown.CODE, np.int32), column.labels)
    codes = np.where(customer < 0, unknown.CODE, column.codes[customer])
    return TextColumn(codes.astype(np.int32), column.labels)
