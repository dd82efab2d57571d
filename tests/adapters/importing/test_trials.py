"""Trials without an id: which is which, in exports and in facts files."""

from __future__ import annotations

import datetime as dt

import numpy as np

from tests.adapters.importing.conftest import org, row

DAY = "2026-11-22"
LATER = "2026-11-23"
NAMES = "org_id,subscription_id,day,type,product,total,paid"
TRIAL = "Enterprise Trial"


def trial(day: str, numbers: str, **more: str) -> str:
    return row(day, 1, TRIAL, numbers, type="Flex", status="Trial active", **more)


def held(store, day=LATER):
    return store.portfolio(dt.date.fromisoformat(day)).subscriptions


def lines_by_end(store, day):
    """End of each subscription -> the licenses assigned on it."""
    portfolio = store.portfolio(dt.date.fromisoformat(day))
    ends = portfolio.subscriptions.ends_on[portfolio.lines.subscription].astype(str)
    return dict(zip(ends.tolist(), portfolio.lines.assigned.tolist(), strict=True))


def test_the_order_of_the_rows_of_a_file_does_not_matter(take, store):
    """Else the two would swap their histories."""
    long = {"ends": "2027-03-31"}
    take(trial(DAY, "10,5,3"), trial(DAY, "10,1,1", **long))
    identities = dict(zip(held(store).ends_on.astype(str), held(store).id, strict=True))
    name = "Subscription Details_abd_2026-11-23.csv"
    take(trial(LATER, "10,2,2", **long), trial(LATER, "10,6,3"), name=name)
    assert lines_by_end(store, LATER) == {"2027-01-31": 6, "2027-03-31": 2}
    after = dict(zip(held(store).ends_on.astype(str), held(store).id, strict=True))
    assert after == identities


def test_facts_that_do_not_say_which_are_of_the_only_trial(take, store):
    take(trial(DAY, "10,5,3"))
    outcome = take(f"{org(1)},{TRIAL},{DAY},,,,FALSE", name="facts.csv", headings=NAMES)
    assert outcome.problems == ()
    (paid,) = held(store).paid.tolist()
    assert paid == 0


def test_facts_that_say_a_license_alone_are_of_it_too(take, store):
    take(trial(DAY, "10,5,3"))
    take(f"{org(1)},{TRIAL},{DAY},,Webex Meetings,12,", name="f.csv", headings=NAMES)
    portfolio = store.portfolio(dt.date.fromisoformat(LATER))
    assert len(portfolio.subscriptions) == 1
    assert portfolio.lines.total.tolist() == [12]


def test_facts_of_one_of_several_are_a_problem_of_their_line(take, store):
    take(trial(DAY, "10,5,3"), trial(DAY, "20,5,3"))
    outcome = take(
        f"{org(1)},Sub1,{DAY},Flex,Webex Meetings,5,TRUE",
        f"{org(1)},{TRIAL},{DAY},,,,FALSE",
        name="facts.csv",
        headings=NAMES,
    )
    (problem,) = outcome.problems
    assert problem.line == 3
    assert "2 trials without an id" in problem.message
    assert "type and product" in problem.message
    assert outcome.taken == 1
    assert sorted(np.sort(held(store).paid).tolist()) == [-1, -1, 1]


def test_facts_of_a_trial_that_nobody_knows_are_a_problem(take, store):
    outcome = take(f"{org(1)},{TRIAL},{DAY},,,,FALSE", name="facts.csv", headings=NAMES)
    (problem,) = outcome.problems
    assert problem.line == 2
    assert "no trial without an id" in problem.message
    assert len(held(store)) == 0


def test_facts_that_say_all_make_the_trial_that_an_export_then_has(take, store):
    take(
        f"{org(1)},{TRIAL},{DAY},Flex,Webex Meetings,10,",
        f"{org(1)},{TRIAL},{DAY},,,,FALSE",
        name="facts.csv",
        headings=NAMES,
    )
    take(trial(DAY, "10,5,3"))
    assert len(held(store)) == 1
    assert held(store).paid.tolist() == [0]


def test_tags_that_do_not_fit_are_a_problem_and_the_rest_is_taken(take, store):
    names = "org_id,name,tags"
    outcome = take(
        f"{org(1)},Acme,vip; north",
        f"{org(2)},Bolt,{'x' * 26}",
        f"{org(3)},Coda,a;b;c;d;e;f",
        name="facts_2026-11-22.csv",
        headings=names,
        reading=_as_of(),
    )
    assert [problem.line for problem in outcome.problems] == [3, 4]
    long, many = (problem.message for problem in outcome.problems)
    assert "26 characters" in long
    assert "at most 5" in many
    assert store.tags() == {org(1): ("vip", "north")}
    names = store.portfolio(dt.date.fromisoformat(LATER)).customers.name.tolist()
    assert names == ["Acme", "Bolt", "Coda"]


def _as_of():
    from partnerhub.adapters.exports import ReadOptions

    return ReadOptions(as_of=DAY)
