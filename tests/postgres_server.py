"""A PostgreSQL server for the tests: of its own, on a loopback port, thrown away."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PASSWORD = "secret"

_WATCH = """
import os, pathlib, shutil, signal, sys, time
sys.stdin.buffer.read()
file, folder = map(pathlib.Path, sys.argv[1:])
try:
    os.kill(int(file.read_text().split()[0]), signal.SIGQUIT)
    time.sleep(1)
except (OSError, ValueError, IndexError):
    pass
else:
    shutil.rmtree(folder, ignore_errors=True)
"""


def binaries() -> Path | None:
    """The folder of the server's programs; None where it is not installed."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).parent
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(folders, key=lambda file: int(file.parts[-3]), default=None)
    return newest.parent if newest else None


class PostgresServer:
    """One server; it may be stopped, killed and started again."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._bin = binaries()
        self._data = folder / "data"
        self._log = folder / "log"
        self._durable = durable
        self.port = _free_port()
        password = folder / "password"
        password.write_text(PASSWORD)
        for path in (folder, password):
            self._give_away(path)
        self._run(
            *("initdb", "-D", self._data, "-U", "postgres", "-A", "scram-sha-256"),
            # Not the C locale, so that the order of texts is put to the test.
            *("--pwfile", password, "-E", "UTF8", "--locale", _locale(), "-N"),
        )

    @staticmethod
    def _give_away(path: Path) -> None:
        if os.geteuid() == 0:
            shutil.chown(path, "postgres")

    def _run(self, program: str, *arguments: object) -> None:
        # The server refuses to run as root.
        before = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
        done = subprocess.run(
            [*before, str(self._bin / program), *map(str, arguments)],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
        )
        if done.returncode:
            log = self._log.read_text() if self._log.exists() else ""
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}{log}")

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        options = [
            f"-p {self.port} -h 127.0.0.1 -c max_connections=40",
            "-c unix_socket_directories=''",
            "" if self._durable else "-c fsync=off",
        ]
        self._run(
            *("pg_ctl", "-D", self._data, "-l", self._log, "-w", "-t", 60, "start"),
            *("-o", " ".join(options)),
        )

    def watched(self) -> subprocess.Popen[bytes]:
        """A process that stops the server when this one is gone, however it went.

        It waits for the end of its input, which nobody but this process can write to.
        """
        file, folder = self._data / "postmaster.pid", self._data.parent
        return subprocess.Popen(
            [sys.executable, "-c", _WATCH, str(file), str(folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def stop(self, mode: str = "fast") -> None:
        """Stops it; clients lose their connections."""
        if (self._data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self._data, "-m", mode, "-w", "stop")

    def kill(self) -> None:
        """Kills it as a power cut would, all its processes."""
        file = self._data / "postmaster.pid"
        main = int(file.read_text().split()[0])
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(main)],
            check=False,
            capture_output=True,
            text=True,
        ).stdout.split()
        for pid in (main, *map(int, children)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        deadline = time.monotonic() + 10
        while _alive(main) and time.monotonic() < deadline:
            time.sleep(0.01)
        file.unlink(missing_ok=True)

    def url(self, database: str = "postgres", *, password: str = PASSWORD) -> str:
        """The URL of a database of it."""
        return f"postgresql://postgres:{password}@127.0.0.1:{self.port}/{database}"


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _locale() -> str:
    """A locale with an order of its own, where the machine has one."""
    listed = subprocess.run(
        ["locale", "-a"], check=False, capture_output=True, text=True
    ).stdout.split()
    for wanted in ("en_US.utf8", "fr_FR.utf8", "C.utf8"):
        if wanted in listed:
            return wanted
    return "C"


@contextmanager
def running(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A started server in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="partnerhub-postgres-"))
    try:
        server = PostgresServer(folder, durable=durable)
        server.start()
        watch = server.watched()
        try:
            yield server
        finally:
            server.stop("immediate")
            watch.communicate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
