"""Domain objects as records for a store. An attribute that is None tells nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.datasets import (
    CUSTOMERS,
    LICENSES,
    SUBSCRIPTIONS,
    Dataset,
    Kind,
)
from partnerhub.columns.records import DatedRecords
from partnerhub.columns.unknown import Array
from partnerhub.domain.customers import Customer
from partnerhub.domain.source_text import TrialNumbers, is_trial_placeholder
from partnerhub.domain.subscriptions import LicenseLine, Subscription


def customer_records(customers: Sequence[Customer], *, day: dt.date) -> DatedRecords:
    """What customers tell of themselves on a day.

    Args:
        customers: The customers; each at most once.
        day: The day.
    """
    return DatedRecords(
        dataset=CUSTOMERS,
        organization=_objects(customer.id for customer in customers),
        identity=_objects("" for _ in customers),
        day=_days(day for _ in customers),
        **_told(CUSTOMERS, customers),
    )


def subscription_records(
    held: Sequence[Subscription], *, day: dt.date
) -> tuple[DatedRecords, DatedRecords]:
    """What subscriptions tell, and their licenses.

    Args:
        held: The subscriptions; each at most once a day.
        day: The day of those that have none of their own.
    """
    identity = _identities(held)
    lines = [(row, line) for row, each in enumerate(held) for line in each.lines]
    owner = [row for row, _ in lines]
    days = _days(each.day or day for each in held)
    customer = _objects(each.customer.id.uuid for each in held)
    return (
        DatedRecords(
            dataset=SUBSCRIPTIONS,
            organization=customer,
            identity=identity,
            day=days,
            **_told(SUBSCRIPTIONS, held),
        ),
        DatedRecords(
            dataset=LICENSES,
            organization=customer[owner],
            parent=identity[owner],
            identity=_objects(line.license for _, line in lines),
            day=days[owner],
            **_told(LICENSES, [line for _, line in lines]),
        ),
    )


def _identities(held: Sequence[Subscription]) -> Array:
    """Trials without an id are numbered where a customer has several alike."""
    numbers = TrialNumbers()

    def identity(each: Subscription) -> str:
        if not is_trial_placeholder(each.id):
            return each.id
        products = [line.license for line in each.lines if line.existed]
        return numbers.identity(each.customer.id.uuid, each.day, each.type, products)

    return _objects(identity(each) for each in held)


def _told(
    dataset: Dataset, things: Sequence[Customer | Subscription | LicenseLine]
) -> dict[str, Any]:
    """The fields of a dataset, and which of them each thing tells."""
    fields = {
        field.name: _column(
            (_plain(getattr(thing, field.name)) for thing in things), field.kind
        )
        for field in dataset.fields
    }
    told = {name: ~unknown.is_unknown(column) for name, column in fields.items()}
    return {"fields": fields, "told": told}


def _plain(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, tuple) else value


def _column(values: Iterable[Any], kind: Kind) -> Array:
    match kind:
        case Kind.DAY:
            return _days(values)
        case Kind.FLAG:
            return np.array([-1 if v is None else int(v) for v in values], np.int8)
        case Kind.COUNT:
            return np.array([-1 if v is None else v for v in values], np.int64)
        case Kind.TEXT:
            return _objects(None if v is None else str(v) for v in values)


def _objects(values: Iterable[str | None]) -> Array:
    listed = list(values)
    column = np.empty(len(listed), dtype=object)
    column[:] = listed
    return column


def _days(values: Iterable[dt.date | None]) -> Array:
    texts = ["NaT" if value is None else value.isoformat() for value in values]
    return np.array(texts, dtype="datetime64[D]")
