"""Objects put into a store come back as they were told."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

import partnerhub as ph
from partnerhub.domain.customers import Customer, ManagedBy
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.organizations import Organization
from partnerhub.domain.subscriptions import LicenseLine, Subscription

DAY = dt.date(2026, 11, 22)
ACME = Organization(id="c8b0e0d2-0000-4000-8000-000000000001", name="Acme", region="EU")
SUB = Subscription(
    id="Sub1",
    customer=ACME,
    day=DAY,
    ends_on="2027-01-31",
    auto_renews=True,
    paid=True,
    orders=("O1", "O2"),
    lines=(LicenseLine(license="Webex Meetings", total=10, assigned=4),),
)
CUSTOMER = Customer(
    organization=ACME,
    managed_by=ManagedBy.EXTERNAL,
    last_admin_sign_in="never",
    has_admins=True,
    tags=("vip",),
    subscriptions=(SUB,),
)


def test_a_customer_comes_back_with_all_it_holds(empty: ph.Hub) -> None:
    empty.put(CUSTOMER, at=DAY)
    found = empty.customers.explain("acme", at=DAY).customer
    (held,) = found.subscriptions
    assert attrs.evolve(found, subscriptions=()) == attrs.evolve(
        CUSTOMER, subscriptions=()
    )
    assert attrs.evolve(held, added_on=None) == SUB


def test_what_is_put_later_adds_and_what_is_none_says_nothing(empty: ph.Hub) -> None:
    empty.put(CUSTOMER, at=DAY)
    later = Subscription(id="Sub1", customer=ACME, day="2026-11-29", paid=False)
    empty.put(later)
    (held,) = empty.customers.explain("Acme", at="2026-11-29").customer.subscriptions
    assert (held.paid, held.auto_renews, held.lines) == (False, True, SUB.lines)
    (before,) = empty.customers.explain("Acme", at=DAY).customer.subscriptions
    assert before.paid is True


def test_a_second_region_is_refused_and_nothing_is_put(empty: ph.Hub) -> None:
    empty.put(CUSTOMER, at=DAY)
    moved = attrs.evolve(SUB, customer=attrs.evolve(ACME, region="US"), id="Sub2")
    with pytest.raises(InvalidValue, match="it lies in EU"):
        empty.put(moved)
    held = empty.customers.explain("Acme", at=DAY).customer.subscriptions
    assert [each.id for each in held] == ["Sub1"]


def test_trials_without_an_id_stay_apart(empty: ph.Hub) -> None:
    trial = attrs.evolve(SUB, id="Enterprise Trial", is_trial=True)
    empty.put(trial, trial)
    empty.put(trial, trial)
    assert len(empty.customers.explain("Acme", at=DAY).customer.subscriptions) == 2
