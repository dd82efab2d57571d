"""The command as a process: what it loads, streams, pipes, signals."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import partnerhub

IN_PROCESS = """
import sys
{before}
sys.argv[0] = "partnerhub"
from partnerhub.cli import main
try:
    main()
finally:
    print(*sorted(sys.modules), sep="\\n", file=sys.stderr)
"""


@pytest.mark.parametrize("command", [[], ["ingest"], ["customers"], ["demo"]])
def test_help_is_light(shell, command):
    done = shell(*command, "--help", code=IN_PROCESS.format(before=""))
    assert done.returncode == 0
    assert "Usage: partnerhub" in done.stdout
    loaded = set(done.stderr.split())
    assert "click" in loaded
    assert not loaded & {"numpy", "sqlalchemy", "pendulum", "attrs", "rich"}


def test_an_interruption_while_it_starts_is_told_plainly(shell):
    before = """
from importlib.abc import MetaPathFinder
class Impatient(MetaPathFinder):
    def find_spec(self, name, *_):
        if name == "partnerhub.cli.app":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Impatient())
"""
    done = shell("--version", code=IN_PROCESS.format(before=before))
    assert done.returncode == 130
    assert done.stderr.startswith("interrupted\n")
    assert "Traceback" not in done.stderr


def test_version(shell):
    assert shell("--version").stdout == f"partnerhub {partnerhub.__version__}\n"


def test_streams_and_codes(shell, store):
    done = shell("overview", "--region", "all", "--json", PARTNERHUB_STORE=store)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["region"] == "*"
    refused = shell("overview", PARTNERHUB_STORE=store)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("Error: data lie in several regions")
    missing = shell("ingest", "missing.csv")
    assert missing.returncode == 2
    assert missing.stderr == "Error: no such file: missing.csv\n"


def test_a_pipe_gets_plain_text(shell, store):
    done = shell("customers", "--store", store, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout


def test_a_closed_pipe_is_silent(store, tmp_path):
    source = str(Path(partnerhub.__file__).parents[1])
    running = subprocess.Popen(
        [sys.executable, "-m", "partnerhub", "customers", "--store", store],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": source},
    )
    running.stdout.close()
    said = running.stderr.read()
    running.stderr.close()
    assert running.wait(60) == 141
    assert said == b""


def test_a_full_disk_is_told(store):
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    source = str(Path(partnerhub.__file__).parents[1])
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "partnerhub", "customers", "--store", store],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": source},
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == b"Error: No space left on device\n"


def test_a_terminal_gets_colors(store):
    pty = pytest.importorskip("pty", reason="this system has no terminals to test with")
    source = str(Path(partnerhub.__file__).parents[1])
    parent, child = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "partnerhub", "explain", "Brandt", "--store", store],
        stdout=child,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": source, "TERM": "xterm"},
        check=False,
    )
    os.close(child)
    shown = os.read(parent, 65536)
    os.close(parent)
    assert done.returncode == 0, done.stderr
    assert b"\x1b[1m" in shown


def test_without_click_the_extra_is_named(shell):
    code = IN_PROCESS.format(before="sys.modules['click'] = None")
    done = shell("overview", code=code)
    assert done.returncode == 1
    assert "pip install 'partnerhub[cli]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_rich_all_is_plain(shell, store):
    before = "sys.modules['rich'] = sys.modules['rich.console'] = None"
    before += "\nsys.stdout.isatty = lambda: True"
    done = shell(
        *("overview", "--region", "US", "--store", store),
        code=IN_PROCESS.format(before=before),
    )
    assert done.returncode == 0
    assert "Total customers" in done.stdout


def test_the_entry_point():
    project = Path(__file__).parents[2] / "pyproject.toml"
    scripts = tomllib.loads(project.read_text("utf-8"))["project"]["scripts"]
    assert scripts == {"partnerhub": "partnerhub.cli:main"}
