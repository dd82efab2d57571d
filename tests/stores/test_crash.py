"""`kill -9` at random moments: every acknowledged write is there, and no half of one.

`PARTNERHUB_KILLS=500 make test-slow PYTEST_ARGS=tests/stores/test_crash.py` for the
full count.
"""

import multiprocessing
import os
import random
import signal
import sqlite3
import time

import attrs
import pytest

from partnerhub.adapters.opening import open_store
from tests import postgres_server
from tests.calling_files import cdr
from tests.kpis.calling_legs import FORTY
from tests.stores import crashing
from tests.support import require

KILLS = int(os.environ.get("PARTNERHUB_KILLS", "8"))
LONGEST_S = 0.25

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]


@pytest.fixture(scope="module")
def processes():
    """Processes that start at once, from one that has imported everything."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.stores.crashing", "psycopg", "sqlalchemy"])
    return context


def killed(processes, url, start, chance, kill_server=None):
    """The last operation that a process acknowledged before it was killed."""
    ours, theirs = processes.Pipe(duplex=False)
    worker = processes.Process(target=crashing.work, args=(url, start, theirs))
    worker.start()
    theirs.close()
    acknowledged = start - 1
    end = None
    server_killed = False
    while True:
        if ours.poll(0.001):
            try:
                told = ours.recv()
            except EOFError:
                break
            if told == "gone":
                assert server_killed
                break
            acknowledged = told
            # From the first success on, at a moment that falls anywhere.
            end = end or time.monotonic() + chance.uniform(0, LONGEST_S)
        if end and time.monotonic() > end:
            end = float("inf")
            if kill_server is None:
                worker.kill()
            else:
                kill_server()
                server_killed = True
    worker.join()
    assert worker.exitcode == (0 if server_killed else -signal.SIGKILL)
    ours.close()
    return acknowledged


def test_sqlite(tmp_path, processes):
    path = tmp_path / "hub.db"
    url = f"sqlite:///{path}"
    chance = random.Random(KILLS)
    kept = 0
    for _ in range(KILLS):
        acknowledged = killed(processes, url, kept + 1, chance)
        with open_store(url) as store:
            kept = crashing.check(store, acknowledged)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    print(f"\nSQLite: {KILLS} kills, {kept} operations kept, none lost, none by half")


@pytest.mark.parametrize("in_folder", [False, True])
def test_call_records_of_a_file_are_there_whole_or_not_at_all(
    tmp_path, processes, in_folder
):
    legs_folder = tmp_path / "legs" if in_folder else None
    files = []
    for number in range(200):
        legs = [attrs.evolve(FORTY[0], duration_s=number)] * 500
        files.append(tmp_path / f"{number}.csv")
        files[-1].write_text(cdr(legs, first=number * 500), "utf-8")
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    chance = random.Random(KILLS)
    kept = 0
    for _ in range(KILLS):
        ours, theirs = processes.Pipe(duplex=False)
        worker = processes.Process(
            target=crashing.ingest, args=(url, legs_folder, files[kept:], theirs)
        )
        worker.start()
        theirs.close()
        done, end = 0, None
        while True:
            if ours.poll(0.001):
                try:
                    done = ours.recv()
                except EOFError:
                    break
                end = end or time.monotonic() + chance.uniform(0, LONGEST_S)
            if end and time.monotonic() > end:
                worker.kill()
                end = float("inf")
        worker.join()
        with open_store(url, legs=legs_folder) as store:
            noted = sum(note.taken for note in store.imports())
            day = FORTY[0].start.date()
            there = sum(map(len, store.legs(day, day)))
        files_there, rest = divmod(there, 500)
        assert rest == 0, "half a file"
        assert noted == there, "records of a file that is not noted"
        assert files_there - kept in {done, done + 1}, "a file is lost"
        kept = files_there
    print(f"\n{KILLS} kills, {kept} files of call records kept, none by half")


@pytest.mark.postgres
def test_postgres(processes):
    require(postgres_server.binaries(), "a PostgreSQL server (apt install postgresql)")
    chance = random.Random(KILLS)
    kept = servers = 0
    with postgres_server.running(durable=True) as server:
        open_store(server.url(), migrate=True).close()
        for _ in range(KILLS):
            kill_server = None
            if chance.random() < 0.5:
                kill_server = server.kill
                servers += 1
            acknowledged = killed(
                processes, server.url(), kept + 1, chance, kill_server
            )
            if kill_server is not None:
                server.start()
            with open_store(server.url()) as store:
                kept = crashing.check(store, acknowledged)
    print(
        f"\nPostgreSQL: {KILLS} kills, {servers} of them of the server, "
        f"{kept} operations kept, none lost, none by half"
    )
