import pytest

from partnerhub.domain.customers import Customer
from partnerhub.domain.detail import (
    license_use,
    order_history,
    subscription_details,
    trial_details,
)
from partnerhub.domain.lifecycle import TrialState
from partnerhub.domain.organizations import Organization
from partnerhub.domain.products import CALLING_PROFESSIONAL
from partnerhub.domain.subscriptions import LicenseLine, Subscription
from tests.strategies import AT

ACME = Organization(id="c8b0e0d2-0000-4000-8000-000000000001", name="Acme")


def acme(*held):
    return Customer(organization=ACME, subscriptions=held)


def sub(key="Sub1", **told):
    return Subscription(id=key, customer=ACME, **told)


@pytest.mark.parametrize(
    ("total", "assigned", "surplus", "overage"),
    [(5, 3, 2, 0), (3, 5, 0, 2), (None, 5, None, None), (5, None, None, None)],
)
def test_surplus_and_overage(total, assigned, surplus, overage):
    use = license_use(LicenseLine(license="X", total=total, assigned=assigned))
    assert (use.surplus, use.overage) == (surplus, overage)


def test_use_says_what_it_counts():
    assert license_use(LicenseLine(license="X", used_7d=1, used_ever=4)).used == 1
    ever = license_use(LicenseLine(license="X", used_ever=4))
    assert (ever.used, ever.used_basis) == (4, "ever")
    none = license_use(LicenseLine(license="X"))
    assert (none.used, none.used_basis) == (None, "")


def test_active_subscriptions_come_first_and_trials_stand_elsewhere():
    rows = subscription_details(
        acme(
            sub("Over", ends_on="2026-01-01"),
            sub("Later", ends_on="2027-06-01"),
            sub("Renews", ends_on="2027-01-01", auto_renews=True),
            sub("Trial", is_trial=True),
            sub("Open"),
        ),
        at=AT,
        tags={"Open": ("watch",)},
    )
    assert [row.id for row in rows] == ["Renews", "Later", "Open", "Over"]
    renews, later, opened, over = rows
    assert (renews.renews_on, renews.ends_on) == (AT.replace(2027, 1, 1), None)
    assert (later.renews_on, later.ends_on) == (None, AT.replace(2027, 6, 1))
    assert (opened.end, opened.tags) == ("end unknown", ("watch",))
    assert (over.active, over.end) == (False, "ended 325 days ago, on 2026-01-01")


def test_licenses_that_never_were_are_left_out():
    lines = (LicenseLine(license="A", total=0), LicenseLine(license="B", total=1))
    (row,) = subscription_details(acme(sub(lines=lines)), at=AT)
    assert [use.license for use in row.licenses] == ["B"]


def test_the_order_history_has_the_newest_first():
    rows = order_history(
        acme(
            sub("Old", orders=("O-1", "O-2"), starts_on="2025-01-01"),
            sub("New", orders=("O-3",), added_on="2026-01-01", invoice="I"),
            sub("Unknown", orders=("O-4",)),
        )
    )
    assert [row.order for row in rows] == ["O-3", "O-1", "O-2", "O-4"]
    assert rows[0].invoice == "I"


def test_trials_say_where_they_stand():
    calling = (LicenseLine(license=CALLING_PROFESSIONAL, total=5),)
    rows = trial_details(
        acme(
            sub("Running", is_trial=True, ends_on="2026-12-01"),
            sub("Over", is_trial=True, ends_on="2026-11-12", lines=calling),
            sub("Told", is_trial=True, source_status="Trial expired"),
            sub("Sub1"),
        ),
        at=AT,
    )
    assert [(row.id, row.days_left, row.lifecycle.state) for row in rows] == [
        ("Told", None, TrialState.EXPIRED),
        ("Running", 9, TrialState.ACTIVE),
        ("Over", -10, TrialState.SUSPENDED),
    ]
