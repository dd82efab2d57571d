"""The schedules of a hub: reports that are written again and again."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

import attrs
import pendulum

from partnerhub.domain.capabilities import Capability
from partnerhub.domain.cron import CronLine, cron_line
from partnerhub.domain.errors import (
    ConflictError,
    IllegalStep,
    InvalidValue,
    NotFound,
    there_are,
)
from partnerhub.domain.instants import as_instant, zone_named
from partnerhub.domain.report_runs import ReportRun, RunQuery, RunState
from partnerhub.domain.report_specs import ReportRequest
from partnerhub.domain.schedules import (
    RETRIES,
    Missed,
    RetryPolicy,
    Rule,
    Schedule,
    next_run,
    schedule_key,
    slots,
)
from partnerhub.hub.clock import utc_now
from partnerhub.hub.context import Context
from partnerhub.hub.documents import Documents
from partnerhub.hub.permissions import edits, reads
from partnerhub.hub.reports.rendering import check, regions_of
from partnerhub.hub.schedules.leases import ticking
from partnerhub.hub.schedules.running import Runner
from partnerhub.ports import Delivery
from partnerhub.reports.publishing import sweep

LEASE_S: Final = 300
"""Seconds that a run is held without a sign of life of who runs it."""

_LONGEST_LEASE_S: Final = 86_400

_KIND: Final = "report_schedule"
_END: Final = pendulum.datetime(9999, 12, 31, 23, 59, 59)
"""Where the calendar ends."""


@attrs.frozen(kw_only=True)
class ScheduleState:
    """A schedule, and how it fares.

    Attributes:
        schedule: The schedule.
        next: When it runs next; None of a paused one.
        last: Its newest run; None before the first.
        open: How many of its runs are still to be made, or to be delivered.
        error: What is wrong with its newest run, or with one that is still to be
            made; blank when nothing is.
    """

    schedule: Schedule
    next: pendulum.DateTime | None
    last: ReportRun | None
    open: int
    error: str


class Schedules:
    """The schedules of a hub; each due run is published once.

    Whatever number of processes call `run_due`, and whenever they die, the file of
    each slot and region appears exactly once.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._documents = Documents(context.store, _KIND, Schedule)

    @edits(Capability.SCHEDULE_REPORTS)
    def add(
        self,
        name: str,
        request: ReportRequest,
        rule: Rule,
        /,
        *,
        time: dt.time | str,
        to: str | Path,
        zone: str = "UTC",
        start: dt.date | str | None = None,
        missed: Missed | str = Missed.ONCE,
        deliveries: Iterable[str] = (),
        keep: int | None = None,
        keep_days: int | None = None,
        retries: RetryPolicy = RETRIES,
        at: dt.date | str | None = None,
    ) -> Schedule:
        """Adds a schedule.

        Args:
            name: Its name.
            request: What is written; its day is that of each run, in UTC.
            rule: On which days: `Daily()`, `Weekly(weekdays=["mon"])`,
                `Monthly(day=31)`.
            time: At which local time, such as `06:30`.
            to: The folder of its files.
            zone: The time zone of the time.
            start: The first day; that of `at`, in the zone, where it is left out.
            missed: What becomes of runs missed while nobody looked: `once` or `all`.
            deliveries: Names of what is called with each file that has appeared.
            keep: So many of its newest runs are kept; None keeps all.
            keep_days: Files are kept so many days; None keeps them for ever.
            retries: How often a run that failed is tried again.
            at: The instant from which on its runs are due: an earlier one asks for
                runs of the past; now where it is left out. What a schedule of that
                name has run before it was removed is not run again.

        Raises:
            InvalidValue: A value is outside its domain.
            NotFound: There is no such template, or region.
            RegionRequired: Data lie in several regions and none was chosen.
            IllegalStep: There is a schedule of that name.
        """
        now = utc_now() if at is None else as_instant(at)
        schedule = Schedule(
            key=name,
            request=request,
            rule=rule,
            time=time,
            zone=zone,
            start=now.in_timezone(zone_named(zone)).date() if start is None else start,
            since=now,
            missed=missed,
            folder=str(Path(to).absolute()),
            deliveries=deliveries,
            keep=keep,
            keep_days=keep_days,
            retries=retries,
        )
        regions_of(self._context, request)
        check(self._context, request)

        def made(known: Schedule | None) -> Schedule:
            if known is not None:
                why = "there is one of that name; remove it first"
                raise IllegalStep(f"add the schedule {schedule.key!r}", why)
            return schedule

        return self._documents.change(schedule.key, made)

    @reads(Capability.SCHEDULE_REPORTS)
    def list(self, *, at: dt.date | str | None = None) -> tuple[ScheduleState, ...]:
        """All schedules, by name, with their next and their newest run.

        Args:
            at: The instant that the next runs are after; now where it is left out.
        """
        return tuple(self._state(each, at) for each in self._documents.all())

    @reads(Capability.SCHEDULE_REPORTS)
    def get(self, name: str, /, *, at: dt.date | str | None = None) -> ScheduleState:
        """One schedule, with its next and its newest run.

        Args:
            name: Its name.
            at: The instant that the next run is after; now where it is left out.

        Raises:
            NotFound: There is none of that name.
        """
        return self._state(self._known(name), at)

    @edits(Capability.SCHEDULE_REPORTS)
    def pause(self, name: str, /) -> Schedule:
        """Pauses a schedule: nothing of it runs until it is resumed.

        Raises:
            NotFound: There is none of that name.
        """
        return self._change(name, lambda known: attrs.evolve(known, paused=True))

    @edits(Capability.SCHEDULE_REPORTS)
    def resume(self, name: str, /, *, at: dt.date | str | None = None) -> Schedule:
        """Lets a paused schedule run again; its runs of the pause are not missed.

        Args:
            name: Its name.
            at: The instant from which on runs are due again; now where it is left
                out.

        Raises:
            NotFound: There is none of that name.
        """
        now = utc_now() if at is None else as_instant(at)

        def resumed(known: Schedule) -> Schedule:
            if not known.paused:
                return known
            return attrs.evolve(known, paused=False, since=now)

        return self._change(name, resumed)

    @edits(Capability.SCHEDULE_REPORTS)
    def remove(self, name: str, /) -> None:
        """Removes a schedule; its files and its history stay.

        Raises:
            NotFound: There is none of that name.
        """
        schedule = self._known(name)
        self._documents.remove(schedule.key)
        store = self._context.store
        for run in store.runs(RunQuery(schedule=schedule.key, open=True)):
            if run.state is not RunState.PUBLISHED:
                given_up = attrs.evolve(run, state=RunState.GIVEN_UP, lease_until=None)
                told_why = attrs.evolve(given_up, error="its schedule was removed")
                # Who works on it at this moment may still finish it.
                with suppress(ConflictError):
                    with store.writing() as writer:
                        writer.put_run(told_why)
                    target = Path(run.path or Path(schedule.folder) / run.key)
                    sweep(target, key=run.key, fence=run.fence)

    @reads(Capability.SCHEDULE_REPORTS)
    def next_runs(
        self, name: str, count: int = 5, /, *, at: dt.date | str | None = None
    ) -> tuple[pendulum.DateTime, ...]:
        """The next runs of a schedule, in its zone, whether it is paused or not.

        Args:
            name: Its name.
            count: How many.
            at: The instant they are after; now where it is left out.

        Raises:
            NotFound: There is none of that name.
            InvalidValue: The count is negative.
        """
        if count < 0:
            raise InvalidValue("number of runs", count, "it is 0 or more")
        now = utc_now() if at is None else as_instant(at)
        schedule = self._known(name)
        later = (slot for slot in slots(schedule, now, _END) if slot > now)
        return tuple(islice(later, count))

    @reads(Capability.SCHEDULE_REPORTS)
    def cron(self, name: str, /) -> CronLine:
        """When a schedule runs, as cron writes it.

        Raises:
            NotFound: There is none of that name.
            InvalidValue: Cron has no words for it.
        """
        return cron_line(self._known(name))

    @edits(Capability.SCHEDULE_REPORTS)
    def run_due(
        self,
        *names: str,
        at: dt.date | str | None = None,
        deliveries: Mapping[str, Delivery] | None = None,
        lease_s: float = LEASE_S,
        stopped: Callable[[], bool] = lambda: False,
        progress: Callable[[ReportRun], None] = lambda _: None,
    ) -> tuple[ReportRun, ...]:
        """Runs what is due, the oldest run of each schedule first.

        Any number of processes may do so at the same time. The store has to be one
        that they can see each other in: not inside a transaction of a host.

        Args:
            *names: Only these schedules; all of them where none is named.
            at: What time it is; now where it is left out.
            deliveries: Name -> what is called with each file that has appeared. What
                a schedule names and is not here waits for a process that has it.
            lease_s: Seconds that a run is held without a sign of life. It is renewed
                while a report is written, so it is not how long one may take.
            stopped: Asked before each run whether to begin no more.
            progress: Called with each run that was worked on.

        Returns:
            Each run that was worked on: published, or failed with its error.

        Raises:
            NotFound: There is no schedule of that name.
            StoreError: The store failed; what was begun is run again later.
        """
        if not 0 < lease_s <= _LONGEST_LEASE_S:
            why = f"it is more than 0 s, and {_LONGEST_LEASE_S} s at most"
            raise InvalidValue("length of a lease", lease_s, why)
        keys = [self._known(name).key for name in names]
        runner = Runner(
            context=self._context,
            worker=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}",
            now=ticking(utc_now() if at is None else as_instant(at)),
            lease_s=lease_s,
            deliveries=deliveries or {},
            stopped=stopped,
        )
        done = []
        for kept, schedule in self._documents.with_versions():
            if not schedule.paused and (not keys or schedule.key in keys):
                for run in runner.run(kept, schedule):
                    progress(run)
                    done.append(run)
        return tuple(done)

    def _known(self, name: str) -> Schedule:
        found = self._documents.get(schedule_key(name))
        if found is None:
            names = [each.key for each in self._documents.all()]
            raise NotFound("schedule", name, there_are(names), choices=names)
        return found

    def _change(self, name: str, step: Callable[[Schedule], Schedule]) -> Schedule:
        key = self._known(name).key

        def changed(known: Schedule | None) -> Schedule:
            if known is None:
                raise NotFound("schedule", name)
            return step(known)

        return self._documents.change(key, changed)

    def _state(self, schedule: Schedule, at: dt.date | str | None) -> ScheduleState:
        now = utc_now() if at is None else as_instant(at)
        store = self._context.store
        newest = store.runs(RunQuery(schedule=schedule.key, limit=1))
        waiting = store.runs(RunQuery(schedule=schedule.key, open=True))
        errors = (run.error for run in (*newest, *waiting) if run.error)
        return ScheduleState(
            schedule=schedule,
            next=None if schedule.paused else next_run(schedule, after=now),
            last=newest[0] if newest else None,
            open=len(waiting),
            error=next(errors, ""),
        )
