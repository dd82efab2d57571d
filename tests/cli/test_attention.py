"""`attention` and `changes`."""

import json


def test_the_most_pressing_come_first(read):
    done = read("attention")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines()[0].split()[:2] == ["Customer", "Concern"]
    assert "customers in need of attention on 2026-11-22" in done.stderr


def test_some_concerns_some_customers(read):
    done = read("attention", "--only", "expiring_soon", "--limit", "2", "--json")
    found = json.loads(done.stdout)
    assert [customer["rank"] for customer in found] == [1, 2]
    concerns = {f["concern"] for customer in found for f in customer["findings"]}
    assert concerns == {"expiring_soon"}
    assert "not shown (--limit)" in done.stderr


def test_some_left_out(read):
    done = read("attention", "--exclude", "status:suspended")
    assert "more are excluded" in done.stderr
    assert "Suspended" not in done.stdout


def test_an_unknown_concern(read):
    done = read("attention", "--only", "overrage")
    assert done.exit_code == 2
    assert "did you mean 'overage'" in done.stderr


def test_changes(read):
    done = read("changes", "--since", "2026-11-15")
    assert done.exit_code == 0, done.stderr
    assert "customers changed from 2026-11-15 to 2026-11-22" in done.stderr
    found = json.loads(read("changes", "--since", "2026-11-15", "--json").stdout)
    assert all(change["gained"] or change["lost"] for change in found)
    assert "first day" in read("changes", "--since", "2026-12-01").stderr
    first = read("changes", "--since", "2020-01-01")
    assert "no customer is known on 2020-01-01: all are new" in first.stderr
