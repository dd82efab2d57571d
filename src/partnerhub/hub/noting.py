"""Noting a report that a person asked for in the history of runs."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from partnerhub.domain.errors import StoreReadOnly
from partnerhub.domain.report_runs import PreparedFile, ReportRun, RunState
from partnerhub.domain.report_specs import ReportRequest
from partnerhub.domain.weeks import Period
from partnerhub.hub.clock import utc_now
from partnerhub.hub.context import Context
from partnerhub.reports.publishing import fingerprint

OWNER: Final = "local owner"
"""Who asks where nobody is named."""


def asker(context: Context, /) -> str:
    """Who asks, as the history of runs names them."""
    who = context.who()
    return OWNER if who is None else who.email


def written(
    context: Context,
    request: ReportRequest,
    path: Path,
    write: Callable[[], tuple[int, str]],
    /,
    *,
    days: Period | None = None,
) -> ReportRun:
    """Writes a report that a person asks for, and notes it in the history of runs.

    A store that can only be read keeps no history; the report is written all the same.

    Args:
        context: The hub.
        request: What was asked; its day and region are filled in.
        path: Where it appears.
        write: Writes it, and gives its rows and a warning.
        days: The days it covers; None of a report of one day.

    Returns:
        The run as it was noted.
    """
    begun, asked = time.monotonic(), utc_now()
    store = context.store
    imported = store.newest_import()
    rows, warning = write()
    size, checksum = fingerprint(path)
    file = PreparedFile(
        rows=rows, size=size, checksum=checksum, imported=imported, warning=warning
    )
    first, last = days or (None, None)
    run = ReportRun(
        key=uuid.uuid4().hex,
        request=request,
        asked=asked,
        started=asked,
        first=first,
        last=last,
        who=asker(context),
        state=RunState.PUBLISHED,
        file=file,
        path=str(path.absolute()),
        duration_ms=round((time.monotonic() - begun) * 1000),
    )
    with suppress(StoreReadOnly), store.writing() as writer:
        return writer.put_run(run)
    return run
