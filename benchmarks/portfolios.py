"""Portfolios of any size for the races: plain numbers, some of them not known."""

from __future__ import annotations

import numpy as np
import pendulum

from partnerhub.columns import unknown
from partnerhub.columns.portfolio import (
    PRODUCTS,
    CustomerColumns,
    LineColumns,
    Portfolio,
    SubscriptionColumns,
)
from partnerhub.columns.text import TextColumn
from partnerhub.columns.timeline import (
    SUBSCRIPTION_FIELDS,
    LineVersions,
    SubscriptionVersions,
    Timeline,
)
from partnerhub.domain.products import (
    CALLING_PROFESSIONAL,
    MEETINGS_LICENSE,
    product_of,
)

AT = pendulum.date(2026, 11, 22)
LICENSES = (CALLING_PROFESSIONAL, MEETINGS_LICENSE, "Webex Messaging")


def portfolio(rows: int, *, customers: int | None = None, seed: int = 0) -> Portfolio:
    """`rows` subscriptions of one license line each, of a fifth as many customers."""
    rng = np.random.default_rng(seed)
    owners = customers or max(1, rows // 5)
    at = np.datetime64(AT.isoformat(), "D")

    def some(values: np.ndarray, blank: object, share: float = 0.05) -> np.ndarray:
        return np.where(rng.random(len(values)) < share, blank, values)

    def days(low: int, high: int) -> np.ndarray:
        return some(at + rng.integers(low, high, rows), unknown.DAY)

    def flags(size: int, share: float) -> np.ndarray:
        told = (rng.random(size) < share).astype(np.int8)
        return some(told, np.int8(unknown.FLAG)).astype(np.int8)

    total = rng.integers(0, 500, rows)
    assigned = (total * rng.random(rows) * 1.1).astype(np.int64)
    used = (assigned * rng.random(rows)).astype(np.int64)
    starts = days(-1500, 60)
    codes = rng.choice(3, rows, p=(0.5, 0.4, 0.1)).astype(np.int32)
    product = np.array([PRODUCTS.index(product_of(n)) for n in LICENSES], np.uint8)
    nothing = TextColumn(
        np.full(rows, unknown.CODE, np.int32), np.empty(0, dtype=object)
    )
    trial = (rng.random(rows) < 0.1).astype(np.int8)
    gone = rng.random(rows) < 0.02
    return Portfolio(
        at=AT,
        customers=CustomerColumns(
            id=np.array([f"{n:036x}" for n in range(owners)], dtype=object),
            name=np.array([f"Customer {n}" for n in range(owners)], dtype=object),
            region=TextColumn(
                np.zeros(owners, np.int32), np.array(["US"], dtype=object)
            ),
            industry=TextColumn.of([None] * owners),
            external_id=TextColumn.of([None] * owners),
            managed_by=TextColumn.of([None] * owners),
            last_admin_sign_in=some(
                at - rng.integers(0, 400, owners), unknown.DAY, 0.2
            ),
            has_admins=flags(owners, 0.98),
        ),
        subscriptions=SubscriptionColumns(
            customer=np.sort(rng.integers(0, owners, rows)).astype(np.int32),
            id=np.array([f"Sub{n}" for n in range(rows)], dtype=object),
            day=at - rng.integers(0, 7, rows),
            first_seen=np.full(rows, unknown.DAY),
            gone=gone,
            has_calling=codes == 0,
            added_on=starts,
            source_status=nothing,
            type=nothing,
            is_trial=trial,
            source_expired=(rng.random(rows) < 0.02).astype(np.int8),
            starts_on=starts,
            ends_on=days(-300, 700),
            auto_renews=flags(rows, 0.6),
            paid=flags(rows, 0.97),
            provisioned=flags(rows, 0.97),
            commitment_term=nothing,
            invoice=nothing,
            orders=nothing,
            users_total=np.full(rows, unknown.COUNT),
            users_verified=np.full(rows, unknown.COUNT),
        ),
        lines=LineColumns(
            subscription=np.arange(rows, dtype=np.int32),
            license=TextColumn(codes, np.array(LICENSES, dtype=object)),
            product=product[codes],
            gone=gone,
            existed=(total > 0) | (assigned > 0),
            total=some(total, unknown.COUNT),
            assigned=some(assigned, unknown.COUNT),
            used_7d=some(used, unknown.COUNT),
            used_3m=some(used, unknown.COUNT),
            used_ever=some(assigned, unknown.COUNT),
        ),
    )


def timeline(
    rows: int, *, weeks: int = 52, share: float = 0.05, seed: int = 0
) -> Timeline:
    """The same portfolio, of which a share of the subscriptions changes every week.

    It begins `weeks` weeks before `AT`.
    """
    rng = np.random.default_rng(seed)
    now = portfolio(rows, seed=seed)
    begin = np.datetime64(AT.isoformat()) - 7 * weeks
    changes = int(rows * share)
    things = [np.arange(rows)]
    things += [rng.choice(rows, changes, replace=False) for _ in range(weeks)]
    week = np.repeat(np.arange(weeks + 1), [len(thing) for thing in things])
    thing = np.concatenate(things)
    order = np.lexsort((week, thing))
    thing, since = thing[order].astype(np.int32), begin + 7 * week[order]
    held, lines = now.subscriptions, now.lines
    later = np.flatnonzero(week[order])  # everything but the first versions
    assigned = lines.assigned[thing]
    assigned[later] = rng.integers(0, 500, len(later))
    used = lines.used_7d[thing]
    used[later] = rng.integers(0, 500, len(later))
    return Timeline(
        customers=now.customers,
        customer=held.customer,
        holder=lines.subscription,
        license=lines.license,
        subscriptions=SubscriptionVersions(
            subscription=thing,
            since=since,
            commitment_term=held.commitment_term.take(thing),
            **{name: getattr(held, name)[thing] for name in SUBSCRIPTION_FIELDS},
        ),
        lines=LineVersions(
            line=thing,
            since=since,
            gone=lines.gone[thing],
            existed=lines.existed[thing],
            total=lines.total[thing],
            assigned=assigned,
            used_7d=used,
            used_ever=lines.used_ever[thing],
        ),
    )
