"""The sample as domain objects, for examples and tests of small partners."""

from __future__ import annotations

from collections.abc import Iterator

import pendulum

from partnerhub.columns.unknown import FLAG, Array
from partnerhub.domain.customers import Customer
from partnerhub.domain.organizations import Organization
from partnerhub.domain.source_text import TRIAL_ID
from partnerhub.domain.subscriptions import LicenseLine, Subscription
from partnerhub.sample.customers import Customers, industries, sign_ins
from partnerhub.sample.snapshots import Snapshot
from partnerhub.sample.subscriptions import LICENSES


def customer_objects(on: Snapshot, /) -> Iterator[Customer]:
    """The customers that a file of one day has, with what they hold."""
    of = on.of
    organizations = _organizations(of)
    held: dict[int, list[Subscription]] = {}
    for row, customer in enumerate(on.held.customer.tolist()):
        one = _subscription(on, row, organizations[customer])
        held.setdefault(customer, []).append(one)
    days, has_admins = sign_ins(of)
    for customer, found in held.items():
        yield Customer(
            organization=organizations[customer],
            last_admin_sign_in=days[customer].item(),
            has_admins=_flag(has_admins, customer),
            subscriptions=tuple(found),
        )


def _organizations(of: Customers) -> list[Organization]:
    columns = (of.ids, of.names, of.regions, industries(of).texts())
    return [
        Organization(id=uuid, name=name, region=region, industry=industry)
        for uuid, name, region, industry in zip(*columns, strict=True)
    ]


def _subscription(on: Snapshot, row: int, customer: Organization) -> Subscription:
    held, last = on.held, pendulum.instance(on.of.setting.until)
    one = held.take(slice(row, row + 1))
    return Subscription(
        id=one.ids()[0] or TRIAL_ID,
        customer=customer,
        day=on.on,
        source_status="Expired" if on.expired[row] else "Active",
        is_trial=bool(held.trial[row]),
        starts_on=last.add(days=int(held.starts[row])),
        ends_on=last.add(days=int(on.ends[row])) if held.ends_known[row] else None,
        auto_renews=_flag(held.renews, row),
        paid=_flag(held.paid, row),
        provisioned=_flag(held.provisioned, row),
        lines=tuple(
            LicenseLine(
                license=LICENSES[line],
                total=_count(on.totals, row, line),
                assigned=_count(on.assigned, row, line),
                used_7d=_count(on.used_7d, row, line),
                used_3m=_count(on.used_3m, row, line),
                used_ever=_count(on.used_ever, row, line),
            )
            for line in held.lines[row].nonzero()[0].tolist()
        ),
    )


def _flag(flags: Array, row: int) -> bool | None:
    return None if flags[row] == FLAG else bool(flags[row])


def _count(counts: Array, row: int, line: int) -> int | None:
    count = int(counts[row, line])
    return None if count < 0 else count
