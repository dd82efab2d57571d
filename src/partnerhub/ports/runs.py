"""What partnerhub asks of storage and of delivery for its report runs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

import pendulum

from partnerhub.domain.report_runs import ALL_RUNS, ImportNote, ReportRun, RunQuery


class RunSource(Protocol):
    """Reads runs of reports, and what was imported."""

    def run(self, key: str, /) -> ReportRun | None:
        """One run; None where there is none."""
        ...

    def runs(self, query: RunQuery = ALL_RUNS, /) -> tuple[ReportRun, ...]:
        """Runs, the newest asked for first; those of one instant by slot and key."""
        ...

    def newest_slot(
        self, schedule: str, /, *, until: pendulum.DateTime
    ) -> pendulum.DateTime | None:
        """The newest slot of a schedule that a run is known of, in UTC.

        Args:
            schedule: The schedule.
            until: Later ones, of a clock that was wrong, do not count.
        """
        ...

    def imports(self, *, after: int = 0) -> tuple[ImportNote, ...]:
        """The imports with a higher number, in their order."""
        ...

    def newest_import(self) -> int:
        """The highest number of an import; 0 when there is none."""
        ...


class RunWriter(Protocol):
    """Writes runs of reports, and what was imported, inside a transaction."""

    def plan_runs(self, runs: Iterable[ReportRun], /) -> int:
        """Keeps new runs of one schedule, of slots that nobody has planned.

        A slot that is not newer than the newest one known of that schedule, up to when
        it was asked for, is left out: somebody else was faster.

        Returns:
            How many were kept.
        """
        ...

    def claim_run(
        self,
        key: str,
        /,
        *,
        worker: str,
        at: pendulum.DateTime,
        until: pendulum.DateTime,
    ) -> ReportRun | None:
        """Claims a run with a lease, under the next fencing number.

        Returns:
            The run as it is held now; None where somebody else holds it, its time has
            not come, nothing is left to do, or there is none.
        """
        ...

    def put_run(self, run: ReportRun, /) -> ReportRun:
        """Keeps a run over the version it was read, or claimed, at.

        Returns:
            The run with its version from now on.

        Raises:
            ConflictError: It is of another version by now: somebody has claimed it.
        """
        ...

    def note_import(self, note: ImportNote, /) -> int:
        """Notes what was imported.

        Returns:
            Its number.
        """
        ...


class Delivery(Protocol):
    """Somewhere that a file goes once it has appeared in its folder."""

    def __call__(self, file: Path, facts: dict[str, Any], /, *, key: str) -> None:
        """Takes a file on.

        It may be called again for a file that it has taken already, when a process
        died before it could note the success: the key says which they are.

        Args:
            file: Where the file is.
            facts: What `ReportRun.to_dict` says of the run.
            key: The same for every call of one run: an idempotency key.

        Raises:
            Exception: It did not work; it is called again, later.
        """
        ...
