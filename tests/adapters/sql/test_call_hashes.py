"""Where legs of a call may be, told without looking at the legs."""

import sqlite3

import attrs
import pytest

import partnerhub as ph
from partnerhub.adapters.opening import open_store
from partnerhub.adapters.sql.call_hashes import CallHashes, hashed
from tests.calling_files import cdr, media
from tests.hub.test_calling import details
from tests.kpis.calling_legs import FORTY
from tests.kpis.test_calling_usage_details import EXPECTED

MONDAY = 20_773  # 2026-11-16, days since 1970-01-01


@pytest.fixture
def path(tmp_path):
    return tmp_path / "hub.db"


def take(path, tmp_path, *contents):
    with ph.connect(f"sqlite:///{path}") as hub:
        for number, content in enumerate(contents):
            file = tmp_path / f"{number}.csv"
            file.write_text(content, "utf-8")
            hub.ingest(file, region="US")


def batches(path):
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT day, batch, length(hashes) FROM ph_call_hash")
    listed = sorted(found.fetchall())
    connection.close()
    return listed


def test_the_days_of_a_call_are_told_and_no_others(path, tmp_path):
    leg = attrs.evolve(FORTY[0], start=FORTY[0].start.replace(day=16))
    later = [attrs.evolve(leg, start=leg.start.replace(day=day)) for day in (17, 18)]
    take(path, tmp_path, cdr([leg, *later]), cdr([leg, *later]))
    with open_store(f"sqlite:///{path}") as store:
        session = store.backend.session
        with store.backend.reading():
            found = CallHashes(session)
            for asked, days in (
                (["call-1@10.0.0.1"], [MONDAY + 1]),
                (["call-0@10.0.0.1", "call-2@10.0.0.1", "x"], [MONDAY, MONDAY + 2]),
                (["x"], []),
                ([], []),
            ):
                assert found.days_of(asked) == days
    # What is taken again is not noted again; what is new is a batch of its own.
    assert batches(path) == [(MONDAY + n, 1, 8) for n in range(3)]
    take(path, tmp_path, cdr([leg, leg]))
    assert batches(path)[:2] == [(MONDAY, 1, 8), (MONDAY, 2, 8)]


def test_a_call_without_an_id_has_no_hash():
    assert len(hashed(["", "a", "a"])) == 1
    assert hashed(["b", "a"]).tolist() == sorted(hashed(["a", "b"]).tolist())


def test_legs_of_before_find_their_quality_after_a_migration(path, tmp_path):
    take(path, tmp_path, cdr(FORTY))
    connection = sqlite3.connect(path)
    connection.executescript(
        "DROP TABLE ph_call_hash;"
        "ALTER TABLE ph_media ADD COLUMN fresh SMALLINT NOT NULL DEFAULT 0;"
        "DELETE FROM ph_meta WHERE name LIKE 'newest %';"
        "UPDATE ph_meta SET value = '3' WHERE name = 'schema_version';"
    )
    connection.close()
    take(path, tmp_path, media(FORTY))
    with ph.connect(f"sqlite:///{path}") as hub:
        assert details(hub) == EXPECTED
