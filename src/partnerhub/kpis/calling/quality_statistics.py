"""The service's own call-quality statistics, which count calls and not call legs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.table import Table
from partnerhub.domain.call_quality import CallQualityStats
from partnerhub.domain.layouts import CellType, Column
from partnerhub.kpis.calling.tables import CUSTOMER, Names

_NOT_KNOWN: Final = "The statistics do not tell it."
_COLUMNS: Final = tuple(
    Column(key=key, heading=heading, french=french, cell=cell, blank=_NOT_KNOWN)
    for key, heading, french, cell in (
        ("location", "Location", "Emplacement", CellType.TEXT),
        ("start", "From", "Du", CellType.TEXT),
        ("end", "Until", "Au", CellType.TEXT),
        ("calls", "Calls", "Appels", CellType.COUNT),
        ("calls_with_media", "Calls with media", "Appels avec média", CellType.COUNT),
        ("good_calls", "Good calls", "Appels de bonne qualité", CellType.COUNT),
        (
            "poor_ratio",
            "Share of calls not good",
            "Part des appels qui ne sont pas bons",
            CellType.RATIO,
        ),
        ("audio_jitter_ms", "Jitter (ms)", "Gigue (ms)", CellType.DECIMAL),
        ("audio_latency_ms", "Latency (ms)", "Latence (ms)", CellType.DECIMAL),
        ("audio_loss_pct", "Packet loss (%)", "Perte (%)", CellType.DECIMAL),
    )
)


def quality_statistics(stats: Sequence[CallQualityStats], /, *, names: Names) -> Table:
    """One row a customer, location and range, the worst share first.

    They count calls, so they are never added to, or compared with, call legs.

    Args:
        stats: The statistics.
        names: The customers' names.
    """
    columns: dict[str, Any] = {
        "customer": _texts([names.get(e.customer) or e.customer for e in stats]),
        "customer_id": _texts([each.customer for each in stats]),
        "location": _texts([each.location for each in stats]),
        "start": _texts([_instant(each.start_ms) for each in stats]),
        "end": _texts([_instant(each.end_ms) for each in stats]),
    }
    for column in _COLUMNS[3:]:
        told = [getattr(each, column.key) for each in stats]
        is_count = column.cell is CellType.COUNT
        blank = unknown.COUNT if is_count else np.nan
        columns[column.key] = np.array(
            [blank if value is None else value for value in told],
            np.int64 if is_count else np.float64,
        )
    table = Table(
        title="Call quality statistics, in calls",
        columns=(*CUSTOMER, *_COLUMNS),
        values=columns,
    )
    ordered = table.sort_by("customer_id").sort_by("customer")
    return ordered.sort_by("poor_ratio", descending=True)


def _texts(texts: list[str]) -> unknown.Array:
    found = np.empty(len(texts), dtype=object)
    found[:] = texts
    return found


def _instant(milliseconds: int) -> str:
    return f"{np.datetime64(milliseconds, 'ms').astype('datetime64[s]')}Z"
