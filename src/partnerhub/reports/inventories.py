"""Devices, Telephone Numbers and Webex App Version: an inventory as its report."""

from __future__ import annotations

from typing import Final

import numpy as np

from partnerhub.columns.datasets import APP_VERSIONS, DEVICES, NUMBERS
from partnerhub.columns.inventory import Inventory
from partnerhub.columns.table import Table
from partnerhub.domain import layouts

LAYOUT_OF: Final = {
    DEVICES.name: layouts.DEVICES,
    NUMBERS.name: layouts.TELEPHONE_NUMBERS,
    APP_VERSIONS.name: layouts.WEBEX_APP_VERSION,
}
"""Dataset -> layout of its report."""


def inventory_table(inventory: Inventory, /) -> Table:
    """The report of an inventory's day, ordered by customer, by name and then id."""
    layout = LAYOUT_OF[inventory.dataset.name]
    who = inventory.customers
    names = who.name[inventory.customer].astype(str)
    rows = np.lexsort((np.arange(len(inventory)), names))
    customer = inventory.customer[rows]
    known = {
        "external_id": who.external_id.take(customer),
        "customer_name": who.name[customer],
        "org_id": who.id[customer],
        **{name: column.take(rows) for name, column in inventory.fields.items()},
    }
    return Table(
        title=layout.name,
        columns=layout.columns,
        values={key: known[key] for key in layout.keys},
    )
