"""The rows of a Parquet file as texts (extra `columnar`)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from types import ModuleType
from typing import Final

import attrs

from partnerhub.adapters.exports.csv_rows import Row
from partnerhub.adapters.exports.encodings import Encoding
from partnerhub.adapters.exports.frame_rows import text_rows
from partnerhub.adapters.exports.sources import Source
from partnerhub.domain.errors import FileRefused

_MAGIC: Final = b"PAR1"
_ROWS: Final = 100_000
_ENCODING: Final = Encoding(name="utf-8")


@attrs.frozen(kw_only=True)
class ParquetTable:
    """A Parquet file whose columns are known.

    Attributes:
        source: Where it is.
        headings: The names of its columns.
        encoding: How its texts are written, which is not in doubt.
        delimiter: What stands between the texts of a list.
        guarded: Its texts may be guarded against being run as formulas.
    """

    source: Source
    headings: tuple[str, ...]
    encoding: Encoding = _ENCODING
    delimiter: str = ","
    guarded: bool = False

    def rows(self) -> Iterator[Row]:
        """Its rows, numbered from 1."""
        pl = _polars(self.source.file)
        with self.source.open() as stream:
            lazy = pl.scan_parquet(stream)
            first = 0
            while True:
                with _damage_refused(self.source.file, pl):
                    frame = lazy.slice(first, _ROWS).collect()
                yield from text_rows(frame, first=first + 1)
                if frame.height < _ROWS:
                    return
                first += _ROWS


def is_parquet(source: Source, /) -> bool:
    """Whether a source holds Parquet, by its first bytes."""
    return source.start(len(_MAGIC)) == _MAGIC


def read_parquet(source: Source, /) -> ParquetTable:
    """A Parquet file, as far as its columns.

    Raises:
        FileRefused: It is damaged, or the extra `columnar` is not installed.
    """
    pl = _polars(source.file)
    with source.open() as stream, _damage_refused(source.file, pl):
        names = pl.read_parquet_schema(stream)
    return ParquetTable(source=source, headings=tuple(names))


def _polars(file: str) -> ModuleType:
    try:
        import polars as pl
    except ImportError as error:
        raise FileRefused(
            file, "a Parquet file needs Polars: pip install 'partnerhub[columnar]'"
        ) from error
    return pl


@contextlib.contextmanager
def _damage_refused(file: str, pl: ModuleType) -> Iterator[None]:
    """Turns what a damaged file raises into `FileRefused`."""
    try:
        yield
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise FileRefused(file, "a damaged Parquet file") from error
