"""The table inside a source, whatever it is written as."""

from __future__ import annotations

from partnerhub.adapters.exports.csv_rows import CsvTable, read_csv
from partnerhub.adapters.exports.encodings import sniff_encoding
from partnerhub.adapters.exports.frame_rows import FrameTable
from partnerhub.adapters.exports.json_rows import JsonTable, is_json, read_json
from partnerhub.adapters.exports.parquet_rows import (
    ParquetTable,
    is_parquet,
    read_parquet,
)
from partnerhub.adapters.exports.sources import Source, damaged_as_refusal

Table = CsvTable | JsonTable | ParquetTable | FrameTable


def read_table(source: Source, /) -> Table:
    """The table of a source, as far as its headings.

    Raises:
        FileRefused: It is empty, damaged, or none of CSV, JSON and Parquet.
    """
    with damaged_as_refusal(source.file):
        if is_parquet(source):
            return read_parquet(source)
        encoding = sniff_encoding(source)
        json = is_json(source)
    return read_json(source, encoding) if json else read_csv(source, encoding)
