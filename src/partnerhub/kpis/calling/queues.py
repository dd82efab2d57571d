"""Call queue analytics of a week, from queue statistics (design 5.30)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs
import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.queue_stats import QUEUE_COUNTS, ServiceStats
from partnerhub.columns.table import Table
from partnerhub.columns.tiling import tiling_rows
from partnerhub.columns.unknown import Array, Ints
from partnerhub.domain.layouts import CellType, Column
from partnerhub.domain.weeks import Period
from partnerhub.kpis.calling.tables import CUSTOMER, Names, ratio

_NOT_KNOWN: Final = "The statistics do not tell it."


def _column(
    key: str, heading: str, french: str, cell: CellType = CellType.COUNT
) -> Column:
    return Column(key=key, heading=heading, french=french, cell=cell, blank=_NOT_KNOWN)


_QUEUES: Final = _column("queues", "Call queues", "Files d'attente")
_QUEUE: Final = (
    _column("queue", "Call queue", "File d'attente", CellType.TEXT),
    _column("location", "Location", "Emplacement", CellType.TEXT),
)
_COUNTS: Final = (
    _column("calls", "Calls", "Appels"),
    _column("answered", "Answered", "Pris en charge"),
    _column("abandoned", "Abandoned", "Abandonnés"),
    _column("transferred", "Transferred", "Transférés"),
    _column("overflowed", "Overflowed", "Débordés"),
    _column("timed_out", "Timed out", "Expirés"),
)
_MEANS: Final = (
    _column(
        "answer_s",
        "Average answer time (s)",
        "Temps de réponse moyen (s)",
        CellType.DECIMAL,
    ),
    _column(
        "abandoned_wait_s",
        "Average wait before abandonment (s)",
        "Attente moyenne avant abandon (s)",
        CellType.DECIMAL,
    ),
    _column(
        "abandoned_ratio",
        "Abandoned call rate",
        "Taux d'appels abandonnés",
        CellType.RATIO,
    ),
)


@attrs.frozen(kw_only=True, eq=False)
class QueueAnalytics:
    """The call queues of one week.

    Attributes:
        week: First and last day.
        calls: Calls that came to any queue; None when not known.
        answer_s: Mean seconds until an agent or another queue took a call, weighted
            by calls; None without one.
        abandoned_wait_s: Mean seconds until a caller hung up or left a message.
        abandoned_ratio: Share of calls abandoned, over all queues.
        customers: One row a customer, the highest abandoned rate first.
        queues: One row a queue.
    """

    week: Period
    calls: int | None
    answer_s: float | None
    abandoned_wait_s: float | None
    abandoned_ratio: float | None
    customers: Table = attrs.field(repr=False)
    queues: Table = attrs.field(repr=False)

    def queues_of(self, organization: str, /) -> Table:
        """The queues of one customer: what its row opens to."""
        return self.queues.take(self.queues["customer_id"] == organization)


def queue_analytics(
    stats: ServiceStats, week: Period, /, *, names: Names
) -> QueueAnalytics:
    """The queues of customers whose statistics cover the week exactly.

    Args:
        stats: Call Queue Stats of any ranges.
        week: First and last day.
        names: The customers' names.
    """
    first, last = week
    rows = tiling_rows(
        stats.organization, stats.first, stats.last, start=first, end=last
    )
    held = stats.take(rows)
    owners = held.organization.tolist()
    queues = list(zip(owners, held.location.tolist(), held.name.tolist(), strict=True))
    by_queue, of_queue = _grouped(queues, held.values)
    by_customer, of_customer = _grouped([(who,) for who in owners], held.values)
    _, everything = _grouped([()] * len(held), held.values)
    everything = everything if len(held) else {}
    queue_counts = np.array(
        [sum(key[0] == who for key in by_queue) for (who,) in by_customer], np.int64
    )
    customers = _table(
        "Customers and call queues",
        [who for (who,) in by_customer],
        names,
        {_QUEUES: queue_counts},
        of_customer,
    )
    places = {
        column: np.array([key[part] for key in by_queue], object)
        for column, part in zip(_QUEUE, (2, 1), strict=True)
    }
    found = _means(everything) if everything else {}

    def only(key: str) -> float | None:
        value = found[key].item() if found else np.nan
        return None if np.isnan(value) else value

    calls = int(everything["calls"][0]) if everything else unknown.COUNT
    return QueueAnalytics(
        week=week,
        calls=None if calls < 0 else calls,
        answer_s=only("answer_s"),
        abandoned_wait_s=only("abandoned_wait_s"),
        abandoned_ratio=only("abandoned_ratio"),
        customers=customers.sort_by("abandoned_ratio", descending=True),
        queues=_table(
            "Call queues", [key[0] for key in by_queue], names, places, of_queue
        ),
    )


def queue_sums(
    stats: ServiceStats, first: Any, last: Any, /
) -> dict[tuple[str, str], dict[str, int]]:
    """Counts of the queues of each customer and location over exactly these days."""
    rows = tiling_rows(
        stats.organization, stats.first, stats.last, start=first, end=last
    )
    held = stats.take(rows)
    keys, sums = _grouped(
        list(zip(held.organization.tolist(), held.location.tolist(), strict=True)),
        held.values,
    )
    return {
        (key[0], key[1]): {name: int(sums[name][at]) for name in QUEUE_COUNTS}
        for at, key in enumerate(keys)
    }


def _grouped(
    keys: Sequence[tuple[str, ...]], values: Mapping[str, Array]
) -> tuple[list[tuple[str, ...]], dict[str, Ints]]:
    """Sums by key, keys in order; -1 where a row does not know."""
    order = sorted(set(keys))
    place = {key: at for at, key in enumerate(order)}
    row = np.array([place[key] for key in keys], np.intp)
    size = len(order)
    sums: dict[str, Ints] = {}
    for name in QUEUE_COUNTS:
        column = values.get(name)
        if column is None:
            sums[name] = np.full(size, unknown.COUNT)
            continue
        total = np.zeros(size, np.int64)
        np.add.at(total, row, column.astype(np.int64))
        missing = np.bincount(row[column < 0], minlength=size)
        sums[name] = np.where(missing > 0, unknown.COUNT, total)
    return order, sums


def _means(sums: Mapping[str, Ints]) -> dict[str, Array]:
    """Means weighted by calls: NaN where nothing is known.

    A call that was not abandoned was taken by an agent or by another queue.
    """
    calls, abandoned = sums["calls"], sums["abandoned"]
    known = (calls >= 0) & (abandoned >= 0)
    taken = np.where(known, calls - abandoned, unknown.COUNT)
    return {
        "answer_s": ratio(sums["wait_s"], taken),
        "abandoned_wait_s": ratio(sums["abandoned_wait_s"], abandoned),
        "abandoned_ratio": ratio(abandoned, calls),
    }


def _table(
    title: str,
    owners: list[str],
    names: Names,
    first: Mapping[Column, Array],
    sums: Mapping[str, Ints],
) -> Table:
    who = np.empty((2, len(owners)), dtype=object)
    who[0] = [names.get(uuid) or uuid for uuid in owners]
    who[1] = owners
    means = _means(sums)
    return Table(
        title=title,
        columns=(*CUSTOMER, *first, *_COUNTS, *_MEANS),
        values={
            "customer": who[0],
            "customer_id": who[1],
            **{column.key: values for column, values in first.items()},
            **{column.key: sums[column.key] for column in _COUNTS},
            **{column.key: means[column.key] for column in _MEANS},
        },
    )
