"""The history of a hub's reports: who wrote what, of which data, and where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs

from partnerhub.domain.capabilities import Capability
from partnerhub.domain.errors import IllegalStep, InvalidValue, NotFound
from partnerhub.domain.report_runs import ImportNote, ReportRun, RunQuery
from partnerhub.hub.context import Context
from partnerhub.hub.noting import written
from partnerhub.hub.permissions import reads
from partnerhub.hub.reports.rendering import days_of, name_of, render
from partnerhub.reports.files import whole_file


@attrs.frozen(kw_only=True)
class Repeated:
    """A run that was made again, as of its own day.

    Attributes:
        run: The new run.
        same: Whether its bytes are those of the run that was repeated.
        imports: What was taken in since that one read the store, edits of tags,
            templates and filters too; nothing else can make the bytes others.
    """

    run: ReportRun
    same: bool
    imports: tuple[ImportNote, ...]

    def to_dict(self) -> dict[str, Any]:
        """The same, ready for JSON."""
        return {
            "run": self.run.to_dict(),
            "same": self.same,
            "imports": [
                {
                    "number": note.number,
                    "file": note.file,
                    "at": note.at.isoformat(),
                    "rows": note.rows,
                    "taken": note.taken,
                }
                for note in self.imports
            ],
        }


class RunHistory:
    """The report runs of a hub, of schedules and of people."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @reads(Capability.PARTNER_ANALYTICS)
    def list(
        self,
        *,
        schedule: str | None = None,
        template: str | None = None,
        limit: int | None = None,
    ) -> tuple[ReportRun, ...]:
        """Runs, the newest first.

        Args:
            schedule: Only those of this schedule; blank for those that people asked
                for.
            template: Only those of this template.
            limit: So many at most.

        Raises:
            InvalidValue: The limit is negative.
        """
        if limit is not None and limit < 0:
            raise InvalidValue("limit", limit, "it is 0 or more")
        query = RunQuery(schedule=schedule, template=template, limit=limit)
        return self._context.store.runs(query)

    @reads(Capability.PARTNER_ANALYTICS)
    def get(self, key: str, /) -> ReportRun:
        """One run, by its key or the beginning of it.

        Raises:
            NotFound: There is none, or several begin like that.
        """
        found = self._context.store.run(key)
        if found is not None:
            return found
        like = [r for r in self._context.store.runs() if key and r.key.startswith(key)]
        if len(like) != 1:
            why = f"{len(like)} begin like that" if like else ""
            raise NotFound("report run", key, why)
        return like[0]

    @reads(Capability.PARTNER_ANALYTICS)
    def imports(self, *, after: int = 0) -> tuple[ImportNote, ...]:
        """What was taken into the store, in order.

        Args:
            after: Only what has a higher number.
        """
        return self._context.store.imports(after=after)

    @reads(Capability.PARTNER_ANALYTICS)
    def repeat(self, key: str, /, *, to: str | Path) -> Repeated:
        """Makes a run again, as of its own day, and compares.

        Args:
            key: Its key, or the beginning of it.
            to: The folder of the new file.

        Raises:
            NotFound: There is no such run.
            IllegalStep: It has never been published.
            FileNotWritten: No permission, no space, or no such place.
        """
        old = self.get(key)
        if old.file is None:
            raise IllegalStep(f"repeat the run {old.key}", "it was never published")
        # Not the name of the old file, which may be in that folder.
        path = Path(to) / name_of(self._context, old.request, [old.key, "again"])
        new = written(
            self._context,
            old.request,
            path,
            lambda: self._render(old, path),
            days=days_of(self._context, old.request),
        )
        assert new.file is not None  # noqa: S101 - it was just written
        return Repeated(
            run=new,
            same=new.file.checksum == old.file.checksum,
            imports=self._context.store.imports(after=old.file.imported),
        )

    def _render(self, run: ReportRun, path: Path) -> tuple[int, str]:
        with whole_file(path) as file:
            name = Path(run.path).name
            rendered = render(self._context, run.request, file, name=name)
        return rendered.rows, rendered.warning
