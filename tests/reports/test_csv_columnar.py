"""The fast path writes the bytes of the standard library's `csv`, whatever the cells."""

import csv
import io
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.columns.printing import PrintedColumn, cell_texts
from partnerhub.columns.table import Table
from partnerhub.columns.text import TextColumn
from partnerhub.domain.cells import SUSPECT, CellSafety, percent
from partnerhub.domain.layouts import CellType, Column
from partnerhub.reports import csv_columnar, csv_writer


def column(key, cell):
    return Column(key=key, heading=key, french=key, cell=cell)


BOTH = PrintedColumn(
    heading="both", french="both", keys=("count", "ratio"), pattern="{} ({})"
)
NASTY = "'=+-@ \t\r\n\",;＝＋－＠\0é’"
TEXTS = (
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
    | st.text(NASTY, max_size=4)
    | st.sampled_from(["+33140506070", "+1-1", "'=1", "=1+1", "plain", ""])
    | st.none()
)
# Where the two could differ: exponents, halves of a tenth of a per cent, signed zeros.
FLOATS = (
    st.floats(allow_infinity=True)
    | st.floats(-1, 2)
    | st.integers(-3000, 3000).map(lambda n: n / 2000)
    | st.sampled_from([0.0, -0.0, 1e-4, 9.99e-5, 1e15, 1e16, 0.00035, 5e-324])
)
CELLS = {
    CellType.TEXT: TEXTS,
    CellType.PHONE: TEXTS,
    CellType.COUNT: st.none() | st.integers(0, 9) | st.integers(0, 2**62),
    CellType.CHANGE: st.none() | st.integers(-5, 5) | st.integers(-(2**60), 2**60),
    CellType.DECIMAL: st.none() | FLOATS,
    CellType.RATIO: st.none() | FLOATS,
    CellType.FLAG: st.none() | st.booleans(),
    CellType.DAY: st.none() | st.dates(),
}
COLUMNS = tuple(column(str(kind), kind) for kind in CELLS)


@st.composite
def tables(draw):
    rows = draw(st.lists(st.tuples(*CELLS.values()), max_size=12))
    table = Table.from_rows(COLUMNS, rows)
    values = dict(table.values)
    if draw(st.booleans()):
        values["text"] = TextColumn.of([row[0] for row in rows])
    printed = draw(st.sampled_from([(), (BOTH, "text", "phone"), ("decimal", "text")]))
    return Table(columns=COLUMNS, values=values, printed=printed)


def both_ways(table, safety):
    """The bytes of the rows with Polars, and without."""
    fast = io.BytesIO()
    csv_columnar.write_rows(table, fast, safety=safety)
    slow = io.BytesIO()
    cells = [column.cells for column in table.print_columns(safety=safety)]
    csv_writer._write_rows(slow, zip(*cells, strict=True))
    return fast.getvalue(), slow.getvalue()


@given(tables(), st.sampled_from(CellSafety), st.integers(1, 5))
def test_the_bytes_are_those_without_the_extra(table, safety, batch):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(csv_columnar, "_BATCH_ROWS", batch)
        fast, slow = both_ways(table, safety)
    assert fast == slow


@given(st.lists(FLOATS, min_size=1, max_size=30))
def test_shares_print_as_one_by_one(ratios):
    share = column("share", CellType.RATIO)
    found = cell_texts(share, np.array(ratios), safety=CellSafety.SAFE)
    assert found == ["" if r != r else percent(r) for r in ratios]  # noqa: PLR0124 - it asks for NaN


def test_no_text_that_needs_a_look_begins_as_a_plain_one():
    for first, end in csv_columnar._PLAIN:
        assert not [sign for sign in SUSPECT if first <= sign < end]


def test_a_single_column_is_left_to_the_standard_library():
    table = Table.from_rows(COLUMNS[:1], [("a",), (None,)])
    assert not csv_columnar.is_worth_it(table)
    file = io.BytesIO()
    csv_writer.write_csv(table, file)
    assert file.getvalue() == b'text\r\na\r\n""\r\n'


def test_a_short_table_does_not_import_polars_and_a_long_one_does_not_need_it(
    monkeypatch,
):
    table = Table.from_rows(COLUMNS[:2], [("a", "b")])
    monkeypatch.delitem(sys.modules, "polars")
    assert not csv_columnar.is_worth_it(table)
    assert "polars" not in sys.modules
    monkeypatch.setattr(csv_columnar, "find_spec", lambda name: None)
    long = table.take(np.zeros(csv_columnar._WORTH_IT, np.intp))
    assert not csv_columnar.is_worth_it(long)


def test_an_error_of_the_file_comes_through_as_it_is():
    class Full(io.RawIOBase):
        def write(self, data):
            raise OSError(28, "no space")

    table = Table.from_rows(COLUMNS[:2], [("a", "b")])
    with pytest.raises(OSError, match="no space"):
        csv_columnar.write_rows(table, Full(), safety=CellSafety.SAFE)


def test_a_file_read_back_has_every_text():
    texts = ["", "a,b", 'say "no"', "two\r\nlines", "=1+1", "'=1", "＝1", "\tx"]
    table = Table.from_rows(COLUMNS[:2], [(text, "x") for text in texts])
    fast, _ = both_ways(table, CellSafety.RAW)
    read = list(csv.reader(io.StringIO(fast.decode(), newline="")))
    assert [row[0] for row in read] == texts
