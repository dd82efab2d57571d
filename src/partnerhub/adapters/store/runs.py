"""Report runs of a store, whatever its engine: claims and compare-and-swaps.

A write transaction is alone among writers, so what is read in it is still so when it
is written.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs
import pendulum

from partnerhub.adapters.backend import Backend
from partnerhub.domain.errors import ConflictError
from partnerhub.domain.organizations import clean_text, clean_texts, key_texts
from partnerhub.domain.report_runs import ALL_RUNS, ImportNote, ReportRun, RunQuery


class RunReading:
    """The part of a store that reads runs; implements `partnerhub.ports.RunSource`."""

    _backend: Backend

    def run(self, key: str, /) -> ReportRun | None:
        """One run; None where there is none."""
        clean_text(key)
        with self._backend.reading():
            return self._backend.run(key)

    def runs(self, query: RunQuery = ALL_RUNS, /) -> tuple[ReportRun, ...]:
        """Runs, the newest asked for first; those of one instant by slot and key."""
        clean_texts((query.schedule or "", query.template or ""))
        with self._backend.reading():
            return tuple(self._backend.runs(query))

    def newest_slot(
        self, schedule: str, /, *, until: pendulum.DateTime
    ) -> pendulum.DateTime | None:
        """The newest slot of a schedule that a run is known of, in UTC."""
        clean_text(schedule)
        with self._backend.reading():
            return self._backend.newest_slot(schedule, until=until)

    def imports(self, *, after: int = 0) -> tuple[ImportNote, ...]:
        """The imports with a higher number, in their order."""
        with self._backend.reading():
            return tuple(self._backend.imports(after))

    def newest_import(self) -> int:
        """The highest number of an import; 0 when there is none."""
        with self._backend.reading():
            return self._backend.newest_import()


class RunWriting:
    """The part of a writer that keeps runs; implements `partnerhub.ports.RunWriter`."""

    _backend: Backend

    def plan_runs(self, runs: Iterable[ReportRun], /) -> int:
        """Keeps new runs of one schedule, of slots that nobody has planned."""
        new = list(runs)
        if not new:
            return 0
        clean_texts(run.schedule for run in new)
        newest = self._backend.newest_slot(new[0].schedule, until=new[0].asked)
        count = 0
        for run in new:
            if newest is None or (run.slot is not None and run.slot > newest):
                self.put_run(run)
                count += 1
        return count

    def claim_run(
        self,
        key: str,
        /,
        *,
        worker: str,
        at: pendulum.DateTime,
        until: pendulum.DateTime,
    ) -> ReportRun | None:
        """Claims a run with a lease, under the next fencing number."""
        found = self._backend.run(clean_text(key))
        if found is None or not found.claimable(at):
            return None
        return self.put_run(found.claim(worker=worker, at=at, until=until))

    def put_run(self, run: ReportRun, /) -> ReportRun:
        """Keeps a run over the version it was read, or claimed, at."""
        key_texts((run.key, run.schedule))
        clean_texts((run.who, run.worker, run.path, run.error))
        stored = self._backend.run(run.key)
        found = 0 if stored is None else stored.version
        if found != run.version:
            what = f"report run {run.key}"
            raise ConflictError(what, expected=run.version, found=found)
        kept = attrs.evolve(run, version=run.version + 1)
        self._backend.set_run(kept)
        return kept

    def note_import(self, note: ImportNote, /) -> int:
        """Notes what was imported."""
        clean_texts((note.file,))
        number = self._backend.newest_import() + 1
        self._backend.set_import(attrs.evolve(note, number=number))
        return number
