"""Several portfolios, inventories or usages as one, as if they came from one store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import attrs
import numpy as np

from partnerhub.columns.inventory import Inventory
from partnerhub.columns.portfolio import CustomerColumns, Portfolio
from partnerhub.columns.text import TextColumn
from partnerhub.columns.timeline import Timeline
from partnerhub.columns.unknown import Array
from partnerhub.columns.usage import UsageColumns

_Columns = TypeVar("_Columns")


def join_portfolios(parts: Sequence[Portfolio], /) -> Portfolio:
    """All customers of these, in the order of their ids; no customer is in two."""
    customers, row_of, starts = _customers([part.customers for part in parts])
    held = _joined([part.subscriptions for part in parts])
    held = attrs.evolve(
        held,
        customer=_moved(
            [part.subscriptions.customer for part in parts], starts, row_of
        ),
    )
    order, place = _ordered(held.customer)
    lines = _joined([part.lines for part in parts])
    starts = _starts([len(part.subscriptions) for part in parts])
    lines = attrs.evolve(
        lines,
        subscription=_moved([part.lines.subscription for part in parts], starts, place),
    )
    return Portfolio(
        at=parts[0].at,
        customers=customers,
        subscriptions=_taken(held, order),
        lines=_taken(lines, np.argsort(lines.subscription, kind="stable")),
    )


def join_timelines(parts: Sequence[Timeline], /) -> Timeline:
    """All versions of these, in the order of their customers."""
    customers, row_of, starts = _customers([part.customers for part in parts])
    customer = _moved([part.customer for part in parts], starts, row_of)
    order, place = _ordered(customer)
    starts = _starts([len(part.customer) for part in parts])
    holder = _moved([part.holder for part in parts], starts, place)
    line_order, line_place = _ordered(holder)
    held = _joined([part.subscriptions for part in parts])
    held = attrs.evolve(
        held,
        subscription=_moved(
            [part.subscriptions.subscription for part in parts], starts, place
        ),
    )
    line_starts = _starts([len(part.holder) for part in parts])
    lines = _joined([part.lines for part in parts])
    lines = attrs.evolve(
        lines,
        line=_moved([part.lines.line for part in parts], line_starts, line_place),
    )
    return Timeline(
        customers=customers,
        customer=customer[order],
        holder=holder[line_order],
        license=_column([part.license for part in parts], line_order),
        subscriptions=_taken(held, np.lexsort((held.since, held.subscription))),
        lines=_taken(lines, np.lexsort((lines.since, lines.line))),
    )


def join_inventories(parts: Sequence[Inventory], /) -> Inventory:
    """All items of these, in the order of their customers."""
    customers, row_of, starts = _customers([part.customers for part in parts])
    customer = _moved([part.customer for part in parts], starts, row_of)
    order = np.argsort(customer, kind="stable")
    return Inventory(
        dataset=parts[0].dataset,
        at=parts[0].at,
        customers=customers,
        customer=customer[order],
        day=np.concatenate([part.day for part in parts])[order],
        fields={
            name: _column([part.fields[name] for part in parts], order)
            for name in parts[0].fields
        },
    )


def join_usage(parts: Sequence[UsageColumns], /) -> UsageColumns:
    """All rows of these, in the order of customer, location and days."""
    together = UsageColumns(
        organization=np.concatenate([part.organization for part in parts]),
        location=np.concatenate([part.location for part in parts]),
        first=np.concatenate([part.first for part in parts]),
        last=np.concatenate([part.last for part in parts]),
        counts={
            key: np.concatenate([part.counts[key] for part in parts])
            for key in parts[0].counts
        },
    )
    keys = zip(together.organization, together.location, strict=True)
    order = sorted(range(len(together)), key=list(keys).__getitem__)
    return together.take(np.array(order, np.int64))


def _starts(sizes: Sequence[int]) -> list[int]:
    """Where each part begins among all."""
    return [0, *np.cumsum(sizes).tolist()]


def _customers(
    parts: Sequence[CustomerColumns],
) -> tuple[CustomerColumns, Array, list[int]]:
    """The customers by id, the row of each, and where each part began."""
    together = _joined(parts)
    order, row_of = _ordered(together.id)
    return _taken(together, order), row_of, _starts([len(part) for part in parts])


def _ordered(keys: Array) -> tuple[Array, Array]:
    """The rows in the order of their keys, and the new place of each row."""
    order = np.argsort(keys, kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return order, place


def _moved(parts: Sequence[Array], starts: Sequence[int], row_of: Array) -> Array:
    """Rows of each part as rows of the whole."""
    moved = [part + start for part, start in zip(parts, starts, strict=False)]
    rows: Array = row_of[np.concatenate(moved).astype(np.int64)].astype(np.int32)
    return rows


def _joined(parts: Sequence[_Columns]) -> _Columns:
    """Columns one after the other."""
    return _each(
        parts[0], lambda name: _column([getattr(part, name) for part in parts], None)
    )


def _taken(columns: _Columns, rows: Array) -> _Columns:
    return _each(columns, lambda name: _column([getattr(columns, name)], rows))


def _each(columns: _Columns, make: Callable[[str], Any]) -> _Columns:
    fields: Any = attrs.fields(type(columns))  # type: ignore[arg-type]
    names = [field.name for field in fields if field.init]
    return type(columns)(**{name: make(name) for name in names})


def _column(parts: Sequence[Any], rows: Array | None) -> Any:
    if isinstance(parts[0], TextColumn):
        together = parts[0]
        if len(parts) > 1:
            texts = np.concatenate([part.texts() for part in parts])
            together = TextColumn.of(texts.tolist())
        return together if rows is None else together.take(rows)
    column = np.concatenate(parts) if len(parts) > 1 else parts[0]
    return column if rows is None else column[rows]
