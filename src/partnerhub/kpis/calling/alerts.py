"""Alerts: whose poor share rose beyond chance, so that a partner acts first.

The last week is compared with the weeks before it by the one-sided two-proportion
z-test with pooled variance, the standard test of whether one share is above another.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from partnerhub.columns.table import Table
from partnerhub.columns.unknown import Array, Ints
from partnerhub.domain.engagement_policy import AlertPolicy
from partnerhub.domain.layouts import CellType, Column
from partnerhub.kpis.calling.engagement import EngagementCounts
from partnerhub.kpis.calling.facts import Source, WeeklyFacts
from partnerhub.kpis.calling.tables import CUSTOMER, Names, ratio

_POLICY: Final = AlertPolicy()
_LOCATION: Final = Column(key="location", heading="Location", french="Emplacement")
_COLUMNS: Final = tuple(
    Column(key=key, heading=heading, french=french, cell=cell)
    for key, heading, french, cell in (
        ("rated", "Rated legs", "Segments évalués", CellType.COUNT),
        ("poor", "Poor legs", "Segments de mauvaise qualité", CellType.COUNT),
        ("poor_ratio", "Poor share", "Part de mauvaise qualité", CellType.RATIO),
        ("usual_ratio", "Usual share", "Part habituelle", CellType.RATIO),
        ("z", "Standard errors above it", "Écarts types au-dessus", CellType.DECIMAL),
    )
)


def rise(
    poor: Array, rated: Array, poor_before: Array, rated_before: Array, /
) -> Array:
    """Standard errors by which a share lies above an earlier one: float64 `(n,)`.

    NaN where either is without rated legs, 0 where both shares are 0 or 1.

    Examples:
        >>> two = np.array([30]), np.array([100]), np.array([10]), np.array([100])
        >>> rise(*two).round(3).tolist()
        [3.536]
    """
    now, before = ratio(poor, rated), ratio(poor_before, rated_before)
    pooled = ratio(poor + poor_before, rated + rated_before)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(pooled * (1 - pooled) * (1 / rated + 1 / rated_before))
        found = (now - before) / spread
    flat: Array = np.where(spread == 0, 0.0, found)
    return flat


def customer_alerts(
    facts: WeeklyFacts, /, *, names: Names, policy: AlertPolicy = _POLICY
) -> Table:
    """Customers whose poor share rose against their own past weeks, steepest first.

    Only weeks with call records count: exports do not say how many legs were rated.
    """
    from_records = facts.source == Source.RECORDS
    numbers = {
        name: np.where(from_records, facts.numbers[name], 0)
        for name in ("rated", "poor")
    }
    return _alerts(
        "Customers whose call quality fell",
        facts.organization,
        {},
        numbers,
        names=names,
        policy=policy,
    )


def location_alerts(
    counts: EngagementCounts, /, *, names: Names, policy: AlertPolicy = _POLICY
) -> Table:
    """Locations whose poor share rose against their own past weeks."""
    return _alerts(
        "Locations whose call quality fell",
        counts.location_organization,
        {_LOCATION: counts.location},
        counts.location_numbers,
        names=names,
        policy=policy,
    )


def _alerts(
    title: str,
    organization: Array,
    more: Mapping[Column, Array],
    numbers: Mapping[str, Ints],
    *,
    names: Names,
    policy: AlertPolicy,
) -> Table:
    rated, poor = numbers["rated"][:, -1], numbers["poor"][:, -1]
    rated_before = numbers["rated"][:, :-1].sum(axis=1)
    poor_before = numbers["poor"][:, :-1].sum(axis=1)
    z = rise(poor, rated, poor_before, rated_before)
    share, usual = ratio(poor, rated), ratio(poor_before, rated_before)
    limit = statistics.NormalDist().inv_cdf(1 - policy.significance)
    enough = (rated >= policy.minimum_rated) & (rated_before >= policy.minimum_rated)
    rows = np.flatnonzero(enough & (z > limit) & (share - usual >= policy.minimum_rise))
    who = organization[rows]
    shown = np.empty(len(who), dtype=object)
    shown[:] = [names.get(uuid) or uuid for uuid in who.tolist()]
    values: dict[str, Any] = {
        "customer": shown,
        "customer_id": who,
        **{column.key: texts[rows] for column, texts in more.items()},
        "rated": rated[rows],
        "poor": poor[rows],
        "poor_ratio": share[rows],
        "usual_ratio": usual[rows],
        "z": z[rows],
    }
    table = Table(title=title, columns=(*CUSTOMER, *more, *_COLUMNS), values=values)
    return table.sort_by("z", descending=True)
