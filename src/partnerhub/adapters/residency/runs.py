"""Report runs and notes of imports, which belong to no region: in the first store."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping

import pendulum

from partnerhub.domain.report_runs import ALL_RUNS, ImportNote, ReportRun, RunQuery
from partnerhub.ports import Store, Writer


class FirstStoreRuns:
    """The part of a regional store that reads runs."""

    _stores: Mapping[str, Store]

    @property
    def _first(self) -> Store:
        return next(iter(self._stores.values()))

    def run(self, key: str, /) -> ReportRun | None:
        """One run; None where there is none."""
        return self._first.run(key)

    def runs(self, query: RunQuery = ALL_RUNS, /) -> tuple[ReportRun, ...]:
        """Runs, the newest asked for first; those of one instant by slot and key."""
        return self._first.runs(query)

    def newest_slot(
        self, schedule: str, /, *, until: pendulum.DateTime
    ) -> pendulum.DateTime | None:
        """The newest slot of a schedule that a run is known of, in UTC."""
        return self._first.newest_slot(schedule, until=until)

    def imports(self, *, after: int = 0) -> tuple[ImportNote, ...]:
        """The imports with a higher number, in their order."""
        return self._first.imports(after=after)

    def newest_import(self) -> int:
        """The highest number of an import; 0 when there is none."""
        return self._first.newest_import()


class FirstStoreWriter(ABC):
    """The part of a regional writer that writes runs."""

    _stores: Mapping[str, Store]

    @abstractmethod
    def _writer(self, region: str) -> Writer: ...

    @property
    def _first(self) -> Writer:
        return self._writer(next(iter(self._stores)))

    def plan_runs(self, runs: Iterable[ReportRun], /) -> int:
        """Keeps new runs of one schedule, of slots that nobody has planned."""
        return self._first.plan_runs(runs)

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
        return self._first.claim_run(key, worker=worker, at=at, until=until)

    def put_run(self, run: ReportRun, /) -> ReportRun:
        """Keeps a run over the version it was read, or claimed, at."""
        return self._first.put_run(run)

    def note_import(self, note: ImportNote, /) -> int:
        """Notes what was imported."""
        return self._first.note_import(note)
