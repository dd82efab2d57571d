"""Calling Usage Details from the exports: sums per customer and location."""

from __future__ import annotations

import numpy as np

from partnerhub.columns.portfolio import CustomerColumns
from partnerhub.columns.table import Table
from partnerhub.columns.usage import UsageColumns
from partnerhub.domain.layouts import CALLING_USAGE_DETAILS


def usage_details(usage: UsageColumns, customers: CustomerColumns, /) -> Table:
    """The report of the usage rows, ordered by customer, by name and then id.

    Args:
        usage: Rows of one range of days.
        customers: Who the customers are.
    """
    name_of = dict(zip(customers.id.tolist(), customers.name.tolist(), strict=True))
    names = np.empty(len(usage), dtype=object)
    names[:] = [name_of.get(who, "") for who in usage.organization.tolist()]
    rows = np.lexsort((np.arange(len(usage)), names.astype(str)))
    unknown = np.full(len(usage), -1, np.int64)
    told = {
        "customer_name": names,
        "org_id": usage.organization,
        "location": usage.location,
        **usage.counts,
    }
    return Table(
        title=CALLING_USAGE_DETAILS.name,
        columns=CALLING_USAGE_DETAILS.columns,
        values={
            key: told.get(key, unknown)[rows] for key in CALLING_USAGE_DETAILS.keys
        },
    )
