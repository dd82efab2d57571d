"""Filters pushed down into the database, as far as it can answer them."""

from __future__ import annotations

from partnerhub.adapters.sql.filters.pushing import (
    PUSHED,
    PushDown,
    license_names,
    push_down,
    relaxed,
)

__all__ = ["PUSHED", "PushDown", "license_names", "push_down", "relaxed"]
