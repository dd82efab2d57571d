"""The KPIs: pure functions over columns, each number open to the rows it counted."""

from __future__ import annotations

from partnerhub.kpis.coverage import Coverage, LeftOut
from partnerhub.kpis.overview import Overview, overview
from partnerhub.kpis.results import Count
from partnerhub.kpis.selection import Exclusions

__all__ = ["Count", "Coverage", "Exclusions", "LeftOut", "Overview", "overview"]
