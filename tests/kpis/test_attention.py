import datetime as dt

import pytest
from hypothesis import given, settings

from partnerhub.columns.objects import portfolio_of
from partnerhub.domain import rules
from partnerhub.domain.attention import (
    SUBSCRIPTION_CONCERNS,
    AttentionPolicy,
    Concern,
)
from partnerhub.domain.customers import Customer
from partnerhub.domain.lifecycle import lifecycle
from partnerhub.domain.organizations import Organization
from partnerhub.domain.products import CALLING_PROFESSIONAL
from partnerhub.domain.status import CustomerStatus, statuses
from partnerhub.domain.subscriptions import LicenseLine, Subscription
from partnerhub.kpis.attention import attention
from partnerhub.kpis.exclusions import Exclusions
from tests.strategies import AT, partners


def who(number, name=""):
    uuid = f"c8b0e0d2-0000-4000-8000-{number:012}"
    return Organization(id=uuid, name=name or f"Customer {number}")


def sub(customer, key="Sub1", **told):
    return Subscription(id=key, customer=customer, **told)


def line(total, assigned, name="Webex Meetings"):
    return LicenseLine(license=name, total=total, assigned=assigned)


def found(*held, customers=(), **options):
    return attention(portfolio_of(held, at=AT, customers=customers), **options)


def concerns(result):
    return [f.concern for row in result for f in row.findings]


def test_nobody():
    nobody = found()
    assert (len(nobody), list(nobody), len(nobody.table)) == (0, [], 0)
    fine = found(sub(who(1), ends_on="2028-01-01", paid=True))
    assert len(fine) == 0


@pytest.mark.parametrize(
    ("days", "renews", "expected"),
    [
        (0, False, [Concern.EXPIRING_SOON]),
        (30, None, [Concern.EXPIRING_SOON]),
        (31, False, [Concern.EXPIRING]),
        (90, False, [Concern.EXPIRING]),
        (91, False, []),
        (0, True, [Concern.RENEWING]),
        (90, True, [Concern.RENEWING]),
        (91, True, []),
        (-1, False, [Concern.EXPIRED]),
        (-30, False, [Concern.EXPIRED]),
        (-31, False, []),
    ],
)
def test_expiry_apart_from_renewal_with_the_days_left(days, renews, expected):
    ends_on = AT + dt.timedelta(days)
    result = found(sub(who(1), ends_on=ends_on, auto_renews=renews))
    assert concerns(result) == expected
    for row in result:
        assert [finding.days for finding in row.findings] == [days]


def test_an_expired_customer_is_no_concern_while_something_is_active():
    acme = who(1)
    result = found(
        sub(acme, ends_on=AT - dt.timedelta(3)), sub(acme, "Sub2", ends_on="2028-01-01")
    )
    assert concerns(result) == []


@pytest.mark.parametrize("days", [1, 15, 30])
def test_the_deletion_of_an_expired_calling_trial(days):
    ends_on = AT - dt.timedelta(days)
    lines = (line(5, 1, CALLING_PROFESSIONAL),)
    result = found(sub(who(1), is_trial=True, ends_on=ends_on, lines=lines))
    (row,) = result
    (finding,) = row.findings
    stands = lifecycle(at=AT, ends_on=ends_on, has_calling=True)
    assert finding.concern is Concern.TRIAL_DELETION
    assert finding.days == stands.days_until_deletion
    assert f"deleted on {stands.deletes_on}" in finding.text


@pytest.mark.parametrize(
    ("days", "late"), [(7, False), (8, True), (60, True), (-3, False)]
)
def test_an_order_older_than_seven_days(days, late):
    started = AT - dt.timedelta(days)
    result = found(sub(who(1), provisioned=False, starts_on=started))
    assert concerns(result) == ([Concern.UNFINISHED_ORDER] if late else [])
    if late:
        assert f"{days} days" in next(iter(result)).findings[0].text


def test_an_order_of_which_no_day_is_known_is_not_called_old():
    assert concerns(found(sub(who(1), provisioned=False))) == []


def test_licenses_that_could_be_dropped_before_a_renewal():
    told = {"ends_on": AT + dt.timedelta(40), "auto_renews": True}
    lines = (
        line(10, 4),
        line(5, 5, "Webex Go"),
        line(None, 1, "A"),
        line(3, None, "B"),
    )
    result = found(sub(who(1), lines=lines, **told), concerns=["unassigned"])
    (row,) = result
    (finding,) = row.findings
    assert (finding.amount, finding.days, finding.license) == (6, 40, "Webex Meetings")
    assert "6 of 10 not assigned" in finding.text
    ends = sub(who(1), lines=lines, ends_on=told["ends_on"], auto_renews=False)
    assert concerns(found(ends)) == [Concern.EXPIRING]


def test_overage_and_suspension():
    result = found(sub(who(1), paid=False, lines=(line(5, 7),)))
    assert concerns(result) == [Concern.SUSPENDED, Concern.OVERAGE]
    over = next(iter(result)).findings[1]
    assert (over.amount, over.days) == (2, None)


def test_low_assignment_next_to_the_peers():
    held = [sub(who(n), lines=(line(100, 90 if n else 10),)) for n in range(6)]
    result = found(*held)
    (row,) = result
    assert row.findings[0].concern is Concern.LOW_ASSIGNMENT
    assert "assigns 10.0 % of its licenses" in row.findings[0].text
    without = found(*held, peers=False)
    assert (len(without), set(without.left_out)) == (0, {Concern.LOW_ASSIGNMENT})


def test_inactivity():
    acme = Customer(
        organization=who(1),
        last_admin_sign_in="2025-01-01",
        subscriptions=(sub(who(1), ends_on="2028-01-01"),),
    )
    result = found(customers=[acme])
    assert concerns(result) == [Concern.INACTIVE]


class TestRanking:
    def held(self):
        return (
            sub(who(1, "Z"), ends_on=AT + dt.timedelta(9)),
            sub(who(2, "A"), ends_on=AT + dt.timedelta(9)),
            sub(who(3, "M"), ends_on=AT + dt.timedelta(2)),
            sub(who(4, "N"), paid=False),
            sub(who(5, "O"), ends_on=AT + dt.timedelta(50)),
        )

    def names(self, result):
        return [row.name for row in result]

    def test_by_concern_then_days_then_name(self):
        result = found(*self.held())
        assert self.names(result) == ["N", "M", "A", "Z", "O"]
        assert [row.rank for row in result] == [1, 2, 3, 4, 5]
        assert self.names(result.top(2)) == ["N", "M"]
        assert result.table["rank"].tolist() == [1, 2, 3, 4, 5]
        assert [each["name"] for each in result.to_dicts()] == self.names(result)

    def test_the_order_is_policy(self):
        policy = AttentionPolicy(order=(Concern.EXPIRING, Concern.EXPIRING_SOON))
        assert self.names(found(*self.held(), policy=policy)) == ["O", "M", "A", "Z"]


class TestExclusions:
    def test_a_license_type(self):
        held = (sub(who(1), lines=(line(5, 7), line(5, 7, "Webex Go"))),)
        result = found(*held, exclude=Exclusions(licenses="webex  GO"))
        assert [f.license for row in result for f in row.findings] == ["Webex Meetings"]
        assert len(result.excluded) == 0
        both = found(*held, exclude=Exclusions(licenses=["Webex Go", "webex meetings"]))
        assert len(both) == 0
        assert both.excluded["customer"].tolist() == ["Customer 1"]

    def test_customers(self):
        held = [sub(who(n), paid=False) for n in (1, 2)]
        result = found(*held, exclude=Exclusions(customers=[who(1).id.uuid]))
        assert [row.id for row in result] == [who(2).id.uuid]
        assert result.excluded["org_id"].tolist() == [who(1).id.uuid]


@given(partners())
@settings(max_examples=25)
def test_columns_find_what_the_rules_say_of_each_object(customers):
    """And every finding has a text, and days that its window allows."""
    result = found(customers=customers)
    got = {(row.id, f.concern, f.subscription) for row in result for f in row.findings}
    d = rules.day_bounds(AT)
    for customer in customers:
        flags = statuses(customer, at=AT).flags
        inactive = (customer.id, Concern.INACTIVE, None) in got
        assert inactive == bool(flags & CustomerStatus.NO_RECENT_ACTIVITY)
        for concern, rule in SUBSCRIPTION_CONCERNS.items():
            ids = {
                held.id
                for held in customer.subscriptions
                if rule(rules.with_state(rules.object_view(held), d), d)
            }
            told = {s for w, c, s in got if (w, c) == (customer.id, concern)}
            assert told == ids
        droppable = {
            (held.id, each.license)
            for held in customer.subscriptions
            if rules.nearing_renewal(rules.with_state(rules.object_view(held), d), d)
            for each in held.lines
            if each.available
        }
        told = {
            (f.subscription, f.license)
            for row in result
            if row.id == customer.id
            for f in row.findings
            if f.concern is Concern.UNASSIGNED
        }
        assert told == droppable
    for row in result:
        for finding in row.findings:
            assert finding.text
            if finding.concern in {Concern.EXPIRING, Concern.RENEWING}:
                assert 0 <= finding.days <= 90
