"""What the processes do that are killed while they run schedules, and how to judge."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pendulum

import partnerhub as ph
from partnerhub.domain.customers import Customer
from partnerhub.domain.organizations import Organization
from partnerhub.domain.report_runs import RunState
from partnerhub.domain.report_specs import ReportRequest
from partnerhub.domain.schedules import Daily, RetryPolicy
from partnerhub.domain.subscriptions import LicenseLine, Subscription
from partnerhub.hub import Hub

LEASE_S = 0.4
SLOTS = 25
"""Slots of each schedule; each has a file for each of two regions."""
REGIONS = ("EU", "US")
LAST = pendulum.datetime(2026, 11, 22, 7)


def fill(hub: Hub) -> None:
    """A few customers of two regions, of before all slots."""
    line = LicenseLine(license="Webex Meetings", total=10, assigned=4)
    customers = []
    for number in range(20):
        uuid = f"c8b0e0d2-0000-4000-8000-{number:012}"
        who = Organization(id=uuid, name=f"C{number}", region=REGIONS[number % 2])
        held = Subscription(id=f"Sub{number}", customer=who, lines=(line,))
        customers.append(Customer(organization=who, subscriptions=(held,)))
    hub.put(*customers, at="2025-12-01")


def add(hub: Hub, number: int, folder: Path, *, slots: int = SLOTS) -> None:
    """One more schedule, with all its slots in the past."""
    hub.schedules.add(
        f"s{number}",
        ReportRequest(template="subscription-details", per_region=True),
        Daily(),
        time="06:00",
        missed="all",
        to=folder / "out",
        deliveries=["log"],
        # However often its processes are killed.
        retries=RetryPolicy(most_tries=1000),
        at=LAST.subtract(days=slots),
    )


def clock() -> pendulum.DateTime:
    """A clock that all processes share, and that shows the same day for long."""
    return LAST.add(seconds=time.monotonic())


def work(url: str, folder: str, up) -> None:
    """Runs what is due until nothing is left."""
    with ph.connect(url) as hub:
        up.send("up")
        run_all(hub, Path(folder))


def run_all(hub: Hub, folder: Path) -> None:
    """Runs all that is due, waiting for the leases of the dead."""

    def log(file: Path, facts: dict[str, object], /, *, key: str) -> None:
        assert file.exists()
        assert facts["state"] == "published"
        (folder / "delivered" / key).touch()

    while True:
        hub.schedules.run_due(at=clock(), deliveries={"log": log}, lease_s=LEASE_S)
        if not any(state.open for state in hub.schedules.list()):
            return


class Watcher:
    """Looks at a folder all the time: what appears is whole, and stays as it is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.seen: dict[str, tuple[int, str]] = {}

    def look(self) -> None:
        """Notes what is new."""
        for file in self._folder.iterdir():
            if not file.name.startswith(".") and file.name not in self.seen:
                self.seen[file.name] = _identity(file)

    def wrong(
        self, hub: Hub, schedules: int, *, slots: int = SLOTS
    ) -> dict[str, tuple[object, object]]:
        """What is not as if everything had been published exactly once.

        Returns:
            What -> how it is, and how it should be; empty when all is well.
        """
        self.look()
        runs = hub.runs.list()
        count = schedules * slots * len(REGIONS)
        files = {Path(run.path).name: run for run in runs}
        there = {file.name for file in self._folder.iterdir()}
        told = {name: files[name].file for name in there & files.keys()}
        delivered = {
            file.name for file in (self._folder.parent / "delivered").iterdir()
        }
        looks = {
            "runs": (len(runs), count),
            "slots": (len({(r.schedule, r.slot, r.region) for r in runs}), count),
            "states": ({run.state for run in runs}, {RunState.PUBLISHED}),
            "files": (there, files.keys()),
            "files of their own": (len(files), count),
            "what appeared first": (
                {name: _identity(self._folder / name) for name in there},
                self.seen,
            ),
            "contents": (
                {name: (each.checksum, each.rows) for name, each in told.items()},
                {name: (checksum, 10) for name, (_, checksum) in self.seen.items()},
            ),
            "delivered": (delivered, {run.key for run in runs}),
        }
        return {what: pair for what, pair in looks.items() if pair[0] != pair[1]}


def _identity(file: Path) -> tuple[int, str]:
    """Which file it is, and what it holds: both would show a second publication."""
    return file.stat().st_ino, hashlib.sha256(file.read_bytes()).hexdigest()
