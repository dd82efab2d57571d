"""The rows of a data frame as texts (extra `columnar`).

Any frame that speaks the Arrow PyCapsule interface will do: pandas, Polars, DuckDB,
PyArrow. Its buffers are read where they are, and PyArrow is not needed.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import attrs

from partnerhub.adapters.exports.cell_texts import cell_texts
from partnerhub.adapters.exports.csv_rows import Row
from partnerhub.adapters.exports.encodings import Encoding
from partnerhub.adapters.exports.sources import Source
from partnerhub.domain.errors import FileRefused, InvalidValue, MissingExtra

if TYPE_CHECKING:
    import polars as pl

_ROWS: Final = 5_000
_EPOCH: Final = dt.date(1970, 1, 1).toordinal()
_DAYS: Final = (
    dt.date.min.toordinal() - _EPOCH + 1,
    dt.date.max.toordinal() - _EPOCH - 1,
)
"""The first and last day that is one in every time zone."""

_IN_A_DAY: Final = {
    unit: 86_400 * 10**n for unit, n in (("ms", 3), ("us", 6), ("ns", 9))
}
_NO_DAY: Final = "a day outside the years 1 to 9999"
_ENCODING: Final = Encoding(name="utf-8")


@attrs.frozen(kw_only=True, eq=False)
class FrameTable:
    """A data frame whose columns are known.

    Attributes:
        source: Its name in messages; there are no bytes of it.
        headings: The names of its columns.
        frame: Its rows.
        encoding: How its texts are written, which is not in doubt.
        delimiter: What stands between the texts of a list.
        guarded: Its texts may be guarded against being run as formulas.
    """

    source: Source
    headings: tuple[str, ...]
    frame: pl.DataFrame = attrs.field(repr=False)
    encoding: Encoding = _ENCODING
    delimiter: str = ","
    guarded: bool = False

    def rows(self) -> Iterator[Row]:
        """Its rows, numbered from 1."""
        return text_rows(self.frame, first=1)


def text_rows(frame: pl.DataFrame, /, *, first: int) -> Iterator[Row]:
    """The rows of a Polars frame as texts, numbered from `first`."""
    number = count(first)
    # Some rows at a time: their values stay in the processor's cache.
    for part in frame.iter_slices(_ROWS):
        texts = [cell_texts(_listed(column)) for column in part.get_columns()]
        for cells in zip(*texts, strict=True):
            yield next(number), list(cells)


def _listed(column: pl.Series) -> list[object]:
    """Its values; a day that Python cannot hold is a text, and no day."""
    import polars as pl

    if not isinstance(column.dtype, pl.Date | pl.Datetime):
        return column.to_list()
    unit = getattr(column.dtype, "time_unit", "")
    inside = (column.to_physical() // _IN_A_DAY.get(unit, 1)).is_between(*_DAYS)
    if inside.all():
        return column.to_list()
    kept = pl.select(pl.when(inside).then(column)).to_series().to_list()
    told = zip(kept, inside.to_list(), strict=True)
    return [_NO_DAY if fits is False else day for day, fits in told]


def read_frame(frame: object, name: str, /) -> FrameTable:
    """A frame, as far as its columns.

    Args:
        frame: Anything with `__arrow_c_stream__`; one that can be read but once is
            kept in memory.
        name: What to call it in messages.

    Raises:
        InvalidValue: It is no such thing.
        FileRefused: It has no column, or one that cannot be read.
        MissingExtra: The extra `columnar` is not installed.
    """
    try:
        import polars as pl
    except ImportError as error:
        raise MissingExtra("data frames", "columnar") from error
    if not hasattr(frame, "__arrow_c_stream__"):
        raise InvalidValue(
            "frame",
            type(frame).__name__,
            "give a frame of pandas, Polars (a lazy one collected), DuckDB or PyArrow, "
            "or anything with __arrow_c_stream__",
        )
    try:
        found = pl.DataFrame(_Capsule(frame))
    except (pl.exceptions.PolarsError, TypeError, ValueError) as error:
        raise FileRefused(name, f"its columns cannot be read: {error}") from error
    if not found.width:
        raise FileRefused(name, "it has no column")
    for column, kind in found.schema.items():
        if isinstance(kind, pl.Struct | pl.Binary | pl.Object):
            raise FileRefused(
                name,
                f"its column {column!r} holds {kind}: give texts, numbers, flags, days "
                "or lists of texts, or leave the column out",
            )
    return FrameTable(
        source=Source(file=name, opener=io.BytesIO),
        headings=tuple(found.columns),
        frame=found,
    )


@attrs.frozen
class _Capsule:
    """A frame without what else it can do: Polars reads some through PyArrow."""

    frame: Any

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)
