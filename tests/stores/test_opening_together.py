"""Several processes open a store at once that none of them has made yet."""

import subprocess
import sys

import pytest

from partnerhub.adapters.opening import open_store
from partnerhub.testing.comparing import snapshot
from tests.stores.test_versions import DAY, UUID, old_store

PROCESSES = 4
OPEN = """
import datetime as dt, sys
from partnerhub.adapters.opening import open_store
from partnerhub.ports import OrganizationFacts
import partnerhub.adapters.sql.backend, sqlalchemy.dialects.sqlite
url, schema, number = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
with open_store(url, migrate=True, schema=schema or None) as store:
    facts = OrganizationFacts(id=f"writer {number}", day=dt.date(2026, 11, 22))
    with store.writing() as writer:
        writer.put_organizations([facts])
    store.portfolio(dt.date(2026, 11, 22))
"""


def open_together(url, schema=""):
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, url, schema, str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * PROCESSES, said


def writers(store):
    ids = store.portfolio(DAY).customers.id.tolist()
    return [uuid for uuid in ids if uuid.startswith("writer")]


def test_a_new_sqlite_file(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    open_together(url)
    with open_store(url) as store:
        assert len(writers(store)) == PROCESSES


def test_an_sqlite_file_of_an_old_version(tmp_path):
    old_store(tmp_path / "old.db", 1)
    open_together(f"sqlite:///{tmp_path / 'old.db'}")
    with open_store(f"sqlite:///{tmp_path / 'old.db'}") as store:
        assert len(writers(store)) == PROCESSES
        assert store.profile(UUID).tags == ("z", "a")
        assert snapshot(store, DAY)


@pytest.mark.postgres
def test_a_new_postgres_schema(postgres, new_schema):
    schema = new_schema()
    open_together(postgres.url(), schema)
    with open_store(postgres.url(), schema=schema) as store:
        assert len(writers(store)) == PROCESSES
