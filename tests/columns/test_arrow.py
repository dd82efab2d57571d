import sys
from datetime import date

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from partnerhub.columns import arrow
from partnerhub.columns.table import Table
from partnerhub.columns.text import TextColumn
from partnerhub.domain.errors import MissingExtra
from partnerhub.domain.layouts import CellType, Column


def text_column(codes, labels):
    return TextColumn(np.array(codes, np.int32), np.array(labels, dtype=object))


CELLS = {
    "text": (CellType.TEXT, ["Müller", None, "a", "日本"]),
    "count": (CellType.COUNT, [1, None, 0, 2**40]),
    "decimal": (CellType.DECIMAL, [1.5, None, -0.0, 2.0]),
    "ratio": (CellType.RATIO, [0.5, 1.0, 0.0, 0.25]),
    "flag": (CellType.FLAG, [True, None, False, True]),
    "day": (
        CellType.DAY,
        [date(2026, 11, 22), None, date(1, 1, 1), date(9999, 12, 31)],
    ),
}
COLUMNS = tuple(
    Column(key=key, heading=key, french=key, cell=cell)
    for key, (cell, _) in CELLS.items()
)
ROWS = list(zip(*(cells for _, cells in CELLS.values()), strict=True))


@pytest.fixture
def table():
    return Table.from_rows(COLUMNS, ROWS)


def test_pyarrow(table):
    taken = table.to_arrow()
    taken.validate(full=True)
    assert taken.to_pylist() == table.to_dicts()
    assert [str(t) for t in taken.schema.types] == [
        "string",
        "int64",
        "double",
        "double",
        "bool",
        "date32[day]",
    ]


def test_polars(table):
    assert table.to_polars().rows() == ROWS


def test_duckdb(table):
    with duckdb.connect() as connection:
        connection.register("report", table)
        assert connection.sql("select * from report").fetchall() == ROWS
        summed = connection.sql("select sum(ratio) from report")
        assert summed.fetchall() == [(1.75,)]


def test_pandas(table):
    frame = table.to_pandas()
    assert list(frame.columns) == [column.key for column in COLUMNS]
    assert frame["text"].isna().tolist() == [False, True, False, False]
    assert frame["ratio"].tolist() == [0.5, 1.0, 0.0, 0.25]
    assert isinstance(frame, pd.DataFrame)


def test_no_rows(table):
    assert pa.table(table.head(0)).num_rows == 0
    assert pl.DataFrame(table.head(0)).shape == (0, 6)


def test_a_slice_with_steps(table):
    stepped = table.take(slice(None, None, 2))
    assert stepped.to_arrow().to_pylist() == table.to_dicts()[::2]


@pytest.mark.parametrize("dtype", [np.int32, np.int64])
def test_numbers_keep_their_memory(dtype):
    totals = np.arange(1000, dtype=dtype)
    totals[5] = -1
    table = Table(columns=COLUMNS[1:2], values={"count": totals})
    (chunk,) = pa.table(table)["count"].chunks
    assert chunk.buffers()[1].address == totals.ctypes.data
    assert chunk.null_count == 1
    taken = pl.DataFrame(table)["count"].to_arrow()
    assert taken.buffers()[1].address == totals.ctypes.data


def test_the_memory_outlives_the_table():
    table = Table(columns=COLUMNS[1:2], values={"count": np.arange(100_000)})
    taken = pa.table(table)
    del table
    assert taken["count"][99_999].as_py() == 99_999


def test_coded_texts_have_the_same_type_as_spelled_ones():
    coded = Table(
        columns=COLUMNS[:1], values={"text": text_column([1, -1, 0], ["é", "b"])}
    )
    spelled = Table(columns=COLUMNS[:1], values={"text": ["b", None, "é"]})
    assert coded.to_arrow().equals(spelled.to_arrow())


def test_more_bytes_than_32_bits_reach(monkeypatch):
    monkeypatch.setattr(arrow, "_MOST_BYTES", 2)
    table = Table(columns=COLUMNS[:1], values={"text": ["ab", None, "é"]})
    taken = table.to_arrow()
    assert str(taken.schema.types[0]) == "large_string"
    assert taken["text"].to_pylist() == ["ab", None, "é"]


@pytest.mark.parametrize("module", ["nanoarrow", "polars"])
def test_the_missing_extra_is_named(module, table, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match="columnar"):
        table.to_polars()


@pytest.mark.parametrize(
    ("module", "method"), [("pandas", "to_pandas"), ("pyarrow", "to_arrow")]
)
def test_what_no_extra_brings_says_how_to_get_it(module, method, table, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError) as caught:
        getattr(table, method)()
    assert "pip install" in caught.value.__notes__[0]
