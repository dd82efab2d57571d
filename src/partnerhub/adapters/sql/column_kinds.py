"""What the columns of a query are to be, however its rows are fetched."""

from __future__ import annotations

from typing import Any

import numpy as np

from partnerhub.columns.datasets import Kind
from partnerhub.columns.records import from_int64
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array

ColumnKind = type | Kind
"""A dtype of numpy, `TextColumn`, or a kind of field, of texts as their keys."""


def driver_kind(kind: ColumnKind) -> type:
    """The dtype in which a driver's values come."""
    if kind in (object, TextColumn):
        return object
    return np.float64 if kind is np.float64 else np.int64


def as_kind(values: Array, kind: ColumnKind) -> Array:
    """Some values of `driver_kind` as what they are to be; texts are coded at the end."""
    if kind is TextColumn:
        return values
    if isinstance(kind, Kind):
        return from_int64(values, kind)
    return values.astype(kind, copy=False)


def joined(parts: list[Array], kind: ColumnKind) -> Any:
    """Parts of one column, one after the other."""
    column = np.concatenate(parts)
    return TextColumn.of(column.tolist()) if kind is TextColumn else column
