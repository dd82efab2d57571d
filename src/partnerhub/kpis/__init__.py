"""The KPIs: pure functions over columns, each number open to the rows it counted."""

from __future__ import annotations

from partnerhub.kpis.agreements import TrueForwardPolicy, true_forward
from partnerhub.kpis.catalog import CATALOGUE, Kpi, catalogue
from partnerhub.kpis.coverage import Coverage, LeftOut
from partnerhub.kpis.exclusions import Exclusions
from partnerhub.kpis.explaining import PeerComparison
from partnerhub.kpis.forecasting import Forecast, forecast
from partnerhub.kpis.headline import Overview
from partnerhub.kpis.moves import Movement, movement
from partnerhub.kpis.over_time import series
from partnerhub.kpis.pages import Page
from partnerhub.kpis.peers import SizeBands
from partnerhub.kpis.reconciling import (
    Reconciliation,
    held_lines,
    reconcile,
    reconcile_invoice,
)
from partnerhub.kpis.results import Count
from partnerhub.kpis.sections import (
    LowAssignment,
    NearingExpiration,
    NearingRenewal,
    OverLimit,
    RecentlyAdded,
)
from partnerhub.kpis.series_of_days import TREND, Series, days_between
from partnerhub.kpis.subscriptions import overview, page

__all__ = [
    "CATALOGUE",
    "TREND",
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
    "forecast",
    "held_lines",
    "movement",
    "overview",
    "page",
    "reconcile",
    "reconcile_invoice",
    "series",
    "true_forward",
]
