"""`kill -9` at random moments of four processes that run what is due.

Every due run is published exactly once, no partial file is ever visible, and what has
appeared never changes. `PARTNERHUB_KILLS=200 make test-slow
PYTEST_ARGS=tests/hub/test_run_crash.py` for the full count.
"""

import multiprocessing
import os
import random
import signal
import sqlite3
import time
from contextlib import suppress

import pytest

import partnerhub as ph
from partnerhub.adapters.opening import open_store
from tests import postgres_server
from tests.hub import publishing
from tests.support import require

KILLS = int(os.environ.get("PARTNERHUB_KILLS", "8"))
PROCESSES = 4
LONGEST_S = 0.3

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]


class Worker:
    """A process that runs what is due, and the moment of its death."""

    def __init__(self, context, url, folder, chance):
        self._ours, theirs = context.Pipe(duplex=False)
        self._process = context.Process(
            target=publishing.work, args=(url, str(folder), theirs)
        )
        self._process.start()
        theirs.close()
        self._chance = chance
        self._end = None

    def over(self) -> str:
        """Whether it was killed just now, or has ended; blank while it works."""
        if not self._process.is_alive():
            assert self._process.exitcode == 0
            return "ended"
        if self._end is None and self._ours.poll():
            with suppress(EOFError):  # it has just ended
                self._ours.recv()
            # From its first moment on, at one that falls anywhere.
            self._end = time.monotonic() + self._chance.uniform(0, LONGEST_S)
        if self._end is None or time.monotonic() < self._end:
            return ""
        self._process.kill()
        self._process.join()
        return "killed" if self._process.exitcode == -signal.SIGKILL else "ended"

    def wait(self):
        self._process.join()
        assert self._process.exitcode == 0


def killing(url, folder):
    """Kills processes at random, and lets others go on, until all is published.

    Returns:
        What is wrong then, and how it went.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["tests.hub.publishing", "partnerhub.adapters.opening", "psycopg", "sqlalchemy"]
    )
    chance = random.Random(KILLS)
    (folder / "out").mkdir()
    (folder / "delivered").mkdir()
    watcher = publishing.Watcher(folder / "out")
    with ph.connect(url) as hub:
        publishing.fill(hub)
        publishing.add(hub, 0, folder)
        schedules, killed = 1, 0
        workers = [Worker(context, url, folder, chance) for _ in range(PROCESSES)]
        while killed < KILLS:
            watcher.look()
            for place, worker in enumerate(workers):
                over = worker.over()
                killed += over == "killed"
                if over and not any(s.open for s in hub.schedules.list()):
                    publishing.add(hub, schedules, folder)
                    schedules += 1
                if over:
                    workers[place] = Worker(context, url, folder, chance)
        for worker in workers:
            worker._process.kill()
            worker._process.join()
        publishing.run_all(hub, folder)
        wrong = watcher.wrong(hub, schedules)
        again = sum(run.fence > 1 for run in hub.runs.list())
    runs = len(watcher.seen)
    return wrong, (
        f"{killed} kills, {runs} due runs, {again} of them claimed more than once"
    )


def test_sqlite(tmp_path):
    path = tmp_path / "hub.db"
    wrong, told = killing(f"sqlite:///{path}", tmp_path)
    assert wrong == {}
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    print(f"\nSQLite: {told}")


@pytest.mark.postgres
def test_postgres(tmp_path):
    require(postgres_server.binaries(), "a PostgreSQL server (apt install postgresql)")
    with postgres_server.running(durable=True) as server:
        open_store(server.url(), migrate=True).close()
        wrong, told = killing(server.url(), tmp_path)
    assert wrong == {}
    print(f"\nPostgreSQL: {told}")
