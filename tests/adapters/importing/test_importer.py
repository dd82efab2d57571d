"""Taking files into a store: what counts, what is gone, what is kept apart."""

from __future__ import annotations

import datetime as dt

import pytest

from partnerhub.adapters.importing import ImportOptions, import_file
from partnerhub.columns.objects import customer_object
from partnerhub.columns.status import status_flags
from partnerhub.domain.source_text import printed_id
from partnerhub.domain.status import CustomerStatus

from .conftest import org, row


def held(store, at="2026-11-30"):
    """Subscription ids still there, by customer."""
    found = store.portfolio(dt.date.fromisoformat(at))
    subs = found.subscriptions
    return sorted(
        (found.customers.id[subs.customer[i]][-1], printed_id(subs.id[i]))
        for i in range(len(subs))
        if not subs.gone[i]
    )


def test_a_file_taken_twice_changes_nothing(take, store):
    lines = (row("2026-11-22", 1, "Sub1"), row("2026-11-22", 2, "Sub2"))
    first, second = take(*lines), take(*lines)
    assert (first.rows, first.taken, first.unchanged) == (2, 2, 0)
    assert (second.rows, second.taken, second.unchanged) == (2, 0, 2)
    assert first.problems == second.problems == ()


def test_what_a_newer_file_of_a_customer_leaves_out_is_gone_from_that_day(take, store):
    take(row("2026-11-15", 1, "A"), row("2026-11-15", 1, "B"))
    take(row("2026-11-22", 1, "A"))
    assert held(store, "2026-11-21") == [("1", "A"), ("1", "B")]
    assert held(store, "2026-11-22") == [("1", "A")]


def test_a_customer_missing_altogether_keeps_its_last_values(take, store):
    take(row("2026-11-15", 1, "A"), row("2026-11-15", 2, "B"))
    take(row("2026-11-22", 1, "A"))
    assert held(store) == [("1", "A"), ("2", "B")]


def test_a_partial_file_takes_nothing_away(take, store):
    take(row("2026-11-15", 1, "A"), row("2026-11-15", 1, "B"))
    take(row("2026-11-22", 1, "A", "10,7,3"), partial=True)
    assert held(store) == [("1", "A"), ("1", "B")]
    assert store.portfolio(dt.date(2026, 11, 22)).lines.assigned.tolist() == [7, 5]


def test_a_bad_row_is_kept_apart_and_its_customer_loses_nothing(take, store):
    take(row("2026-11-15", 1, "A"), row("2026-11-15", 1, "B"))
    outcome = take(row("2026-11-22", 1, "A"), row("2026-11-22", 1, "B", "ten,5,3"))
    assert (outcome.rows, outcome.taken) == (2, 1)
    (problem,) = outcome.problems
    assert (problem.line, problem.column) == (3, "Meeting license (available)")
    assert problem.value == "ten"
    assert held(store) == [("1", "A"), ("1", "B")]
    assert "1 customer has bad rows" in " ".join(outcome.notices)


def test_a_bad_row_of_nobody_knows_whom_takes_nothing_away_anywhere(take, store):
    take(row("2026-11-15", 1, "A"), row("2026-11-15", 1, "B"))
    broken = row("2026-11-22", 1, "B").replace(org(1), "nobody")
    outcome = take(row("2026-11-22", 1, "A"), broken, broken)
    assert "the customer of 2 bad rows cannot be read" in " ".join(outcome.notices)
    assert held(store) == [("1", "A"), ("1", "B")]


def test_two_rows_of_one_subscription_and_day_that_differ_name_both_lines(take, store):
    outcome = take(
        row("2026-11-22", 1, "A", "10,5,3"), row("2026-11-22", 1, "A", "11,5,3")
    )
    (problem,) = outcome.problems
    assert problem.line == 3
    assert "line 2" in problem.message
    assert store.portfolio(dt.date(2026, 11, 22)).lines.total.tolist() == [10]


def test_rows_that_repeat_each_other_are_no_problem(take):
    outcome = take(row("2026-11-22", 1, "A"), row("2026-11-22", 1, "A"))
    assert outcome.problems == ()
    assert outcome.rows == outcome.taken + outcome.unchanged == 2


def test_trials_without_an_id_are_told_by_type_products_and_place(take, store):
    lines = [row("2026-11-22", 1, "Enterprise Trial") for _ in range(3)]
    lines.append(row("2026-11-22", 1, "Essai Entreprise", "0,0,0"))
    take(*lines)
    found = store.portfolio(dt.date(2026, 11, 22))
    assert [printed_id(i) for i in found.subscriptions.id] == ["Enterprise Trial"] * 4
    assert found.subscriptions.is_trial.tolist() == [1, 1, 1, 1]
    assert take(*lines).taken == 0


def test_a_known_region_replaces_unspecified_and_two_known_ones_are_a_problem(
    take, store
):
    take(row("2026-11-15", 1, "A"))
    assert store.regions() == (None,)
    take(row("2026-11-22", 1, "A"), region="EU")
    assert store.regions() == ("EU",)
    outcome = take(
        row("2026-11-23", 1, "A", "99,5,3"), row("2026-11-23", 2, "B"), region="US"
    )
    (problem,) = outcome.problems
    assert "EU" in problem.message
    assert "US" in problem.message
    assert (outcome.taken, store.regions()) == (1, ("US", "EU"))
    assert store.portfolio(dt.date(2026, 11, 23)).lines.total.tolist() == [10, 10]


def test_the_partners_own_organization_is_no_customer(take, store):
    outcome = take(row("2026-11-22", 1, "A"), row("2026-11-22", 2, "B"), partner=org(2))
    assert (outcome.taken, outcome.left_out) == (1, 1)
    assert store.portfolio(dt.date(2026, 11, 22)).customers.id.tolist() == [org(1)]


def test_a_file_that_cannot_be_used_is_an_outcome_and_leaves_no_trace(take, store):
    outcome = take("1,2", headings="Foo,Bar")
    assert outcome.refused
    assert outcome.problems[0].message
    assert store.regions() == ()


def test_a_failure_in_the_middle_undoes_the_whole_file(take, store, monkeypatch):
    take(row("2026-11-15", 1, "A"))
    from partnerhub.adapters.store import writer

    def fail(*_: object) -> None:
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(writer, "record", fail)
    with pytest.raises(RuntimeError):
        take(row("2026-11-22", 2, "B"))
    monkeypatch.undo()
    assert held(store) == [("1", "A")]
    assert len(store.portfolio(dt.date(2026, 11, 30)).customers) == 1


def test_facts_fill_what_no_export_carries(take, store, tmp_path):
    take(row("2026-11-22", 1, "A", renews="TRUE"))
    take(
        f"{org(1)},A,2026-11-22,FALSE,Awaiting Provisioning Details,annual,2026-01-05",
        name="facts.csv",
        headings="org_id,subscription_id,day,paid,provisioned,commitment_term,starts_on",
    )
    take(
        f"{org(1)},external,never,ann@example.com;BOB@Example.com,vip",
        name="customers_2026-11-22.csv",
        headings="org_id,managed_by,last_admin_sign_in,user_emails,tags",
    )
    found = store.portfolio(dt.date(2026, 11, 22))
    assert CustomerStatus(int(status_flags(found)[0])) == (
        CustomerStatus.SUSPENDED
        | CustomerStatus.READY_FOR_ORDER_SETUP
        | CustomerStatus.NO_RECENT_ACTIVITY
        | CustomerStatus.SUBSCRIPTION
    )
    customer = customer_object(found, 0)
    assert customer.subscriptions[0].commitment_term == "annual"
    assert customer.subscriptions[0].ends_on.isoformat() == "2027-01-31"
    assert store.find_by_email("Bob@example.COM") == (org(1),)
    assert store.tags() == {org(1): ("vip",)}


def test_facts_and_exports_of_one_day_agree_in_either_order_and_again(take, store):
    export = [row("2026-11-22", 1, "A", ",,", ends="")]
    facts = [f"{org(1)},A,2026-11-22,Webex Meetings,20,8,2027-05-01"]
    names = "org_id,subscription_id,day,product,total,assigned,ends_on"
    for _ in range(2):
        take(*export)
        take(*facts, name="facts.csv", headings=names)
    found = store.portfolio(dt.date(2026, 11, 22))
    assert found.lines.total.tolist() == [20]
    assert str(found.subscriptions.ends_on[0]) == "2027-05-01"
    assert take(*export).taken == 0
    assert take(*facts, name="facts.csv", headings=names).taken == 0


def test_a_line_that_only_facts_tell_of_outlives_the_exports(take, store):
    take(row("2026-11-15", 1, "A"))
    take(
        f"{org(1)},A,2026-11-15,Webex Calling - Workspaces,7,6",
        name="facts.csv",
        headings="org_id,subscription_id,day,product,total,assigned",
    )
    take(row("2026-11-22", 1, "A"))
    lines = store.portfolio(dt.date(2026, 11, 22)).lines
    assert sorted(lines.license.texts().tolist()) == [
        "Webex Calling - Workspaces",
        "Webex Meetings",
    ]
    assert not lines.gone.any()


def test_lines_are_gone_with_their_subscription(take, store):
    take(row("2026-11-15", 1, "A"), row("2026-11-15", 1, "B"))
    take(row("2026-11-22", 1, "A"))
    found = store.portfolio(dt.date(2026, 11, 22))
    assert found.lines.gone.tolist() == found.subscriptions.gone.tolist()


def test_added_on_is_told_where_an_earlier_export_of_the_region_could_have_shown_it(
    take, store
):
    take(row("2026-11-08", 1, "A"), region="EU")
    take(row("2026-11-15", 1, "A"), row("2026-11-15", 1, "B"), region="EU")
    take(row("2026-11-15", 2, "C"), name="us_2026-11-15.csv", region="US")
    found = store.portfolio(dt.date(2026, 11, 22))
    added = dict(
        zip(
            found.subscriptions.id,
            found.subscriptions.added_on.astype(str),
            strict=True,
        )
    )
    assert added == {"A": "NaT", "B": "2026-11-15", "C": "NaT"}


def test_devices_without_mac_are_kept_apart_from_each_other(take, store):
    headings = "Customer,Org ID,MAC,Product,Extension"
    from partnerhub.columns.datasets import DEVICES

    lines = [f"Acme,{org(1)},,Webex App,{n}" for n in (101, 102, 102)]
    outcome = take(*lines, name="Devices_x_2026-11-22.csv", headings=headings)
    assert outcome.problems == ()
    assert len(store.inventory(DEVICES, dt.date(2026, 11, 22))) == 3
    assert take(*lines, name="Devices_x_2026-11-22.csv", headings=headings).taken == 0


def test_progress_is_told(store, tmp_path):
    from partnerhub.sample import write_subscription_details

    path = tmp_path / "Subscription Details_x_2026-11-22.csv"
    write_subscription_details(path, rows=100)
    told = []
    list(import_file(store, path, ImportOptions(), progress=lambda *a: told.append(a)))
    assert told[-1] == (path.name, 100)


def test_rows_of_customer_facts_complete_each_other_and_may_not_contradict(take, store):
    outcome = take(
        f"{org(1)},external,",
        f"{org(1)},,TRUE",
        f"{org(1)},partner,",
        name="customers_2026-11-22.csv",
        headings="org_id,managed_by,has_admins",
    )
    (problem,) = outcome.problems
    assert problem.line == 4
    customer = customer_object(store.portfolio(dt.date(2026, 11, 22)), 0)
    assert (customer.managed_by, customer.has_admins) == ("external", True)


def test_rows_of_one_subscription_and_day_complete_each_other(take, store):
    outcome = take(
        row("2026-11-22", 1, "A", "10,5,1", ends=""),
        row("2026-11-22", 1, "A", ",,", ends="2027-03-31"),
    )
    assert outcome.problems == ()
    found = store.portfolio(dt.date(2026, 11, 22))
    assert str(found.subscriptions.ends_on[0]) == "2027-03-31"
    assert found.lines.total.tolist() == [10]


def test_a_license_is_one_line_however_facts_spell_it(take, store):
    take(row("2026-11-22", 1, "A", "20,25,1"))
    take(
        f"{org(1)},A,2026-11-22,webex  meetings ,20,25,7",
        name="facts.csv",
        headings="org_id,subscription_id,day,product,total,assigned,used_7d",
    )
    lines = store.portfolio(dt.date(2026, 11, 22)).lines
    assert lines.used_7d.tolist() == [7]


def test_a_name_is_kept_where_a_newer_row_has_none(take, store):
    take(row("2026-11-15", 1, "A", name="Acme"), row("2026-11-22", 1, "A", name=""))
    assert store.portfolio(dt.date(2026, 11, 22)).customers.name.tolist() == ["Acme"]


def test_a_region_that_is_not_published_is_kept_and_said(take, store):
    outcome = take(row("2026-11-22", 1, "A"), region="MARS")
    assert store.regions() == ("MARS",)
    assert "MARS" in " ".join(outcome.notices)


def test_of_very_many_problems_only_the_first_are_listed(take, monkeypatch):
    from partnerhub.adapters.importing import importer

    monkeypatch.setattr(importer, "MOST_PROBLEMS", 3)
    outcome = take(*(row("2026-11-22", n, "A", "ten,5,3") for n in range(1, 8)))
    assert [problem.line for problem in outcome.problems] == [2, 3, 4]
    assert "4 more problems are not listed" in outcome.notices
