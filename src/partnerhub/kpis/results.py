"""A number of customers that can be opened."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import Self

import numpy as np

from partnerhub.columns.table import Table
from partnerhub.columns.unknown import Bools
from partnerhub.kpis.selection import Selection
from partnerhub.kpis.tables import customer_table

Open = Callable[[], Table]


class Count(int):
    """How many customers a KPI counts, with what it counted.

    It is an `int`: it prints, compares, adds and serialises as one. Its tables are
    made when they are first asked for.

    Attributes:
        customers: The customers counted, one row each.
        rows: The subscriptions or license lines for which they count.

    Examples:
        >>> import json
        >>> found = Count(2, customers=Table, rows=Table)
        >>> found, found + 1, json.dumps({"customers": found})
        (2, 3, '{"customers": 2}')
    """

    _open_customers: Open
    _open_rows: Open

    def __new__(cls, value: int, /, customers: Open, rows: Open) -> Self:
        """The number `value`; both tables are made on demand."""
        found = super().__new__(cls, value)
        found._open_customers = customers
        found._open_rows = rows
        return found

    @cached_property
    def customers(self) -> Table:
        """The customers counted, one row each."""
        return self._open_customers()

    @cached_property
    def rows(self) -> Table:
        """The subscriptions or license lines for which they count."""
        return self._open_rows()

    def __getnewargs__(self) -> tuple[int, Open, Open]:  # type: ignore[override]
        return int(self), self._open_customers, self._open_rows


def count_of(
    selection: Selection,
    title: str,
    customers: Bools,
    *,
    rows: Callable[[Selection, str], Table],
) -> Count:
    """The number of these customers, open to them and to what they count for.

    Args:
        selection: The selection they are chosen from.
        title: What is counted.
        customers: The customers, bool `(customers,)`.
        rows: The table of the subscriptions or lines, made on demand.
    """
    return Count(
        int(np.count_nonzero(customers)),
        customers=partial(customer_table, selection, title, customers),
        rows=partial(rows, selection, title),
    )
