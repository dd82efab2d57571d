"""Report runs and notes of imports in the memory backend."""

from __future__ import annotations

from abc import ABC, abstractmethod

import attrs
import pendulum

from partnerhub.domain.report_runs import ImportNote, ReportRun, RunQuery


@attrs.define
class RunState:
    """What is stored of runs and imports. Values are replaced and never changed.

    Attributes:
        runs: Key -> run.
        imports: Number -> note.
    """

    runs: dict[str, ReportRun] = attrs.Factory(dict)
    imports: dict[int, ImportNote] = attrs.Factory(dict)

    def copied(self) -> RunState:
        """The same, in dictionaries of its own."""
        return RunState(dict(self.runs), dict(self.imports))


class MemoryRuns(ABC):
    """The part that keeps report runs; implements `run_backend.RunBackend`."""

    @property
    @abstractmethod
    def _runs(self) -> RunState: ...

    def run(self, key: str, /) -> ReportRun | None:
        """One run."""
        return self._runs.runs.get(key)

    def runs(self, query: RunQuery, /) -> list[ReportRun]:
        """Runs, the newest asked for first; those of one instant by slot and key."""
        found = [r for _, r in sorted(self._runs.runs.items()) if query.takes(r)]
        found.sort(key=lambda run: (run.asked, run.slot or _NO_SLOT), reverse=True)
        return found[: query.limit]

    def newest_slot(
        self, schedule: str, /, *, until: pendulum.DateTime
    ) -> pendulum.DateTime | None:
        """The newest slot of a schedule up to an instant."""
        runs = self._runs.runs.values()
        slots = (run.slot for run in runs if run.schedule == schedule)
        past = (slot for slot in slots if slot is not None and slot <= until)
        return max(past, default=None)

    def set_run(self, run: ReportRun, /) -> None:
        """Keeps a run in place of the one with its key."""
        self._runs.runs[run.key] = run

    def imports(self, after: int, /) -> list[ImportNote]:
        """The notes with a higher number, in their order."""
        notes = sorted(self._runs.imports.items())
        return [note for number, note in notes if number > after]

    def newest_import(self) -> int:
        """The highest number of a note; 0 when there is none."""
        return max(self._runs.imports, default=0)

    def set_import(self, note: ImportNote, /) -> None:
        """Keeps a note with its number."""
        self._runs.imports[note.number] = note


_NO_SLOT = pendulum.datetime(1970, 1, 1)
