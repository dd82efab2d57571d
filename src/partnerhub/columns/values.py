"""The values of one column: taken in, checked, and given back as Python objects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.layouts import CellType, Column

Cell = str | int | float | bool | date | None

TEXTS: Final = frozenset({CellType.TEXT, CellType.ID, CellType.PHONE, CellType.CHOICE})
NUMBERS: Final = frozenset(
    {CellType.COUNT, CellType.CHANGE, CellType.DECIMAL, CellType.RATIO}
)

# numpy kinds that hold a cell type, and the dtype that others are made from.
_KINDS: Final = {
    CellType.COUNT: "i",
    CellType.FLAG: "i",
    CellType.DAY: "M",
    CellType.CHANGE: "f",
    CellType.DECIMAL: "f",
    CellType.RATIO: "f",
}
_DTYPES: Final[Mapping[CellType, np.dtype[Any]]] = {
    CellType.COUNT: np.dtype(np.int64),
    CellType.FLAG: np.dtype(np.int8),
    CellType.DAY: np.dtype("datetime64[D]"),
    CellType.CHANGE: np.dtype(np.float64),
    CellType.DECIMAL: np.dtype(np.float64),
    CellType.RATIO: np.dtype(np.float64),
}
_UNKNOWNS: Final = {
    CellType.COUNT: unknown.COUNT,
    CellType.FLAG: unknown.FLAG,
    CellType.DAY: unknown.DAY,
    CellType.CHANGE: np.nan,
    CellType.DECIMAL: np.nan,
    CellType.RATIO: np.nan,
}


def read_only(array: Array, /) -> Array:
    """A view of the same memory that refuses writing."""
    view = array.view()
    view.flags.writeable = False
    return view


Values = Array | TextColumn


def pick(labels: Array, codes: Array, /, *, blank: str | None) -> Array:
    """The label of each code, `blank` for negative codes: object array.

    Examples:
        >>> pick(np.array(["a", "b"], dtype=object), np.array([1, -1]), blank="")
        array(['b', ''], dtype=object)
    """
    known = codes >= 0
    if known.all():
        return labels[codes]
    picked = np.full(len(codes), blank, dtype=object)
    picked[known] = labels[codes[known]]
    return picked


def as_values(column: Column, given: Any, /) -> Values:
    """The values of a column, read-only; an array of the right type is not copied.

    Raises:
        InvalidValue: They are not of the column's type, or not one-dimensional.
    """
    array: Array
    if column.cell in TEXTS:
        if isinstance(given, TextColumn):
            return _within_labels(column, given)
        array = np.asarray(given, dtype=object)
    elif not isinstance(given, np.ndarray) or given.dtype == np.dtype(object):
        array = from_python(column.cell, given)
    else:
        array = given.view(np.int8) if given.dtype.kind == "b" else given
        if array.dtype.kind != _KINDS[column.cell]:
            raise InvalidValue(f"{column.cell} column", str(array.dtype), column.key)
        if column.cell is not CellType.COUNT:  # of which 32 and 64 bits are welcome
            array = array.astype(_DTYPES[column.cell], copy=False)
    if array.ndim != 1:
        raise InvalidValue("column", column.key, f"it has {array.ndim} dimensions")
    return read_only(array)


def _within_labels(column: Column, texts: TextColumn) -> TextColumn:
    if int(texts.codes.max(initial=-1)) >= len(texts.labels):
        raise InvalidValue("column", column.key, "it has codes without a label")
    return TextColumn(read_only(texts.codes), read_only(texts.labels))


def from_python(cell: CellType, cells: Iterable[Any], /) -> Array:
    """An array of Python values, None where unknown.

    Examples:
        >>> from_python(CellType.FLAG, [True, None])
        array([ 1, -1], dtype=int8)
    """
    if cell in TEXTS:
        texts = [None if value is None else str(value) for value in cells]
        return np.array(texts, dtype=object)
    blank = _UNKNOWNS[cell]
    known = [blank if value is None else value for value in cells]
    return np.array(known, dtype=_DTYPES[cell])


def to_python(cell: CellType, values: Values, /) -> Sequence[Cell]:
    """The values as Python objects, None where unknown.

    Examples:
        >>> to_python(CellType.DAY, np.array(["2026-11-22", "NaT"], "datetime64[D]"))
        [datetime.date(2026, 11, 22), None]
    """
    array = as_array(values)
    cells: list[Cell]
    if cell in TEXTS:
        cells = [text or None for text in array.tolist()]
        return cells
    missing = unknown.is_unknown(array)
    if cell is CellType.FLAG:
        array = array == 1
    if cell is CellType.CHANGE:  # unknown is NaN, since -1 is a change like others
        array = np.where(missing, 0, array).astype(np.int64)
    if missing.any():
        array = array.astype(object)
        array[missing] = None
    cells = array.tolist()
    return cells


def as_array(values: Values, /) -> Array:
    """The values as one array, texts spelled out."""
    return values.texts() if isinstance(values, TextColumn) else values


def chosen(values: Values, rows: Array | slice, /) -> Values:
    """The values of some rows; of a slice, without a copy."""
    if isinstance(values, TextColumn):
        return TextColumn(values.codes[rows], values.labels)
    return values[rows]


def equal_values(left: Values, right: Values, /) -> bool:
    """Whether both hold the same cells, unknown ones at the same places."""
    one, other = as_array(left), as_array(right)
    missing = unknown.is_unknown(one)
    return np.array_equal(missing, unknown.is_unknown(other)) and np.array_equal(
        one[~missing], other[~missing]
    )


def sort_order(values: Values, /, *, descending: bool) -> Array:
    """Row positions in order of value; equal rows as they were, unknown ones last.

    Texts are ordered by code point, as in every store.
    """
    if isinstance(values, TextColumn):
        _, ranks = np.unique(values.labels, return_inverse=True)
        known = np.flatnonzero(~unknown.is_unknown(values.codes))
        keys = ranks[values.codes[known]]
    else:
        known = np.flatnonzero(~unknown.is_unknown(values))
        keys = values[known]
    if descending:  # sorted backwards and turned round, so that it stays stable
        order = np.argsort(keys[::-1], kind="stable")[::-1]
        order = len(keys) - 1 - order
    else:
        order = np.argsort(keys, kind="stable")
    is_blank = np.ones(len(values), dtype=np.bool_)
    is_blank[known] = False
    return np.concatenate([known[order], np.flatnonzero(is_blank)])
