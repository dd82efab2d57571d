"""Running what is due: planned once, claimed by one, published once, delivered.

A run goes through these steps, and a process may die between any two of them:

1. *Planned*: one row for each file of a slot, all in one transaction.
2. *Claimed*, with a lease and the next fencing number.
3. *Written* to a hidden file of that number, and synced.
4. *Ready*: what the file holds is kept with the run, if the run is still held.
5. *Appeared*: the hidden file is linked to its name; the first one wins for ever.
6. *Published*: kept, if the run is still held. Who claims a run whose file is there
   already finds it among those that were ready, and goes on from here.
7. *Delivered*, once or more often, under the run's key.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import attrs
import pendulum

from partnerhub.domain.errors import (
    ConflictError,
    FileNotWritten,
    PartnerHubError,
    StoreError,
)
from partnerhub.domain.instants import as_instant
from partnerhub.domain.report_runs import (
    PreparedFile,
    ReportRun,
    RunQuery,
    RunState,
    run_key,
)
from partnerhub.domain.report_specs import ReportRequest
from partnerhub.domain.schedules import Schedule, due
from partnerhub.hub.context import Context
from partnerhub.hub.noting import asker, told
from partnerhub.hub.reports.rendering import days_of, file_of, regions_of, render
from partnerhub.hub.schedules.leases import Lease, Now
from partnerhub.ports import Delivery, Document
from partnerhub.reports.publishing import (
    file_at,
    fingerprint,
    publish,
    sweep,
    unpublished,
)

_LOG: Final = logging.getLogger("partnerhub.hub.schedules.running")


@attrs.frozen(kw_only=True)
class Runner:
    """One process that runs schedules.

    Attributes:
        context: The hub.
        worker: Its name.
        now: What time it is.
        lease_s: How long a run is held without a sign of life.
        deliveries: Name -> what takes files on.
        stopped: Whether to begin nothing more.
    """

    context: Context
    worker: str
    now: Now
    lease_s: float
    deliveries: Mapping[str, Delivery]
    stopped: Callable[[], bool]

    def run(self, kept: Document, schedule: Schedule) -> Iterator[ReportRun]:
        """Runs what is due of a schedule, the oldest first.

        Args:
            kept: The schedule's document, as it was read.
            schedule: What it holds.

        Yields:
            Each run that this process has worked on, as it was then.
        """
        self._plan(kept, schedule)
        store = self.context.store
        for seen in reversed(store.runs(RunQuery(schedule=schedule.key, open=True))):
            if self.stopped():
                return
            held = self._claimed(kept, seen.key)
            done = None if held is None else self._worked(schedule, held)
            if done is not None:
                yield done
        self._retain(schedule)

    def _plan(self, kept: Document, schedule: Schedule) -> None:
        store = self.context.store
        at = self.now()
        newest = store.newest_slot(schedule.key, until=at)
        found = due(schedule, after=newest, at=at)
        if not found:
            return
        try:
            regions: tuple[str | None, ...] = regions_of(self.context, schedule.request)
        except StoreError:
            raise
        except PartnerHubError:
            # It is planned all the same, so that it is seen to fail.
            regions = (schedule.request.region,)
        runs = [self._planned(schedule, s, r, at) for s in found for r in regions]
        with store.writing() as writer:
            if self._stands(kept):
                writer.plan_runs(runs)

    def _stands(self, kept: Document) -> bool:
        """Not if the schedule was paused or removed since it was read."""
        return self.context.store.document(kept.kind, kept.id) == kept

    def _planned(
        self,
        schedule: Schedule,
        slot: pendulum.DateTime,
        region: str | None,
        at: pendulum.DateTime,
    ) -> ReportRun:
        due_at, template = as_instant(slot), schedule.request.template
        request = attrs.evolve(
            schedule.request, region=region, per_region=False, at=due_at
        )
        first, last = self._days(request)
        return ReportRun(
            key=run_key(template, schedule.key, due_at, region or ""),
            request=request,
            schedule=schedule.key,
            slot=due_at,
            asked=at,
            first=first,
            last=last,
            who=asker(self.context),
            pending=schedule.deliveries,
        )

    def _days(
        self, request: ReportRequest
    ) -> tuple[pendulum.Date | None, pendulum.Date | None]:
        """The days of a report; none where a run will be seen to fail."""
        try:
            return days_of(self.context, request) or (None, None)
        except StoreError:
            raise
        except PartnerHubError:
            return None, None

    def _claimed(self, kept: Document, key: str) -> ReportRun | None:
        store, at = self.context.store, self.now()
        seen = store.run(key)
        if seen is None or not seen.claimable(at) or not self._can_work_on(seen):
            return None
        until = at.add(seconds=self.lease_s)
        with store.writing() as writer:
            if not self._stands(kept):
                return None
            return writer.claim_run(key, worker=self.worker, at=at, until=until)

    def _can_work_on(self, run: ReportRun) -> bool:
        """Not if all that is left are deliveries that this process does not have."""
        published = run.state is RunState.PUBLISHED
        return not published or any(name in self.deliveries for name in run.pending)

    def _worked(self, schedule: Schedule, held: ReportRun) -> ReportRun | None:
        """The run after this process has worked on it; None where it lost it."""
        store = self.context.store
        with Lease(store, held, now=self.now, length_s=self.lease_s) as lease:
            try:
                self._work(schedule, lease)
            except ConflictError:
                _LOG.info("run %s is somebody else's by now", held.key)
                return None
        return lease.run

    def _work(self, schedule: Schedule, lease: Lease) -> None:
        try:
            if self._spent(schedule, lease.run):
                self._give_up(schedule, lease)
                return
            if lease.run.state is not RunState.PUBLISHED:
                self._publish(schedule, lease)
            self._deliver(schedule, lease)
        except (ConflictError, StoreError):
            raise
        except Exception as error:  # noqa: BLE001 - one must not sink the others
            self._fail(schedule, lease, told(error))

    def _spent(self, schedule: Schedule, run: ReportRun) -> bool:
        """Whether the processes of all its tries died, and no file of theirs is there."""
        if run.tries < schedule.retries.most_tries:
            return False
        published = run.state is RunState.PUBLISHED
        return published or not run.path or file_at(Path(run.path)) is None

    def _give_up(self, schedule: Schedule, lease: Lease) -> None:
        run = lease.change(
            lambda run: run.let_go(at=self.now(), retries=schedule.retries)
        )
        target = Path(run.path or Path(schedule.folder) / run.key)
        sweep(target, key=run.key, fence=run.fence)

    def _fail(self, schedule: Schedule, lease: Lease, error: str) -> None:
        lease.change(
            lambda run: run.failed(error, at=self.now(), retries=schedule.retries)
        )

    def _publish(self, schedule: Schedule, lease: Lease) -> None:
        begun = time.monotonic()
        run = lease.run
        name = run.path or str(Path(schedule.folder) / file_of(self.context, run))
        target = Path(name)
        file = _appeared(run, target)
        if file is None:
            prepared = self._written(run, target)
            run = lease.change(lambda held: held.ready(prepared, path=name))
            appeared = publish(target, key=run.key, fence=run.fence)
            file = prepared if appeared else _appeared(run, target)
            if file is None:
                raise ConflictError(
                    f"report run {run.key}", expected=run.version, found=run.version + 1
                )
        else:
            sweep(target, key=run.key, fence=run.fence)
        found = file
        took_ms = round((time.monotonic() - begun) * 1000)
        lease.change(lambda held: held.published(found, duration_ms=took_ms))

    def _written(self, run: ReportRun, target: Path) -> PreparedFile:
        # Before the data are read: what is imported meanwhile is named rather twice.
        imported = self.context.store.newest_import()
        with unpublished(target, key=run.key, fence=run.fence) as file:
            rendered = render(self.context, run.request, file, name=target.name)
        size, checksum = fingerprint(target, key=run.key, fence=run.fence)
        return PreparedFile(
            rows=rendered.rows,
            size=size,
            checksum=checksum,
            imported=imported,
            warning=rendered.warning,
        )

    def _deliver(self, schedule: Schedule, lease: Lease) -> None:
        for name in lease.run.pending:
            deliver = self.deliveries.get(name)
            if deliver is None:
                continue
            run = lease.run
            try:
                deliver(Path(run.path), run.to_dict(), key=run.key)
            except Exception as error:  # noqa: BLE001 - whatever a hook may raise
                self._fail(schedule, lease, f"delivery {name!r}: {told(error)}")
                return
            lease.change(lambda held: held.delivered(name))  # noqa: B023 - called at once
        if lease.run.lease_until is not None:
            lease.change(ReportRun.released)

    def _retain(self, schedule: Schedule) -> None:
        """Takes files away that are too old, or too many; only those of its own."""
        if schedule.keep is None and schedule.keep_days is None:
            return
        filed = RunQuery(schedule=schedule.key, filed=True)
        runs = [run for run in self.context.store.runs(filed) if run.slot is not None]
        slots = sorted({run.slot for run in runs if run.slot is not None}, reverse=True)
        kept = set(slots[: schedule.keep])
        if schedule.keep_days is not None:
            oldest = self.now().subtract(days=schedule.keep_days)
            kept = {slot for slot in kept if slot >= oldest}
        for run in runs:
            if run.slot not in kept and not run.pending:
                self._remove(run)

    def _remove(self, run: ReportRun) -> None:
        error, path = run.error, Path(run.path)
        try:
            found = file_at(path)
            if found is not None and run.file is not None:
                if found[1] == run.file.checksum:
                    path.unlink(missing_ok=True)
                else:
                    error = "the file was changed since, and is left alone"
        except FileNotWritten:
            error = "the file was replaced since, and is left alone"
        except OSError as trouble:
            _LOG.warning("an old report cannot be removed: %s", trouble.strerror)
            return
        removed = attrs.evolve(run, removed=self.now(), error=error)
        try:
            with self.context.store.writing() as writer:
                writer.put_run(removed)
        except ConflictError:
            _LOG.info("run %s was removed by somebody else", run.key)


def _appeared(run: ReportRun, target: Path) -> PreparedFile | None:
    """What is known of the file that is there; None where there is none.

    A file of that name that no claim had ready is of an older life of the store: it is
    the run's all the same, and its rows are not known.
    """
    found = file_at(target)
    if found is None:
        return None
    size, checksum = found
    ready = {file.checksum: file for file in run.prepared}
    return ready.get(checksum) or PreparedFile(rows=None, size=size, checksum=checksum)
