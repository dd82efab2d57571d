"""Between domain objects, one at a time, and the columns of a portfolio.

What columns do not keep does not come back: the tags and e-mail addresses of a
customer, and lines that a newer picture leaves out of a subscription that is still
there.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt
import pendulum

from partnerhub.columns import unknown
from partnerhub.columns.portfolio import (
    CustomerColumns,
    LineColumns,
    Portfolio,
    SubscriptionColumns,
    product_codes,
)
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array
from partnerhub.domain.customers import Customer, ManagedBy
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.organizations import Organization
from partnerhub.domain.source_text import printed_id
from partnerhub.domain.subscriptions import CommitmentTerm, LicenseLine, Subscription

_COUNTS: Final = ("total", "assigned", "used_7d", "used_3m", "used_ever")
_ORDER_BREAK: Final = re.compile(r"[,;]")


def portfolio_of(
    subscriptions: Iterable[Subscription] = (),
    /,
    *,
    at: dt.date,
    customers: Iterable[Customer] = (),
) -> Portfolio:
    """The columns of these subscriptions and customers, as known on a day.

    Customers are ordered by the code points of their id. The subscriptions of one
    customer stay in their order; a license counts as having existed when any of
    its numbers is above 0.

    Args:
        subscriptions: Subscriptions and trials, each with its customer.
        at: The day; a date-time becomes its UTC date.
        customers: What else is known of customers, with the subscriptions that they
            hold themselves; one without any is kept.

    Raises:
        InvalidValue: A customer is given twice, or in two different regions.

    Examples:
        >>> acme = Organization(id="c8b0e0d2-0000-4000-8000-000000000001", name="Acme")
        >>> line = LicenseLine(license="Webex Calling - Standard", total=5, assigned=7)
        >>> held = Subscription(id="Sub1", customer=acme, lines=(line,))
        >>> portfolio = portfolio_of([held], at=pendulum.date(2026, 11, 22))
        >>> portfolio.customers.name.tolist(), portfolio.lines.assigned.tolist()
        (['Acme'], [7])
        >>> customer_object(portfolio, 0).subscriptions[0] == held
        True
    """
    told: dict[str, Customer] = {}
    held: dict[str, list[Subscription]] = {}
    organizations: dict[str, Organization] = {}

    def meet(organization: Organization) -> str:
        uuid = organization.id.uuid
        met = organizations.get(uuid)
        if met is not organization:
            organizations[uuid] = _joined(met, organization)
        return uuid

    for customer in customers:
        uuid = meet(customer.organization)
        if uuid in told:
            raise InvalidValue("customer", uuid, "it is given twice")
        told[uuid] = customer
        held[uuid] = list(customer.subscriptions)
    for subscription in subscriptions:
        held.setdefault(meet(subscription.customer), []).append(subscription)
    order = sorted(organizations)
    rows = [(row, s) for row, uuid in enumerate(order) for s in held.get(uuid, ())]
    return Portfolio(
        at=as_day(at),
        customers=_customer_columns(
            [told.get(u) or Customer(organization=organizations[u]) for u in order],
            [organizations[uuid] for uuid in order],
        ),
        subscriptions=_subscription_columns(rows),
        lines=_line_columns([subscription for _, subscription in rows]),
    )


def customer_object(
    portfolio: Portfolio,
    row: int,
    /,
    *,
    tags: Iterable[str] = (),
    user_emails: Iterable[str] = (),
) -> Customer:
    """One customer with its subscriptions and their licenses.

    Args:
        portfolio: The columns.
        row: Row of the customer.
        tags: Its tags, which columns do not keep.
        user_emails: Addresses of its users, which columns do not keep either.
    """
    alone = lone_customer(portfolio, row)
    first, last = _span(portfolio.subscriptions.customer, row)
    return attrs.evolve(
        alone,
        tags=tuple(tags),
        user_emails=tuple(user_emails),
        subscriptions=tuple(
            subscription_object(portfolio, each, customer=alone.organization)
            for each in range(first, last)
        ),
    )


def lone_customer(portfolio: Portfolio, row: int, /) -> Customer:
    """One customer without what it holds, which is made in a fraction of the time."""
    columns = portfolio.customers
    return Customer(
        organization=Organization(
            id=columns.id[row],
            name=columns.name[row],
            region=_text(columns.region, row),
            industry=_text(columns.industry, row),
            external_id=_text(columns.external_id, row),
        ),
        managed_by=_manager(_text(columns.managed_by, row)),
        last_admin_sign_in=_day(columns.last_admin_sign_in, row),
        has_admins=_flag(columns.has_admins, row),
    )


def subscription_object(
    portfolio: Portfolio,
    row: int,
    /,
    *,
    customer: Organization,
    with_lines: bool = True,
) -> Subscription:
    """One subscription with its licenses.

    Args:
        portfolio: The columns.
        row: Row of the subscription.
        customer: The organization that holds it.
        with_lines: Whether its licenses are wanted; making them takes half the time.
    """
    columns, lines = portfolio.subscriptions, portfolio.lines
    gone = bool(columns.gone[row])
    orders = _text(columns.orders, row) or ""
    first, last = _span(lines.subscription, row) if with_lines else (0, 0)
    return Subscription(
        id=printed_id(columns.id[row]),
        customer=customer,
        day=_day(columns.day, row),
        source_status=_text(columns.source_status, row) or "",
        type=_text(columns.type, row) or "",
        is_trial=bool(_flag(columns.is_trial, row)),
        starts_on=_day(columns.starts_on, row),
        ends_on=_day(columns.ends_on, row),
        auto_renews=_flag(columns.auto_renews, row),
        paid=_flag(columns.paid, row),
        provisioned=_flag(columns.provisioned, row),
        commitment_term=_term(_text(columns.commitment_term, row)),
        invoice=_text(columns.invoice, row),
        orders=tuple(o.strip() for o in _ORDER_BREAK.split(orders) if o.strip()),
        users_total=_count(columns.users_total, row),
        users_verified=_count(columns.users_verified, row),
        lines=tuple(
            line_object(lines, each)
            for each in range(first, last)
            if gone or not lines.gone[each]
        ),
        added_on=_day(columns.added_on, row),
        gone=gone,
    )


# --- to columns ----------------------------------------------------------------


def _joined(met: Organization | None, other: Organization) -> Organization:
    """One organization from two sources: what is known replaces what is not."""
    if met is None or met == other:
        return other
    if met.region and other.region and met.region != other.region:
        regions = f"{met.region} and {other.region}"
        raise InvalidValue("customer of one region", met.label, f"it is in {regions}")
    return attrs.evolve(
        met,
        name=met.name or other.name,
        region=met.region or other.region,
        industry=met.industry or other.industry,
        external_id=met.external_id or other.external_id,
    )


def _customer_columns(
    customers: list[Customer], organizations: list[Organization]
) -> CustomerColumns:
    return CustomerColumns(
        id=_objects(o.id.uuid for o in organizations),
        name=_objects(o.name for o in organizations),
        region=_texts(o.region for o in organizations),
        industry=_texts(o.industry for o in organizations),
        external_id=_texts(o.external_id for o in organizations),
        managed_by=_texts(c.managed_by for c in customers),
        last_admin_sign_in=_days(c.last_admin_sign_in for c in customers),
        has_admins=_flags(c.has_admins for c in customers),
    )


def _subscription_columns(rows: list[tuple[int, Subscription]]) -> SubscriptionColumns:
    held = [subscription for _, subscription in rows]

    def each(column: Callable[[Iterable[Any]], Array], name: str) -> Array:
        return column(getattr(subscription, name) for subscription in held)

    def texts(name: str) -> TextColumn:
        return _texts(getattr(subscription, name) for subscription in held)

    return SubscriptionColumns(
        customer=_column((row for row, _ in rows), np.int32),
        id=each(_objects, "id"),
        day=each(_days, "day"),
        first_seen=_days(None for _ in held),
        gone=_column((s.gone for s in held), np.bool_),
        has_calling=_column((s.has_calling for s in held), np.bool_),
        added_on=each(_days, "added_on"),
        source_status=texts("source_status"),
        type=texts("type"),
        is_trial=each(_flags, "is_trial"),
        source_expired=each(_flags, "source_expired"),
        starts_on=each(_days, "starts_on"),
        ends_on=each(_days, "ends_on"),
        auto_renews=each(_flags, "auto_renews"),
        paid=each(_flags, "paid"),
        provisioned=each(_flags, "provisioned"),
        commitment_term=texts("commitment_term"),
        invoice=texts("invoice"),
        orders=_texts(", ".join(s.orders) for s in held),
        users_total=each(_counts, "users_total"),
        users_verified=each(_counts, "users_verified"),
    )


def _line_columns(held: list[Subscription]) -> LineColumns:
    rows = [(row, s, line) for row, s in enumerate(held) for line in s.lines]
    license_names = TextColumn.of(line.license for _, _, line in rows)
    counts = {
        name: _counts(getattr(line, name) for _, _, line in rows) for name in _COUNTS
    }
    return LineColumns(
        subscription=_column((row for row, _, _ in rows), np.int32),
        license=license_names,
        product=product_codes(license_names),
        gone=_column((s.gone for _, s, _ in rows), np.bool_),
        existed=_column((line.existed for _, _, line in rows), np.bool_),
        **counts,
    )


def _column(values: Iterable[Any], dtype: npt.DTypeLike) -> Array:
    """A column, read-only."""
    column: Array = np.array(list(values), dtype)
    column.flags.writeable = False
    return column


def _objects(values: Iterable[str]) -> Array:
    return _column(values, object)


def _texts(values: Iterable[str | None]) -> TextColumn:
    """Blank is not known; an enumeration is kept as its plain text."""
    return TextColumn.of(str(value) if value else None for value in values)


def _days(values: Iterable[dt.date | None]) -> Array:
    return _column(values, "datetime64[D]")


def _flags(values: Iterable[bool | None]) -> Array:
    return _column((unknown.FLAG if v is None else v for v in values), np.int8)


def _counts(values: Iterable[int | None]) -> Array:
    return _column((unknown.COUNT if v is None else v for v in values), np.int64)


# --- to objects ----------------------------------------------------------------


def line_object(columns: LineColumns, row: int, /) -> LicenseLine:
    """One license line."""
    return LicenseLine(
        license=_text(columns.license, row) or "",
        total=_count(columns.total, row),
        assigned=_count(columns.assigned, row),
        used_7d=_count(columns.used_7d, row),
        used_3m=_count(columns.used_3m, row),
        used_ever=_count(columns.used_ever, row),
        existed=bool(columns.existed[row]),
    )


def _span(sorted_codes: Array, code: int) -> tuple[int, int]:
    """The rows that hold `code`, first and one past the last."""
    bounds = np.array([code, code + 1], sorted_codes.dtype)
    first, last = np.searchsorted(sorted_codes, bounds).tolist()
    return first, last


def _text(column: TextColumn, row: int) -> str | None:
    code = int(column.codes[row])
    return None if code < 0 else str(column.labels[code])


def _day(column: Array, row: int) -> pendulum.Date | None:
    return _as_day(column[row].item())


@functools.lru_cache(maxsize=4096)
def _as_day(day: dt.date | None) -> pendulum.Date | None:
    """The day; few different ones stand in a column."""
    return None if day is None else as_day(day)


def _flag(column: Array, row: int) -> bool | None:
    value = int(column[row])
    return None if value < 0 else bool(value)


def _count(column: Array, row: int) -> int | None:
    value = int(column[row])
    return None if value < 0 else value


def _manager(text: str | None) -> ManagedBy | None:
    """A manager nobody has met is not known as an object; columns keep its text."""
    return next((kind for kind in ManagedBy if kind == text), None)


def _term(text: str | None) -> CommitmentTerm | None:
    """The same for a commitment term."""
    return next((term for term in CommitmentTerm if term == text), None)
