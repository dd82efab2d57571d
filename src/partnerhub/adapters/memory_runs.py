"""Report runs and notes of imports in the memory backend."""

from __future__ import annotations

from typing import Protocol

import pendulum

from partnerhub.domain.report_runs import ImportNote, ReportRun, RunQuery


class _State(Protocol):
    report_runs: dict[str, ReportRun]
    imports: dict[int, ImportNote]


class MemoryRuns:
    """The part that keeps report runs; implements `run_backend.RunBackend`."""

    _state: _State

    def run(self, key: str, /) -> ReportRun | None:
        """One run."""
        return self._state.report_runs.get(key)

    def runs(self, query: RunQuery, /) -> list[ReportRun]:
        """Runs, the newest asked for first; those of one instant by slot and key."""
        found = [r for _, r in sorted(self._state.report_runs.items()) if query.takes(r)]
        found.sort(key=lambda run: (run.asked, run.slot or _NO_SLOT), reverse=True)
        return found[: query.limit]

    def newest_slot(self, schedule: str, /) -> pendulum.DateTime | None:
        """The newest slot of a schedule."""
        runs = self._state.report_runs.values()
        slots = (run.slot for run in runs if run.schedule == schedule)
        return max((slot for slot in slots if slot is not None), default=None)

    def set_run(self, run: ReportRun, /) -> None:
        """Keeps a run in place of the one with its key."""
        self._state.report_runs[run.key] = run

    def imports(self, after: int, /) -> list[ImportNote]:
        """The notes with a higher number, in their order."""
        notes = sorted(self._state.imports.items())
        return [note for number, note in notes if number > after]

    def newest_import(self) -> int:
        """The highest number of a note; 0 when there is none."""
        return max(self._state.imports, default=0)

    def set_import(self, note: ImportNote, /) -> None:
        """Keeps a note with its number."""
        self._state.imports[note.number] = note


_NO_SLOT = pendulum.datetime(1970, 1, 1)
