"""What a storage engine must do with report runs: keep rows. Claims are made above."""

from __future__ import annotations

from typing import Protocol

import pendulum

from partnerhub.domain.report_runs import ImportNote, ReportRun, RunQuery


class RunBackend(Protocol):
    """The part of a storage engine that keeps report runs and notes of imports."""

    def run(self, key: str, /) -> ReportRun | None:
        """One run."""
        ...

    def runs(self, query: RunQuery, /) -> list[ReportRun]:
        """Runs, the newest asked for first; those of one instant by slot and key."""
        ...

    def newest_slot(
        self, schedule: str, /, *, until: pendulum.DateTime
    ) -> pendulum.DateTime | None:
        """The newest slot of a schedule up to an instant."""
        ...

    def set_run(self, run: ReportRun, /) -> None:
        """Keeps a run in place of the one with its key."""
        ...

    def imports(self, after: int, /) -> list[ImportNote]:
        """The notes with a higher number, in their order."""
        ...

    def newest_import(self) -> int:
        """The highest number of a note; 0 when there is none."""
        ...

    def set_import(self, note: ImportNote, /) -> None:
        """Keeps a note with its number."""
        ...
