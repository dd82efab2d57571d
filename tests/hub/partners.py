"""A small partner whose customers show every status, and the hub of it."""

from __future__ import annotations

from typing import Any

import pendulum

import partnerhub as ph
from partnerhub.domain.access import Actor
from partnerhub.domain.customers import Customer
from partnerhub.domain.organizations import Organization
from partnerhub.domain.roles import Role
from partnerhub.domain.subscriptions import LicenseLine, Subscription
from partnerhub.hub import Hub

AT = pendulum.date(2026, 11, 22)
PARTNER = "aaaaaaaa-0000-4000-8000-000000000000"
ANA = "ana@partner.example"
BOB = "bob@partner.example"


def uuid(number: int) -> str:
    return f"c8b0e0d2-0000-4000-8000-{number:012}"


ACME, BOLT, CODA, DUNE = (uuid(number) for number in range(1, 5))


def held(number: int, name: str, key: str, **told: Any) -> Subscription:
    who = Organization(id=uuid(number), name=name, region="US")
    return Subscription(id=key, customer=who, **told)


def line(name: str, total: int | None, assigned: int | None) -> LicenseLine:
    return LicenseLine(license=name, total=total, assigned=assigned)


def customers() -> list[Customer]:
    meetings = "Webex Meetings"
    return [
        Customer(
            organization=each[0].customer,
            last_admin_sign_in=AT,
            subscriptions=tuple(each),
            tags=tags,
            user_emails=(f"kim@{each[0].customer.name.casefold()}.example",),
        )
        for tags, each in (
            (
                ("vip",),
                [
                    held(
                        *(1, "Acme", "Sub1"),
                        ends_on="2026-12-24",
                        auto_renews=True,
                        paid=True,
                        invoice="INV-1",
                        orders=("O-1",),
                        provisioned=True,
                        lines=(line(meetings, 10, 4),),
                    )
                ],
            ),
            (
                (),
                [
                    held(
                        *(2, "Bolt", "Sub2"),
                        ends_on="2026-12-01",
                        auto_renews=False,
                        lines=(line("Webex Calling - Standard", 5, 7),),
                    )
                ],
            ),
            (
                ("north", "vip"),
                [
                    held(
                        *(3, "Coda", "T3"),
                        is_trial=True,
                        ends_on="2026-11-12",
                        lines=(line("Webex Calling - Professional", 5, 1),),
                    )
                ],
            ),
            (
                (),
                [
                    held(
                        *(4, "Dune", "Sub4"),
                        starts_on="2026-11-01",
                        provisioned=False,
                        paid=False,
                        lines=(line(meetings, 8, None),),
                    )
                ],
            ),
        )
    ]


def open_hub(**options: Any) -> Hub:
    """A hub in memory with the four customers; closed by its user."""
    hub = ph.connect("memory:", partner=PARTNER)
    hub.put(*customers(), at=AT)
    return with_clock(hub, **options)


def with_clock(hub: Hub, **options: Any) -> Hub:
    """The same store, asked by somebody else, on the day of the data."""
    store = hub._context.store
    return Hub(store, partner=PARTNER, clock=lambda: AT, **options)


def as_role(hub: Hub, role: Role, *, customers: tuple[str, ...] = ()) -> Hub:
    """The same store, asked by somebody with a role."""
    return with_clock(hub, actor=Actor(email=BOB, roles=[role], customers=customers))
