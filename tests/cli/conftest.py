"""A small sample partner in a store, and ways to run the command on it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import partnerhub
from partnerhub.cli.app import app
from partnerhub.sample import SamplePartner

DAY = "2026-11-22"

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a store with 30 customers in three regions."""
    folder = tmp_path_factory.mktemp("cli")
    url = f"sqlite:///{folder / 'sample.db'}"
    partner = SamplePartner(customers=30, weeks=2)
    with partnerhub.connect(url) as hub:
        for file in partner.write_exports(folder / "exports"):
            hub.ingest(file.path, region=file.region)
    return url


@pytest.fixture
def run() -> Run:
    """Runs the command inside this process."""

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(
            app, list(map(str, arguments)), prog_name="partnerhub"
        )

    return run


@pytest.fixture
def read(run: Run, store: str) -> Run:
    """Runs a command on the sample partner's store, on its last day."""
    return lambda command, *rest: run("--store", store, command, "--at", DAY, *rest)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of the command."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def shell(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command, or other code, in a process and a folder of its own."""

    def shell(*arguments: object, code: str | None = None, **env: str):
        how = ["-m", "partnerhub"] if code is None else ["-c", code]
        paths = [str(Path(partnerhub.__file__).parents[1])]
        paths += [os.environ["PYTHONPATH"]] if "PYTHONPATH" in os.environ else []
        return subprocess.run(
            [sys.executable, *how, *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), **env},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )

    return shell
