"""The KPIs: pure functions over columns, each number open to the rows it counted."""

from __future__ import annotations

from partnerhub.kpis.coverage import Coverage, LeftOut
from partnerhub.kpis.overview import Overview
from partnerhub.kpis.results import Count
from partnerhub.kpis.sections import (
    LowAssignment,
    NearingExpiration,
    NearingRenewal,
    OverLimit,
    RecentlyAdded,
)
from partnerhub.kpis.selection import Exclusions
from partnerhub.kpis.series import Series, days_between, series, trend
from partnerhub.kpis.subscriptions import (
    Page,
    low_assignment,
    nearing_expiration,
    nearing_renewal,
    over_limit,
    overview,
    page,
    recently_added,
)

__all__ = [
    "Count",
    "Coverage",
    "Exclusions",
    "LeftOut",
    "LowAssignment",
    "NearingExpiration",
    "NearingRenewal",
    "OverLimit",
    "Overview",
    "Page",
    "RecentlyAdded",
    "Series",
    "days_between",
    "low_assignment",
    "nearing_expiration",
    "nearing_renewal",
    "over_limit",
    "overview",
    "page",
    "recently_added",
    "series",
    "trend",
]
