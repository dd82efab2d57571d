"""The KPIs: pure functions over columns, each number open to the rows it counted."""

from __future__ import annotations

from partnerhub.kpis.agreements import TrueForwardPolicy, true_forward
from partnerhub.kpis.catalog import CATALOGUE, Kpi, catalogue
from partnerhub.kpis.coverage import Coverage, LeftOut
from partnerhub.kpis.explaining import PeerComparison, explain_low_assignment
from partnerhub.kpis.forecasting import Forecast, forecast
from partnerhub.kpis.headline import Overview
from partnerhub.kpis.moves import Movement, movement
from partnerhub.kpis.over_time import series, trend
from partnerhub.kpis.peers import SizeBands
from partnerhub.kpis.reconciling import Reconciliation, reconcile
from partnerhub.kpis.results import Count
from partnerhub.kpis.sections import (
    LowAssignment,
    NearingExpiration,
    NearingRenewal,
    OverLimit,
    RecentlyAdded,
)
from partnerhub.kpis.selection import Exclusions
from partnerhub.kpis.series_of_days import Series, days_between
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
from partnerhub.kpis.unassigned import unassigned_before_renewal

__all__ = [
    "CATALOGUE",
    "Count",
    "Coverage",
    "Exclusions",
    "Forecast",
    "Kpi",
    "LeftOut",
    "LowAssignment",
    "Movement",
    "NearingExpiration",
    "NearingRenewal",
    "OverLimit",
    "Overview",
    "Page",
    "PeerComparison",
    "RecentlyAdded",
    "Reconciliation",
    "Series",
    "SizeBands",
    "TrueForwardPolicy",
    "catalogue",
    "days_between",
    "explain_low_assignment",
    "forecast",
    "low_assignment",
    "movement",
    "nearing_expiration",
    "nearing_renewal",
    "over_limit",
    "overview",
    "page",
    "recently_added",
    "reconcile",
    "series",
    "trend",
    "true_forward",
    "unassigned_before_renewal",
]
