"""Filters in Python, and what each field means for one customer."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import attrs
import pendulum
import pytest
from hypothesis import given

from partnerhub.domain.customers import NEVER, Customer, ManagedBy
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.fields import FIELDS, Kind, field_named
from partnerhub.domain.filters import (
    EVERYTHING,
    And,
    Days,
    Not,
    OneSubscription,
    Operator,
    Or,
    Percent,
    Term,
    all_of,
    any_of,
    matches,
    nodes,
    subscription,
    where,
)
from partnerhub.domain.filters.meaning import STATES
from partnerhub.domain.organizations import Organization
from partnerhub.domain.policies import StatusPolicy
from partnerhub.domain.query_text import parse_filter
from partnerhub.domain.subscriptions import CommitmentTerm, LicenseLine, Subscription
from tests.filter_strategies import filters

AT = pendulum.date(2026, 11, 22)
UUID = "c8b0e0d2-0000-4000-8000-000000000001"
ACME = Organization(
    id=UUID, name="Café  Zürich AG", region="EU", industry="Health Care"
)

CALLING = Subscription(
    id="Sub100448",
    customer=ACME,
    starts_on=AT.subtract(years=1),
    added_on=AT.subtract(days=10),
    ends_on=AT.add(days=20),
    auto_renews=True,
    provisioned=True,
    commitment_term=CommitmentTerm.ANNUAL,
    lines=(
        LicenseLine(
            license="Webex Calling - Professional",
            total=100,
            assigned=95,
            used_7d=40,
            used_ever=60,
        ),
        LicenseLine(license="Webex Calling - Standard", total=10, used_ever=5),
        LicenseLine(license="Webex Meetings", total=0, assigned=0),
    ),
)
TRIAL = Subscription(
    id="Enterprise Trial",
    customer=ACME,
    is_trial=True,
    ends_on=AT.add(days=90),
    lines=(LicenseLine(license="Webex Messaging", total=5, assigned=7),),
)
OLD = Subscription(
    id="Sub7",
    customer=ACME,
    ends_on=AT.subtract(days=1),
    auto_renews=False,
    lines=(LicenseLine(license="Slido", total=50, assigned=50),),
)
CUSTOMER = Customer(
    organization=ACME,
    managed_by=ManagedBy.EXTERNAL,
    last_admin_sign_in=AT.subtract(days=90),
    tags=("VIP", "Two words"),
    user_emails=("Kim@acme.example",),
    subscriptions=(CALLING, TRIAL, OLD),
)
NOBODY = Customer(organization=Organization(id=UUID[:-1] + "2"))


def holds(text: str, customer: Customer = CUSTOMER) -> bool:
    return matches(parse_filter(text), customer, at=AT, admins=("Ana@partner.example",))


@pytest.mark.parametrize(
    "text",
    [
        "status:trial status:subscription",
        "status:expiring_soon,license_overage",
        "subscription_status:active",
        "subscription_status:expired",
        "trial_status:license_overage",
        "managed_by:external",
        "product:calling",
        'product:"Webex Calling"',
        "product:other",
        "type:trial type:subscription",
        "subscription_type:trial",
        "term:annual",
        "tag:vip",
        'tag:"TWO  WORDS"',
        "region:eu",
        'region:"European Union"',
        'industry:"health care"',
        "name:zurich",
        'name:"cafe zu"',
        f"id:{UUID}",
        f"id:{ACME.id.base64('ORGANIZATION')}",
        "subscription:sub100448",
        "ends<=90d",
        "ends:90d",
        "ends:2027-02-20",
        "ends:90d,2030-01-01",
        "ends<2026-11-22",
        "ends:2026-11-21..2026-11-21",
        "ends:80d..13w",
        "renews<=20d",
        "renews:20d",
        "added:10d",
        "added<11d",
        "added>9d",
        "added<2026-11-13",
        "total:115",
        "total>114 total<116 total>=115 total<=115",
        "total:(3 OR 115)",
        "total:100..120",
        "assigned:102",
        "assigned:97.14% OR assigned>97%",
        "assigned:97.14%..97.15%",
        "used:45",
        "used>40% used<41%",
        "last_sign_in:90d",
        "last_sign_in>=90d",
        "last_sign_in<2026-09-01",
        "admin:ana@partner.example",
        "email:KIM@ACME.example",
        "cafe",
        '"100448"',
        "c8b0e0d2",
        "text:nobody,zurich",
        "known:ends missing:ends",
        "known:status known:tag known:total known:admin known:email known:region",
        "",
        "()",
        "subscription()",
        "subscription(product:calling renews<30d)",
        "subscription(type:trial assigned>100%)",
        "subscription(assigned:140%)",
        "subscription(sub100448 term:annual)",
        "subscription(-type:trial -known:renews)",
    ],
)
def test_what_holds_of_the_customer(text):
    assert holds(text)
    assert not holds(f"-({text})")


@pytest.mark.parametrize(
    "text",
    [
        "status:suspended",
        "status:expired",
        "trial_status:expired",
        "managed_by:partner",
        "product:meetings",  # a line that is 0 and always was
        "tag:vi",
        "region:us",
        "industry:health",
        "name:acme",
        "subscription:sub",
        "ends<90d",  # the one in 20 days renews, the past one is no distance ahead
        "renews<20d",
        "renews>20d",
        "added>10d",
        "last_sign_in<90d",
        "last_sign_in>90d",
        "admin:kim@acme.example",
        "email:acme.example",
        "subscription(type:trial renews<30d)",
        "subscription(total:115)",
        "-ends<2026-11-22",
        "missing:tag",
    ],
)
def test_what_does_not_hold_of_the_customer(text):
    assert not holds(text)


@pytest.mark.parametrize("name", FIELDS)
def test_a_missing_value_matches_nothing_and_not_flips_that(name):
    field = FIELDS[name]
    nobody = attrs.evolve(NOBODY, organization=attrs.evolve(NOBODY.organization))
    value = (field.choices or field.examples)[0]
    found = where(name).eq(value)
    assert not matches(found, nobody, at=AT)
    assert matches(~found, nobody, at=AT)
    if name not in {"id", "text"}:
        assert not matches(where(name).is_known(), nobody, at=AT)


def test_missing_of_a_subscription_asks_for_one_that_lacks_it():
    assert not holds("missing:ends", NOBODY)
    assert holds("missing:total missing:region", NOBODY)


def test_never_signed_in_is_known_and_longer_ago_than_any_day():
    never = attrs.evolve(NOBODY, last_admin_sign_in="never")
    assert holds("last_sign_in:never last_sign_in>90d last_sign_in<1950-01-01", never)
    assert holds("known:last_sign_in", never)
    assert str(where("last_sign_in").eq(NEVER)) == "last_sign_in:never"


def test_terms_go_each_on_their_own_and_binding_ties_them():
    apart = parse_filter("product:calling type:trial")
    bound = parse_filter("subscription(product:calling type:trial)")
    assert matches(apart, CUSTOMER, at=AT)
    assert not matches(bound, CUSTOMER, at=AT)


def test_the_policy_decides_what_soon_is():
    soon = where("trial_status").eq("expiring_soon")
    assert not matches(soon, CUSTOMER, at=AT)
    longer = StatusPolicy(expiring_within=90)
    assert matches(soon, CUSTOMER, at=AT, policy=longer)


def test_a_date_time_is_its_utc_date():
    at = pendulum.datetime(2026, 11, 21, 23, tz="America/New_York")
    assert matches(where("ends").eq(Days(90)), CUSTOMER, at=at)


# --- building ------------------------------------------------------------------------


def test_python_and_text_give_the_same_nodes():
    built = (
        where("status").eq("expired")
        & ~where("tag").eq("vip")
        & where("ends").lt(dt.date(2027, 1, 1))
        & where("assigned").gt("90%")
        & where("text").eq("acme")
    )
    text = "status:expired -tag:vip ends<2027-01-01 assigned>90% acme"
    assert str(built) == text
    assert parse_filter(text) == built


@pytest.mark.parametrize(
    ("built", "text"),
    [
        (where("ends").le(dt.timedelta(days=3)), "ends<=3d"),
        (where("ends").ge(Days(3)), "ends>=3d"),
        (where("total").between(1, 5), "total:1..5"),
        (where("used").lt(Percent("12.5")), "used<12.5%"),
        (
            where("product").any_of("calling", "Webex Meetings"),
            "product:calling,meetings",
        ),
        (where("region").is_missing(), "missing:region"),
        (where("TAG").is_known(), "known:tag"),
        (where("tag").any_of("b", "a", "b"), "tag:b,a"),
        (where("text").any_of("a", "b"), "text:a,b"),
        (where("tag").eq("a") | where("tag").eq("b"), "tag:a OR tag:b"),
        (~(where("tag").eq("a") | where("tag").eq("b")), "-(tag:a OR tag:b)"),
        (subscription(), "subscription()"),
        (~EVERYTHING, "-()"),
        (Not(Not(where("tag").eq("a"))), "-(-tag:a)"),
    ],
)
def test_how_filters_print(built, text):
    assert str(built) == text
    assert parse_filter(text) == built


def test_joins_are_flat():
    a, b, c = (where("tag").eq(tag) for tag in "abc")
    assert (a & b) & c == a & (b & c) == And((a, b, c))
    assert (a | b) | c == a | (b | c) == Or((a, b, c))
    assert ~~a == a
    assert a & EVERYTHING == a
    assert all_of([]) == EVERYTHING
    assert any_of([]) == ~EVERYTHING


def test_filters_are_hashable_values():
    assert len({where("tag").eq("a"), where("tag").eq("a"), ~where("tag").eq("a")}) == 2


@given(filters())
def test_a_filter_is_never_true_or_false(node):
    with pytest.raises(TypeError, match=r"& \| ~"):
        bool(node)


@given(filters())
def test_depth_counts_levels(node):
    inner = [part.depth for part in nodes(node)]
    assert node.depth == max(inner)


def test_depth_is_bounded():
    node = where("tag").eq("a")
    for _ in range(49):
        node = Not(node)
    with pytest.raises(InvalidValue, match="deeper than 50"):
        Not(node)


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: where("statsu"), "'statsu' is no field; did you mean 'status'"),
        (lambda: where("status").eq("expird"), "did you mean 'expired'"),
        (lambda: where("status").lt("expired"), "without < or >"),
        (lambda: where("ends").lt("soon"), "write a date"),
        (lambda: where("ends").lt(5), "5 is no day of 'ends'"),
        (lambda: where("ends").lt("2026-02-30"), "write it as"),
        (lambda: where("ends").between("1d", "2026-01-01"), "differ in kind"),
        (lambda: where("total").gt("90%"), "it has no percentage"),
        (lambda: where("total").gt("many"), "whole number"),
        (lambda: where("assigned").gt(True), "or a percentage"),
        (lambda: where("assigned").gt(-1), "0 or more"),
        (lambda: where("tag").any_of(), "it is empty"),
        (lambda: where("tag").eq(" \u0301 "), "blank"),
        (lambda: where("name").eq("a\0"), "NUL"),
        (lambda: where("id").eq("12"), "neither a uuid"),
        (lambda: where("region").eq("unspecified"), "missing:region"),
        (lambda: where("product").eq("calings"), "is no product"),
        (lambda: Days(-1), "number of days"),
        (lambda: Percent("x"), "percentage"),
        (lambda: Percent("0.001"), "two decimals"),
        (lambda: And((where("tag").eq("a"),)), "nothing to join"),
        (lambda: Or(()), "nothing to choose"),
        (lambda: subscription(where("tag").eq("a")), "outside subscription"),
        (lambda: subscription(where("status").eq("trial")), "subscription_status"),
        (lambda: subscription(subscription()), "one is enough"),
    ],
)
def test_what_is_refused(build, says):
    with pytest.raises(InvalidValue, match="(?s)" + says.replace("(", r"\(")):
        build()


def test_a_node_refuses_what_it_cannot_hold():
    assert isinstance(OneSubscription(EVERYTHING).part, And)
    assert Term("tag", Operator.KNOWN).values == ()


# --- the registry --------------------------------------------------------------------


def test_every_field_says_what_it_takes():
    for field in FIELDS.values():
        assert field.help
        assert field.choices or field.examples
        for value in field.choices or field.examples:
            node = where(field.name).eq(value)
            assert parse_filter(str(node)) == node
        assert field.ordered == (field.kind in {Kind.DAY, Kind.COUNT})


def test_the_page_of_filters_tells_every_field_as_the_registry_does():
    page = Path(__file__).parents[2].joinpath("docs", "how-to", "filters.md")
    rows = {line for line in page.read_text("utf-8").splitlines() if line[:3] == "| `"}
    for field in FIELDS.values():
        told = [row for row in rows if f"| {field.help} |" in row]
        if field.name == "text":
            continue  # a bare word; the page tells it first
        assert len(told) == 1, field.name
        assert told[0].startswith(f"| `{field.name}`")
        for value in field.choices or field.examples:
            assert f"`{value}`" in told[0]


def test_every_state_of_a_subscription_has_its_rule():
    assert {*STATES, "license_overage"} == set(FIELDS["trial_status"].choices)


def test_fields_are_found_by_any_of_their_names():
    assert field_named("Commitment_Term") is FIELDS["term"]
