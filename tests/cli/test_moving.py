"""`partnerhub copy`, `partnerhub backup`, and a store for each region."""

import datetime as dt
import json
import shutil
import sqlite3
from pathlib import Path

import pytest

import partnerhub
from partnerhub.adapters.opening import open_store
from partnerhub.adapters.sql.schema import VERSION
from partnerhub.cli.stores import urls_of
from partnerhub.ports import OrganizationFacts

SCHEMAS = Path(__file__).parents[1] / "stores" / "schemas"


def customers(url):
    with partnerhub.connect(url) as hub:
        return [row.id for row in hub.customers.find()]


def test_a_copy_holds_the_same(run, store, here):
    done = run("copy", store, "sqlite:///copy.db")
    assert done.exit_code == 0, done.output
    assert "30 customers" in done.stdout
    assert customers("sqlite:///copy.db") == customers(store)


def test_a_copy_made_again_changes_nothing(run, store, here):
    first = json.loads(run("copy", store, "sqlite:///copy.db", "--json").stdout)
    again = json.loads(run("copy", store, "sqlite:///copy.db", "--json").stdout)
    assert (first["skipped"], again["skipped"]) == (0, 30)
    assert first["checksum"] == again["checksum"]


def test_a_target_with_data_of_its_own_is_left_alone(run, store, here):
    mine = OrganizationFacts(id="mine", name="Mine", day=dt.date(2026, 11, 22))
    with open_store("sqlite:///other.db") as other, other.writing() as writer:
        writer.put_organizations([mine])
    done = run("copy", store, "sqlite:///other.db")
    assert done.exit_code == 1
    assert "not empty" in done.stderr
    assert customers("sqlite:///other.db") == ["mine"]


@pytest.mark.parametrize("command", ["copy", "backup"])
def test_a_source_that_is_not_there_is_not_made(run, here, command):
    done = run(command, "sqlite:///missing.db", "sqlite:///target.db")
    assert done.exit_code == 2
    assert "missing.db" in done.stderr
    assert not list(here.iterdir())


def test_a_store_is_not_copied_into_itself(run, store):
    done = run("copy", store, store)
    assert done.exit_code == 2
    assert "same store" in done.stderr


def test_a_backup_is_a_store(run, store, here):
    done = run("backup", store, "backup.db")
    assert done.exit_code == 0, done.output
    assert customers("sqlite:///backup.db") == customers(store)


@pytest.mark.parametrize("target", [("copy", "sqlite:///copy.db"), ("backup", "b.db")])
def test_a_folder_of_call_legs_is_copied_by_itself(
    run, store, here, target, monkeypatch
):
    monkeypatch.setenv("PARTNERHUB_LEGS", "legs")
    command, to = target
    done = run(command, store, to)
    assert done.exit_code == 0, done.output
    assert "folder legs" in done.stderr


def test_a_backup_overwrites_nothing(run, store, here):
    (here / "backup.db").write_text("mine")
    done = run("backup", store, "backup.db")
    assert done.exit_code != 0
    assert (here / "backup.db").read_text() == "mine"


def test_an_older_store_is_backed_up_as_it_is_before_it_is_migrated(run, here):
    old = sqlite3.connect("old.db")
    old.executescript((SCHEMAS / "version_1.sql").read_text("utf-8"))
    old.close()
    done = run("copy", "sqlite:///old.db", "sqlite:///copy.db")
    assert done.exit_code == 1
    assert "do that with `partnerhub migrate`, after a backup" in done.stderr
    assert not (here / "copy.db").exists()
    for file in ("first.db", "second.db"):
        done = run("backup", "sqlite:///old.db", file)
        assert done.exit_code == 0, done.output
        assert schema_version(file) == 1
        done = run("--store", "sqlite:///old.db", "migrate")
        assert done.exit_code == 0, done.output
        assert done.stdout == f"sqlite:///old.db: schema version {VERSION}\n"
        assert schema_version("old.db") == VERSION
        shutil.copy("first.db", "old.db")


def test_each_regions_store_is_migrated(run, here):
    done = run("--store", "US=sqlite:///us.db,EU=sqlite:///eu.db", "migrate")
    assert done.exit_code == 0, done.output
    assert [schema_version(file) for file in ("us.db", "eu.db")] == [VERSION] * 2


def schema_version(file):
    connection = sqlite3.connect(file)
    query = "SELECT value FROM ph_meta WHERE name = 'schema_version'"
    (found,) = connection.execute(query).fetchone()
    connection.close()
    return int(found)


def test_only_sqlite_is_backed_up(run, here):
    done = run("backup", "memory:", "backup.db")
    assert done.exit_code == 2
    assert "own tool" in done.stderr


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("memory:", "memory:"),
        ("sqlite:///a=b,c.db", "sqlite:///a=b,c.db"),
        ("postgresql://u:p@h/d?x=1,y", "postgresql://u:p@h/d?x=1,y"),
        ("US=memory:", {"US": "memory:"}),
        (
            "US=sqlite:///a,b.db,EU=postgresql://h/d?sslmode=require",
            {"US": "sqlite:///a,b.db", "EU": "postgresql://h/d?sslmode=require"},
        ),
    ],
)
def test_stores_by_region_are_told_from_one(text, urls):
    assert urls_of(text) == urls


def test_each_region_goes_into_its_own_store(run, here, store):
    exports = "US=sqlite:///us.db,EU=sqlite:///eu.db"
    row = "org_id,managed_by\nc8b0e0d2-0000-4000-8000-00000000000{},partner\n"
    for number, region in enumerate(("US", "EU")):
        (here / f"{region}.csv").write_text(row.format(number))
        done = run(
            *("--store", exports, "ingest", "--region", region, f"{region}.csv"),
            *("--as-of", "2026-11-22"),
        )
        assert done.exit_code == 0, done.output
    for region, number in (("us", 0), ("eu", 1)):
        connection = sqlite3.connect(here / f"{region}.db")
        rows = connection.execute("SELECT id FROM ph_organization").fetchall()
        connection.close()
        assert [uuid[-1] for (uuid,) in rows] == [str(number)]
    done = run("--store", exports, "customers", "--json", "--at", "2026-11-22")
    assert done.exit_code == 0, done.output
    assert "c8b0e0d2-0000-4000-8000-000000000000" in done.stdout
    assert "c8b0e0d2-0000-4000-8000-000000000001" in done.stdout
