"""Commands that change something: tags, trials, administrators."""

import json

import pytest

import partnerhub
from partnerhub.sample import SamplePartner

DAY = "2026-11-22"
ANA = "ana@partner.example"
NEW = (
    *("--company", "New Corp", "--email", "kim@new.example", "--industry", "Retail"),
    *("--country", "FR", "--location-supported"),
)


@pytest.fixture
def act(run, tmp_path):
    """Runs a command on a store of its own."""
    url = f"sqlite:///{tmp_path / 'own.db'}"
    partner = SamplePartner(customers=10, weeks=1)
    with partnerhub.connect(url) as hub:
        hub.put(*partner.at(partner.until), at=partner.until)

    def act(*arguments, code=0):
        done = run("--store", url, *arguments)
        assert done.exit_code == code, done.output
        return done

    return act


def test_tags(act):
    everyone = len(json.loads(act("customers", "--at", DAY, "--json").stdout))
    done = act("tag", "add", "watch", "north", "--customers", "", "--at", DAY)
    assert f"{everyone} customers changed, 0 not, 0 refused" in done.stderr
    found = json.loads(act("tag", "list", "--json").stdout)
    assert {"name": "watch", "customers": everyone, "subscriptions": 0} in found
    act("tag", "remove", "north", "--customers", "tag:watch", "--at", DAY)
    assert "watch" in act("tag", "list").stdout
    cleared = act("tag", "replace", "--customers", "", "--at", DAY, "--json")
    assert len(json.loads(cleared.stdout)["changed"]) == everyone
    assert json.loads(act("tag", "list", "--json").stdout) == []


def test_tags_that_do_not_fit_are_named_and_the_exit_code_says_so(act):
    act("tag", "replace", *"abcde", "--customers", "", "--at", DAY)
    done = act("tag", "add", "f", "--customers", "", "--at", DAY, code=1)
    (first, *_) = json.loads(act("customers", "--at", DAY, "--json").stdout)
    assert f"{first['name']}: it would have more than 5 tags" in done.stderr
    assert (
        "26 characters"
        in act(*("tag", "add", "x" * 26, "--customers", ""), code=2).stderr
    )


def test_saved_filters(act):
    query = "region:US total>0"
    done = act("filter", "save", "US buyers", query, "--about", "for the call")
    assert f"saved 'US buyers': {query}" in done.stderr
    assert (
        "there is one already"
        in act("filter", "save", "us BUYERS", "acme", code=2).stderr
    )
    named = act("filter", "save", "more", 'saved:"US buyers"', code=2)
    assert "a saved filter names no other" in named.stderr
    act("filter", "save", "us BUYERS", "region:US", "--replace")
    assert "region:US" in act("filter", "list").stdout
    (kept,) = json.loads(act("filter", "list", "--json").stdout)
    assert (kept["name"], kept["query"]) == ("us BUYERS", "region:US")
    shown = json.loads(act("filter", "show", "us buyers", "--at", DAY, "--json").stdout)
    saved = ("customers", "saved:'us buyers'".replace("'", '"'), "--at", DAY, "--json")
    assert len(json.loads(act(*saved).stdout)) == shown["customers"] > 0
    assert act("filter", "show", "us buyers", "--at", DAY).stdout == "region:US\n"
    act("filter", "remove", "US buyers")
    assert "no saved filter" in act("filter", "show", "us buyers", code=2).stderr


def test_a_list_in_any_columns_as_table_and_file(act, tmp_path):
    columns = ("--columns", "customer, total,renews_on", "--at", DAY)
    table = act("customers", "total>0", *columns)
    assert table.stdout.splitlines()[0].split("  ")[0] == "Customer"
    rows = json.loads(act("customers", "total>0", *columns, "--json").stdout)
    assert [*rows[0]] == ["customer", "total", "renews_on"]
    file = tmp_path / "list.csv"
    done = act("customers", "total>0", *columns, "--csv", str(file))
    assert f"{len(rows)} customers" in done.stderr
    assert file.read_text("utf-8-sig").splitlines()[0].startswith("Customer,Total")
    assert len(file.read_text("utf-8-sig").splitlines()) == len(rows) + 1
    assert "renews_on" in act("customers", "--columns", "renews", code=2).stderr


def test_a_file_name_that_was_forgotten_is_asked_for(act):
    done = act("customers", "--csv", "--json", code=2)
    assert "'--json' is an option, not the name of a file" in done.stderr
    done = act("report", "devices", "--out", "--json", code=2)
    assert "'--json' is an option" in done.stderr


def test_a_day_before_all_data_is_said(act):
    done = act("customers", "--at", "1999-01-01")
    assert "0 customers on 1999-01-01\nno customer is known on that day" in done.stderr
    done = act("explain", "Acme", "--at", "1999-01-01", code=2)
    assert "no customer 'Acme': none has that name on 1999-01-01" in done.stderr
    nobody = "c8b0e0d2-0000-4000-8000-999999999999"
    done = act("explain", nobody, "--at", DAY, code=2)
    assert f"none of that id is known on {DAY}" in done.stderr
    assert "is known" not in act("customers", "name:nobodyhere", "--at", DAY).stderr


def test_what_is_excluded_is_counted(act):
    everyone = json.loads(act("customers", "--at", DAY, "--json").stdout)
    act("tag", "add", "out", "--customers", "region:US", "--at", DAY)
    done = act("customers", "--exclude-tag", "out", "--at", DAY)
    us = sum(each["region"] == "US" for each in everyone)
    assert f"{len(everyone) - us} customers on {DAY}, {us} more are excluded" in (
        done.stderr
    )
    both = ("--exclude-tag", "out", "--exclude", "region:EU", "--at", DAY)
    assert "more are excluded" in act("attention", *both).stderr
    told = act("overview", "--region", "all", "--exclude-tag", "out", "--at", DAY)
    assert "excluded by policy" in told.stdout
    licenses = ("--exclude-license", "Webex Meetings", "--at", DAY)
    assert "more are excluded" in act("attention", *licenses).stderr


def test_trials(act):
    start = ("trial", "start", "messaging", "--at", DAY)
    missing = act(*start, "--company", "New Corp", code=2)
    assert "missing: administrator e-mail, industry, country" in missing.stderr
    act(*start, *NEW, "--quantity", "25", "--days", "30")
    (trial,) = json.loads(act("trial", "list", "--at", DAY, "--json").stdout)
    assert (trial["state"], trial["ends_on"]) == ("active", "2026-12-22")
    again = act(*start, *NEW, "--quantity", "25")
    assert f"--customer {trial['customer']} is for it" in again.stderr
    two = json.loads(act("trial", "list", "--at", DAY, "--json").stdout)
    (other,) = (each["id"] for each in two if each["id"] != trial["id"])
    act("trial", "cancel", other, "--at", DAY)
    act("trial", "extend", trial["id"], "--at", "2026-12-01")
    more = ("--site", "new.webex.com", "--time-zone", "Europe/Paris")
    act("trial", "add", trial["id"], "meetings", "--at", "2026-12-01", *more)
    act("trial", "remove", trial["id"], "messaging", "--at", "2026-12-01")
    shown = act("trial", "list", "--at", "2026-12-02").stdout
    assert "25 Webex Meetings" in shown
    assert "2026-12-31" in shown
    cancelled = act("trial", "cancel", trial["id"], "--at", "2026-12-02")
    assert "New Corp, cancelled on 2026-12-02, " in cancelled.stderr
    refused = act("trial", "extend", trial["id"], "--at", "2026-12-03", code=2)
    assert "cancelled on 2026-12-02" in refused.stderr


def test_a_trial_of_a_customer_and_its_conversion(act):
    (customer, *_) = json.loads(
        act("customers", "-status:trial", "--at", DAY, "--json").stdout
    )
    start = ("trial", "start", "contact_center", "--customer", customer["id"])
    assert "--email" in act(*start, code=2).stderr
    who = ("--email", "kim@acme.example", "--quantity", "5", "--at", DAY)
    assert "approval" in act(*start, *who, code=2).stderr
    act("trial", "start", "messaging", "--customer", customer["name"], *who)
    (trial,) = json.loads(act("trial", "list", "--json").stdout)
    convert = ("trial", "convert", trial["id"], "--at", DAY, "--tier")
    assert (
        "distributor"
        in act(*convert, "tier_2", "--email", "kim@acme.example", code=2).stderr
    )
    converted = act(*convert, "tier_1", "--email", "kim@acme.example")
    assert f"converted on {DAY}, " in converted.stderr
    site = act("trial", "add", trial["id"], "meetings", "--site", "a.webex.com", code=2)
    assert "both --site and --time-zone" in site.stderr


def test_a_region_is_corrected_by_name(act):
    (customer, *_) = json.loads(act("customers", "--at", DAY, "--json").stdout)
    name, before = customer["name"], customer["region"]
    done = act("region", "set", name, "UAE", "--why", "a slip")
    assert done.stderr == f"{name}: {before} -> UAE\n"
    (told,) = json.loads(act("region", "list", "--json").stdout)
    assert (told["customer"], told["after"], told["why"]) == (
        *(customer["id"], "UAE", "a slip"),
    )
    (_, _, row) = act("region", "list").stdout.splitlines()
    assert row.startswith(f"{name}  ")
    alone = act("region", "set", name, "UEA")
    assert "no other customer lies in UEA" in alone.stderr
    act("region", "set", name, "UAE")
    again = act("region", "set", customer["id"], "UAE", code=2)
    assert "lies there already" in again.stderr


def test_administrators(act):
    (customer, *_) = json.loads(act("customers", "--at", DAY, "--json").stdout)
    act("admins", "add", ANA, "--name", "Ana")
    assert (
        "own organization"
        in act("admins", "grant", "bob@x.example", "partner_admin", code=2).stderr
    )
    act("admins", "grant", ANA, "partner_admin")
    act("admins", "assign", ANA, customer["id"])
    assert act("admins", "access", ANA, customer["id"]).stdout == "assigned\n"
    (person,) = json.loads(act("admins", "list", "--json").stdout)
    assert person["customers"] == [customer["id"]]
    assert "Partner administrator" in act("admins", "list").stdout
    act("admins", "unassign", ANA, customer["id"])
    assert "does not see" in act("admins", "access", ANA, customer["id"]).stderr
    act("admins", "revoke", ANA, code=2)
    act("admins", "revoke", ANA, "partner_admin")
    act("admins", "grant", ANA, "partner_read_only")
    refused = act("admins", "assign", ANA, customer["id"], code=2)
    assert "already has access to all customers" in refused.stderr
    assert "no role" in act("admins", "revoke", ANA, "--all").stderr
    roles = json.loads(act("admins", "roles", "--json").stdout)
    assert roles[0]["role"] == "partner_full"
    assert "Wholesale administrator" in act("admins", "roles").stdout
