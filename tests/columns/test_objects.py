"""Domain objects to columns and back."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from hypothesis import given

from partnerhub.columns.objects import (
    customer_object,
    portfolio_of,
    subscription_object,
)
from partnerhub.columns.text import TextColumn
from partnerhub.domain.customers import Customer
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.organizations import Organization
from partnerhub.domain.source_text import trial_identity
from partnerhub.domain.subscriptions import LicenseLine, Subscription
from tests.strategies import AT, partners

ACME = Organization(id="00000000-0000-4000-8000-00000000000a", name="Acme")


@given(partners())
def test_customers_come_back_equal_and_in_order_of_their_id(partner):
    portfolio = portfolio_of(at=AT, customers=partner)
    back = [customer_object(portfolio, row) for row in range(len(partner))]
    assert back == sorted(partner, key=lambda customer: customer.id)


@given(partners())
def test_subscriptions_alone_say_who_their_customers_are(partner):
    held = [subscription for each in partner for subscription in each.subscriptions]
    portfolio = portfolio_of(held, at=AT)
    back = [customer_object(portfolio, row) for row in range(len(portfolio.customers))]
    expected = [
        Customer(organization=each.organization, subscriptions=each.subscriptions)
        for each in sorted(partner, key=lambda customer: customer.id)
        if each.subscriptions
    ]
    assert back == expected


@given(partners())
def test_columns_are_sorted_by_customer_and_by_subscription(partner):
    portfolio = portfolio_of(at=AT, customers=partner)
    assert (np.diff(portfolio.subscriptions.customer) >= 0).all()
    assert (np.diff(portfolio.lines.subscription) >= 0).all()


def test_a_customer_without_subscriptions_is_kept():
    portfolio = portfolio_of(at=AT, customers=[Customer(organization=ACME)])
    assert portfolio.customers.id.tolist() == [ACME.id.uuid]
    assert len(portfolio.subscriptions) == len(portfolio.lines) == 0


def test_a_known_region_and_name_replace_unknown_ones():
    bare = attrs.evolve(ACME, name="")
    found = attrs.evolve(ACME, region="US", industry="Retail")
    held = [Subscription(id=f"Sub{n}", customer=o) for n, o in enumerate((bare, found))]
    (acme,) = customer_objects(portfolio_of(held, at=AT))
    assert acme.organization == found
    assert [subscription.id for subscription in acme.subscriptions] == ["Sub0", "Sub1"]


def test_two_regions_of_one_customer_are_a_problem_that_names_both():
    held = [
        Subscription(id=region, customer=attrs.evolve(ACME, region=region))
        for region in ("US", "EU")
    ]
    with pytest.raises(InvalidValue, match=r"'Acme'.* US and EU"):
        portfolio_of(held, at=AT)


def test_a_customer_given_twice_is_refused():
    with pytest.raises(InvalidValue, match="twice"):
        portfolio_of(at=AT, customers=[Customer(organization=ACME)] * 2)


def test_a_line_existed_once_any_of_its_numbers_was_above_0():
    lines = (
        LicenseLine(license="a", total=0, assigned=0),
        LicenseLine(license="b"),
        LicenseLine(license="c", total=0, used_ever=1),
    )
    held = Subscription(id="Sub1", customer=ACME, lines=lines)
    portfolio = portfolio_of([held], at=AT)
    assert portfolio.lines.existed.tolist() == [False, False, True]


def test_a_line_that_is_gone_is_no_line_of_the_object():
    held = Subscription(
        id="Sub1", customer=ACME, lines=(LicenseLine(license="a", total=1),)
    )
    portfolio = portfolio_of([held], at=AT)
    gone = attrs.evolve(portfolio.lines, gone=np.array([True]))
    portfolio = attrs.evolve(portfolio, lines=gone)
    assert subscription_object(portfolio, 0, customer=ACME).lines == ()


def test_the_lines_of_a_gone_subscription_stay_with_it():
    lines = (LicenseLine(license="a", total=1),)
    held = Subscription(id="Sub1", customer=ACME, lines=lines, gone=True)
    portfolio = portfolio_of([held], at=AT)
    assert portfolio.lines.gone.tolist() == [True]
    assert subscription_object(portfolio, 0, customer=ACME) == held


def test_a_trial_without_an_id_has_the_literal_as_its_id():
    identity = trial_identity("Flex", ["Webex Meetings"], 2)
    held = Subscription(id=identity, customer=ACME, is_trial=True)
    portfolio = portfolio_of([held], at=AT)
    assert portfolio.subscriptions.id.tolist() == [identity]
    found = subscription_object(portfolio, 0, customer=ACME)
    assert found.id == "Enterprise Trial"


def test_tags_and_addresses_come_from_elsewhere():
    portfolio = portfolio_of(at=AT, customers=[Customer(organization=ACME)])
    acme = customer_object(portfolio, 0, tags=["vip"], user_emails=["a@acme.example"])
    assert (acme.tags, acme.user_emails) == (("vip",), ("a@acme.example",))


def test_texts_nobody_has_met_stay_in_columns_and_are_not_known_as_objects():
    held = Subscription(id="Sub1", customer=ACME)
    portfolio = portfolio_of([held], at=AT)
    new = TextColumn.of(["biennial"])
    portfolio = attrs.evolve(
        portfolio,
        customers=attrs.evolve(portfolio.customers, managed_by=new),
        subscriptions=attrs.evolve(portfolio.subscriptions, commitment_term=new),
    )
    (acme,) = customer_objects(portfolio)
    assert acme.managed_by is None
    assert acme.subscriptions == (held,)


def customer_objects(portfolio):
    return [customer_object(portfolio, row) for row in range(len(portfolio.customers))]
