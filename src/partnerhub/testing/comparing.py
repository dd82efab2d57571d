"""What a store gives, as plain values that can be compared and printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from partnerhub.columns.datasets import APP_VERSIONS, DEVICES, NUMBERS, Dataset
from partnerhub.columns.legs import ROW_COLUMNS, LegColumns
from partnerhub.columns.queue_stats import ServiceKind
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
        case list():
            return [plain(each) for each in value]
        case dt.date():
            return value.isoformat()
        case Dataset():
            return value.name
        case _:
            fields = getattr(value, "__attrs_attrs__", None)
            if fields is None:
                return value
            told = [field.name for field in fields if field.init]
            return {name: plain(getattr(value, name)) for name in told}


def call_rows(
    source: Source, first: dt.date, last: dt.date, scope: Scope = EVERYTHING
) -> list[dict[str, Any]]:
    """Every leg of some days as plain values, in a fixed order."""
    return leg_rows(source.legs(first, last, scope))


def leg_rows(parts: Iterable[LegColumns]) -> list[dict[str, Any]]:
    """Every leg of these as plain values, in a fixed order."""
    rows: list[dict[str, Any]] = []
    for legs in parts:
        users = [*legs.users.text.tolist(), None]
        names = legs.type_names()
        owners, places = legs.places.owners(), legs.places.text
        columns = [getattr(legs, name).tolist() for name in ROW_COLUMNS]
        for cells in zip(*columns, strict=True):
            row = dict(zip(ROW_COLUMNS, cells, strict=True))
            place = row.pop("place")
            rows.append(
                {
                    "organization": owners[place],
                    "location": places[place],
                    **{key: _cell(value) for key, value in row.items()},
                    "user": users[row["user"]],
                    "call_type": names[row["call_type"]],
                }
            )
    return sorted(rows, key=repr)


def _cell(value: Any) -> Any:
    """NaN as None, and an instant as text."""
    if isinstance(value, float):
        return None if np.isnan(value) else value
    return value.isoformat() if isinstance(value, dt.datetime) else value


def calls(source: Source, scope: Scope = EVERYTHING) -> dict[str, Any]:
    """All that a source knows of calls."""
    first, last = dt.date(1970, 1, 1), dt.date(2199, 12, 31)
    return {
        "legs": call_rows(source, first, last, scope),
        "days": plain(source.call_days(first, last, scope)),
        "usage": plain(source.usage_within(first, last, scope)),
        "services": [
            _without_nan(plain(source.service_stats(kind, first, last, scope)))
            for kind in ServiceKind
        ],
        "quality": source.quality_stats(first, last, scope),
    }


def _without_nan(value: Any) -> Any:
    match value:
        case dict():
            return {key: _without_nan(each) for key, each in value.items()}
        case list():
            return [_without_nan(each) for each in value]
        case _:
            return _cell(value)


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
