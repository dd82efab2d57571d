"""`partnerhub template`, and what `partnerhub report` can be asked."""

import json
from pathlib import Path

import pytest

from .conftest import DAY


@pytest.fixture
def own(run, store, here):
    """Runs a command on a copy of the sample partner's store."""
    copy = here / "own.db"
    copy.write_bytes(Path(store.removeprefix("sqlite:///")).read_bytes())
    return lambda *arguments: run("--store", f"sqlite:///{copy}", *arguments)


def added(own, *more, name="Big ones"):
    return own(
        *("template", "add", name, "--base", "subscription-details"),
        *("--column", "customer_name", "--column", "meetings_total", *more),
    )


def test_a_template_from_shell_to_file(own, here):
    assert added(own, "--sort", "-meetings_total", "--locale", "fr").exit_code == 0
    listed = json.loads(own("template", "list", "--json").stdout)
    assert [(each["name"], each["version"]) for each in listed] == [("Big ones", 1)]
    assert "sort: -meetings_total" in own("template", "show", "BIG ONES").stdout
    done = own("report", "big ones", "--region", "US", "--at", DAY, "--out", here)
    assert done.exit_code == 0, done.stderr
    (file,) = here.glob("Big ones_*.csv")
    rows = file.read_text("utf-8").splitlines()
    assert rows[0] == "Nom du client,Licence de réunion (disponible)"
    totals = [row.rsplit(",", 1)[1] for row in rows[1:]]
    known = [int(total) for total in totals if total]
    assert known == sorted(known, reverse=True)
    assert not any(totals[len(known) :])


def test_templates_are_carried_over_by_a_file_and_removed(own, here):
    added(own)
    assert own("template", "export", here / "t.json").exit_code == 0
    assert own("template", "remove", "big ones").exit_code == 0
    assert json.loads(own("template", "list", "--json").stdout) == []
    assert own("template", "import", here / "t.json").exit_code == 0
    assert len(json.loads(own("template", "list", "--json").stdout)) == 1


def test_columns_are_told_in_both_languages(run):
    told = run("template", "columns", "devices").stdout
    assert "firmware" in told
    assert "Micrologiciel" in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["template", "columns", "device"], "did you mean 'devices'"),
        (["template", "show", "none"], "no report template 'none'"),
        (["template", "add", "x", "--base", "devices", "--column", "mca"], "'mac'"),
        (["report", "devices", "--out", "x", "--product", "calling"], "products apart"),
        (["report", "devices", "--out", "x", "--window", "last-week"], "of one day"),
        (["report", "devices", "--out", "x", "--customers", "statu:x"], "'status'"),
    ],
)
def test_what_is_wrong_is_named(own, here, arguments, said):
    done = own(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert not (here / "x").exists()


def test_one_file_for_each_region(own, here):
    done = own(
        "report", "devices", "--each-region", "--at", DAY, "--out", here, "--json"
    )
    told = json.loads(done.stdout)
    assert [each["region"] for each in told] == ["US", "CA", "EU"]
    assert len(list(here.glob("Devices_*.csv"))) == 3


def test_a_packed_report_of_a_product(own, here):
    done = own(
        *("report", "over-limit", "--region", "all", "--at", DAY, "--out", here),
        *("--product", "calling", "--compress", "gzip", "--customers", "total>0"),
    )
    assert done.exit_code == 0, done.stderr
    (file,) = here.glob("*.csv.gz")
    assert file.name.startswith("Subscriptions with license overages_")
