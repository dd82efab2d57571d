"""Two tables compared: subscriptions against invoice lines, or any other pair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Final

import attrs
import numpy as np

from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.table import Table
from partnerhub.columns.views import day_bounds, line_view, subscription_view
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.layouts import CellType, Column
from partnerhub.domain.layouts.invoice import INVOICE_LINES
from partnerhub.kpis.tables import CUSTOMER

Key = tuple[Any, ...]
_NUMBERS: Final = frozenset({CellType.COUNT, CellType.CHANGE, CellType.DECIMAL})


@attrs.frozen(kw_only=True, eq=False)
class Reconciliation:
    """What two tables say of the same things.

    Attributes:
        matched: Things of which both say the same.
        different: Things of which they do not, with the numbers of both.
        only_left: Things that only the left one has.
        only_right: Things that only the right one has.
    """

    matched: Table
    different: Table
    only_left: Table
    only_right: Table

    @property
    def agrees(self) -> bool:
        """Whether nothing differs and nothing is missing."""
        return not (len(self.different) or len(self.only_left) or len(self.only_right))

    def to_dict(self) -> dict[str, int]:
        """How many things are in each table."""
        names = ("matched", "different", "only_left", "only_right")
        return {name: len(getattr(self, name)) for name in names}


def reconcile(
    left: Table,
    right: Table,
    /,
    *,
    on: Mapping[str, str] | Sequence[str],
    compare: Mapping[str, str] | Sequence[str],
    beside: Sequence[str] = (),
    normal: Callable[[Any], Any] | None = None,
) -> Reconciliation:
    """Two tables, row by row: what matches, what differs, what one of them lacks.

    Rows of one thing in one table are added up, so that an invoice may have several
    lines of a subscription. A number that is not known on either side is a
    difference, unless it is known on neither.

    Args:
        left: One table.
        right: The other.
        on: The columns that tell things apart, alike in both, or left -> right.
        compare: The numbers to compare, alike in both, or left -> right.
        beside: Columns of the left table that say more of a thing, such as its
            customer; those of its first row are shown.
        normal: Makes ids comparable, such as a function that maps the names of one
            side to those of the other. Letter case and spaces around never count.

    Raises:
        NotFound: A table lacks a column.
        InvalidValue: No column tells things apart, or a compared one is no number.

    Examples:
        >>> from partnerhub.columns.table import Table
        >>> from partnerhub.domain.layouts import CellType, Column
        >>> subscription = Column(key="id", heading="Id", french="Id")
        >>> seats = Column(
        ...     key="seats", heading="Seats", french="Postes", cell=CellType.COUNT
        ... )
        >>> held = Table.from_rows([subscription, seats], [("A", 5), ("B", 7)])
        >>> bill = Table.from_rows([subscription, seats], [("a ", 5), ("C", 1)])
        >>> found = reconcile(held, bill, on=["id"], compare=["seats"])
        >>> found.to_dict()
        {'matched': 1, 'different': 0, 'only_left': 1, 'only_right': 1}
    """
    keys, numbers = _pairs(on), _pairs(compare)
    if not keys:
        raise InvalidValue("keys", on, "name a column that tells things apart")
    one = _summed(left, list(keys), list(numbers), normal, beside)
    other = _summed(right, list(keys.values()), list(numbers.values()), normal)
    more = [left.column(key) for key in beside]
    key_columns = [left.column(key) for key in keys]
    number_columns = [left.column(key) for key in numbers]
    both = [key for key in one if key in other]
    same = [key for key in both if one[key].numbers == other[key].numbers]
    differing = [key for key in both if one[key].numbers != other[key].numbers]
    return Reconciliation(
        matched=Table.from_rows(
            [*more, *key_columns, *number_columns],
            [one[key].row for key in same],
            title="Matched",
        ),
        different=Table.from_rows(
            [*more, *key_columns, *_sides(number_columns)],
            [_compared(one[key], other[key]) for key in differing],
            title="Different",
        ),
        only_left=Table.from_rows(
            [*more, *key_columns, *number_columns],
            [thing.row for key, thing in one.items() if key not in other],
            title="Only left",
        ),
        only_right=Table.from_rows(
            [*key_columns, *number_columns],
            [thing.row for key, thing in other.items() if key not in one],
            title="Only right",
        ),
    )


@attrs.frozen
class _Thing:
    """What one table says of one thing.

    Attributes:
        beside: What else it says.
        shown: Its ids as they stand.
        numbers: The sums of the numbers.
    """

    beside: tuple[Any, ...]
    shown: Key
    numbers: tuple[Any, ...]

    @property
    def row(self) -> tuple[Any, ...]:
        """All of it."""
        return (*self.beside, *self.shown, *self.numbers)


def _compared(one: _Thing, other: _Thing) -> tuple[Any, ...]:
    """A row with the numbers of both sides, in turns."""
    turns = chain.from_iterable(zip(one.numbers, other.numbers, strict=True))
    return (*one.beside, *one.shown, *turns)


def _sides(columns: Iterable[Column]) -> list[Column]:
    return [
        attrs.evolve(
            column, key=f"{column.key}_{side}", heading=f"{column.heading} ({side})"
        )
        for column in columns
        for side in ("left", "right")
    ]


def _pairs(names: Mapping[str, str] | Iterable[str]) -> dict[str, str]:
    if isinstance(names, Mapping):
        return dict(names)
    return {name: name for name in names}


def _summed(
    table: Table,
    keys: list[str],
    numbers: list[str],
    normal: Callable[[Any], Any] | None,
    beside: Sequence[str] = (),
) -> dict[Key, _Thing]:
    """Key -> what the rows of that thing say together."""
    for name in numbers:
        if table.column(name).cell not in _NUMBERS:
            raise InvalidValue("number to compare", name, "it is a column of texts")
    found: dict[Key, _Thing] = {}
    wanted = [*beside, *keys, *numbers]
    for row in table.select(dict.fromkeys(wanted)).rows():
        cells = dict(zip(dict.fromkeys(wanted), row, strict=True))
        shown = tuple(cells[name] for name in keys)
        values = tuple(cells[name] for name in numbers)
        key = tuple(_plain(normal(cell) if normal else cell) for cell in shown)
        if key in found:
            before = found[key]
            values = tuple(map(_added, before.numbers, values))
            found[key] = attrs.evolve(before, numbers=values)
        else:
            more = tuple(cells[name] for name in beside)
            found[key] = _Thing(more, shown, values)
    return found


def _plain(cell: Any) -> Any:
    return cell.strip().casefold() if isinstance(cell, str) else cell


def _added(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return None
    return one + other


def held_lines(portfolio: Portfolio, /) -> Table:
    """What is paid for on a day, as an invoice would list it: one row a license line.

    Active subscriptions, no trials, of all products; a license of which there are none
    is no line.

    Args:
        portfolio: All customers on a day.
    """
    held, lines = portfolio.subscriptions, portfolio.lines
    view = subscription_view(held, day_bounds(portfolio.at))
    paid = line_view(lines, view).active
    paid &= ~view.is_trial.take(lines.subscription, mode="clip")
    rows = np.flatnonzero(paid & (lines.total != 0))
    holder, total = lines.subscription[rows], lines.total[rows]
    owner = held.customer[holder]
    who = portfolio.customers
    return Table(
        title="Held licenses",
        columns=(*CUSTOMER, *INVOICE_LINES.columns),
        values={
            "customer": np.where(who.name[owner] == "", who.id[owner], who.name[owner]),
            "customer_id": who.id[owner],
            "region": who.region.take(owner),
            "subscription_id": held.id[holder],
            "license": lines.license.take(rows),
            "quantity": np.where(total < 0, np.nan, total),
        },
    )


def reconcile_invoice(portfolio: Portfolio, invoice: Table, /) -> Reconciliation:
    """The lines of an invoice against what customers hold on a day.

    They are matched by subscription, and by license where the invoice names any; their
    quantities are compared. Left is what customers hold, right the invoice.

    Args:
        portfolio: All customers on the day.
        invoice: Its lines: `subscription_id`, `quantity` and, if it has it, `license`.

    Raises:
        NotFound: The table lacks a column.
    """
    keys = {column.key for column in invoice.columns}
    named = "license" in keys and any(invoice["license"].tolist())
    on = ["subscription_id", *(["license"] if named else [])]
    return reconcile(
        held_lines(portfolio),
        invoice,
        on=on,
        compare=["quantity"],
        beside=["customer", "customer_id"],
    )
