"""Noting a report that a person asked for in the history of runs."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import attrs

from partnerhub.domain.errors import PartnerHubError, StoreError, StoreReadOnly
from partnerhub.domain.report_runs import PreparedFile, ReportRun, RunState
from partnerhub.domain.report_specs import ReportRequest
from partnerhub.domain.weeks import Period
from partnerhub.hub.clock import utc_now
from partnerhub.hub.context import Context
from partnerhub.reports.publishing import fingerprint

OWNER: Final = "local owner"
"""Who asks where nobody is named."""

_LONGEST_ERROR: Final = 1000
"""Characters of an error that are kept."""

_ADDRESS: Final = re.compile(r"[^\s@<>'\"]+@[^\s@<>'\"]+")


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

    One that fails is noted too, with the reason. A store that can only be read keeps no history; the report is written all the same.

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
    first, last = days or (None, None)
    run = ReportRun(
        key=uuid.uuid4().hex,
        request=request,
        asked=asked,
        started=asked,
        first=first,
        last=last,
        who=asker(context),
        path=str(path.absolute()),
    )
    imported = context.store.newest_import()
    try:
        rows, warning = write()
    except Exception as error:
        # What the store itself fails at, it cannot note either.
        with suppress(StoreError):
            failed = attrs.evolve(run, state=RunState.GIVEN_UP, error=told(error))
            _noted(context, failed, begun)
        raise
    size, checksum = fingerprint(path)
    file = PreparedFile(
        rows=rows, size=size, checksum=checksum, imported=imported, warning=warning
    )
    return _noted(
        context, attrs.evolve(run, state=RunState.PUBLISHED, file=file), begun
    )


def _noted(context: Context, run: ReportRun, begun: float) -> ReportRun:
    took_ms = round((time.monotonic() - begun) * 1000)
    run = attrs.evolve(run, duration_ms=took_ms)
    with suppress(StoreReadOnly), context.store.writing() as writer:
        return writer.put_run(run)
    return run


def told(error: Exception, /) -> str:
    """An error as a run keeps it: without addresses of people or texts of others.

    Examples:
        >>> told(ValueError("token abc"))
        'ValueError'
    """
    if isinstance(error, PartnerHubError):
        line = "".join(each if each.isprintable() else " " for each in str(error))
        return _ADDRESS.sub("<address>", line)[:_LONGEST_ERROR]
    if isinstance(error, OSError) and error.strerror:
        return f"{type(error).__name__}: {error.strerror}"
    return type(error).__name__
