"""Customers: when somebody last signed in, and texts that no store keeps."""

from __future__ import annotations

import pytest

from partnerhub.domain.customers import NEVER, Customer
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.layouts import CUSTOMER_FACTS
from partnerhub.domain.organizations import Organization

ACME = Organization(id="c8b0e0d2-0000-4000-8000-000000000001", name="Acme", region="EU")


@pytest.mark.parametrize("word", ["never", " Jamais ", "NEVER"])
def test_never_is_a_day_in_both_languages(word: str):
    assert Customer(organization=ACME, last_admin_sign_in=word).last_admin_sign_in == (
        NEVER
    )
    words = CUSTOMER_FACTS.column("last_admin_sign_in").words
    assert words[word.strip().casefold()] == NEVER


def test_a_sign_in_is_a_day_or_not_known():
    known = Customer(organization=ACME, last_admin_sign_in="2026-11-22")
    assert str(known.last_admin_sign_in) == "2026-11-22"
    assert Customer(organization=ACME).last_admin_sign_in is None
    with pytest.raises(InvalidValue):
        Customer(organization=ACME, last_admin_sign_in="soon")


@pytest.mark.parametrize("name", ["tags", "user_emails"])
def test_texts_that_no_store_keeps_are_refused(name: str):
    with pytest.raises(InvalidValue):
        Customer(organization=ACME, **{name: ("vip", "a\0b")})


def test_a_customer_is_known_by_its_organization():
    customer = Customer(organization=ACME, tags=["vip"])
    assert (customer.id, customer.name, customer.region) == (
        ACME.id.uuid,
        "Acme",
        "EU",
    )
    assert customer.tags == ("vip",)
