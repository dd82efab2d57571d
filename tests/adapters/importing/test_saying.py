"""The same subscription is told the same, whichever file or object tells of it."""

from __future__ import annotations

import datetime as dt

import pytest

from partnerhub.columns.status import status_flags
from partnerhub.columns.telling import subscription_records
from partnerhub.domain.customers import Customer
from partnerhub.domain.organizations import Organization
from partnerhub.domain.status import CustomerStatus, statuses
from partnerhub.domain.subscriptions import LicenseLine, Subscription

from .conftest import org, row

DAY = dt.date(2026, 11, 22)
FACTS = "org_id,subscription_id,day,type,status,ends_on,product,total,assigned"


def held(identity: str, kind: str, status: str) -> Subscription:
    return Subscription(
        id=identity,
        customer=Organization(id=org(1)),
        day=DAY,
        type=kind,
        source_status=status,
        ends_on="2027-01-31",
        lines=(LicenseLine(license="Webex Meetings", total=10, assigned=5),),
    )


@pytest.mark.parametrize(
    ("identity", "kind", "status"),
    [
        ("Sub1", "Flex", "Active"),
        ("Sub1", "Flex", "Expired"),
        ("Sub1", "Flex", "Suspended"),
        ("Sub1", "", "Trial expires in 30 days"),
        ("Sub1", "Flex", "Trial expired"),
        ("Sub1", "Trial", "Active"),
        ("Sub1", "Essai", "Actif(s)"),
        ("Sub1", "", ""),
        ("Enterprise Trial", "Flex", "Active"),
        ("Essai d’entreprise", "Enterprise Trial", "Suspended"),
    ],
)
def test_an_export_a_facts_file_and_an_object_give_the_same_statuses(
    take, store, identity, kind, status
):
    take(row("2026-11-22", 1, identity, "10,5,", type=kind, status=status))
    take(
        f"{org(2)},{identity},2026-11-22,{kind},{status},2027-01-31,"
        "Webex Meetings,10,5",
        name="facts.csv",
        headings=FACTS,
    )
    both = store.portfolio(DAY)
    told = [CustomerStatus(flags) for flags in status_flags(both).tolist()]
    # In files, French texts are read as the English ones that they stand for.
    read = {"Essai": "Trial", "Actif(s)": "Active"}
    one = held(identity, read.get(kind, kind), read.get(status, status))
    who = Customer(organization=one.customer, subscriptions=(one,))
    assert told == [statuses(who, at=DAY).flags] * 2
    assert both.subscriptions.id[0] == both.subscriptions.id[1]


def test_that_it_has_been_paid_stands_before_what_its_status_says(take, store):
    take(
        f"{org(1)},A,2026-11-22,Suspended,",
        f"{org(1)},A,2026-11-22,,TRUE",
        f"{org(2)},A,2026-11-22,Suspended,",
        name="facts.csv",
        headings="org_id,subscription_id,day,status,paid",
    )
    assert store.portfolio(DAY).subscriptions.paid.tolist() == [1, 0]


def test_a_trial_that_was_bought_is_none_any_more(take, store):
    take(
        f"{org(1)},A,2026-11-15,Flex,Trial active",
        f"{org(1)},A,2026-11-22,Flex,Active",
        name="facts.csv",
        headings="org_id,subscription_id,day,type,status",
    )
    assert store.portfolio(dt.date(2026, 11, 15)).subscriptions.is_trial[0] == 1
    assert store.portfolio(DAY).subscriptions.is_trial[0] == 0


def test_trials_alike_have_the_same_numbers_in_exports_facts_and_objects(take, store):
    take(*(row("2026-11-22", 1, "Enterprise Trial", "10,5,3") for _ in range(2)))
    facts = (
        f"{org(1)},Essai Entreprise,2026-11-22,Flex,meetings,{total},4"
        for total in (11, 12)
    )
    outcome = take(
        *facts,
        f"{org(1)},Enterprise Trial,2026-11-22,Flex,Webex Calling - Standard,0,",
        name="facts.csv",
        headings="org_id,subscription_id,day,type,product,total,used_7d",
    )
    assert outcome.problems == ()
    found = store.portfolio(DAY)
    assert found.lines.total[found.lines.existed].tolist() == [11, 12]
    one = held("Enterprise Trial", "Flex", "Active")
    objects, _ = subscription_records([one, one], day=DAY)
    assert found.subscriptions.id.tolist() == objects.identity.tolist()


def test_a_problem_of_a_french_file_names_its_own_heading(take):
    headings = (
        "Date de calcul,Nom du client,Identifiant de l'organisation,ID d'abonnement,"
        "Licence de réunion (disponible),Licence de réunion (attribuée),"
        "Licence de réunion (utilisée)"
    )
    lines = [
        f"2026-11-22,Acme,{org(1)},ann@example.com,{total},0,0" for total in (1, 2)
    ]
    (problem,) = take(*lines, headings=headings).problems
    assert (problem.column, problem.value) == ("ID d'abonnement", "…@…")


def test_extensions_that_contradict_each_other_need_no_phone_number(take):
    outcome = take(
        f"Acme,{org(1)},101,TRUE",
        f"Acme,{org(1)},101,FALSE",
        name="Numbers_x_2026-11-22.csv",
        headings="Customer,Org ID,Extension,Active",
    )
    (problem,) = outcome.problems
    assert (problem.line, problem.column, problem.value) == (3, "Extension", "…")


def test_the_name_of_a_customer_is_that_of_its_newest_day(take, store):
    take(
        row("2026-11-15", 1, "A", name="Old"),
        row("2026-11-22", 1, "A", name=""),
        row("2026-11-22", 1, "B", name="New"),
        row("2026-11-22", 1, "C", name="Other"),
    )
    assert store.portfolio(DAY).customers.name.tolist() == ["New"]
