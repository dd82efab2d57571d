"""Parquet files are read as texts, and damaged ones are refused."""

import datetime as dt

import pytest

from partnerhub.adapters.cdr.cells import parse_time
from partnerhub.adapters.exports.parquet_rows import is_parquet, read_parquet
from partnerhub.adapters.exports.sources import Source
from partnerhub.domain.errors import FileRefused

polars = pytest.importorskip("polars")


def source(path) -> Source:
    return Source(file=path.name, opener=lambda: path.open("rb"))


def test_cells_are_texts_as_a_csv_would_have_them(tmp_path):
    path = tmp_path / "a.parquet"
    moment = dt.datetime(2026, 11, 16, 9, 0, 0, 500_000)  # noqa: DTZ001 - as files have it
    frame = polars.DataFrame({"t": [moment, None], "n": [3, None], "s": ["é", "x"]})
    frame.write_parquet(path)
    assert is_parquet(source(path))
    table = read_parquet(source(path))
    assert table.headings == ("t", "n", "s")
    (first, cells), second = table.rows()
    assert parse_time(cells[0]) == parse_time("2026-11-16T09:00:00.500Z")
    assert (first, cells[1:], second) == (1, ["3", "é"], (2, ["", "", "x"]))


def test_a_damaged_file_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 and nothing more")
    with pytest.raises(FileRefused, match="damaged Parquet"):
        read_parquet(source(path))
