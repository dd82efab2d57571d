"""Devices, Telephone Numbers and Webex App Version: an inventory as its report."""

from __future__ import annotations

from typing import Final

import numpy as np

from partnerhub.columns.datasets import APP_VERSIONS, DEVICES, NUMBERS
from partnerhub.columns.inventory import Inventory
from partnerhub.columns.portfolio import CustomerColumns
from partnerhub.columns.table import Table
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array
from partnerhub.domain import layouts

LAYOUT_OF: Final = {
    DEVICES.name: layouts.DEVICES,
    NUMBERS.name: layouts.TELEPHONE_NUMBERS,
    APP_VERSIONS.name: layouts.WEBEX_APP_VERSION,
}
"""Dataset -> layout of its report."""


def inventory_table(inventory: Inventory, /) -> Table:
    """The report of an inventory's day, ordered by customer, by name and then id.

    What was seen last before the days that the report covers is not in it. As data
    it has the customer's region too, which is not printed.
    """
    layout = LAYOUT_OF[inventory.dataset.name]
    who = inventory.customers
    rows = rows_by_name(who, inventory.customer)
    if layout.window_days:
        since = np.datetime64(inventory.at) - layout.window_days
        rows = rows[inventory.day[rows] > since]
    customer = inventory.customer[rows]
    known = {
        "external_id": who.external_id.take(customer),
        "region": who.region.take(customer),
        "customer_name": TextColumn(customer, who.name),
        "org_id": TextColumn(customer, who.id),
        **{name: column.take(rows) for name, column in inventory.fields.items()},
    }
    return Table(
        title=layout.name,
        columns=(*layout.columns, layouts.REGION),
        values={key: known[key] for key in (*layout.keys, layouts.REGION.key)},
        printed=layout.keys,
    )


def rows_by_name(who: CustomerColumns, customer: Array, /) -> Array:
    """Row positions in order of the customer's name, then id, then as they were."""
    _, rank = np.unique(who.name.astype(str), return_inverse=True)
    return np.lexsort((customer, rank[customer]))
