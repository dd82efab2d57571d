"""Random report runs, few enough that they meet, and what is done with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import attrs
import pendulum
from hypothesis import strategies as st

from partnerhub.domain.report_runs import (
    ImportNote,
    PreparedFile,
    ReportRun,
    RunQuery,
    RunState,
)
from partnerhub.domain.report_specs import ReportRequest
from partnerhub.ports import Writer

Step = Callable[[Writer, ReportRun], Any]

SCHEDULES: Final = ("", "daily", "\u00e9")
QUERIES: Final = (
    RunQuery(),
    RunQuery(schedule="daily"),
    RunQuery(template="devices", limit=2),
    RunQuery(open=True),
    RunQuery(filed=True),
)

_AT: Final = pendulum.datetime(2026, 11, 22)
MIDDLE: Final = _AT.add(hours=2)
"""Some instants are before it, some after."""
_FILE: Final = PreparedFile(rows=None, size=1, checksum="ab")


def _instants() -> st.SearchStrategy[pendulum.DateTime]:
    return st.integers(0, 4).map(lambda hours: _AT.add(hours=hours, microseconds=hours))


def runs() -> st.SearchStrategy[ReportRun]:
    """Runs of a few keys, schedules and instants, in any state and version."""
    return st.builds(
        ReportRun,
        key=st.sampled_from(("a", "b", "\u00e9")),
        request=st.sampled_from(
            (
                ReportRequest(template="devices", region="*"),
                ReportRequest(template="customers", filter="tag:vip", at="2026-11-22"),
            )
        ),
        schedule=st.sampled_from(SCHEDULES),
        slot=st.none() | _instants(),
        asked=_instants(),
        state=st.sampled_from(RunState),
        version=st.integers(0, 2),
        retry_at=st.none() | _instants(),
        file=st.none() | st.just(_FILE),
        prepared=st.sampled_from(((), (_FILE,))),
        removed=st.none() | _instants(),
        pending=st.sampled_from(((), ("mail", "disk"))),
        error=st.sampled_from(("", "disk full")),
    )


def _plan(writer: Writer, run: ReportRun) -> int:
    return writer.plan_runs([run, attrs.evolve(run, key=f"{run.key} EU")])


def _claim(writer: Writer, run: ReportRun) -> ReportRun | None:
    until = run.asked.add(hours=1)
    return writer.claim_run(run.key, worker="w", at=run.asked, until=until)


def _keep(writer: Writer, run: ReportRun) -> ReportRun:
    return writer.put_run(run)


def _note(writer: Writer, run: ReportRun) -> int:
    note = ImportNote(file=run.key, at=run.asked, rows=run.version, taken=0)
    return writer.note_import(note)


STEPS: Final[tuple[Step, ...]] = (_plan, _claim, _keep, _note)
"""What is done with a run."""
