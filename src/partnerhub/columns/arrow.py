"""Columns to Arrow: the buffers of numpy, handed over as they are.

Any reader of the Arrow PyCapsule interface (Polars, DuckDB, pyarrow, pandas) takes
what comes out. Counts, decimals and shares keep their memory; flags become bits,
days 32-bit numbers, texts UTF-8. The Arrow type of a column depends on its cell
type only, never on how its texts are held.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Bools, is_unknown
from partnerhub.columns.values import TEXTS, Values, as_array
from partnerhub.domain.errors import MissingExtra
from partnerhub.domain.layouts import CellType, Column

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]
    import polars as pl
    import pyarrow as pa

_DAYS: Final = np.dtype("datetime64[D]")
_CELLS: Final = {"i1": CellType.FLAG, "b1": CellType.FLAG, "M8[D]": CellType.DAY}

_MOST_BYTES: Final = 2**31 - 1
"""What 32-bit offsets can reach; longer columns become `large_string`."""


def stream(
    columns: Sequence[tuple[Column, Values]], rows: int, requested: object, /
) -> object:
    """The columns as the capsule of an Arrow C stream with one batch.

    Raises:
        MissingExtra: The extra `columnar` is not installed.
    """
    _check_extra()
    children = [_child(column, values) for column, values in columns]
    names = [column.key for column, _ in columns]
    return _capsule(names, children, rows, requested)


def capsule(
    columns: Sequence[tuple[str, Array | TextColumn]], rows: int, requested: object, /
) -> object:
    """Named columns as such a capsule, each of the type that its dtype says.

    Raises:
        MissingExtra: The extra `columnar` is not installed.
    """
    _check_extra()
    children = [_plain_child(values) for _, values in columns]
    return _capsule([name for name, _ in columns], children, rows, requested)


def _check_extra() -> None:
    try:
        import nanoarrow  # noqa: F401 - asks whether it is installed
    except ImportError as error:
        raise MissingExtra("Arrow export", "columnar") from error


def _capsule(
    names: Sequence[str], children: Sequence[Any], rows: int, requested: object
) -> object:
    import nanoarrow as na
    from nanoarrow.c_array_stream import CArrayStream

    schema = na.c_schema(
        na.struct(
            [
                na.Schema(child.schema, name=name)
                for name, child in zip(names, children, strict=True)
            ]
        )
    )
    batch = na.c_array_from_buffers(
        schema, rows, [None], null_count=0, children=children
    )
    return CArrayStream.from_c_arrays([batch], schema).__arrow_c_stream__(requested)


def to_polars(table: Any, /) -> pl.DataFrame:
    """A table in Polars.

    Raises:
        MissingExtra: The extra `columnar` is not installed.
    """
    try:
        import polars as pl
    except ImportError as error:
        raise MissingExtra("to_polars()", "columnar") from error
    return pl.DataFrame(table)


def to_pandas(table: Any, /) -> pd.DataFrame:
    """A table in pandas, which no extra brings."""
    try:
        import pandas as pd
    except ImportError as error:
        error.add_note("to_pandas() uses your own pandas: pip install pandas pyarrow")
        raise
    return pd.DataFrame.from_arrow(table)


def to_pyarrow(table: Any, /) -> pa.Table:
    """A table in pyarrow, which no extra brings."""
    try:
        import pyarrow as pa
    except ImportError as error:
        error.add_note("to_arrow() uses your own pyarrow: pip install pyarrow")
        raise
    return pa.table(table)


def _child(column: Column, values: Values) -> Any:
    """One column as an Arrow array."""
    array = as_array(values)
    if column.cell in TEXTS:
        return _texts(array)
    kind, buffers = _fixed_width(column.cell, np.ascontiguousarray(array))
    return _nullable(kind, is_unknown(array), buffers)


def _plain_child(values: Array | TextColumn) -> Any:
    """One column as an Arrow array of the type that its dtype says."""
    import nanoarrow as na

    array = values.texts() if isinstance(values, TextColumn) else values
    if array.dtype == object:
        return _texts(array)
    array = np.ascontiguousarray(array)
    if array.dtype.kind == "M" and array.dtype != _DAYS:
        moment = na.timestamp(np.datetime_data(array.dtype)[0], timezone="UTC")
        return _nullable(moment, is_unknown(array), [array.view(np.int64)])
    cell = _CELLS.get(array.dtype.str[1:], CellType.COUNT)
    kind, buffers = _fixed_width(cell, array)
    return _nullable(kind, is_unknown(array), buffers)


def _texts(array: Array) -> Any:
    import nanoarrow as na

    offsets, data = _text_buffers(array)
    kind = na.large_string() if offsets.dtype == np.int64 else na.string()
    # The empty text is unknown too.
    return _nullable(kind, offsets[1:] == offsets[:-1], [offsets, data])


def _nullable(kind: Any, missing: Bools, buffers: list[Any]) -> Any:
    import nanoarrow as na

    nulls = int(missing.sum())
    validity = _bits(~missing) if nulls else None
    return na.c_array_from_buffers(
        kind, len(missing), [validity, *buffers], null_count=nulls
    )


def _fixed_width(cell: CellType, array: Array) -> tuple[Any, list[Array]]:
    import nanoarrow as na

    if cell is CellType.FLAG:
        return na.bool_(), [_bits(array == 1)]
    if cell is CellType.DAY:
        return na.date32(), [array.view(np.int64).astype(np.int32)]
    return getattr(na, array.dtype.name)(), [array]  # its own memory, not a copy


def _text_buffers(array: Array) -> tuple[Array, bytes]:
    """Where each text starts and ends, and all of them as UTF-8."""
    texts = [text or "" for text in array.tolist()]
    data = "".join(texts).encode()
    offsets = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=offsets[1:])
    if offsets[-1] != len(data):  # not ASCII: characters and bytes differ
        lengths = (len(text.encode()) for text in texts)
        np.cumsum(np.fromiter(lengths, np.int64, len(texts)), out=offsets[1:])
    if len(data) > _MOST_BYTES:
        return offsets, data
    return offsets.astype(np.int32), data


def _bits(flags: Bools) -> Array:
    return np.packbits(flags, bitorder="little")
