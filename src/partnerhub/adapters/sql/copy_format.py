"""PostgreSQL's binary COPY format, made of whole columns.

The driver encodes one value at a time, which takes ten times as long for integers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

import numpy as np

from partnerhub.columns.history import UNKNOWN
from partnerhub.columns.unknown import Array
from partnerhub.domain.errors import InvalidValue

_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END: Final = b"\xff\xff"
_CHUNK: Final = 50_000

NUMBERS: Final = {
    "int2": ">i2",
    "int4": ">i4",
    "int8": ">i8",
    "float4": ">f4",
    "float8": ">f8",
}


def encoded(columns: Mapping[str, Array], types: Sequence[str]) -> Iterator[bytes]:
    """The bytes of these rows; rows with the same nulls follow each other.

    Args:
        columns: Texts as objects, integers with `UNKNOWN` for null, decimals.
        types: The PostgreSQL type of each: `text` or one of `NUMBERS`.

    Raises:
        InvalidValue: A number is too large for its column.
    """
    yield _HEADER
    for (name, column), kind in zip(columns.items(), types, strict=True):
        _check_fits(name, column, kind)
    listed = list(columns.values())
    for start in range(0, len(listed[0]), _CHUNK):
        chunk = [column[start : start + _CHUNK] for column in listed]
        nulls = np.zeros(len(chunk[0]), np.int64)
        for place, column in enumerate(chunk):
            if column.dtype == np.int64:
                nulls |= (column == UNKNOWN).astype(np.int64) << place
        for pattern in np.unique(nulls).tolist():
            rows = np.flatnonzero(nulls == pattern)
            yield from _alike([column[rows] for column in chunk], types, pattern)
    yield _END


def _check_fits(name: str, column: Array, kind: str) -> None:
    """Refuses what would lose its upper half on the way to a narrow column."""
    if kind not in {"int2", "int4"} or not len(column):
        return
    bounds = np.iinfo(NUMBERS[kind])
    told = column[column != UNKNOWN] if column.min() == UNKNOWN else column
    for value in (told.min(), told.max()) if len(told) else ():
        if not bounds.min <= value <= bounds.max:
            expected = f"a whole number from {bounds.min} to {bounds.max}"
            raise InvalidValue(name, int(value), expected)


def _alike(
    columns: Sequence[Array], types: Sequence[str], nulls: int
) -> Iterator[bytes]:
    """Rows with nulls in the same columns: between texts every row is as long."""
    count = len(columns[0])
    fields: list[tuple[str, Array | int]] = [(">i2", len(columns))]
    pieces: list[list[bytes]] = []
    for place, (column, kind) in enumerate(zip(columns, types, strict=True)):
        if nulls >> place & 1:
            fields.append((">i4", -1))
        elif kind == "text":
            texts = [text.encode() for text in column.tolist()]
            lengths = np.fromiter(map(len, texts), np.int64, count)
            pieces += [_cut(_packed([*fields, (">i4", lengths)], count)), texts]
            fields = []
        else:
            layout = NUMBERS[kind]
            fields += [(">i4", int(layout[-1])), (layout, column)]
    if not pieces:
        yield _packed(fields, count).tobytes()
        return
    if fields:
        pieces.append(_cut(_packed(fields, count)))
    yield b"".join(chain.from_iterable(zip(*pieces, strict=True)))


def _packed(fields: list[tuple[str, Array | int]], count: int) -> Array:
    names = [str(place) for place in range(len(fields))]
    layouts = [layout for layout, _ in fields]
    rows = np.empty(count, np.dtype(list(zip(names, layouts, strict=True))))
    for name, (_, values) in zip(names, fields, strict=True):
        rows[name] = values
    return rows


def _cut(rows: Array) -> list[bytes]:
    data, width = rows.tobytes(), rows.dtype.itemsize
    return [data[at : at + width] for at in range(0, len(data), width)]
