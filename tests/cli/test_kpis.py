"""`kpis`, `trend`, `forecast` and `reconcile`."""

import csv
import json
import re

import pendulum
import pytest

import partnerhub
from partnerhub import kpis

SECTIONS = (
    "recently-added",
    "nearing-expiration",
    "nearing-renewal",
    "low-assignment",
    "over-limit",
)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_shows_its_kpis_its_rows_and_what_they_rest_on(read, section):
    done = read("kpis", section, "--region", "all")
    assert done.exit_code == 0, done.stderr
    found = json.loads(read("kpis", section, "--region", "all", "--json").stdout)
    lines = done.stdout.splitlines()
    assert lines[0].endswith("on 2026-11-22")
    assert f": {found['customers']}" in lines[2]
    assert not re.search(r"\.[0-9]{2}", done.stdout)
    for row in found["rows"]:
        assert row["customer"] in done.stdout
    assert "30 customers of" in done.stdout
    assert "30 customers of" in found["coverage"][0]
    assert {row["customer_id"] for row in found["rows"]} or not found["customers"]


def test_a_section_as_csv(read):
    done = read("kpis", "nearing-expiration", "--region", "all", "--csv")
    rows = list(csv.DictReader(done.stdout.splitlines()))
    found = read("kpis", "nearing-expiration", "--region", "all", "--json")
    assert len(rows) == len(json.loads(found.stdout)["rows"]) > 0
    assert list(rows[0])[:3] == ["Customer", "Subscription ID", "Days until expiration"]


def test_a_region_and_a_product_narrow(read):
    def customers(*options):
        done = read("kpis", "nearing-expiration", "--json", *options)
        return {row["customer_id"] for row in json.loads(done.stdout)["rows"]}

    every = customers("--region", "all")
    apart = [customers("--region", region) for region in ("US", "CA", "EU")]
    assert set().union(*apart) == every
    assert customers("--region", "all", "--product", "calling") <= every
    assert customers("--region", "all", "--exclude", "region:EU") == every - apart[2]
    assert read("kpis", "nearing-expiration").exit_code == 2


def test_before_a_renewal_and_true_forward(read):
    done = read("kpis", "unassigned-before-renewal", "--region", "all", "--json")
    rows = json.loads(done.stdout)
    assert rows
    assert all(0 <= row["days"] <= 90 and row["available"] > 0 for row in rows)
    assert read("kpis", "true-forward", "--region", "all", "--json").exit_code == 0


def test_true_forward_refuses_what_it_would_not_heed(read):
    done = read("kpis", "true-forward", "--region", "all", "--product", "calling")
    assert done.exit_code == 2
    assert "it takes no --product" in done.stderr


def test_a_term_narrows_the_headline(read):
    done = read("overview", "--region", "all", "--term", "montly", "--json")
    found = json.loads(done.stdout)
    assert (found["term"], found["total_customers"]) == ("montly", 0)
    assert "with the commitment term montly" in found["coverage"][-1]
    assert "no row is known" not in done.stdout


def test_a_trend(run, store):
    asked = ["--store", store, "trend", "--region", "all", "--to", "2026-11-22"]
    done = run(*asked)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith("Day")
    assert len(done.stdout.splitlines()) == 2 + 12
    assert "data begin on 2026-11-15" in done.stderr
    found = json.loads(run(*asked, "--all-kpis", "--json").stdout)
    assert found["known_from"] == "2026-11-15"
    overview = run(
        *["--store", store, "overview", "--at", "2026-11-22"],
        *["--region", "all", "--json"],
    )
    newest = found["days"][-1]
    assert newest["total_customers"] == json.loads(overview.stdout)["total_customers"]


def test_a_forecast_takes_six_weeks(read):
    done = read("forecast", "purchased", "2027-01-31", "--region", "all")
    assert done.exit_code == 0
    assert "fewer than six weeks" in done.stderr
    unknown = read("forecast", "totl_overage", "2027-01-31", "--region", "all")
    assert unknown.exit_code == 2
    assert "did you mean 'total_overage'" in unknown.stderr


def test_an_invoice_that_agrees_and_one_that_does_not(read, tmp_path, store):
    with partnerhub.connect(store) as hub:
        held = kpis.held_lines(
            hub._context.store.portfolio(pendulum.date(2026, 11, 22))
        )
    lines = list(held.select(["subscription_id", "license", "quantity"]).rows())
    path = tmp_path / "invoice.csv"

    def invoice(rows):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerows([("Subscription ID", "License", "Quantity"), *rows])
        return read("reconcile", path, "--region", "all")

    assert invoice(lines).exit_code == 0
    changed = [(*lines[0][:2], lines[0][2] + 1), *lines[2:], ("Sub0", "Other", 3)]
    done = invoice(changed)
    assert done.exit_code == 1
    headings = [line for line in done.stdout.splitlines() if line.endswith(": 1")]
    assert headings == [
        "Different: 1",
        "Held, and on no invoice: 1",
        "Invoiced, and not held: 1",
    ]
    assert invoice([*lines, ("Sub1", "x", "many")]).exit_code == 1
    wrong = read("reconcile", path, "--column", "Subscription ID=subscriptionid")
    assert wrong.exit_code == 2
    assert "did you mean 'subscription_id'" in wrong.stderr
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    refused = read("reconcile", path, "--region", "all")
    assert refused.exit_code == 1
    assert "no column 'Subscription ID'" in refused.stderr
