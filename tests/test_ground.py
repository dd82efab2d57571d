import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.support import require

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def pins():
    return (ROOT / "constraints.txt").read_text("utf-8").splitlines()


def bare_name(requirement):
    name = re.match(r"[A-Za-z0-9._-]+", requirement).group()
    return re.sub(r"[-_.]+", "-", name).lower()


def test_constraints_hold_exact_versions_and_nothing_else(pins):
    wrong = [pin for pin in pins if not re.fullmatch(r"[a-z0-9-]+==[\w.+]+", pin)]
    assert wrong == []


def test_constraints_name_no_registry(pins):
    text = "\n".join(pins)
    assert "://" not in text
    assert "--" not in text


def test_constraints_pin_every_direct_dependency(project, pins):
    pinned = {pin.partition("==")[0] for pin in pins}
    extras = project["project"]["optional-dependencies"]
    wanted = [
        *project["project"]["dependencies"],
        *(one for name, extra in extras.items() if name != "spark" for one in extra),
        *(
            one
            for group in project["dependency-groups"].values()
            for one in group
            if isinstance(one, str)
        ),
    ]
    assert {bare_name(one) for one in wanted} - {"partnerhub"} <= pinned


def test_all_holds_every_extra_but_spark(project):
    extras = project["project"]["optional-dependencies"]
    (reference,) = extras["all"]
    named = re.fullmatch(r"partnerhub\[(.+)\]", reference).group(1).split(",")
    assert sorted(named) == sorted(set(extras) - {"all", "spark"})


def test_files_name_no_path_of_a_machine():
    git = shutil.which("git")
    require(git and (ROOT / ".git").exists(), "a git checkout, to list its files")
    listed = subprocess.run(
        [
            *(git, "-c", "safe.directory=*", "ls-files", "-z"),
            *("--cached", "--others", "--exclude-standard"),
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    # Wherever this checkout lies, and the places where people keep theirs.
    here = re.escape(str(ROOT if ROOT.parent == Path("/") else ROOT.parent))
    machine = re.compile(
        rf"(?<![\w.~-])(?:{here}|/(?:home|root|tmp|mnt|Users))/[A-Za-z0-9_.]".encode()
    )
    found = [
        f"{name}: {match.group().decode()}"
        for name in filter(None, listed.split("\0"))
        if (ROOT / name).is_file()
        and (match := machine.search((ROOT / name).read_bytes()))
    ]
    assert found == []


def test_require_lets_pass_what_is_there(monkeypatch):
    monkeypatch.setenv("CI", "true")
    assert require(True, "a reason") is None


def test_require_skips_on_a_desk(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="a server"):
        require(None, "a server")


def test_require_fails_in_ci(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="a server"):
        require(None, "a server")
