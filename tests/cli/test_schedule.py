"""Schedules at the shell: added, listed, run, delivered, watched, stopped."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import partnerhub
from partnerhub.sample import SamplePartner

LONG_AGO = "2020-01-01"
ADD = (
    *("schedule", "add", "night", "subscription-details", "--daily", "--time", "02:30"),
    *("--zone", "Europe/Paris", "--region", "all", "--out", "out"),
)


@pytest.fixture
def url(here):
    url = f"sqlite:///{here / 'own.db'}"
    partner = SamplePartner(customers=10, weeks=1)
    with partnerhub.connect(url) as hub:
        hub.put(*partner.at(partner.until), at=partner.until)
    return url


@pytest.fixture
def act(run, url):
    def act(*arguments, code=0):
        done = run("--store", url, *arguments)
        assert done.exit_code == code, done.output
        return done

    return act


def test_a_schedule_is_added_and_listed(act, here):
    added = act(*ADD, "--keep", "3", "--deliver", "mail")
    assert "night: daily at 02:30 Europe/Paris" in added.stdout
    assert "next run " in added.stdout
    (told,) = json.loads(act("schedule", "list", "--json").stdout)
    assert told["folder"] == str(here / "out")
    assert (told["region"], told["keep"], told["deliveries"]) == ("*", 3, ["mail"])
    listed = act("schedule", "list").stdout
    assert "night" in listed
    assert "subscription-details" in listed
    slots = json.loads(
        act("schedule", "next", "night", "--count", "3", "--json").stdout
    )
    assert len(slots) == 3
    assert slots[0] == told["next"]
    cron = act("schedule", "cron", "night")
    assert cron.stdout == "CRON_TZ=Europe/Paris\n30 2 * * *\n"
    assert "twice" in cron.stderr
    act("schedule", "pause", "night")
    assert "paused" in act("schedule", "list").stdout
    assert "next run" in act("schedule", "resume", "night").stdout
    act("schedule", "remove", "night")
    assert json.loads(act("schedule", "list", "--json").stdout) == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (("--weekly", "mon,thu"), "mon thu at 06:00 UTC"),
        (("--weekly", "sun", "--every", "2"), "sun, every 2 weeks at 06:00 UTC"),
        (("--monthly", "31"), "day 31 at 06:00 UTC"),
        (
            ("--monthly", "31", "--every", "3", "--skip-short-months"),
            "day 31 where there is one, every 3 months at 06:00 UTC",
        ),
        (("--daily", "--every", "10"), "daily, every 10 days at 06:00 UTC"),
        (("--daily", "--time", "06:00:30"), "daily at 06:00:30 UTC"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_rules_are_said_in_words(act, rule, words):
    base = ("schedule", "add", "s", "devices", "--time", "06:00", "--region", "all")
    assert f"s: {words}\n" in act(*base, "--out", "out", *rule).stdout


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ((), "give one of --daily, --weekly and --monthly"),
        (("--daily", "--monthly", "1"), "give one of"),
        (("--daily", "--skip-short-months"), "goes with --monthly"),
        (("--weekly", "noday"), "is no day of the week"),
        (("--daily", "--zone", "Europe/Pari"), "did you mean 'Europe/Paris'"),
        (("--daily", "--time", "26:00"), "write it as 06:30"),
        (("--daily", "--window", "last-month"), "is of one day"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_what_is_not_understood_is_said(act, wrong, says):
    base = ("schedule", "add", "s", "devices", "--region", "all", "--out", "out")
    time = () if "--time" in wrong else ("--time", "06:00")
    assert says in act(*base, *time, *wrong, code=2).stderr
    assert act("schedule", "cron", "s", code=2).stderr


def test_what_is_due_is_run_once_and_is_in_the_history(act, here):
    act(*ADD, "--since", LONG_AGO)
    (run,) = json.loads(act("run-due", "--json").stdout)
    assert run["state"] == "published"
    assert Path(run["path"]).parent == here / "out"
    assert json.loads(act("run-due", "--json").stdout) == []
    (told,) = json.loads(act("runs", "--json").stdout)
    assert told["key"] == run["key"]
    assert run["key"][:8] in act("runs", "--schedule", "night").stdout
    (_, _, listed) = act("schedule", "list").stdout.splitlines()
    assert listed.count(" 02:30+0") == 2  # the next and the last, where clocks show it
    again = act("runs", "repeat", run["key"][:8], "--out", "again")
    assert "the same" in again.stdout
    told = json.loads(
        act("runs", "repeat", run["key"], "--out", "again", "--json").stdout
    )
    assert (told["same"], told["imports"]) == (True, [])
    assert len(json.loads(act("runs", "--json", "--limit", "2").stdout)) == 2


def test_a_run_that_fails_is_told_and_exits_with_1(act, here):
    act(*ADD, "--since", LONG_AGO)
    (here / "out").write_text("in the way")
    failed = act("run-due", code=1)
    assert "failed" in failed.stdout
    assert "a file, not a folder" in failed.stderr
    listed = act("schedule", "list")
    assert "a file, not a folder" in listed.stdout
    assert "1 of 1 schedules have trouble" in listed.stderr


TAKE = """
import json, os, sys
facts = json.load(sys.stdin)
assert facts["key"] == os.environ["PARTNERHUB_RUN_KEY"]
with open("taken", "a") as file:
    print(sys.argv[1], facts["path"] == sys.argv[2], file=file)
print("taken by", facts["schedule"])
sys.exit(int(sys.argv[1]))
"""


def test_a_delivery_is_a_command(act, here):
    (here / "take.py").write_text(TAKE)
    act(*ADD, "--since", LONG_AGO, "--deliver", "mail")
    command = f"{sys.executable} take.py"
    failed = act("run-due", "--deliver", f"mail={command} 3", code=1)
    assert "delivery 'mail': the command ended with 3" in failed.stderr
    assert "taken by night" in failed.stderr
    assert "published" in failed.stdout
    assert (here / "taken").read_text() == "3 True\n"
    (state,) = json.loads(act("schedule", "list", "--json").stdout)
    assert (state["open"], state["last"]["pending"]) == (1, ["mail"])
    act("run-due", "--deliver", "mail", code=2)


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix")
def test_a_delivery_that_hangs_is_ended_with_all_it_started(act, here):
    (here / "hang").write_text("#!/bin/sh\nsleep 60 &\nsleep 60\n")
    (here / "hang").chmod(0o755)
    act(*ADD, "--since", LONG_AGO, "--deliver", "mail")
    run = ("run-due", "--deliver", "mail=./hang", "--delivery-limit", "0.2")
    assert "the command took more than 0.2 s" in act(*run, code=1).stderr


def test_a_command_that_cannot_be_read_is_refused_at_once(act):
    failed = act("run-due", "--deliver", "mail=send 'it", code=2)
    assert "does not end" in failed.stderr


def test_a_delivery_that_cannot_be_run_is_told(act):
    act(*ADD, "--since", LONG_AGO, "--deliver", "mail")
    failed = act("run-due", "--deliver", "mail=./no-such-command", code=1)
    assert "cannot be run: No such file" in failed.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to catch")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=str)
def test_it_watches_until_it_is_told_to_stop(act, url, here, number):
    act(*ADD, "--since", LONG_AGO)
    source = str(Path(partnerhub.__file__).parents[1])
    command = [sys.executable, "-m", "partnerhub", "--store", url, "run-due"]
    with subprocess.Popen(
        [*command, "--watch", "--every", "0.1", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": source},
    ) as process:
        first = json.loads(process.stdout.readline())
        process.send_signal(number)
        rest, said = process.communicate(timeout=30)
    assert (first["state"], rest) == ("published", "")
    assert (process.returncode, said) == (0, "stopped\n")
    assert [file.name for file in (here / "out").iterdir()] == [
        Path(first["path"]).name
    ]
