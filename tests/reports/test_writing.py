"""Tables as files of every kind: packed, typed, the same bytes for the same table."""

import csv
import datetime as dt
import gzip
import io
import subprocess
import sys
import zipfile

import openpyxl
import polars as pl
import pytest

from partnerhub.columns.table import Table
from partnerhub.domain.cells import CellSafety
from partnerhub.domain.errors import MissingExtra
from partnerhub.domain.layouts import CellType, Column
from partnerhub.domain.report_specs import Compression, FileFormat
from partnerhub.reports import workbooks
from partnerhub.reports.workbooks import sheet_name
from partnerhub.reports.writing import Filled, write_tables

DAY = dt.date(2026, 11, 22)


def column(key, cell=CellType.TEXT):
    return Column(key=key, heading=key.title(), french=f"{key} français", cell=cell)


COLUMNS = (
    column("name"),
    column("total", CellType.COUNT),
    column("share", CellType.RATIO),
    column("change", CellType.CHANGE),
    column("ends", CellType.DAY),
    column("renews", CellType.FLAG),
)
ROWS = [
    ("=1+1", 25, 0.9, -3, dt.date(2026, 11, 22), True),
    ("https://x.example", None, None, None, None, None),
    ("a" * 40_000, 2**60, float("inf"), 0, dt.date(1900, 1, 1), False),
]
TABLE = Table.from_rows(COLUMNS, ROWS)


def written(tables, **options):
    file = io.BytesIO()
    return write_tables(tables, file, day=DAY, **options), file.getvalue()


PLAIN = written([TABLE])[1]


def test_gzip_and_zip_hold_the_plain_file():
    filled, packed = written([TABLE], compression=Compression.GZIP)
    assert (filled, gzip.decompress(packed)) == (Filled(rows=3), PLAIN)
    filled, packed = written(
        [TABLE], compression=Compression.ZIP, member="Appareils é_2026-11-22.csv"
    )
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        (info,) = archive.infolist()
        assert archive.testzip() is None
        assert archive.read(info) == PLAIN
    assert info.filename == "Appareils é_2026-11-22.csv"
    assert info.date_time[:3] == (2026, 11, 22)
    assert filled == Filled(rows=3)


@pytest.mark.parametrize("file_format", FileFormat)
@pytest.mark.parametrize("compression", Compression)
def test_equal_tables_are_equal_bytes(file_format, compression):
    options = {"format": file_format, "compression": compression}
    assert written([TABLE], **options) == written([TABLE], **options)


def test_a_workbook_has_typed_cells_and_french_headings():
    filled, data = written(
        [TABLE], format=FileFormat.XLSX, locale="fr", title="Été: a/b"
    )
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    heading, first, blank, last = sheet.iter_rows(max_col=6)
    assert sheet.title == "Été a b"
    assert [cell.value for cell in heading] == [c.french for c in COLUMNS]
    assert [(cell.value, cell.data_type) for cell in first] == [
        ("=1+1", "s"),
        (25, "n"),
        (0.9, "n"),
        (-3, "n"),
        (dt.datetime(2026, 11, 22), "d"),  # noqa: DTZ001 - Excel knows no zone
        (True, "b"),
    ]
    assert first[2].number_format == "0.0%"
    assert [cell.value for cell in blank] == ["https://x.example", *[None] * 5]
    assert blank[0].hyperlink is None
    assert [len(str(last[0].value)), *(cell.value for cell in last[1:])] == [
        *(32_767, str(2**60), "inf", 0, "1900-01-01", False)
    ]
    assert filled == Filled(rows=3, cut=1)


def test_a_cell_is_cut_where_excel_ends_it_and_never_within_an_emoji():
    texts = ["😀" * 16_383, "😀" * 16_384, "x" + "😀" * 20_000]
    table = Table.from_rows(COLUMNS[:1], [(text,) for text in texts])
    filled, data = written([table], format=FileFormat.XLSX)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    cells = [cell for (cell,) in sheet.iter_rows(min_row=2, values_only=True)]
    assert cells == ["😀" * 16_383, "😀" * 16_383, "x" + "😀" * 16_383]
    assert filled == Filled(rows=3, cut=2)


def test_a_long_workbook_goes_on_in_a_second_sheet(monkeypatch):
    monkeypatch.setattr(workbooks, "_MOST_ROWS", 2)
    _, data = written([TABLE, TABLE], format=FileFormat.XLSX, title="Devices")
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Devices", "Devices (2)", "Devices (3)"]
    rows = [list(sheet.iter_rows(values_only=True)) for sheet in book]
    assert [len(each) for each in rows] == [3, 3, 3]
    assert {each[0][0] for each in rows} == {"Name"}


def test_no_rows_still_have_headings():
    for file_format in FileFormat:
        filled, data = written([TABLE.head(0)], format=file_format)
        assert filled.rows == 0
        if file_format is FileFormat.XLSX:
            sheet = openpyxl.load_workbook(io.BytesIO(data)).active
            assert sheet["A1"].value == "Name"
        elif file_format is FileFormat.PARQUET:
            assert pl.read_parquet(io.BytesIO(data)).columns[0] == "name"
        else:
            assert data.startswith(b"Name,Total")


@pytest.mark.parametrize(
    ("title", "number", "name"),
    [
        ("", 1, "Report"),
        ("[]:*?/\\", 1, "Report"),
        ("history", 1, "Report"),
        ("'quoted'", 1, "quoted"),
        ("x" * 300, 12, "x" * 26 + " (12)"),
        ("😀" * 300, 1, "😀" * 15),
        ("x" * 30 + "'y", 1, "x" * 30),
        ("\uffff", 2, "Report (2)"),
    ],
)
def test_every_title_names_a_sheet(title, number, name):
    assert sheet_name(title, number) == name


def test_parquet_has_typed_columns_by_key_and_texts_as_they_are():
    _, data = written([TABLE, TABLE], format=FileFormat.PARQUET)
    frame = pl.read_parquet(io.BytesIO(data))
    assert frame.columns == [each.key for each in COLUMNS]
    assert frame["name"][0] == "=1+1"
    assert frame["share"][0] == 0.9
    assert frame["ends"].dtype == pl.Date
    assert len(frame) == 6


def test_a_missing_extra_is_named(monkeypatch):
    for name, file_format in (("polars", "parquet"), ("xlsxwriter", "xlsx")):
        monkeypatch.setitem(sys.modules, name, None)
        with pytest.raises(MissingExtra, match=r"partnerhub\["):
            written([TABLE], format=FileFormat(file_format))


def test_raw_is_recorded_by_its_bytes():
    _, raw = written([TABLE], safety=CellSafety.RAW)
    assert raw.replace(b"\r\n=1+1", b"\r\n'=1+1") == PLAIN
    assert next(csv.reader(io.StringIO(raw.decode(), newline="")))[0] == "Name"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file_format", "rows"), [(FileFormat.CSV, 50_000), (FileFormat.XLSX, 5_000)]
)
def test_writing_a_long_stream_takes_constant_memory(file_format, rows):
    """Peak of the process, in one of its own: Polars and zlib hold memory too."""

    def peak(count):
        code = _STREAM.format(format=file_format.value, count=count, rows=rows)
        done = subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True
        )
        return int(done.stdout)

    few, many = peak(2), peak(20)
    # KiB. What 18 more tables write is 100 MiB of CSV, or 10 MiB of workbook.
    assert many < few + 40_000, (few, many)


_STREAM = """
import datetime as dt, resource
import numpy as np
from partnerhub.columns.table import Table
from partnerhub.columns.text import TextColumn
from partnerhub.domain.layouts import CellType, Column
from partnerhub.domain.report_specs import FileFormat
from partnerhub.reports.writing import write_tables

cells = dict(name=CellType.TEXT, total=CellType.COUNT, ends=CellType.DAY)
columns = [Column(key=k, heading=k, french=k, cell=c) for k, c in cells.items()]
labels = np.array([f"Customer {{i}} of a partner" * 4 for i in range(1000)], object)

def tables():
    for _ in range({count}):
        codes = np.arange({rows}, dtype=np.int32) % 1000
        days = np.datetime64("2026-11-22") + codes
        values = dict(name=TextColumn(codes, labels), total=codes, ends=days)
        yield Table(columns=tuple(columns), values=values)

with open("/dev/null", "wb") as file:
    write_tables(tables(), file, format=FileFormat("{format}"), day=dt.date(2026, 11, 22))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
