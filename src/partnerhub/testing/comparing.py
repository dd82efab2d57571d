"""What a store gives, as plain values that can be compared and printed."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np

from partnerhub.columns.datasets import APP_VERSIONS, DEVICES, NUMBERS, Dataset
from partnerhub.columns.text import TextColumn
from partnerhub.ports import EVERYTHING, Scope, Source

_INVENTORIES: Final = (DEVICES, NUMBERS, APP_VERSIONS)


def plain(value: object) -> Any:
    """Columns as lists, with None for an unknown day or text.

    Examples:
        >>> plain({"day": np.array(["2026-11-22", "NaT"], "datetime64[D]")})
        {'day': ['2026-11-22', None]}
    """
    match value:
        case TextColumn():
            return value.texts().tolist()
        case np.ndarray() if value.dtype.kind == "M":
            return [None if day is None else str(day) for day in value.tolist()]
        case np.ndarray():
            return value.tolist()
        case dict():
            return {key: plain(each) for key, each in value.items()}
        case dt.date():
            return value.isoformat()
        case Dataset():
            return value.name
        case _:
            fields = getattr(value, "__attrs_attrs__", None)
            if fields is None:
                return value
            return {field.name: plain(getattr(value, field.name)) for field in fields}


def snapshot(source: Source, at: dt.date, scope: Scope = EVERYTHING) -> dict[str, Any]:
    """All that a source shows on a day."""
    return {
        "regions": source.regions(),
        "first_day": plain(source.first_day()),
        "portfolio": plain(source.portfolio(at, scope)),
        "timeline": plain(source.timeline(at, scope)),
        "inventories": [
            plain(source.inventory(dataset, at, scope)) for dataset in _INVENTORIES
        ],
        "tags": dict(source.tags()),
        "subscription_tags": dict(source.subscription_tags()),
    }
