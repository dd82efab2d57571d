"""`overview`, `customers`, `explain`: what they print, and their JSON."""

import csv
import json
from pathlib import Path

import pytest

from partnerhub.hub import TEMPLATES

STATUSES = {
    "trial",
    "subscription",
    "expiring_soon",
    "license_overage",
    "no_recent_activity",
    "ready_for_order_setup",
    "suspended",
    "expired",
}
KPIS = {
    "total_customers",
    "nearing_expiration",
    "nearing_renewal",
    "low_license_assignment",
    "over_license_limit",
}


def test_overview_as_json(read):
    done = read("overview", "--region", "us", "--product", "Calling", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, done.stderr) == (0, "")
    assert told.keys() == {"at", "region", "product", "term", "coverage", *KPIS}
    assert (told["at"], told["region"], told["product"]) == (
        "2026-11-22",
        "US",
        "calling",
    )
    assert all(isinstance(told[kpi], int) for kpi in KPIS)


@pytest.mark.parametrize("every", ["all", "*"])
def test_overview_of_all_regions(read, every):
    done = read("overview", "--region", every)
    assert (
        "Subscriptions on 2026-11-22: Calling and Meetings, US, CA, EU" in done.stdout
    )
    assert "Over license limit" in done.stdout
    assert "as of 2026-11-22; " in done.stdout


def test_overview_needs_a_region(read):
    done = read("overview")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "(US, CA, EU)" in done.stderr
    assert "--region US" in done.stderr
    assert "--region all" in done.stderr


def test_customers_as_json(read):
    done = read("customers", "--region", "EU", "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 0
    for customer in told:
        assert customer.keys() == {
            "id",
            "name",
            "region",
            "statuses",
            "primary_status",
        }
        assert set(customer["statuses"]) <= STATUSES
        assert customer["region"] == "EU"
    assert {customer["primary_status"] for customer in told} >= {"suspended", "expired"}


def test_customers_for_people(read):
    done = read("customers")
    heading, rule, *rows = done.stdout.splitlines()
    assert heading.split() == ["Customer", "Region", "Status", "Why", "Also"]
    assert set(rule) == {"-", " "}
    assert "Brandt, Voss & Partners" in done.stdout
    assert any("Suspended" in row and "not paid" in row for row in rows)
    assert done.stderr == f"{len(rows)} customers on 2026-11-22\n"


def test_customers_are_limited_only_when_asked(read):
    done = read("customers", "--limit", "3")
    assert len(done.stdout.splitlines()) == 5
    assert "not shown (--limit)" in done.stderr
    assert len(json.loads(read("customers", "--limit", "3", "--json").stdout)) == 3


def test_explain(read):
    name = "Brandt, Voss & Partners"
    done = read("explain", name)
    assert done.exit_code == 0
    assert done.stdout.startswith(name + "\n")
    assert "Status: " in done.stdout
    assert "Licenses" in done.stdout
    told = json.loads(read("explain", name.upper(), "--json").stdout)
    assert told.keys() >= {"id", "statuses", "primary_status", "not_known"}
    assert all(status["reasons"] for status in told["statuses"])
    assert told["subscriptions"][0]["lines"][0].keys() == {
        "license",
        "total",
        "assigned",
        "used_7d",
        "used_3m",
        "used_ever",
    }


def test_explain_says_what_cannot_be_told(run, tmp_path):
    file = tmp_path / "one.csv"
    file.write_text(
        "Org ID,Subscription ID,Calculation date,Meeting license (available),"
        "Meeting license (assigned),Meeting license (used)\n"
        "c8b0e0d2-0000-4000-8000-000000000001,Sub1,2026-11-22,5,3,\n"
    )
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    taken = run("ingest", "--store", url, file)
    assert "refused" not in taken.stdout, taken.stderr
    uuid = "c8b0e0d2-0000-4000-8000-000000000001"
    done = run("explain", uuid, "--store", url, "--at", "2026-11-22")
    assert "Cannot be told" in done.stdout
    assert "payment not known" in done.stdout
    listed = run("customers", "--store", url, "--at", "2026-11-22")
    assert uuid in listed.stdout, "a customer without a name is shown by its id"


def test_explain_narrows(read):
    name = "Brandt, Voss & Partners"
    region = json.loads(read("explain", name, "--json").stdout)["region"]
    assert read("explain", name, "--region", region).exit_code == 0
    other = "EU" if region != "EU" else "US"
    assert read("explain", name, "--region", other).exit_code == 2


def test_report(read, tmp_path):
    done = read(
        "report", "subscription-details", "--region", "US", "--out", tmp_path, "--json"
    )
    told = json.loads(done.stdout)
    assert told.keys() >= {"path", "template", "rows", "region", "warning", "checksum"}
    with Path(told["path"]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == told["rows"] + 1
    assert len(rows[0]) == 19
    plain = read("report", "subscription-details", "--region", "US", "--out", tmp_path)
    assert plain.stdout == f"{told['path']}: {told['rows']} rows\n"


def test_report_in_french_of_some_days_unguarded(read, tmp_path):
    done = read(
        *("report", "calling-usage-details", "--region", "EU", "--out", tmp_path),
        *("--from", "2026-11-15", "--to", "2026-11-21", "--locale", "fr", "--raw"),
    )
    assert done.exit_code == 0
    (file,) = tmp_path.iterdir()
    assert "Nom du client" in file.read_text("utf-8-sig").splitlines()[0]


def test_report_without_rows_warns(read, tmp_path):
    done = read("report", "devices", "--region", "UAE", "--out", tmp_path)
    assert done.exit_code == 0
    assert done.stderr.startswith("no data in region UAE\n")


def test_a_filter_that_finds_nobody_is_told_from_a_region_without_data(read, tmp_path):
    nobody = ("--region", "US", "--customers", "name:nobodyhere", "--out", tmp_path)
    done = read("report", "devices", *nobody)
    assert "no data in region US of customers that the filter finds" in done.stderr


def test_help_names_every_report(run):
    told = " ".join(run("report", "--help").stdout.split()).replace("- ", "-")
    assert all(template in told for template in TEMPLATES)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["customers", "--region", "Atlantis"], "no region 'Atlantis'"),
        (["customers", "--regoin", "US"], "--regoin"),
        (["customers", "--product", "slack"], "'slack' is not one of"),
        (["explain", "Nobody At All"], "no customer 'Nobody At All'"),
        (["overview", "--at", "2026-02-30"], "write it as 2026-11-22"),
        (["report", "nonsense", "--out", "x"], "no report template 'nonsense'"),
        (["report", "devices"], "Missing option '--out'"),
        (["report", "devices", "--out", "x"], "several regions"),
    ],
)
def test_not_understood(run, store, arguments, said, here):
    done = run("--store", store, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(here.iterdir())


@pytest.mark.parametrize(
    "command",
    [
        ["overview"],
        ["customers"],
        ["explain", "A"],
        ["report", "devices", "--out", "x"],
    ],
)
def test_reading_makes_no_store(run, command, here):
    done = run(*command)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "partnerhub.db" in done.stderr
    assert "partnerhub ingest" in done.stderr
    assert not list(here.iterdir())


def test_the_store_is_named_anywhere(run, store):
    before = run("--store", store, "customers", "--json")
    after = run("customers", "--json", "--store", store)
    assert before.stdout == after.stdout != "[]\n"


def test_a_store_url_that_is_none(run):
    done = run("overview", "--store", "mysql://nowhere")
    assert done.exit_code == 2
    assert "sqlite:///path/to/file.db" in done.stderr


def test_a_store_that_is_none(run, tmp_path):
    file = tmp_path / "notes.db"
    file.write_text("dear diary, " * 200)
    done = run("overview", "--store", f"sqlite:///{file}")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "damaged or no SQLite database" in done.stderr
    assert "Traceback" not in done.stderr
