"""The tests' PostgreSQL server does not outlive the run that started it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests import postgres_server
from tests.support import require

START = """
import time
from tests import postgres_server
with postgres_server.running() as server:
    print((server._data / "postmaster.pid").read_text().split()[0], server._data.parent)
    import sys; sys.stdout.flush()
    time.sleep(60)
"""


def test_it_stops_when_the_run_is_killed():
    require(postgres_server.binaries(), "a PostgreSQL server (apt install postgresql)")
    root = Path(__file__).parents[1]
    run = subprocess.Popen(
        [sys.executable, "-c", START], cwd=root, stdout=subprocess.PIPE, text=True
    )
    pid, _, folder = run.stdout.readline().strip().partition(" ")
    assert postgres_server._alive(int(pid))
    os.kill(run.pid, signal.SIGKILL)
    run.communicate()
    deadline = time.monotonic() + 20
    while postgres_server._alive(int(pid)) or Path(folder).exists():
        assert time.monotonic() < deadline, "the server outlived the run"
        time.sleep(0.1)
