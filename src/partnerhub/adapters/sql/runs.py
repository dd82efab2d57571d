"""Report runs and notes of imports, a row each."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import attrs
import pendulum
import sqlalchemy as sa

from partnerhub.adapters.converter import converter
from partnerhub.adapters.sql.session import Part
from partnerhub.domain.days import as_day
from partnerhub.domain.report_runs import (
    ImportNote,
    PreparedFile,
    ReportRun,
    RunQuery,
    RunState,
)
from partnerhub.domain.report_specs import ReportRequest

_IMPORT: Final = tuple(field.name for field in attrs.fields(ImportNote))


def _number(instant: pendulum.DateTime | None) -> int | None:
    """Microseconds since 1970-01-01."""
    if instant is None:
        return None
    return instant.int_timestamp * 1_000_000 + instant.microsecond


def _instant(number: int | None) -> pendulum.DateTime | None:
    return None if number is None else _EPOCH.add(microseconds=number)


_Spelling = tuple[Callable[[Any], Any], Callable[[Any], Any]]
"""How a cell is written, and read."""


def _json(kind: Any) -> _Spelling:
    def write(value: Any) -> str:
        return json.dumps(converter().unstructure(value, kind), sort_keys=True)

    def read(text: str) -> Any:
        return converter().structure(json.loads(text), kind)

    return write, read


_EPOCH: Final = pendulum.datetime(1970, 1, 1)
_TIME: Final = (_number, _instant)
_DAY: Final = (
    lambda day: None if day is None else day.isoformat(),
    lambda text: None if text is None else as_day(text),
)
_PLAIN: Final[_Spelling] = (lambda value: value, lambda value: value)
_SPELLED: Final[dict[str, _Spelling]] = {
    "request": _json(ReportRequest),
    "prepared": _json(tuple[PreparedFile, ...]),
    "file": _json(PreparedFile | None),
    "pending": _json(tuple[str, ...]),
    "state": (str, RunState),
    "first": _DAY,
    "last": _DAY,
    **dict.fromkeys(
        ("slot", "asked", "claimed", "lease_until", "retry_at", "started", "removed"),
        _TIME,
    ),
}
"""Attribute of a run -> its spelling, where the cell is not the value itself."""

_FIELDS: Final = tuple(field.name for field in attrs.fields(ReportRun))


class ReportRuns(Part):
    """The part that keeps report runs, and what was imported."""

    def run(self, key: str, /) -> ReportRun | None:
        """One run."""
        table = self._schema.report_run
        found = self._runs(sa.select(*_columns(table)).where(table.c.key == key))
        return found[0] if found else None

    def runs(self, query: RunQuery, /) -> list[ReportRun]:
        """Runs, the newest asked for first; those of one instant by slot and key."""
        table = self._schema.report_run
        c = table.c
        statement = sa.select(*_columns(table))
        if query.schedule is not None:
            statement = statement.where(c.schedule == query.schedule)
        if query.template is not None:
            statement = statement.where(c.template == query.template)
        if query.open:
            statement = statement.where(c.open == 1)
        if query.filed:
            statement = statement.where(
                c.state == RunState.PUBLISHED.value, c.removed.is_(None)
            )
        newest = sa.func.coalesce(c.slot, 0).desc()
        ordered = statement.order_by(c.asked.desc(), newest, c.key)
        return self._runs(ordered.limit(query.limit))

    def _runs(self, query: sa.Select[Any]) -> list[ReportRun]:
        return [
            ReportRun(
                **{
                    name: _SPELLED.get(name, _PLAIN)[1](cell)
                    for name, cell in zip(_FIELDS, row, strict=True)
                }
            )
            for row in self._session.fetch(query)
        ]

    def newest_slot(
        self, schedule: str, /, *, until: pendulum.DateTime
    ) -> pendulum.DateTime | None:
        """The newest slot of a schedule up to an instant."""
        c = self._schema.report_run.c
        query = sa.select(sa.func.max(c.slot)).where(
            c.schedule == schedule, c.slot <= _number(until)
        )
        return _instant(self._session.fetch(query)[0][0])

    def set_run(self, run: ReportRun, /) -> None:
        """Keeps a run in place of the one with its key."""
        row = {
            name: _SPELLED.get(name, _PLAIN)[0](getattr(run, name)) for name in _FIELDS
        }
        # Told once more for those who read the table by themselves, and for queries.
        row |= {
            "template": run.request.template,
            "region": run.region,
            "filter": run.request.filter,
            "safety": str(run.request.safety),
            "open": int(run.open),
            "rows": None if run.file is None else run.file.rows,
            "size": None if run.file is None else run.file.size,
            "checksum": None if run.file is None else run.file.checksum,
        }
        table = self._schema.report_run
        self._session.insert(table, list(row), [list(row.values())], clash="replace")

    def imports(self, after: int, /) -> list[ImportNote]:
        """The notes with a higher number, in their order."""
        c = self._schema.import_note.c
        query = sa.select(*(c[name] for name in _IMPORT)).where(c.number > after)
        rows = self._session.fetch(query.order_by(c.number))
        return [
            ImportNote(
                number=number,
                file=file,
                at=_EPOCH.add(microseconds=at),
                rows=count,
                taken=taken,
            )
            for number, file, at, count, taken in rows
        ]

    def newest_import(self) -> int:
        """The highest number of a note; 0 when there is none."""
        c = self._schema.import_note.c
        return self._session.fetch(sa.select(sa.func.max(c.number)))[0][0] or 0

    def set_import(self, note: ImportNote, /) -> None:
        """Keeps a note with its number."""
        row = (note.number, note.file, _number(note.at), note.rows, note.taken)
        table = self._schema.import_note
        self._session.insert(table, _IMPORT, [row], clash="replace")


def _columns(table: sa.Table) -> list[sa.Column[Any]]:
    return [table.c[name] for name in _FIELDS]
