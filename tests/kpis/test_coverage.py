"""What a result says it rests on."""

from __future__ import annotations

import pendulum

from partnerhub import kpis
from partnerhub.columns.objects import portfolio_of
from partnerhub.domain.customers import NEVER, Customer
from partnerhub.domain.organizations import Organization
from partnerhub.domain.policies import KpiPolicy
from partnerhub.domain.products import Product
from partnerhub.domain.subscriptions import LicenseLine, Subscription

AT = pendulum.date(2026, 11, 22)


def customer(number: int, *held: dict, region: str = "US", **known) -> Customer:
    organization = Organization(
        id=f"00000000-0000-4000-8000-{number:012}", name=f"C{number}", region=region
    )
    return Customer(
        organization=organization,
        subscriptions=tuple(
            Subscription(id=f"Sub{n}", customer=organization, **each)
            for n, each in enumerate(held)
        ),
        **known,
    )


def line(license_name: str = "Webex Calling - Standard", **known) -> LicenseLine:
    return LicenseLine(license=license_name, **({"total": 5} | known))


def coverage_of(*customers: Customer, **options) -> kpis.Coverage:
    portfolio = portfolio_of(at=AT, customers=customers)
    return kpis.overview(portfolio, **options).coverage


def test_it_says_what_was_asked_for():
    one = customer(1, {"lines": (line(),), "day": AT})
    coverage = coverage_of(one, customer(2, region="CA"), region="*")
    assert coverage.at == AT
    assert coverage.regions == ("US", "CA")
    assert coverage.products == (Product.CALLING, Product.MEETINGS)
    assert coverage_of(one, product="meetings").products == (Product.MEETINGS,)


def test_who_is_left_out_and_why():
    chatting = customer(2, {"lines": (line("Webex Messaging"),)})
    coverage = coverage_of(
        customer(1, {"lines": (line(),)}),
        chatting,
        customer(3),
        customer(4, {"lines": (line("Webex Meetings"),)}),
        customer(5, {"lines": (line(),)}, region="EU"),
        region="US",
        exclude=kpis.Exclusions(licenses=["Webex Meetings"]),
    )
    found = {
        each.reason: each.customers.customers["customer"].tolist()
        for each in coverage.left_out
    }
    assert found == {
        "never had a Calling or Meetings license": ["C2", "C3"],
        "excluded by policy": ["C4"],
    }
    never = coverage.left_out[0].customers
    assert never == 2
    assert never.rows["subscription"].tolist() == ["Sub0"]


def test_a_customer_excluded_by_its_id_is_listed():
    one, two = (customer(n, {"lines": (line(),)}) for n in (1, 2))
    coverage = coverage_of(one, two, exclude=kpis.Exclusions(customers=[two.id]))
    (left_out,) = coverage.left_out
    assert left_out.customers.customers["customer"].tolist() == ["C2"]
    assert coverage.customers.customers["customer"].tolist() == ["C1"]


def test_licenses_left_out_of_a_customer_that_counts_are_listed():
    one = customer(1, {"lines": (line(total=7), line("Webex Meetings"))})
    without = kpis.Exclusions(licenses="Webex Calling - Standard")
    (left_out,) = coverage_of(one, exclude=without).left_out
    assert left_out.reason == "counted without licenses that policy excludes"
    assert left_out.customers == 1
    rows = left_out.customers.rows.select(["customer", "license", "total"]).rows()
    assert list(rows) == [("C1", "Webex Calling - Standard", 7)]


def test_ended_and_gone_ones_are_counted():
    ended = customer(1, {"lines": (line(),), "ends_on": AT.subtract(days=1)})
    gone = customer(2, {"lines": (line(),), "gone": True})
    assert coverage_of(ended, gone).customers == 2


def test_rows_older_than_8_days_are_named():
    days = [AT, AT.subtract(days=8), AT.subtract(days=9), None]
    held = [{"lines": (line(),), "day": day} for day in days]
    gone = {"lines": (line(),), "day": AT.subtract(days=90), "gone": True}
    coverage = coverage_of(customer(1, *held, gone))
    assert coverage.stale == 1
    assert coverage.stale.rows["subscription"].tolist() == ["Sub2"]
    assert coverage.stale.rows["day"].tolist() == [days[2]]
    assert (coverage.oldest, coverage.newest) == (days[2], AT)
    patient = KpiPolicy(stale_after=9)
    assert coverage_of(customer(1, *held), policy=patient).stale == 0


def test_an_input_is_known_when_every_row_tells_it():
    told = {"ends_on": AT, "paid": True, "lines": (line(assigned=0),)}
    partly = {"ends_on": AT, "lines": (line(assigned=1), line("Webex Meetings"))}
    other = {"lines": (line("Webex Messaging"),)}
    found = coverage_of(
        customer(1, told, other, last_admin_sign_in=NEVER),
        customer(2, told, partly, has_admins=True),
        customer(3, {"gone": True, "lines": (line(),), "paid": True}),
        customer(4, other, has_admins=True),
    ).known
    assert found == {
        "last_admin_sign_in": 1,
        "has_admins": 1,
        "starts_on": 0,
        "ends_on": 2,
        "auto_renews": 0,
        "paid": 1,
        "provisioned": 0,
        "added_on": 0,
        "total": 2,
        "assigned": 1,
        "used_7d": 0,
        "used_3m": 0,
        "used_ever": 0,
    }


def test_the_same_in_words():
    coverage = coverage_of(
        customer(1, {"lines": (line(),), "day": AT.subtract(days=20)}), customer(2)
    )
    assert coverage.notes == (
        "as of 2026-11-22; 1 customer of US",
        "rows seen from 2026-11-02 to 2026-11-02",
        "1 customer never had a Calling or Meetings license",
        "1 customer with rows older than 8 days",
    )


def test_rows_without_a_day_are_no_missing_rows():
    one = customer(1, {"lines": (line(),)})
    assert coverage_of(one).notes == ("as of 2026-11-22; 1 customer of US",)


def test_a_commitment_term_is_a_reason():
    one = customer(1, {"lines": (line(),)})
    (left_out,) = coverage_of(one, term="monthly", product="calling").left_out
    assert left_out.reason == (
        "never had a Calling license with the commitment term monthly"
    )


def test_before_the_first_file_nothing_is_counted_and_that_is_said():
    assert coverage_of().notes == (
        "as of 2026-11-22; 0 customers of no region",
        "no row is known at or before that day",
    )
