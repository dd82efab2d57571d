"""The statuses of one customer: sets, primaries, reasons, what is not known."""

from __future__ import annotations

import datetime as dt

import pendulum
import pytest
from hypothesis import given

from partnerhub.domain.customers import NEVER, Customer
from partnerhub.domain.organizations import Organization
from partnerhub.domain.policies import StatusPolicy
from partnerhub.domain.status import (
    MEANINGS,
    NEED_ATTENTION,
    NONE,
    PRIMARY_ORDER,
    CustomerStatus,
    primary,
    settled,
    statuses,
)
from partnerhub.domain.subscriptions import LicenseLine, Subscription
from tests.strategies import customers

AT = pendulum.date(2026, 11, 22)
ACME = Organization(id="00000000-0000-4000-8000-00000000000a", name="Acme")
S = CustomerStatus


def day(offset: int) -> dt.date:
    return AT + dt.timedelta(offset)


def held(name: str = "Sub1", *, ends: int | None = 400, **known) -> Subscription:
    known = {"paid": True, "provisioned": True} | known
    ends_on = None if ends is None else day(ends)
    return Subscription(id=name, customer=ACME, ends_on=ends_on, **known)


def of(*subscriptions: Subscription, **known):
    known = {"last_admin_sign_in": AT} | known
    who = Customer(organization=ACME, subscriptions=subscriptions, **known)
    return statuses(who, at=AT)


def texts(found, status: CustomerStatus) -> list[str]:
    return [reason.text for reason in found.reasons[status]]


# The set


def test_a_customer_that_never_had_a_subscription_has_no_status():
    found = of(has_admins=False)
    assert found.flags == NONE
    assert found.primary is None
    assert list(found) == []


@pytest.mark.parametrize(
    ("subscriptions", "expected"),
    [
        ([held()], S.SUBSCRIPTION),
        ([held(is_trial=True)], S.TRIAL),
        ([held(), held(is_trial=True)], S.SUBSCRIPTION | S.TRIAL),
        ([held(ends=-1)], S.EXPIRED),
        ([held(ends=-1), held("Sub2")], S.SUBSCRIPTION),
        ([held(ends=-1), held(is_trial=True)], S.TRIAL),
        ([held(gone=True)], S.EXPIRED),
        ([held(starts_on=day(1))], NONE),
        ([held(starts_on=day(1), provisioned=False)], S.READY_FOR_ORDER_SETUP),
        ([held(ends=-1), held(starts_on=day(1))], S.EXPIRED),
        ([held(source_status="Suspended", paid=False)], S.SUBSCRIPTION | S.SUSPENDED),
        ([held(ends=30)], S.SUBSCRIPTION | S.EXPIRING_SOON),
        ([held(ends=31)], S.SUBSCRIPTION),
        ([held(ends=10, auto_renews=True)], S.SUBSCRIPTION),
        ([held(ends=None)], S.SUBSCRIPTION),
    ],
)
def test_which_statuses_hold(subscriptions, expected):
    assert of(*subscriptions).flags == expected


def test_an_expired_calling_trial_is_suspended_and_expired():
    lines = (LicenseLine(license="Webex Calling - Standard", total=1, assigned=0),)
    found = of(held(ends=-30, is_trial=True, lines=lines))
    assert found.flags == S.SUSPENDED | S.EXPIRED
    assert texts(found, S.SUSPENDED) == [
        "the trial ended 30 days ago, on 2026-10-23 and is not yet deleted"
    ]


@pytest.mark.parametrize(
    ("bits", "expected"),
    [
        (0, 0),
        (S.EXPIRED, S.EXPIRED),
        (S.EXPIRED | S.TRIAL, S.TRIAL),
        (S.EXPIRED | S.SUBSCRIPTION | S.SUSPENDED, S.SUBSCRIPTION | S.SUSPENDED),
        (S.EXPIRED | S.SUSPENDED, S.EXPIRED | S.SUSPENDED),
    ],
)
def test_expired_is_taken_back_where_one_is_active(bits, expected):
    found = settled(CustomerStatus(bits).value, where=lambda c, a, b: a if c else b)
    assert CustomerStatus(found) == CustomerStatus(expected)


def test_the_primary_is_the_most_urgent():
    left = CustomerStatus(255)
    for status in PRIMARY_ORDER:
        assert primary(left) is status
        left &= ~status
    assert primary(left) is None


def test_every_status_has_a_meaning_a_place_and_a_name():
    assert set(PRIMARY_ORDER) == set(MEANINGS) == set(CustomerStatus)
    assert CustomerStatus(255) & ~(S.TRIAL | S.SUBSCRIPTION) == NEED_ATTENTION
    assert [status.code for status in S.SUSPENDED | S.TRIAL] == ["trial", "suspended"]
    assert S.READY_FOR_ORDER_SETUP.label == "Ready for order setup"


def test_the_policy_moves_the_days():
    who = Customer(organization=ACME, subscriptions=(held(ends=10),))
    policy = StatusPolicy(expiring_within=9)
    assert S.EXPIRING_SOON not in statuses(who, at=AT, policy=policy)
    assert S.EXPIRING_SOON in statuses(who, at=AT)


# Reasons


@pytest.mark.parametrize(
    ("subscription", "status", "text", "days"),
    [
        (held(ends=0), S.EXPIRING_SOON, "ends in 0 days, on 2026-11-22", 0),
        (held(ends=1), S.EXPIRING_SOON, "ends in 1 day, on 2026-11-23", 1),
        (
            held(ends=9, auto_renews=True),
            S.SUBSCRIPTION,
            "renews in 9 days, on 2026-12-01",
            9,
        ),
        (
            held(ends=-1, auto_renews=True),
            S.SUBSCRIPTION,
            "renewal date 2026-11-21 passed, newer data needed",
            -1,
        ),
        (held(ends=None), S.SUBSCRIPTION, "end unknown", None),
        (held(ends=-2), S.EXPIRED, "ended 2 days ago, on 2026-11-20", -2),
        (held(gone=True), S.EXPIRED, "gone from the newest file", 400),
        (held(source_status="Expired"), S.EXPIRED, "its source says Expired", 400),
        (held(paid=False), S.SUSPENDED, "not paid", 400),
        (
            held(provisioned=False),
            S.READY_FOR_ORDER_SETUP,
            "not completely set up",
            400,
        ),
    ],
)
def test_a_subscription_says_why(subscription, status, text, days):
    (reason,) = of(subscription).reasons[status]
    assert (reason.text, reason.days) == (text, days)
    assert (reason.subscription, reason.license) == ("Sub1", None)


def test_each_line_over_its_limit_is_a_reason():
    lines = (
        LicenseLine(license="Webex Meetings", total=10, assigned=12),
        LicenseLine(license="Webex Calling - Standard", total=5, assigned=5),
        LicenseLine(license="Webex Calling - Professional", total=0, assigned=1),
    )
    found = of(held(lines=lines))
    assert texts(found, S.LICENSE_OVERAGE) == [
        "Webex Meetings: 12 assigned of 10, 2 over",
        "Webex Calling - Professional: 1 assigned of 0, 1 over",
    ]
    assert found.reasons[S.LICENSE_OVERAGE][0].license == "Webex Meetings"


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (
            {"last_admin_sign_in": day(-91)},
            "last administrator sign-in 91 days ago, on 2026-08-23",
        ),
        ({"last_admin_sign_in": NEVER}, "no administrator ever signed in"),
        ({"last_admin_sign_in": "never"}, "no administrator ever signed in"),
        ({"last_admin_sign_in": AT, "has_admins": False}, "it has no administrator"),
    ],
)
def test_no_recent_activity_says_why(known, text):
    assert texts(of(held(), **known), S.NO_RECENT_ACTIVITY) == [text]


# What is not known


@pytest.mark.parametrize(
    ("subscription", "status", "text"),
    [
        (held(ends=None), S.EXPIRING_SOON, "end not known"),
        (held(paid=None), S.SUSPENDED, "payment not known"),
        (held(provisioned=None), S.READY_FOR_ORDER_SETUP, "set-up state not known"),
        (
            held(lines=(LicenseLine(license="Webex Meetings", total=3),)),
            S.LICENSE_OVERAGE,
            "Webex Meetings: number not known",
        ),
    ],
)
def test_an_unknown_input_sets_nothing_and_is_named(subscription, status, text):
    found = of(subscription)
    assert status not in found
    assert {s: [r.text for r in rs] for s, rs in found.not_known.items()} == {
        status: [text]
    }


def test_unknown_sign_ins_are_named_without_a_subscription():
    found = of(held(), last_admin_sign_in=None)
    missing = found.not_known[S.NO_RECENT_ACTIVITY]
    assert [(reason.text, reason.subscription) for reason in missing] == [
        ("administrator sign-in not known", None),
        ("whether it has administrators not known", None),
    ]


@given(customers())
def test_each_status_has_a_reason_and_is_not_called_unknown(customer):
    found = statuses(customer, at=AT)
    assert set(found.reasons) == set(found.flags)
    assert all(found.reasons.values())
    assert not set(found.not_known) & set(found.flags)
    assert (S.EXPIRED in found) <= (not found.flags & (S.TRIAL | S.SUBSCRIPTION))
