"""Tables as files: CSV, Parquet or Excel, packed or not."""

from __future__ import annotations

import datetime as dt
import gzip
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, Final, cast

import attrs

from partnerhub.columns.table import Table
from partnerhub.domain.cells import CellSafety
from partnerhub.domain.errors import MissingExtra
from partnerhub.domain.layouts import Locale
from partnerhub.domain.report_specs import Compression, FileFormat
from partnerhub.reports.csv_columnar import Sink
from partnerhub.reports.csv_writer import same_columns, write_csv
from partnerhub.reports.workbooks import write_workbook

if TYPE_CHECKING:
    import polars as pl

_LEVEL: Final = 6
_FILE_MODE: Final = 0o644 << 16
_FIRST_YEAR: Final = 1980
"""The first year that a ZIP knows."""

_BATCH_ROWS: Final = 131_072
"""Rows of Parquet held at a time, and of each row group."""


@attrs.frozen(kw_only=True)
class Filled:
    """What was written into a file.

    Attributes:
        rows: How many rows, headings not counted.
        cut: How many texts were cut, since a cell of a workbook holds 32,767
            characters.
    """

    rows: int
    cut: int = 0


def write_tables(
    tables: Iterable[Table],
    file: BinaryIO,
    /,
    *,
    format: FileFormat = FileFormat.CSV,  # noqa: A002 - as the request says it
    compression: Compression = Compression.NONE,
    locale: Locale = "en",
    safety: CellSafety = CellSafety.SAFE,
    title: str = "",
    member: str = "report.csv",
    day: dt.date,
) -> Filled:
    """Writes a stream of tables with the same columns as one file.

    Equal tables are equal bytes, whenever and wherever they are written.

    Args:
        tables: What to write; one of them is held at a time.
        file: Where to: open for writing bytes, and left open.
        format: What is written.
        compression: How a CSV file is packed.
        locale: Language of the headings, of CSV and Excel; the columns of Parquet
            are named by their keys.
        safety: Whether texts that a spreadsheet would run are guarded, in CSV.
        title: Name of the sheet of a workbook.
        member: Name of the file inside a ZIP.
        day: Its date there.

    Raises:
        MissingExtra: The extra `columnar` (Parquet) or `excel` is not installed.
    """
    if format is FileFormat.XLSX:
        rows, cut = write_workbook(tables, file, locale=locale, title=title)
        return Filled(rows=rows, cut=cut)
    if format is FileFormat.PARQUET:
        return Filled(rows=_write_parquet(tables, file))
    with _packed(file, compression, member, day) as inner:
        return Filled(rows=write_csv(tables, inner, locale=locale, safety=safety))


@contextmanager
def _packed(
    file: BinaryIO, compression: Compression, member: str, day: dt.date
) -> Iterator[BinaryIO]:
    """The file to write into; what is written ends up packed."""
    match compression:
        case Compression.NONE:
            yield file
        case Compression.GZIP:
            with gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as inner:
                yield cast("BinaryIO", inner)
        case Compression.ZIP:
            year = max(day.year, _FIRST_YEAR)
            info = zipfile.ZipInfo(member, (year, day.month, day.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = _FILE_MODE
            archive = zipfile.ZipFile(file, "w", compresslevel=_LEVEL)
            try:
                with archive, archive.open(info, "w", force_zip64=True) as inside:
                    yield cast("BinaryIO", inside)
            finally:
                archive.fp = None  # what a full disk kept it from ending stays so


def _write_parquet(tables: Iterable[Table], file: BinaryIO) -> int:
    """The data columns by their keys, typed; one slice of the rows is held at a time."""
    try:
        from polars.io.plugins import register_io_source
    except ImportError as error:
        raise MissingExtra("writing Parquet", "columnar") from error
    stream = same_columns(tables)
    first = next(stream)
    rows = 0

    def slices(*_: object) -> Iterator[pl.DataFrame]:
        nonlocal rows
        for table in chain([first], stream):
            for batch in table.batches(_BATCH_ROWS):
                rows += len(batch)
                yield batch.to_polars()

    frame = register_io_source(slices, schema=first.head(0).to_polars().schema)
    sink = cast("BinaryIO", Sink(file))
    frame.sink_parquet(sink, compression="zstd", row_group_size=_BATCH_ROWS)
    return rows
