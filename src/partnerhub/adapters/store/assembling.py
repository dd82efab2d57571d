"""Making typed columns of what a backend holds on a day."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pendulum

from partnerhub.adapters.backend import Backend, Held
from partnerhub.adapters.store.known_customers import (
    KnownCustomers,
    added_on,
    customer_columns,
    newest,
    places,
)
from partnerhub.columns.datasets import (
    LICENSES,
    SUBSCRIPTIONS,
    Dataset,
    Kind,
)
from partnerhub.columns.history import NOBODY
from partnerhub.columns.inventory import Inventory
from partnerhub.columns.portfolio import (
    PRODUCTS,
    LineColumns,
    Portfolio,
    SubscriptionColumns,
    product_codes,
)
from partnerhub.columns.records import EPOCH
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Codes, Days
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
    line_columns = _lines(backend, held, at, scope)
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
    held = held.take(np.flatnonzero(held.until > day_number(at)))
    held, customer = _sorted(who, held)
    return Inventory(
        dataset=dataset,
        at=at,
        customers=customer_columns(backend, who, at, scope),
        customer=customer,
        day=_seen(backend, dataset, held, at, scope),
        fields=_fields(backend, dataset, held),
    )


def _sorted(who: KnownCustomers, held: Held) -> tuple[Held, Codes]:
    """The runs by customer, then by code point order of identity; and their customers."""
    customer = who.places(held.organization)
    order = np.argsort(customer, kind="stable")
    owner, texts = customer[order], held.identity.take(order).texts()
    if ((owner[1:] == owner[:-1]) & (texts[1:] < texts[:-1])).any():
        order = order[np.lexsort((_comparable(texts), owner))]
    return held.take(order), customer[order]


def _comparable(texts: Array) -> Array:
    """An array that sorts like these texts, by code point."""
    listed = texts.tolist()
    if max(map(len, listed)) > _LONG:
        return TextColumn.of(listed).ranks()
    # Bytes of UTF-8 are in the order of code points, and compared ten times as fast.
    return np.array([text.encode() for text in listed])


def _fields(backend: Backend, dataset: Dataset, held: Held) -> dict[str, Any]:
    """The fields, read-only, with texts for their keys."""
    found: dict[str, Any] = {}
    for field in dataset.fields:
        column = held.fields[field.name]
        column.flags.writeable = False
        if field.kind is Kind.TEXT:
            found[field.name] = TextColumn.of_keys(column, backend.texts)
        else:
            found[field.name] = column
    return found


def _seen(
    backend: Backend, dataset: Dataset, held: Held, at: pendulum.Date, scope: Scope
) -> Days:
    """The newest day, at or before `at`, on which each run was seen."""
    today = day_number(at)
    pictures = backend.newest_pictures(dataset.pictures, today, scope)
    owner = np.fromiter(pictures, np.int64, len(pictures))
    days = np.fromiter((*pictures.values(), NOBODY), np.int32, len(pictures) + 1)
    picture = days[places(owner, held.organization)]
    inside = picture < held.until
    # Of a source that tells of it later, nothing is known about the days between.
    own = np.where(held.seen <= today, held.seen, NOBODY)
    seen = np.maximum(own, np.where(inside, picture, NOBODY))
    return EPOCH + np.maximum(seen, held.day)


def _lines(
    backend: Backend, subscriptions: Held, at: pendulum.Date, scope: Scope
) -> LineColumns:
    """The lines of these subscriptions, by subscription and name of the license."""
    held = newest(backend.held_on(LICENSES, day_number(at), scope))
    subscription = places(subscriptions.key, held.parent)
    order = np.lexsort((held.identity.ranks(), subscription))
    order = order[np.count_nonzero(subscription < 0) :]
    subscription, licenses = subscription[order], held.identity.take(order)
    fields = {name: held.fields[name][order] for name in LICENSES.field_names}
    for column in fields.values():
        column.flags.writeable = False
    existed = fields.pop("existed") == 1
    gone = subscriptions.until <= day_number(at)
    return LineColumns(
        subscription=subscription,
        license=licenses,
        product=product_codes(licenses),
        gone=gone[subscription],
        existed=existed,
        **fields,
    )


def _subscriptions(
    backend: Backend,
    who: KnownCustomers,
    held: Held,
    customer: Codes,
    *,
    lines: LineColumns,
    at: pendulum.Date,
    scope: Scope,
) -> SubscriptionColumns:
    fields = _fields(backend, SUBSCRIPTIONS, held)
    first_seen = EPOCH + held.first_day
    calling = (lines.product == PRODUCTS.index(Product.CALLING)) & lines.existed
    has_calling = np.zeros(len(held), np.bool_)
    has_calling[lines.subscription[calling]] = True
    return SubscriptionColumns(
        customer=customer,
        id=held.identity.texts(),
        day=_seen(backend, SUBSCRIPTIONS, held, at, scope),
        first_seen=first_seen,
        gone=held.until <= day_number(at),
        has_calling=has_calling,
        added_on=added_on(backend, who, customer, fields["starts_on"], first_seen),
        **fields,
    )
