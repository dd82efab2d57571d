"""Making typed columns of what a backend holds on a day."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pendulum

from partnerhub.adapters.backend import Backend, Held
from partnerhub.adapters.store.known_customers import (
    KnownCustomers,
    added_on,
    customer_columns,
    newest,
    places,
    ranks,
    take,
    text_column,
)
from partnerhub.columns.datasets import (
    LICENSES,
    SUBSCRIPTIONS,
    Dataset,
    Kind,
)
from partnerhub.columns.history import UNKNOWN, Runs
from partnerhub.columns.inventory import Inventory
from partnerhub.columns.portfolio import (
    PRODUCTS,
    LineColumns,
    Portfolio,
    SubscriptionColumns,
    product_codes,
)
from partnerhub.columns.records import EPOCH, from_int64
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Codes, Days, Ints
from partnerhub.domain.days import day_number
from partnerhub.domain.products import Product
from partnerhub.ports import Scope

_LONG: Final = 256
"""Characters of a text that is not worth an array as wide."""


def portfolio(backend: Backend, at: pendulum.Date, scope: Scope) -> Portfolio:
    """All customers of a scope and what they held on a day."""
    who = KnownCustomers.known_by(backend, at, scope)
    held = newest(backend.held_on(SUBSCRIPTIONS, day_number(at), scope))
    held, customer = _sorted(who, held)
    line_columns = _lines(backend, held.runs, at, scope)
    return Portfolio(
        at=at,
        customers=customer_columns(backend, who, at, scope),
        subscriptions=_subscriptions(
            backend, who, held, customer, lines=line_columns, at=at, scope=scope
        ),
        lines=line_columns,
    )


def inventory(
    backend: Backend, dataset: Dataset, at: pendulum.Date, scope: Scope
) -> Inventory:
    """The devices, numbers or app versions of a day; what is gone is left out."""
    who = KnownCustomers.known_by(backend, at, scope)
    held = newest(backend.held_on(dataset, day_number(at), scope))
    held = take(held, np.flatnonzero(held.runs.until > day_number(at)))
    held, customer = _sorted(who, held)
    return Inventory(
        dataset=dataset,
        at=at,
        customers=customer_columns(backend, who, at, scope),
        customer=customer,
        day=_seen(backend, dataset, held, at, scope),
        fields=_fields(backend, dataset, held.runs.values),
    )


def _sorted(who: KnownCustomers, held: Held) -> tuple[Held, Codes]:
    """The runs by customer, then by code point order of identity; and their customers."""
    customer = who.places(held.organization)
    order = np.argsort(customer, kind="stable")
    owner, texts = customer[order], held.identity[order]
    if ((owner[1:] == owner[:-1]) & (texts[1:] < texts[:-1])).any():
        order = order[np.lexsort((_comparable(texts), owner))]
    return take(held, order), customer[order]


def _comparable(texts: Array) -> Array:
    """An array that sorts like these texts, by code point."""
    listed = texts.tolist()
    if max(map(len, listed)) > _LONG:
        return ranks(TextColumn.of(listed))
    # Bytes of UTF-8 are in the order of code points, and compared ten times as fast.
    return np.array([text.encode() for text in listed])


def _fields(
    backend: Backend, dataset: Dataset, values: Ints
) -> dict[str, Array | TextColumn]:
    found: dict[str, Array | TextColumn] = {}
    for field, row in zip(dataset.fields, values, strict=True):
        if field.kind is Kind.TEXT:
            found[field.name] = text_column(backend, row)
        else:
            found[field.name] = from_int64(row, field.kind)
    return found


def _seen(
    backend: Backend, dataset: Dataset, held: Held, at: pendulum.Date, scope: Scope
) -> Days:
    """The newest day, at or before `at`, on which each run was seen."""
    today = day_number(at)
    pictures = backend.newest_pictures(dataset.pictures, today, scope)
    owner = np.fromiter(pictures, np.int64, len(pictures))
    days = np.fromiter((*pictures.values(), UNKNOWN), np.int64, len(pictures) + 1)
    picture = days[places(owner, held.organization)]
    inside = picture < held.runs.until
    # Of a source that tells of it later, nothing is known about the days between.
    own = np.where(held.runs.seen <= today, held.runs.seen, UNKNOWN)
    seen = np.maximum(own, np.where(inside, picture, UNKNOWN))
    return EPOCH + np.maximum(seen, held.runs.day)


def _lines(
    backend: Backend, subscriptions: Runs, at: pendulum.Date, scope: Scope
) -> LineColumns:
    """The lines of these subscriptions, by subscription and name of the license."""
    held = newest(backend.held_on(LICENSES, day_number(at), scope))
    subscription = places(subscriptions.key, held.parent)
    licenses = TextColumn.of(held.identity.tolist())
    order = np.lexsort((ranks(licenses), subscription))
    order = order[np.count_nonzero(subscription < 0) :]
    subscription, licenses = subscription[order], licenses.take(order)
    fields = _fields(backend, LICENSES, held.runs.values[:, order])
    existed = np.asarray(fields.pop("existed")) == 1
    gone = subscriptions.until <= day_number(at)
    return LineColumns(
        subscription=subscription,
        license=licenses,
        product=product_codes(licenses),
        gone=gone[subscription],
        existed=existed,
        **fields,  # type: ignore[arg-type]
    )


def _subscriptions(
    backend: Backend,
    who: KnownCustomers,
    held: Held,
    customer: npt.NDArray[np.int32],
    *,
    lines: LineColumns,
    at: pendulum.Date,
    scope: Scope,
) -> SubscriptionColumns:
    fields = _fields(backend, SUBSCRIPTIONS, held.runs.values)
    first_seen = EPOCH + held.first_day
    calling = (lines.product == PRODUCTS.index(Product.CALLING)) & lines.existed
    has_calling = np.zeros(len(held.runs), np.bool_)
    has_calling[lines.subscription[calling]] = True
    return SubscriptionColumns(
        customer=customer,
        id=held.identity,
        day=_seen(backend, SUBSCRIPTIONS, held, at, scope),
        first_seen=first_seen,
        gone=held.runs.until <= day_number(at),
        has_calling=has_calling,
        added_on=added_on(backend, who, customer, fields["starts_on"], first_seen),  # type: ignore[arg-type]
        **fields,  # type: ignore[arg-type]
    )
