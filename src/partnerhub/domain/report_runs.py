"""Runs of reports: what was asked, who is at it, and what came of it.

A run is held by whoever has claimed it, until its lease runs out. Every claim has a
number, the run's *fencing number*; who holds an older one has lost the run, and every
change he tries to keep is refused, since the run's version has gone up.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from enum import StrEnum
from typing import Any, Final

import attrs
import pendulum

from partnerhub.domain.instants import as_instant
from partnerhub.domain.regions import ALL
from partnerhub.domain.report_specs import ReportRequest
from partnerhub.domain.schedules import RetryPolicy

_KEY_LENGTH: Final = 32
_LENGTHS: Final = 2
"""Lengths ahead at which a lease, or a wait, is told to be of a clock that was wrong."""


class RunState(StrEnum):
    """How far a run is."""

    WAITING = "waiting"
    """It is due, and nobody has claimed it."""
    RUNNING = "running"
    """Somebody has claimed it; he may be dead."""
    FAILED = "failed"
    """The last try failed, and it will be tried again."""
    GIVEN_UP = "given-up"
    """It will not be tried again."""
    PUBLISHED = "published"
    """Its file has appeared, whole."""


@attrs.frozen(kw_only=True)
class PreparedFile:
    """A file that is complete and has not appeared yet.

    Attributes:
        rows: How many rows it has, without the heading; None where that is not known.
        size: Bytes.
        checksum: Its SHA-256, in hexadecimal.
        imported: Number of the newest import that it was made of; 0 before any.
        warning: What to know of it; blank when nothing.
    """

    rows: int | None
    size: int
    checksum: str
    imported: int = 0
    warning: str = ""


@attrs.frozen(kw_only=True)
class ReportRun:
    """One file of a report: asked for, being made, or there.

    Attributes:
        key: What tells it apart everywhere; what deliveries know it by.
        request: What was asked, with the region and the day of this one file.
        schedule: The schedule that asks for it; blank when a person did.
        slot: When it was due, in UTC; None when a person asked.
        asked: When it was first known.
        first: First day of the range it covers; None of a report of one day.
        last: Last day of it.
        who: Who asked for it.
        state: How far it is.
        version: Goes up with every change that is kept.
        fence: How often it was claimed: the fencing number.
        worker: Who has claimed it last.
        claimed: When that was, or when the lease was renewed.
        lease_until: When somebody else may claim it; None when nobody holds it.
        tries: Tries that have failed since the last success; one whose process died,
            or lost its lease, counts when somebody else claims the run.
        retry_at: When it may be claimed again; None at once.
        started: When the last try began.
        duration_ms: How long the last try took.
        prepared: Files that are complete and may have appeared, one a claim.
        file: The one that has.
        path: Where it appears; blank where that is not settled yet. Once settled it
            stays, so that nothing appears twice.
        removed: When it was taken away again because it was too old, or one of too
            many.
        pending: Names of the deliveries still to be made.
        error: Why the last try, or delivery, failed; blank when it did not.
    """

    key: str
    request: ReportRequest
    schedule: str = ""
    slot: pendulum.DateTime | None = None
    asked: pendulum.DateTime
    first: pendulum.Date | None = None
    last: pendulum.Date | None = None
    who: str = ""
    state: RunState = RunState.WAITING
    version: int = 0
    fence: int = 0
    worker: str = ""
    claimed: pendulum.DateTime | None = None
    lease_until: pendulum.DateTime | None = None
    tries: int = 0
    retry_at: pendulum.DateTime | None = None
    started: pendulum.DateTime | None = None
    duration_ms: int | None = None
    prepared: tuple[PreparedFile, ...] = ()
    file: PreparedFile | None = None
    path: str = ""
    removed: pendulum.DateTime | None = None
    pending: tuple[str, ...] = ()
    error: str = ""

    @property
    def region(self) -> str:
        """The region it is of, as `region=` takes it; `*` for all."""
        return self.request.region or ALL

    @property
    def open(self) -> bool:
        """Whether there is something left to do."""
        if self.state is RunState.PUBLISHED:
            return bool(self.pending)
        return self.state is not RunState.GIVEN_UP

    @property
    def filed(self) -> bool:
        """Whether its file is still where it appeared."""
        return self.state is RunState.PUBLISHED and self.removed is None

    def claimable(self, at: dt.datetime) -> bool:
        """Whether it may be claimed at an instant.

        A lease, or a wait, that ends much later than it could was made by a clock that
        was turned back since; it is void.
        """
        now = as_instant(at)
        if not self.open or (self.slot is not None and self.slot > now):
            return False
        waits = (self.retry_at, self.lease_until)
        return not any(self._lasts(until, now) for until in waits)

    def _lasts(self, until: pendulum.DateTime | None, now: pendulum.DateTime) -> bool:
        """Whether what began when it was claimed last goes on."""
        if until is None:
            return False
        left_s = (until - now).total_seconds()
        if self.claimed is None:
            return left_s > 0
        return 0 < left_s <= _LENGTHS * (until - self.claimed).total_seconds()

    def claim(
        self, *, worker: str, at: pendulum.DateTime, until: pendulum.DateTime
    ) -> ReportRun:
        """The run as somebody has claimed it.

        Who held it until now never said how his try ended, so it has failed.
        """
        published, lost = self.state is RunState.PUBLISHED, self.lease_until is not None
        why = f"try {self.tries + 1} ended without a word: {self.worker} was killed or "
        return attrs.evolve(
            self,
            state=self.state if published else RunState.RUNNING,
            fence=self.fence + 1,
            worker=worker,
            claimed=at,
            lease_until=until,
            started=self.started if published else at,
            tries=self.tries + lost,
            error=f"{why}stood still for too long" if lost else self.error,
        )

    def renewed(self, *, at: pendulum.DateTime, until: pendulum.DateTime) -> ReportRun:
        """The run with a lease that ends later; what nobody holds stays so."""
        if self.lease_until is None:
            return self
        return attrs.evolve(self, claimed=at, lease_until=until)

    def ready(self, file: PreparedFile, /, *, path: str) -> ReportRun:
        """The run whose file is complete and about to appear."""
        kept = tuple(p for p in self.prepared if p.checksum != file.checksum)
        return attrs.evolve(self, prepared=(*kept, file), path=self.path or path)

    def published(self, file: PreparedFile, /, *, duration_ms: int) -> ReportRun:
        """The run whose file has appeared; held on while there are deliveries."""
        return attrs.evolve(
            self,
            state=RunState.PUBLISHED,
            file=file,
            duration_ms=duration_ms,
            prepared=(),
            lease_until=self.lease_until if self.pending else None,
            tries=0,
            retry_at=None,
            error="",
        )

    def delivered(self, name: str, /) -> ReportRun:
        """The run with one delivery less to make."""
        left = tuple(each for each in self.pending if each != name)
        made = attrs.evolve(self, pending=left, tries=0, retry_at=None, error="")
        return made if left else made.released()

    def released(self) -> ReportRun:
        """The run that nobody holds any more."""
        return attrs.evolve(self, lease_until=None)

    def failed(
        self, error: str, /, *, at: pendulum.DateTime, retries: RetryPolicy
    ) -> ReportRun:
        """The run after a try, or a delivery, that failed.

        It may be claimed again when the policy says; when tries are used up it is
        given up, and a file that has appeared keeps the deliveries that were not made
        in its error.
        """
        return attrs.evolve(self, tries=self.tries + 1, error=error).let_go(
            at=at, retries=retries
        )

    def let_go(self, *, at: pendulum.DateTime, retries: RetryPolicy) -> ReportRun:
        """The run that nobody holds, to be tried again when the policy says, or never."""
        wait = retries.wait_s(self.tries)
        if wait is not None:
            state = self.state if self.state is RunState.PUBLISHED else RunState.FAILED
            later = at.add(seconds=wait)
            return attrs.evolve(self, state=state, lease_until=None, retry_at=later)
        free = attrs.evolve(self, lease_until=None, retry_at=None)
        if self.state is RunState.PUBLISHED:
            return attrs.evolve(free, pending=())
        return attrs.evolve(free, state=RunState.GIVEN_UP)

    def to_dict(self) -> dict[str, Any]:
        """What a person or a delivery wants to know of it, ready for JSON."""
        file = self.file
        return {
            "key": self.key,
            "state": self.state.value,
            "schedule": self.schedule or None,
            "slot": _iso(self.slot),
            "template": self.request.template,
            "region": self.region,
            "filter": self.request.filter,
            "at": _iso(self.request.at),
            "first": _iso(self.first),
            "last": _iso(self.last),
            "locale": self.request.locale,
            "safety": str(self.request.safety),
            "format": str(self.request.format),
            "compression": str(self.request.compression),
            "path": self.path or None,
            "rows": None if file is None else file.rows,
            "size": None if file is None else file.size,
            "sha256": None if file is None else file.checksum,
            "imported": None if file is None else file.imported,
            "warning": "" if file is None else file.warning,
            "started": _iso(self.started),
            "duration_ms": self.duration_ms,
            "who": self.who,
            "tries": self.tries,
            "retry_at": _iso(self.retry_at),
            "removed": _iso(self.removed),
            "pending": list(self.pending),
            "error": self.error,
        }


@attrs.frozen(kw_only=True)
class RunQuery:
    """Which runs are asked for.

    Attributes:
        schedule: Only those of this schedule; blank for those that people asked for;
            None for all.
        template: Only those of this template.
        open: Only those with something left to do.
        filed: Only those whose file is still where it appeared.
        limit: So many at most.
    """

    schedule: str | None = None
    template: str | None = None
    open: bool = False
    filed: bool = False
    limit: int | None = None

    def takes(self, run: ReportRun, /) -> bool:
        """Whether a run is asked for, the limit left aside."""
        return (
            (self.schedule is None or run.schedule == self.schedule)
            and (self.template is None or run.request.template == self.template)
            and (run.open or not self.open)
            and (not self.filed or run.filed)
        )


ALL_RUNS: Final = RunQuery()
"""Asks for every run."""


@attrs.frozen(kw_only=True)
class ImportNote:
    """One file, or one `put`, that was taken into a store, or one edit by hand.

    Attributes:
        number: 1 for the first, and so on; 0 for one that is not kept yet.
        file: The file's name, without its folder; `objects` of a `put`, and of an edit
            what it was of: `tags`, `report templates`, `saved filters`.
        at: When it was taken.
        rows: Rows of data in it.
        taken: Rows that told something new.
    """

    number: int = 0
    file: str
    at: pendulum.DateTime
    rows: int
    taken: int


def run_key(template: str, schedule: str, slot: dt.datetime, region: str, /) -> str:
    """What tells a scheduled run apart: the same for whoever runs it.

    Examples:
        >>> run_key("devices", "weekly", pendulum.datetime(2026, 11, 23), "US")[:8]
        'c3dbb75f'
    """
    parts = [template, schedule, as_instant(slot).isoformat(), region]
    digest = hashlib.sha256(json.dumps(parts).encode())
    return digest.hexdigest()[:_KEY_LENGTH]


def _iso(value: dt.date | None) -> str | None:
    return None if value is None else value.isoformat()
