"""Subscriptions and license lines: counts, what is told by texts, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.organizations import Organization
from partnerhub.domain.products import Product
from partnerhub.domain.rules import LARGEST
from partnerhub.domain.subscriptions import LicenseLine, Subscription, existed

ACME = Organization(id="c8b0e0d2-0000-4000-8000-000000000001", name="Acme")
COUNTS = ("total", "assigned", "used_7d", "used_3m", "used_ever")


@pytest.mark.parametrize("name", COUNTS)
def test_a_count_stays_below_what_an_unknown_total_reads_as(name: str):
    line = LicenseLine(license="Webex Meetings", **{name: LARGEST - 1})
    assert getattr(line, name) == LARGEST - 1
    for number in (LARGEST, LARGEST + 1):
        with pytest.raises(InvalidValue, match=name):
            LicenseLine(license="Webex Meetings", **{name: number})


def test_a_negative_total_is_unknown_and_any_other_negative_count_is_refused():
    assert LicenseLine(license="L", total=-1).total is None
    with pytest.raises(InvalidValue, match="assigned"):
        LicenseLine(license="L", assigned=-1)
    with pytest.raises(InvalidValue, match="users_total"):
        Subscription(id="S", customer=ACME, users_total=LARGEST)


@pytest.mark.parametrize("name", COUNTS)
def test_any_count_above_0_makes_a_line_exist(name: str):
    assert LicenseLine(license="L", **{name: 1}).existed
    assert not LicenseLine(license="L", **{name: 0}).existed


def test_columns_of_counts_exist_by_the_same_rule():
    found = existed(np.array([-1, 0, 1, 0]), None, np.array([-1, 0, 0, 2]))
    assert found.tolist() == [False, False, True, True]


def test_available_is_known_when_both_numbers_are():
    assert LicenseLine(license="L", total=3, assigned=5).available == 0
    assert LicenseLine(license="L", total=3).available is None


def test_texts_tell_whether_it_is_a_trial_paid_or_expired_unless_it_is_given():
    told = Subscription(id="S", customer=ACME, source_status="Trial expired")
    assert (told.is_trial, told.paid, told.source_expired) == (True, None, True)
    unpaid = Subscription(id="S", customer=ACME, source_status="Suspended")
    assert (unpaid.is_trial, unpaid.paid) == (False, False)
    given = Subscription(
        id="Enterprise Trial",
        customer=ACME,
        source_status="Suspended",
        paid=True,
        is_trial=False,
    )
    assert (given.is_trial, given.paid) == (False, True)


def test_products_are_those_of_the_lines_that_existed():
    lines = (
        LicenseLine(license="Webex Calling - Standard", total=0),
        LicenseLine(license="Webex Meetings", used_ever=1),
    )
    held = Subscription(id="S", customer=ACME, lines=lines)
    assert held.products == {Product.MEETINGS}
    assert not held.has_calling


@pytest.mark.parametrize(
    "texts",
    [
        {"id": "a\0"},
        {"id": "S", "type": "a\0"},
        {"id": "S", "source_status": "a\0"},
        {"id": "S", "invoice": "a\0"},
        {"id": "S", "orders": ("O1", "a\ud800")},
    ],
)
def test_texts_that_no_store_keeps_are_refused(texts):
    with pytest.raises(InvalidValue):
        Subscription(customer=ACME, **texts)
