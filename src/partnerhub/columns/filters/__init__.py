"""Filters over all customers at once."""

from __future__ import annotations

from partnerhub.columns.filters.labels import (
    NO_LABELS,
    CustomerLabels,
    Finder,
    LabelRows,
)
from partnerhub.columns.filters.masks import Prepared, filter_mask

__all__ = [
    "NO_LABELS",
    "CustomerLabels",
    "Finder",
    "LabelRows",
    "Prepared",
    "filter_mask",
]
