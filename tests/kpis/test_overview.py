"""The headline KPIs of a dozen customers worked out by hand."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
import uuid

import pendulum
import pytest

from partnerhub import kpis
from partnerhub.columns.objects import portfolio_of
from partnerhub.domain.customers import Customer
from partnerhub.domain.errors import InvalidValue, NotFound, RegionRequired
from partnerhub.domain.organizations import Organization
from partnerhub.domain.policies import KpiPolicy
from partnerhub.domain.source_text import trial_identity
from partnerhub.domain.subscriptions import LicenseLine, Subscription

AT = pendulum.date(2026, 11, 22)
PRO = "Webex Calling - Professional"
STANDARD = "Webex Calling - Standard"
MEETINGS = "Webex Meetings"


def organization(name: str, region: str | None = "US") -> Organization:
    return Organization(
        id=str(uuid.uuid5(uuid.NAMESPACE_DNS, name)), name=name, region=region
    )


def held(name: str, ends: int | None, *lines, region: str | None = "US", **known):
    """A subscription; a line is (license, total, assigned)."""
    return Subscription(
        id=known.pop("id", f"Sub-{name}"),
        customer=organization(name, region),
        ends_on=None if ends is None else AT + dt.timedelta(ends),
        lines=tuple(
            LicenseLine(license=license_name, total=total, assigned=assigned)
            for license_name, total, assigned in lines
        ),
        **known,
    )


DOZEN = (
    # Ends today, in 90 and in 91 days. 0 and 90 are near.
    held("Today", 0, (PRO, 10, 10)),
    held("Ninety", 90, (MEETINGS, 10, 9)),
    held("Ninety-one", 91, (PRO, 10, 8)),
    # Renews in 90 days: near renewal, and not near expiration.
    held("Renewing", 90, (PRO, 10, 7), auto_renews=True, paid=False),
    # Its renewal date has passed: active, and near nothing.
    held("Renewed", -1, (MEETINGS, 10, 6), auto_renews=True),
    # Ended yesterday, over its limit once: still a customer, nothing else.
    held("Ended", -1, (PRO, 1, 9)),
    # Assigned = total is not over; 0 licenses is no line at all.
    held("Equal", 400, (STANDARD, 4, 4), (PRO, 0, 0)),
    # A trial and a subscription: slack on one line does not offset the other.
    held("Both", 400, (PRO, 20, 1)),
    held("Both", 30, (STANDARD, 2, 5), is_trial=True, id="Enterprise Trial"),
    # Messaging only, and Call on Webex: not customers of these KPIs.
    held("Chatting", 10, ("Webex Messaging", 10, 12)),
    held("Ringing", 10, ("Call on Webex", 10, 12)),
    # A Messaging subscription near its end, of a Calling customer.
    held("Mixed", 400, (PRO, 10, 12)),
    held("Mixed", 10, ("Webex Messaging", 10, 10), id="Sub-chat"),
    # Nothing but the total is known, not even its end.
    held("Silent", None, (MEETINGS, 10, None)),
)


def names(count: kpis.Count) -> list[str]:
    return sorted(count.customers["customer"])


def found(**options) -> dict[str, list[str]]:
    overview = kpis.overview(DOZEN, at=AT, **options)
    return {key: names(getattr(overview, key)) for key in KEYS}


KEYS = (
    "total_customers",
    "nearing_expiration",
    "nearing_renewal",
    "low_license_assignment",
    "over_license_limit",
)


def test_both_products():
    # Rates: Today, Equal 1, Ninety .9, Ninety-one .8, Renewing .7, Renewed .6,
    # Both 6 / 22, Mixed 1.2. The first quartile of these eight is .675.
    assert found() == {
        "total_customers": [
            "Both",
            "Ended",
            "Equal",
            "Mixed",
            "Ninety",
            "Ninety-one",
            "Renewed",
            "Renewing",
            "Silent",
            "Today",
        ],
        "nearing_expiration": ["Both", "Ninety", "Today"],
        "nearing_renewal": ["Renewing"],
        "low_license_assignment": ["Both", "Renewed"],
        "over_license_limit": ["Both", "Mixed"],
    }


def test_calling():
    # Without Ninety and Renewed, the first quartile of six rates is .725.
    assert found(product="calling") == {
        "total_customers": [
            "Both",
            "Ended",
            "Equal",
            "Mixed",
            "Ninety-one",
            "Renewing",
            "Today",
        ],
        "nearing_expiration": ["Both", "Today"],
        "nearing_renewal": ["Renewing"],
        "low_license_assignment": ["Both", "Renewing"],
        "over_license_limit": ["Both", "Mixed"],
    }


def test_meetings():
    # Only two customers have a rate: nobody is low.
    assert found(product="Webex Meetings") == {
        "total_customers": ["Ninety", "Renewed", "Silent"],
        "nearing_expiration": ["Ninety"],
        "nearing_renewal": [],
        "low_license_assignment": [],
        "over_license_limit": [],
    }


def test_without_a_license_type():
    without = kpis.Exclusions(licenses=["webex calling -  STANDARD"])
    both = found(exclude=without)
    assert "Equal" not in both["total_customers"]
    assert both["nearing_expiration"] == ["Ninety", "Today"]
    assert both["over_license_limit"] == ["Mixed"]


def test_without_a_customer():
    without = kpis.Exclusions(customers=[organization("Mixed").id.base64("ORG")])
    overview = kpis.overview(DOZEN, at=AT, exclude=without)
    assert overview.total_customers == 9
    assert names(overview.over_license_limit) == ["Both"]


# What opens


def test_nearing_rows_say_when_and_how_sure():
    rows = kpis.overview(DOZEN, at=AT).nearing_expiration.rows
    assert rows["customer"].tolist() == ["Today", "Both", "Ninety"]
    assert rows["days"].tolist() == [0, 30, 90]
    assert rows["auto_renews"].tolist() == [-1, -1, -1]  # not known, and marked
    assert rows["total"].tolist() == [10, 2, 10]
    assert rows["assigned"].tolist() == [10, 5, 9]
    assert rows["region"].tolist() == ["US"] * 3


def test_a_trial_prints_as_the_specification_says():
    real = held("A", 5, (PRO, 1, 1), is_trial=True, id="Sub-real")
    (rows,) = [kpis.overview([real], at=AT).nearing_expiration.rows]
    assert rows["subscription"].tolist() == ["Enterprise Trial"]
    assert rows["subscription_id"].tolist() == ["Sub-real"]
    headings = [column.heading for column in rows.print_columns()]
    assert headings[:4] == ["Customer", "Org ID", "Region", "Subscription ID"]
    assert "Real subscription ID" not in headings


def test_a_trial_without_an_id_has_no_other_one():
    identity = trial_identity("Flex", [PRO], 1)
    count = kpis.overview(
        [held("A", 5, (PRO, 1, 1), is_trial=True, id=identity)], at=AT
    ).nearing_expiration
    assert count.rows["subscription_id"].tolist() == ["Enterprise Trial"]


def test_an_overage_is_a_line_and_the_farthest_over_is_first():
    count = kpis.overview(DOZEN, at=AT).over_license_limit
    assert list(count.rows.select(["customer", "license", "overage"]).rows()) == [
        ("Both", STANDARD, 3),
        ("Mixed", PRO, 2),
    ]


def test_two_lines_over_are_one_customer():
    twice = held("A", 5, (PRO, 1, 2), (STANDARD, 1, 3))
    count = kpis.overview([twice], at=AT).over_license_limit
    assert count == len(count.customers) == 1
    assert count.rows["overage"].tolist() == [2, 1]


def test_low_rows_are_all_active_ones_of_the_customer_with_the_lowest_rate_first():
    rows = kpis.overview(DOZEN, at=AT).low_license_assignment.rows
    assert rows["customer"].tolist() == ["Both", "Both", "Renewed"]
    assert rows["customer_assignment_ratio"].tolist() == [6 / 22, 6 / 22, 0.6]
    assert rows["peer_cut_ratio"].tolist() == pytest.approx([0.675] * 3)


def test_total_customers_open_to_all_they_hold_of_the_products():
    rows = kpis.overview(DOZEN, at=AT).total_customers.rows
    assert "Sub-chat" not in rows["subscription"]
    assert len(rows) == 11


def test_a_customer_without_a_name_is_shown_by_its_id():
    nameless = Organization(id=organization("A").id)
    line = LicenseLine(license=PRO, total=1)
    one = Subscription(id="Sub1", customer=nameless, lines=(line,))
    customers = kpis.overview([one], at=AT).total_customers.customers
    assert list(customers.rows()) == [(nameless.id.uuid, nameless.id.uuid, None)]


# Counts are numbers


def test_a_count_is_a_number():
    count = kpis.overview(DOZEN, at=AT).nearing_expiration
    assert isinstance(count, int)
    assert (str(count), f"{count:>3}", json.dumps(count)) == ("3", "  3", "3")
    assert count + 1 == 4
    assert count.rows is count.rows


def test_a_count_can_be_copied_and_sent_to_another_process():
    count = kpis.overview(DOZEN, at=AT).nearing_expiration
    for again in (copy.deepcopy(count), pickle.loads(pickle.dumps(count))):
        assert again == count
        assert again.rows == count.rows
        assert again.customers == count.customers


def test_an_overview_is_a_table_too():
    overview = kpis.overview(DOZEN, at=AT)
    assert list(overview.table.rows()) == [
        ("Total customers", 10),
        ("Nearing expiration", 3),
        ("Nearing renewal", 1),
        ("Low license assignment", 2),
        ("Over license limit", 2),
    ]
    assert "Nearing renewal" in overview._repr_html_()
    assert "nearing_renewal=1" in repr(overview)


def test_an_overview_is_ready_for_json():
    overview = kpis.overview(DOZEN, at=AT, product="meetings")
    assert json.loads(json.dumps(overview.to_dict())) == {
        "at": "2026-11-22",
        "region": "US",
        "product": "meetings",
        "term": None,
        "total_customers": 3,
        "nearing_expiration": 1,
        "nearing_renewal": 0,
        "low_license_assignment": 0,
        "over_license_limit": 0,
    }
    assert kpis.overview([], at=AT).to_dict()["product"] is None


# Days


def test_columns_know_their_day():
    portfolio = portfolio_of(DOZEN, at=AT)
    assert kpis.overview(portfolio).at == AT
    assert kpis.overview(portfolio, at=AT).nearing_expiration == 3
    with pytest.raises(InvalidValue, match="columns are of 2026-11-22"):
        kpis.overview(portfolio, at=AT.add(days=1))


def test_objects_do_not():
    with pytest.raises(InvalidValue, match="give `at=`"):
        kpis.overview(DOZEN)


def test_a_date_time_becomes_its_utc_date():
    late = pendulum.datetime(2026, 11, 21, 23, tz="America/New_York")
    assert kpis.overview(DOZEN, at=late).at == AT


def test_the_policy_moves_the_days():
    policy = KpiPolicy(nearing_within=91)
    assert kpis.overview(DOZEN, at=AT, policy=policy).nearing_expiration == 4


def test_nothing_at_all():
    overview = kpis.overview([], at=AT)
    assert [int(getattr(overview, key)) for key in KEYS] == [0] * 5
    assert (overview.region, overview.regions) == (None, ())
    assert len(overview.low_license_assignment.rows) == 0


def test_no_other_product_has_these_kpis():
    with pytest.raises(InvalidValue, match="calling, meetings"):
        kpis.overview(DOZEN, at=AT, product="messaging")


# Regions


SPREAD = (
    held("A", 5, (PRO, 1, 1), region="EU"),
    held("B", 5, (PRO, 1, 1), region="US"),
    held("C", 5, (PRO, 1, 1), region="APAC"),
    held("D", 5, (PRO, 1, 1), region=None),
)


def test_several_regions_need_a_choice():
    with pytest.raises(RegionRequired) as caught:
        kpis.overview(SPREAD, at=AT)
    assert caught.value.regions == ("US", "EU", "APAC", "unspecified")


@pytest.mark.parametrize(
    ("region", "chosen", "customers"),
    [
        ("us", "US", ["B"]),
        ("European Union", "EU", ["A"]),
        ("apac", "APAC", ["C"]),
        ("unspecified", None, ["D"]),
        ("CA", "CA", []),
        ("*", "*", ["A", "B", "C", "D"]),
    ],
)
def test_a_region_narrows(region, chosen, customers):
    overview = kpis.overview(SPREAD, at=AT, region=region)
    assert overview.region == chosen
    assert names(overview.total_customers) == customers


def test_one_region_need_not_be_named():
    assert kpis.overview(SPREAD[:1], at=AT).region == "EU"


def test_a_region_without_data_that_nobody_knows_is_an_error():
    with pytest.raises(NotFound, match="did you mean 'APAC'"):
        kpis.overview(SPREAD, at=AT, region="APAX")


def test_customers_without_subscriptions_lie_in_regions_too():
    elsewhere = Customer(organization=organization("Z", "CA"))
    portfolio = portfolio_of(SPREAD[:1], at=AT, customers=[elsewhere])
    with pytest.raises(RegionRequired):
        kpis.overview(portfolio)
