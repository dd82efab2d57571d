import json
import zipfile
from pathlib import Path

import pytest

from partnerhub.hub import Hub

HEADINGS = (
    "ID de l'organisation;Nom du client;ID d'abonnement;Date de calcul;"
    "Date d'expiration/de renouvellement;Licence de réunion (disponible);"
    "Licence de réunion (attribuée);Licence de réunion (utilisée);Remarque"
)
ORG = "c8b0e0d2-0000-4000-8000-00000000000"
FRENCH = f"""{HEADINGS}
{ORG}1;"Dupont, Fils";Sub1;22/11/2026;01/12/2026;1 000;900;800;rien
{ORG}2;Élan;Sub2;32/11/2026;01/12/2026;5;4;3;
{ORG}3;Martin;Sub3;22/11/2026;01/12/2026;cinq;4;3;
"""


@pytest.fixture
def french(tmp_path: Path) -> Path:
    """By hand: `;`, BOM, a quoted comma, two bad rows, an unknown column."""
    file = tmp_path / "export.csv"
    file.write_text(FRENCH, "utf-8-sig")
    return file


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'hub.db'}"


def test_a_french_file_by_hand(run, french, url):
    done = run("--store", url, "ingest", "--region", "EU", french)
    assert done.exit_code == 1
    assert done.stdout == (
        "export.csv: subscription-details, 3 rows: 1 taken, 0 unchanged, 2 problems\n"
    )
    problems = [line for line in done.stderr.splitlines() if ".csv:" in line]
    assert problems[0].startswith("export.csv:3:Date de calcul: ")
    assert problems[0].endswith("(32/11/2026)")
    assert problems[1].startswith("export.csv:4:Licence de réunion (disponible): ")
    assert problems[1].endswith("(cinq)")
    assert "Remarque" in done.stderr
    listed = run("customers", "--store", url, "--at", "2026-11-22", "--json")
    assert json.loads(listed.stdout) == [
        {
            "id": "c8b0e0d2-0000-4000-8000-000000000001",
            "name": "Dupont, Fils",
            "region": "EU",
            "statuses": ["subscription", "expiring_soon"],
            "primary_status": "expiring_soon",
        }
    ]


def test_json_is_all_there_is_on_stdout(run, french, url):
    done = run("--store", url, "ingest", "--json", french)
    assert done.exit_code == 1
    (file,) = json.loads(done.stdout)["files"]
    assert file.keys() >= {"file", "template", "rows", "taken", "unchanged", "problems"}
    assert (file["file"], file["template"]) == ("export.csv", "subscription-details")
    assert (file["rows"], file["taken"], file["unchanged"]) == (3, 1, 0)
    first, second = file["problems"]
    assert first.keys() == {"line", "column", "value", "message"}
    assert (first["line"], second["value"]) == (3, "cinq")
    assert "export.csv:3:" in done.stderr


def test_again_changes_nothing_and_notices_are_no_problem(run, french, url):
    good = "".join(FRENCH.splitlines(keepends=True)[:2])
    french.write_text(good, "utf-8-sig")
    first = run("--store", url, "ingest", french)
    again = run("--store", url, "ingest", french)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "Remarque" in first.stderr
    assert "1 row: 0 taken, 1 unchanged" in again.stdout


def test_a_refused_file_is_a_problem_and_the_others_are_taken(run, french, url):
    strange = french.with_name("strange.csv")
    strange.write_text("a,b\n1,2\n")
    done = run("--store", url, "ingest", strange, french)
    assert done.exit_code == 1
    assert "strange.csv: refused" in done.stdout
    assert "strange.csv: " in done.stderr
    assert "2 files: 3 rows: 1 taken" in done.stdout


def test_twenty_problems_are_named(run, french, url):
    lines = FRENCH.splitlines(keepends=True)
    french.write_text("".join([*lines[:2], *lines[3:] * 23]), "utf-8-sig")
    done = run("--store", url, "ingest", french)
    assert done.stderr.count("(cinq)") == 20
    assert "and 3 more (see --json)" in done.stderr


def test_a_folder_and_a_zip(run, french, url, tmp_path):
    folder = tmp_path / "downloads"
    folder.mkdir()
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.write(french, "inside.csv")
    done = run("--store", url, "ingest", "--json", folder)
    (file,) = json.loads(done.stdout)["files"]
    assert file["file"] == "all.zip/inside.csv"


def test_a_heading_not_foreseen(run, french, url):
    french.write_text(FRENCH.replace("ID d'abonnement", "Clef=1"), "utf-8")
    refused = run("--store", url, "ingest", french)
    assert "refused" in refused.stdout
    done = run("--store", url, "ingest", "--map", "Clef=1=subscription_id", french)
    assert "1 taken" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.csv"], "no such file: missing.csv"),
        ([], "Missing argument 'FILE...'"),
        (["--region", "*", "."], "asks for all of them"),
        (["--map", "Clef", "."], "Heading=column"),
        (["--map", "Clef=clef", "."], "'clef' is no column"),
        (["--as-of", "yesterday", "."], "write it as 2026-11-22"),
        (["--from", "2026-11-22", "."], "both its first and last day"),
        (["--dates", "ymd", "."], "'ymd' is not one of"),
    ],
)
@pytest.mark.usefixtures("here", "french")
def test_not_understood(run, url, arguments, said):
    done = run("--store", url, "ingest", *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_an_empty_folder(run, tmp_path, url):
    done = run("--store", url, "ingest", tmp_path)
    assert done.exit_code == 2
    assert not (tmp_path / "hub.db").exists()


def test_ctrl_c(run, french, url, monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Hub, "ingest", interrupted)
    done = run("--store", url, "ingest", french)
    assert (done.exit_code, done.stdout, done.stderr) == (130, "", "interrupted\n")


def test_a_file_that_may_not_be_read(run, french, url, monkeypatch):
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "export.csv")

    monkeypatch.setattr(Hub, "ingest", refused)
    done = run("--store", url, "ingest", french)
    assert done.exit_code == 1
    assert done.stderr == "Error: export.csv: Permission denied\n"


def test_a_bug_shows_itself(run, french, url, monkeypatch):
    def bug(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Hub, "ingest", bug)
    done = run("--store", url, "ingest", french)
    assert isinstance(done.exception, ZeroDivisionError)
