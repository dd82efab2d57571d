"""Random objects of every domain class, with all that can be unknown.

Days lie around those on which a rule changes its mind, numbers are small enough to be
equal or over a limit by chance, and texts are as people type them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pendulum
from hypothesis import strategies as st

from partnerhub.domain.customers import NEVER, Customer, ManagedBy
from partnerhub.domain.ids import WebexId
from partnerhub.domain.organizations import Organization, PartnerOrganization
from partnerhub.domain.policies import StatusPolicy
from partnerhub.domain.products import (
    CALLING_PROFESSIONAL,
    CALLING_STANDARD,
    MEETINGS_LICENSE,
)
from partnerhub.domain.regions import CA, EU, US
from partnerhub.domain.source_text import TRIAL_ID
from partnerhub.domain.subscriptions import CommitmentTerm, LicenseLine, Subscription

AT = pendulum.date(2026, 11, 22)
"""The day on which the boundaries below lie."""

EDGES = (0, 1, 29, 30, 31, 89, 90, 91)
OFFSETS = tuple(sorted({*EDGES, *(-days for days in EDGES), -400, 400}))
"""Days before and after `AT` on which some rule changes its mind, or long has."""

LICENSES = (
    CALLING_PROFESSIONAL,
    CALLING_STANDARD,
    MEETINGS_LICENSE,
    "Call on Webex",
    "Webex Messaging",
    "Slido",
)
STATUSES = ("", "Active", "Expired", "Suspended", "Trial expired", "Dormant")


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The same values, or None for one that is not known."""
    return st.none() | strategy


def days(at: dt.date = AT) -> st.SearchStrategy[dt.date]:
    """Days on and around the boundaries of every rule."""
    return st.sampled_from(OFFSETS).map(lambda offset: at + dt.timedelta(offset))


def uuids() -> st.SearchStrategy[str]:
    """Uuids of organizations."""
    return st.integers(0, 2**48 - 1).map(lambda n: f"00000000-0000-4000-8000-{n:012x}")


def webex_ids() -> st.SearchStrategy[WebexId]:
    """Ids in either form."""
    return uuids().map(WebexId.parse)


def names(max_size: int = 8) -> st.SearchStrategy[str]:
    """Texts as they come: spaces, quotes, accents, formulas; no NUL."""
    alphabet = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    return st.text(alphabet, max_size=max_size)


@st.composite
def organizations(draw: st.DrawFn) -> Organization:
    """Organizations, of known and unknown regions."""
    return Organization(
        id=draw(uuids()),
        name=draw(names()),
        region=draw(maybe(st.sampled_from((US, CA, EU, "APAC")))),
        industry=draw(maybe(st.sampled_from(("Retail", "Health")))),
        external_id=draw(maybe(st.sampled_from(("W-1", "W-2")))),
    )


@st.composite
def partner_organizations(draw: st.DrawFn) -> PartnerOrganization:
    """Partners, with or without a profile."""
    return PartnerOrganization(
        id=draw(uuids()),
        name=draw(names()),
        industry=draw(maybe(st.sampled_from(("Retail", "Health")))),
        expected_users=draw(maybe(st.integers(0, 1000))),
    )


def status_policies() -> st.SearchStrategy[StatusPolicy]:
    """Policies around the defaults."""
    return st.builds(
        StatusPolicy,
        expiring_within=st.integers(0, 90),
        inactive_after=st.integers(1, 180),
    )


@st.composite
def license_lines(draw: st.DrawFn, licenses: tuple[str, ...] = LICENSES) -> LicenseLine:
    """License lines with small numbers, so that some are equal and some are over."""
    counts = maybe(st.integers(0, 6))
    return LicenseLine(
        license=draw(st.sampled_from(licenses)),
        total=draw(counts),
        assigned=draw(counts),
        used_7d=draw(counts),
        used_3m=draw(counts),
        used_ever=draw(counts),
    )


@st.composite
def subscriptions(
    draw: st.DrawFn,
    at: dt.date = AT,
    customer: st.SearchStrategy[Organization] | None = None,
) -> Subscription:
    """Subscriptions and trials, with any of their inputs unknown."""
    flags = st.none() | st.booleans()
    lines = st.lists(license_lines(), max_size=4, unique_by=lambda each: each.license)
    return Subscription(
        id=draw(st.sampled_from(("Sub1", "Sub2", TRIAL_ID))),
        customer=draw(customer if customer is not None else organizations()),
        day=draw(maybe(st.integers(0, 20).map(lambda n: at - dt.timedelta(n)))),
        source_status=draw(st.sampled_from(STATUSES)),
        type=draw(names(4)),
        is_trial=draw(st.booleans()),
        starts_on=draw(maybe(days(at))),
        ends_on=draw(maybe(days(at))),
        auto_renews=draw(flags),
        paid=draw(flags),
        provisioned=draw(flags),
        commitment_term=draw(maybe(st.sampled_from(CommitmentTerm))),
        invoice=draw(maybe(st.sampled_from(("INV-1", "INV-2")))),
        orders=tuple(draw(st.lists(st.sampled_from(("O1", "O2")), max_size=2))),
        users_total=draw(maybe(st.integers(0, 10))),
        users_verified=draw(maybe(st.integers(0, 10))),
        lines=tuple(draw(lines)),
        added_on=draw(maybe(days(at))),
        gone=draw(st.sampled_from((False, False, False, True))),
    )


@st.composite
def customers(draw: st.DrawFn, at: dt.date = AT) -> Customer:
    """Customers with none to three subscriptions and trials."""
    organization = draw(organizations())
    held = st.lists(subscriptions(at, st.just(organization)), max_size=3)
    return Customer(
        organization=organization,
        managed_by=draw(maybe(st.sampled_from(ManagedBy))),
        last_admin_sign_in=draw(maybe(st.just(NEVER) | days(at))),
        has_admins=draw(st.none() | st.booleans()),
        subscriptions=tuple(draw(held)),
    )


def partners(
    at: dt.date = AT, *, max_size: int = 12
) -> st.SearchStrategy[list[Customer]]:
    """All customers of a partner, in any order."""
    return st.lists(customers(at), max_size=max_size, unique_by=lambda each: each.id)
