"""Making typed columns of what a backend holds on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pendulum

from partnerhub.adapters.backend import NOT_YET, Backend, Held, OrganizationRow
from partnerhub.columns import history
from partnerhub.columns.datasets import (
    CUSTOMERS,
    LICENSES,
    SUBSCRIPTIONS,
    Dataset,
    Kind,
)
from partnerhub.columns.history import UNKNOWN
from partnerhub.columns.inventory import Inventory
from partnerhub.columns.portfolio import (
    PRODUCTS,
    CustomerColumns,
    LineColumns,
    Portfolio,
    SubscriptionColumns,
    product_codes,
)
from partnerhub.columns.records import EPOCH, from_int64
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import DAY, Array, Bools, Days, Ints
from partnerhub.domain.products import Product
from partnerhub.ports import Scope

_UNIX = pendulum.date(1970, 1, 1)


def day_number(day: pendulum.Date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _UNIX.toordinal()


def portfolio(backend: Backend, at: pendulum.Date, scope: Scope) -> Portfolio:
    """All customers of a scope and what they held on a day."""
    who = _Customers.known_by(backend, at, scope)
    held = _newest(backend.held_on(SUBSCRIPTIONS, day_number(at), scope))
    held, customer = who.sorted(held, by=held.identity)
    lines = _newest(backend.held_on(LICENSES, day_number(at), scope))
    place = {key: row for row, key in enumerate(held.runs.key.tolist())}
    subscription = np.array(
        [place.get(key, -1) for key in lines.parent.tolist()], np.int32
    )
    order = np.lexsort((_ranks(lines.identity), subscription))
    order = order[np.count_nonzero(subscription < 0) :]
    gone = held.runs.until <= day_number(at)
    line_columns = _lines(backend, _take(lines, order), subscription[order], gone)
    return Portfolio(
        at=at,
        customers=_customers(backend, who, at, scope),
        subscriptions=_subscriptions(
            backend, who, held, customer, lines=line_columns, at=at, scope=scope
        ),
        lines=line_columns,
    )


def inventory(
    backend: Backend, dataset: Dataset, at: pendulum.Date, scope: Scope
) -> Inventory:
    """The devices, numbers or app versions of a day; what is gone is left out."""
    who = _Customers.known_by(backend, at, scope)
    held = _newest(backend.held_on(dataset, day_number(at), scope))
    held = _take(held, np.flatnonzero(held.runs.until > day_number(at)))
    held, customer = who.sorted(held, by=held.identity)
    return Inventory(
        dataset=dataset,
        at=at,
        customers=_customers(backend, who, at, scope),
        customer=customer,
        day=_seen(backend, dataset, held, at, scope),
        fields=_fields(backend, dataset, held),
    )


@attrs.frozen(eq=False)
class _Customers:
    """The organizations known on the day, and the row of each key."""

    rows: Sequence[OrganizationRow]
    row_of: Mapping[int, int]

    @classmethod
    def known_by(cls, backend: Backend, at: pendulum.Date, scope: Scope) -> _Customers:
        rows = [
            row
            for row in backend.organizations(scope)
            if row.known_since <= day_number(at)
        ]
        return cls(rows, {row.key: place for place, row in enumerate(rows)})

    def places(self, organization: Ints) -> npt.NDArray[np.int32]:
        """The row of each organization key, -1 where it is not among them."""
        return np.fromiter(
            (self.row_of.get(key, -1) for key in organization.tolist()),
            np.int32,
            len(organization),
        )

    def sorted(self, held: Held, *, by: Array) -> tuple[Held, npt.NDArray[np.int32]]:
        """The runs by customer, then by text; and the customer of each."""
        customer = self.places(held.organization)
        texts = by.astype(str) if len(by) else np.empty(0, str)
        order = np.lexsort((texts, customer))
        return _take(held, order), customer[order]


def _take(held: Held, rows: npt.NDArray[np.intp]) -> Held:
    return Held(
        runs=held.runs.take(rows),
        organization=held.organization[rows],
        parent=held.parent[rows],
        identity=held.identity[rows],
        first_day=held.first_day[rows],
    )


def _ranks(texts: Array) -> Ints:
    """A number for each text that sorts like it, by code point; most texts repeat."""
    column = TextColumn.of(texts.tolist())
    rank = np.empty(len(column.labels), np.int64)
    rank[np.argsort(column.labels)] = np.arange(len(rank))
    return rank[column.codes]


def _newest(held: Held) -> Held:
    """One run a thing: one that was gone and came back has two on a later day."""
    order = np.argsort(history.joint(held.runs.key, held.runs.day), kind="stable")
    key = held.runs.key[order]
    last = np.ones(len(key), np.bool_)
    last[:-1] = key[1:] != key[:-1]
    return held if last.all() and not len(order) else _take(held, order[last])


def _fields(
    backend: Backend, dataset: Dataset, held: Held
) -> dict[str, Array | TextColumn]:
    found: dict[str, Array | TextColumn] = {}
    for place, field in enumerate(dataset.fields):
        row = held.runs.values[place]
        if field.kind is Kind.TEXT:
            found[field.name] = _texts(backend, row)
        else:
            found[field.name] = from_int64(row, field.kind)
    return found


def _texts(backend: Backend, keys: Ints) -> TextColumn:
    distinct, codes = np.unique(keys, return_inverse=True)
    missing = int(len(distinct) > 0 and distinct[0] == UNKNOWN)
    labels = np.empty(len(distinct) - missing, dtype=object)
    labels[:] = backend.texts(distinct[missing:])
    return TextColumn((codes - missing).astype(np.int32), labels)


def _seen(
    backend: Backend, dataset: Dataset, held: Held, at: pendulum.Date, scope: Scope
) -> Days:
    """The newest day, at or before `at`, on which each run was seen."""
    today = day_number(at)
    newest = backend.newest_pictures(dataset.pictures, today, scope)
    picture = np.fromiter(
        (newest.get(key, UNKNOWN) for key in held.organization.tolist()),
        np.int64,
        len(held.organization),
    )
    inside = picture < held.runs.until
    # Of a source that tells of it later, nothing is known about the days between.
    own = np.where(held.runs.seen <= today, held.runs.seen, UNKNOWN)
    seen = np.maximum(own, np.where(inside, picture, UNKNOWN))
    return EPOCH + np.maximum(seen, held.runs.day)


def _customers(
    backend: Backend, who: _Customers, at: pendulum.Date, scope: Scope
) -> CustomerColumns:
    held = _newest(backend.held_on(CUSTOMERS, day_number(at), scope))
    place = who.places(held.organization)
    rows = np.full(len(who.rows), -1, np.int64)
    rows[place] = np.arange(len(place))
    runs = held.runs
    values = np.full((len(CUSTOMERS.fields), len(who.rows)), UNKNOWN, np.int64)
    values[:, rows >= 0] = runs.values[:, rows[rows >= 0]]
    managed_by, sign_in, has_admins = values
    return CustomerColumns(
        id=_objects([row.id for row in who.rows]),
        name=_objects([row.name for row in who.rows]),
        region=TextColumn.of(row.region for row in who.rows),
        industry=TextColumn.of(row.industry for row in who.rows),
        external_id=TextColumn.of(row.external_id for row in who.rows),
        managed_by=_texts(backend, managed_by),
        last_admin_sign_in=from_int64(sign_in, Kind.DAY),
        has_admins=from_int64(has_admins, Kind.FLAG),
    )


def _objects(texts: list[str]) -> Array:
    column = np.empty(len(texts), dtype=object)
    column[:] = texts
    return column


def _lines(
    backend: Backend, held: Held, subscription: Array, gone: Bools
) -> LineColumns:
    fields = _fields(backend, LICENSES, held)
    existed = np.asarray(fields.pop("existed")) == 1
    licenses = TextColumn.of(held.identity.tolist())
    return LineColumns(
        subscription=subscription.astype(np.int32),
        license=licenses,
        product=product_codes(licenses),
        gone=gone[subscription],
        existed=existed,
        **fields,  # type: ignore[arg-type]
    )


def _subscriptions(
    backend: Backend,
    who: _Customers,
    held: Held,
    customer: npt.NDArray[np.int32],
    *,
    lines: LineColumns,
    at: pendulum.Date,
    scope: Scope,
) -> SubscriptionColumns:
    fields = _fields(backend, SUBSCRIPTIONS, held)
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
        added_on=_added_on(backend, who, customer, fields["starts_on"], first_seen),  # type: ignore[arg-type]
        **fields,  # type: ignore[arg-type]
    )


def _added_on(
    backend: Backend,
    who: _Customers,
    customer: npt.NDArray[np.int32],
    starts_on: Days,
    first_seen: Days,
) -> Days:
    """The known start, else the first day it was seen (design 5.18).

    That day tells only where an earlier export of the region could have shown it.
    """
    begun = backend.first_pictures(SUBSCRIPTIONS.pictures)
    first_of_region = np.array(
        [begun.get(row.region, NOT_YET) for row in who.rows], np.int64
    )
    earlier: Bools = first_seen.astype(np.int64) > first_of_region[customer]
    added = np.where(earlier, first_seen, DAY)
    return np.where(np.isnat(starts_on), added, starts_on)
