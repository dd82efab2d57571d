import csv
import io
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.columns.table import PrintedColumn, Table
from partnerhub.columns.text import TextColumn
from partnerhub.domain.cells import CellSafety, unguard
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.layouts import CellType, Column
from partnerhub.reports import csv_writer
from partnerhub.reports.csv_writer import write_csv


def text_column(codes, labels):
    return TextColumn(np.array(codes, np.int32), np.array(labels, dtype=object))


def column(key, cell=CellType.TEXT):
    return Column(key=key, heading=key.title(), french=f"{key} français", cell=cell)


COLUMNS = (
    column("name"),
    column("total", CellType.COUNT),
    column("share", CellType.RATIO),
    column("change", CellType.DECIMAL),
    column("ends", CellType.DAY),
    column("renews", CellType.FLAG),
    column("number", CellType.PHONE),
)
ROWS = [
    ('Müller, "Söhne"', 25, 0.9, -0.02, np.datetime64("2026-11-22"), True, "+33140506"),
    ("=1+1", None, None, None, None, None, "+1-1"),
    ("two\r\nlines", 0, 1.0, 1e-05, np.datetime64("2027-01-01"), False, None),
]
GOLDEN = (
    b"Name,Total,Share,Change,Ends,Renews,Number\r\n"
    b'"M\xc3\xbcller, ""S\xc3\xb6hne""",25,90.0 %,-0.02,2026-11-22,TRUE,+33140506\r\n'
    b"'=1+1,,,,,,'+1-1\r\n"
    b'"two\r\nlines",0,100.0 %,1e-05,2027-01-01,FALSE,\r\n'
)
TABLE = Table.from_rows(COLUMNS, ROWS)


def written(tables, **options):
    file = io.BytesIO()
    rows = write_csv(tables, file, **options)
    return rows, file.getvalue()


def test_golden_bytes():
    assert written(TABLE) == (3, GOLDEN)


def test_french_headings_and_byte_order_mark():
    _, data = written(TABLE, locale="fr", bom=True)
    assert data.startswith("\ufeffname français,total français".encode())
    assert data.split(b"\r\n", 1)[1] == GOLDEN.split(b"\r\n", 1)[1]


def test_raw():
    _, data = written(TABLE, safety=CellSafety.RAW)
    assert data == GOLDEN.replace(b"'", b"")


def test_no_rows_gives_headings():
    assert written(TABLE.head(0)) == (0, GOLDEN.split(b"\n")[0] + b"\n")


def test_a_stream_gives_the_bytes_of_one_table(monkeypatch):
    monkeypatch.setattr(csv_writer, "_BATCH_ROWS", 2)
    assert written(TABLE.batches(1)) == written(TABLE) == (3, GOLDEN)


def test_a_stream_needs_tables_with_the_same_columns():
    with pytest.raises(InvalidValue, match="its columns differ"):
        written([TABLE, TABLE.select(["name"])])
    with pytest.raises(InvalidValue, match="at least one table"):
        written([])
    with pytest.raises(InvalidValue, match="locale"):
        written(TABLE, locale="de")


def test_printed_columns():
    both = PrintedColumn(
        heading="Total (%)", french="F", keys=("total", "share"), pattern="{} ({})"
    )
    table = Table(columns=COLUMNS, values=TABLE.values, printed=(both, "renews"))
    _, data = written(table)
    assert data == (
        b"Total (%),Renews\r\n25 (90.0 %),TRUE\r\n,\r\n0 (100.0 %),FALSE\r\n"
    )


# What UTF-8 can carry; csv.reader keeps every one of them.
texts = st.text(st.characters(exclude_categories=["Cs"])) | st.text(
    "'=+-@ \t\r\n\",;＝\0", max_size=4
)


@given(st.lists(st.tuples(texts | st.none(), texts | st.none()), max_size=5))
def test_reading_and_unguarding_gives_the_cells(rows):
    columns = (column("name"), column("number", CellType.PHONE))
    _, data = written(Table.from_rows(columns, rows))
    lines = list(csv.reader(io.StringIO(data.decode(), newline="")))
    read = [tuple(unguard(cell) for cell in line) for line in lines[1:]]
    assert read == [tuple(cell or "" for cell in row) for row in rows]


@given(
    st.lists(
        st.tuples(
            texts | st.none(),
            st.integers(0, 2**62) | st.integers(0, 9) | st.none(),
            st.floats(allow_nan=False) | st.none(),
            st.dates() | st.none(),
        ),
        max_size=20,
    )
)
def test_bytes_are_those_of_the_standard_library(rows):
    columns = (
        column("a"),
        column("b", CellType.COUNT),
        column("c", CellType.DECIMAL),
        column("d", CellType.DAY),
    )
    expected = io.StringIO(newline="")
    csv.writer(expected).writerows([("A", "B", "C", "D"), *rows])
    _, data = written(Table.from_rows(columns, rows), safety=CellSafety.RAW)
    assert data == expected.getvalue().encode()


def test_memory_stays_constant():
    class Nowhere(io.RawIOBase):
        def write(self, data):
            return len(data)

    labels = [f"Customer {i}" for i in range(100)]

    def tables(count):
        for _ in range(count):
            codes = np.arange(10_000, dtype=np.int32) % 100
            yield Table(
                columns=COLUMNS[:1], values={"name": text_column(codes, labels)}
            )

    def peak(count):
        tracemalloc.start()
        try:
            assert write_csv(tables(count), Nowhere()) == 10_000 * count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)
    assert peak(20) < 1.5 * peak(2)
