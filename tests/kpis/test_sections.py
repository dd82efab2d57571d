"""The five sections of a dozen customers worked out by hand.

The same dozen passes as objects, as columns, and through a store in memory and in
SQLite.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
import uuid

import pendulum
import pytest

import partnerhub as ph
from partnerhub import kpis
from partnerhub.columns.objects import portfolio_of
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.organizations import Organization
from partnerhub.domain.subscriptions import LicenseLine, Subscription

AT = pendulum.date(2026, 11, 22)
PRO = "Webex Calling - Professional"
STANDARD = "Webex Calling - Standard"
MEETINGS = "Webex Meetings"


def organization(name: str) -> Organization:
    return Organization(
        id=str(uuid.uuid5(uuid.NAMESPACE_DNS, name)), name=name, region="US"
    )


def held(name, ends, added, *lines, **known):
    """A line is (license, total, assigned, used in 7 days, in 3 months, ever)."""
    return Subscription(
        id=known.pop("id", f"Sub-{name}"),
        customer=organization(name),
        day=known.pop("day", AT),
        starts_on=AT + dt.timedelta(added),
        added_on=AT + dt.timedelta(added),
        ends_on=None if ends is None else AT + dt.timedelta(ends),
        lines=tuple(
            LicenseLine(
                license=name,
                **dict(
                    zip(
                        ("total", "assigned", "used_7d", "used_3m", "used_ever"),
                        numbers,
                        strict=False,
                    )
                ),
            )
            for name, *numbers in lines
        ),
        **known,
    )


DOZEN = (
    # Ends today; added today.
    held("Today", 0, 0, (PRO, 10, 10, 5, 7, 9)),
    # Ends in 90 days, was added 90 days ago; nobody knows what was used lately.
    held("Ninety", 90, -90, (PRO, 20, 9, None, None, 4)),
    # 91 days either way: in neither section.
    held("Ninety-one", 91, -91, (PRO, 10, 8, 8, 8, 8)),
    # Renews in 90 days, monthly.
    held(
        "Renewing",
        90,
        -800,
        (PRO, 10, 7, 3, 4, 6),
        auto_renews=True,
        commitment_term="monthly",
    ),
    # Renews today.
    held("Rolling", 0, -400, (PRO, 30, 3, 0, 2, 3), auto_renews=True),
    # Ended yesterday, over its limit once.
    held("Ended", -1, -800, (PRO, 1, 9, 9, 9, 9)),
    # Assigned = total is not over; zero licenses are no line.
    held("Equal", 400, -800, (STANDARD, 4, 4, 4, 4, 4), (PRO, 0, 0, 0, 0, 0)),
    # A trial and a subscription together; slack does not offset the trial's overage.
    held("Both", 400, -800, (PRO, 20, 1, 1, 1, 1)),
    held(
        "Both", 30, -10, (STANDARD, 2, 5, 4, 4, 4), is_trial=True, id="Enterprise Trial"
    ),
    # Messaging only, and Call on Webex.
    held("Chatting", 10, -5, ("Webex Messaging", 10, 12, 1, 1, 1)),
    held("Ringing", 10, -5, ("Call on Webex", 10, 12, 1, 1, 1)),
    # Two lines over, of one subscription without an end.
    held("Twice", None, -800, (PRO, 10, 12, 6, 6, 6), (STANDARD, 1, 4, None, 2, 2)),
    # Meetings: left out of all that Calling shows.
    held("Meeting", 5, -5, (MEETINGS, 10, 20, 1, 1, 1)),
)
WEEK_AGO = (
    held("Ninety", 90, -90, (PRO, 20, 12, None, None, 4), day=AT - dt.timedelta(7)),
    held("Both", 400, -800, (PRO, 20, 1, 3, 1, 1), day=AT - dt.timedelta(14)),
    held("Rolling", 0, -400, (PRO, 30, 9, 0, 2, 3), day=AT - dt.timedelta(15)),
)


def as_objects():
    return kpis.page(DOZEN, at=AT, product="calling", week_ago=WEEK_AGO)


def as_columns():
    return kpis.page(
        portfolio_of(DOZEN, at=AT),
        product="calling",
        week_ago=portfolio_of(WEEK_AGO, at=AT - dt.timedelta(7)),
    )


def as_stored(url):
    with ph.connect(url) as hub:
        hub.put(*WEEK_AGO, *DOZEN)
        return hub.kpis.page(product="calling", at=AT)


@pytest.fixture(params=["objects", "columns", "memory", "sqlite"], scope="module")
def page(request, tmp_path_factory):
    match request.param:
        case "objects":
            return as_objects()
        case "columns":
            return as_columns()
        case "memory":
            return as_stored("memory:")
        case _:
            return as_stored(f"sqlite:///{tmp_path_factory.mktemp('hub')}/hub.db")


def printed(table, *, rows=99):
    columns = table.head(rows).print_columns()
    return [column.heading for column in columns], list(
        zip(*(column.cells for column in columns), strict=True)
    )


def test_recently_added(page):
    section = page.recently_added
    # New: Today, Ninety, Both. Both's other subscription counts too: 10 + 20 + 22.
    assert (section.customers, section.total_licenses) == (3, 52)
    assert printed(section.table) == (
        [
            "Customer",
            "Subscription ID",
            "Days since added",
            "Total licenses",
            "Used/Assigned/Available licenses",
            "Weekly change in assignment",
            "Weekly change in usage",
        ],
        [
            ("Today", "Sub-Today", "0", "10", "5/10/0", "", ""),
            ("Both", "Enterprise Trial", "10", "2", "4/5/0", "", ""),
            ("Ninety", "Sub-Ninety", "90", "20", "4/9/11", "-3", ""),
        ],
    )


def test_nearing_expiration(page):
    section = page.nearing_expiration
    assert section.customers == 3
    assert section.license_assignment_ratio == (10 + 9 + 5) / (10 + 20 + 2)
    # What Ninety used lately is not known, and its total does not count either.
    assert section.license_usage_ratio == (5 + 4) / (10 + 2)
    assert printed(section.table) == (
        [
            "Customer",
            "Subscription ID",
            "Days until expiration",
            "Total licenses",
            "Used/Assigned/Available licenses",
            "Usage in the last 3 months",
        ],
        [
            ("Today", "Sub-Today", "0", "10", "5/10/0", "7"),
            ("Both", "Enterprise Trial", "30", "2", "4/5/0", "4"),
            ("Ninety", "Sub-Ninety", "90", "20", "4/9/11", ""),
        ],
    )
    assert section.table["used_basis"].tolist() == ["7d", "7d", "ever"]


def test_nearing_renewal(page):
    section = page.nearing_renewal
    assert section.customers == 2
    assert section.license_assignment_ratio == 10 / 40
    assert section.license_usage_ratio == 3 / 40
    headings, rows = printed(section.table)
    assert headings[2] == "Days until renewal"
    assert rows == [
        ("Rolling", "Sub-Rolling", "0", "30", "0/3/27", "2"),
        ("Renewing", "Sub-Renewing", "90", "10", "3/7/3", "4"),
    ]
    assert section.table["commitment_term"].tolist() == [None, "monthly"]


def test_low_assignment(page):
    section = page.low_assignment
    # Rates: Today 1, Ninety .45, Ninety-one .8, Renewing .7, Rolling .1, Equal 1,
    # Both 6 / 22, Twice 16 / 11. The first quartile of these eight is .405...
    assert sorted(section.customers.customers["customer"]) == ["Both", "Rolling"]
    assert section.license_assignment_ratio == (3 + 6) / (30 + 22)
    assert section.usage_when_assigned_ratio == (0 + 5) / (30 + 22)
    assert section.used_of_assigned_ratio == (0 + 5) / (3 + 6)
    assert section.total_unassigned == 27 + 19  # the trial's overage offsets nothing
    headings, rows = printed(section.table)
    assert (headings, [rows[0], *sorted(rows[1:])]) == (
        [
            "Customer",
            "Subscription ID",
            "Months since added",
            "Assigned licenses (%)",
            "Total licenses",
            "Used/Assigned/Available licenses",
            "Weekly change in assignment",
        ],
        [
            ("Rolling", "Sub-Rolling", "13", "3 (10.0 %)", "30", "0/3/27", ""),
            ("Both", "Enterprise Trial", "0", "5 (250.0 %)", "2", "4/5/0", ""),
            ("Both", "Sub-Both", "26", "1 (5.0 %)", "20", "1/1/19", "0"),
        ],
    )


def test_over_limit(page):
    section = page.over_limit
    assert section.customers == 2
    assert section.total_overage == 3 + 2 + 3
    assert section.average_overage == 4.0
    headings, rows = printed(section.table)
    assert headings == [
        "Customer",
        "Subscription ID",
        "Months remaining",
        "Auto-renew?",
        "Total licenses",
        "Assigned licenses (%)",
        "Used licenses (%)",
        "License",
    ]
    assert sorted(rows) == [
        ("Both", "Enterprise Trial", "1", "", "2", "5 (250.0 %)", "4 (200.0 %)", STANDARD),
        ("Twice", "Sub-Twice", "", "", "1", "4 (400.0 %)", "2 (200.0 %)", STANDARD),
        ("Twice", "Sub-Twice", "", "", "10", "12 (120.0 %)", "6 (60.0 %)", PRO),
    ]  # fmt: skip


def test_the_page_and_its_parts_agree(page):
    overview = page.overview
    for name, section in (
        ("nearing_expiration", page.nearing_expiration),
        ("nearing_renewal", page.nearing_renewal),
        ("low_license_assignment", page.low_assignment),
        ("over_license_limit", page.over_limit),
    ):
        assert getattr(overview, name) == section.customers
    assert overview.total_customers == 9
    assert page.to_dict()["over_limit"]["total_overage"] == 8
    assert json.loads(json.dumps(page.to_dict())) == page.to_dict()
    assert repr(page) == "<Page: calling on 2026-11-22>"


def test_every_sum_opens_to_its_lines(page):
    rows = page.nearing_expiration.rows
    assert rows["total"].sum() == 32
    assert rows["assigned"].sum() == 24
    assert "Subscriptions nearing expiration" in page.nearing_expiration._repr_html_()


def test_one_section_alone():
    section = kpis.page(DOZEN, at=AT, product="meetings").nearing_renewal
    assert section.customers == 0
    assert section.license_assignment_ratio is None
    assert len(section.table) == len(section.rows) == 0
    nobody = kpis.page([], at=AT)
    for name in ("recently_added", "low_assignment", "over_limit"):
        assert len(getattr(nobody, name).table) == 0
    assert nobody.over_limit.average_overage is None
    assert nobody.recently_added.total_licenses == 0


def test_used_ever_on_request():
    page = kpis.page(DOZEN, at=AT, product="calling", usage="ever")
    section = page.nearing_expiration
    assert section.usage == "ever"
    assert section.license_usage_ratio == (9 + 4 + 4) / 32
    with pytest.raises(InvalidValue, match="7d, ever"):
        kpis.page(DOZEN, at=AT, usage="often")


def test_a_commitment_term_narrows():
    monthly = kpis.page(DOZEN, at=AT, term="Monthly").nearing_renewal
    assert monthly.table["customer"].tolist() == ["Renewing"]
    unknown = kpis.page(DOZEN, at=AT, term="unknown").nearing_renewal
    assert unknown.table["customer"].tolist() == ["Rolling"]
    assert kpis.page(DOZEN, at=AT, term="annual").nearing_renewal.customers == 0


def test_unknown_is_not_zero():
    silent = held("Silent", 5, -5, (PRO, None, None, None, None, 3))
    page = kpis.page([silent], at=AT)
    assert page.nearing_expiration.license_assignment_ratio is None
    assert page.recently_added.total_licenses is None
    assert printed(page.nearing_expiration.table)[1] == [
        ("Silent", "Sub-Silent", "5", "", "3//", "")
    ]


def test_a_week_ago_is_seven_days_ago():
    with pytest.raises(InvalidValue, match="2026-11-15"):
        kpis.page(DOZEN, at=AT, week_ago=portfolio_of(WEEK_AGO, at=AT))


def test_tags_need_their_customers():
    tagged = kpis.Exclusions(tags=["VIP"])
    with pytest.raises(InvalidValue, match="with_tags"):
        kpis.page(DOZEN, at=AT, exclude=tagged)
    known = tagged.with_tags({organization("Twice").id.uuid: ("vip",)})
    assert kpis.page(DOZEN, at=AT, exclude=known).over_limit.total_overage == 13


def test_a_hub_knows_the_tags():
    with ph.connect("memory:") as hub:
        hub.put(*DOZEN)
        with hub._context.store.writing() as writer:
            writer.set_tags(organization("Twice").id.uuid, ("vip",), day=AT)
        without = kpis.Exclusions(tags=["vip"])
        section = hub.kpis.page(product="calling", exclude=without, at=AT).over_limit
        assert section.table["customer"].tolist() == ["Both"]
        assert len(section.coverage.left_out) > 0
        page = hub.kpis.page(weekly=False, at=AT)
        assert page.recently_added.customers == 4
        assert page.nearing_expiration.customers == 4
        assert page.nearing_renewal.customers == 2
        assert page.low_assignment.customers == 2


def test_results_can_be_sent_to_another_process():
    page = as_columns()
    for again in (copy.deepcopy(page), pickle.loads(pickle.dumps(page))):
        assert again.to_dict() == page.to_dict()
        assert again.low_assignment.table == page.low_assignment.table
