"""`ingest` of calling files, and `calling`, on a store of its own."""

import json

import pytest

from tests.calling_files import QUEUES, cdr, media, record, written
from tests.kpis.calling_legs import ACME, BOLT, FORTY

DAYS = ("--from", "2026-11-15", "--to", "2026-11-21")
TABLES = ("usage", "quality", "trend", "endpoints", "features", "alerts")


@pytest.fixture
def calls(run, here):
    """Forty legs, their quality and queues, in a store."""
    (here / "cdr.csv").write_text(cdr(FORTY), "utf-8")
    (here / "media.csv").write_text(media(FORTY), "utf-8")
    (here / "queues.csv").write_text(QUEUES, "utf-8")
    for arguments in (
        ["--region", "US", "cdr.csv", "media.csv"],
        ["--region", "US", "--customer", ACME, *DAYS, "queues.csv"],
    ):
        done = run("ingest", *arguments)
        assert done.exit_code == 0, done.stderr
    return lambda *rest: run("calling", *rest)


def told(done):
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_as_text_and_as_json(calls, table):
    shown = calls(table, "--at", "2026-11-22")
    assert shown.exit_code == 0
    assert "2 customers from call records" in shown.stderr
    found = told(calls(table, "--week", "2026-11-18", "--json"))
    assert found["week"] == {"first": "2026-11-15", "last": "2026-11-21"}
    assert (len(found["rows"]) == 0) == (table == "alerts")


def test_the_numbers_counted_by_hand(calls):
    rows = told(calls("usage", "--week", "2026-11-18", "--json"))["rows"]
    assert [(row["customer_id"], row["calls"], row["legs"]) for row in rows] == [
        (BOLT, 2, 3),
        (ACME, 14, 22),
    ]
    assert rows[0]["change_ratio"] == -0.25
    assert "-25.0 %" in calls("usage", "--at", "2026-11-22").stdout
    trend = told(calls("trend", "--at", "2026-11-22", "--json"))["rows"]
    assert (trend[-1]["week"], trend[-1]["poor"]) == ("2026-11-15", 2)


def test_queues(calls):
    found = told(calls("queues", "--at", "2026-11-22", "--json"))["queues"]
    assert (found["calls"], found["abandoned_ratio"]) == (12, 0.25)
    assert [row["queue"] for row in found["queues"]] == ["Sales", "Help"]
    assert "Abandoned call rate: 25.0 %" in calls("queues", "--at", "2026-11-22").stdout
    assert told(calls("queues", "--week", "2026-11-01", "--json"))["queues"] is None


def test_statistics_are_calls(calls, run, here):
    answer = {
        "startTime": "2026-11-15T00:00:00Z",
        "endTime": "2026-11-22T00:00:00Z",
        "metrics": {"totalCalls": 9},
    }
    (here / "stats.json").write_text(json.dumps(answer))
    done = run("ingest", "--region", "US", "--customer", ACME, "stats.json")
    assert done.exit_code == 0
    rows = told(calls("statistics", "--at", "2026-11-22", "--json"))["rows"]
    assert [(row["customer_id"], row["calls"]) for row in rows] == [(ACME, 9)]
    assert "count calls" in calls("statistics", "--at", "2026-11-22").stderr


def test_the_report_is_made_of_records_and_queues(calls, run, here):
    out = here / "out"
    done = run("report", "calling-usage-details", *DAYS, "--out", out)
    assert done.exit_code == 0, done.stderr
    assert "2 customers from call records" in done.stderr
    (file,) = out.glob("*.csv")
    oslo = next(
        line for line in file.read_text("utf-8").splitlines() if f"{ACME},Oslo" in line
    )
    assert oslo.split(",")[3:20] == (
        [
            "14",
            "21",
            "2",
            "19",
            "3",
            "9",
            "2",
            "15",
            "2",
            "1",
            "1",
            "1",
            "2",
            "2",
            "1",
            "3",
            "2",
        ]
    )


def test_a_bad_row_is_named_with_file_line_and_column(run, here):
    rows = [record(number, leg) for number, leg in enumerate(FORTY)]
    rows[3]["Org UUID"] = "nobody"
    (here / "cdr.csv").write_text(written(rows), "utf-8")
    done = run("ingest", "--region", "US", "cdr.csv")
    assert done.exit_code == 1
    assert "cdr.csv:5:Org UUID: no customer's id (nobody)" in done.stderr
    assert "40 rows: 39 taken, 0 unchanged, 1 problem" in done.stdout


def test_statistics_without_a_customer_are_refused(run, here):
    (here / "queues.csv").write_text(QUEUES, "utf-8")
    done = run("ingest", *DAYS, "queues.csv")
    assert done.exit_code == 1
    assert "--customer" in done.stderr


def test_records_may_go_into_a_folder(run, here, monkeypatch):
    pytest.importorskip("polars")
    monkeypatch.setenv("PARTNERHUB_LEGS", str(here / "legs"))
    (here / "cdr.csv").write_text(cdr(FORTY), "utf-8")
    assert run("ingest", "--region", "US", "cdr.csv").exit_code == 0
    assert list((here / "legs").rglob("*.parquet"))
    rows = told(run("calling", "usage", "--week", "2026-11-18", "--json"))["rows"]
    assert [row["legs"] for row in rows] == [3, 22]
