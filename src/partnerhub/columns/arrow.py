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

from partnerhub.columns.unknown import Array, Bools, is_unknown
from partnerhub.columns.values import TEXTS, Values, as_array
from partnerhub.domain.errors import MissingExtra
from partnerhub.domain.layouts import CellType, Column

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]
    import polars as pl
    import pyarrow as pa

_MOST_BYTES: Final = 2**31 - 1
"""What 32-bit offsets can reach; longer columns become `large_string`."""


def stream(
    columns: Sequence[tuple[Column, Values]], rows: int, requested: object, /
) -> object:
    """The columns as the capsule of an Arrow C stream with one batch.

    Raises:
        MissingExtra: The extra `columnar` is not installed.
    """
    try:
        import nanoarrow as na
        from nanoarrow.c_array_stream import CArrayStream
    except ImportError as error:
        raise MissingExtra("Arrow export", "columnar") from error

    children = [_child(column, values) for column, values in columns]
    names = [column.key for column, _ in columns]
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
    import nanoarrow as na

    array = as_array(values)
    kind: Any
    buffers: list[Any]
    if column.cell in TEXTS:
        offsets, data = _text_buffers(array)
        is_large = offsets.dtype == np.int64
        kind, buffers = na.large_string() if is_large else na.string(), [offsets, data]
        missing = offsets[1:] == offsets[:-1]  # the empty text is unknown too
    else:
        missing = is_unknown(array)
        kind, buffers = _fixed_width(column.cell, np.ascontiguousarray(array))
    nulls = int(missing.sum())
    validity = _bits(~missing) if nulls else None
    return na.c_array_from_buffers(
        kind, len(array), [validity, *buffers], null_count=nulls
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
