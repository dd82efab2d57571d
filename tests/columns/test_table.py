from datetime import date

import numpy as np
import pytest

from partnerhub.columns.table import PrintedColumn, Table
from partnerhub.columns.text import TextColumn
from partnerhub.domain.cells import CellSafety
from partnerhub.domain.errors import InvalidValue, NotFound
from partnerhub.domain.layouts import CellType, Column


def text_column(codes, labels):
    return TextColumn(np.array(codes, np.int32), np.array(labels, dtype=object))


def column(key, cell=CellType.TEXT):
    return Column(key=key, heading=key.title(), french=f"{key} fr", cell=cell)


COLUMNS = (
    column("name"),
    column("total", CellType.COUNT),
    column("share", CellType.RATIO),
    column("ends", CellType.DAY),
    column("renews", CellType.FLAG),
)
ROWS = [
    ("Acme", 25, 0.9, date(2026, 11, 22), True),
    ("Bolt", None, None, None, None),
    (None, 0, 1.0, date(2027, 1, 1), False),
]


@pytest.fixture
def table():
    return Table.from_rows(COLUMNS, ROWS, title="Licenses")


def test_rows_come_back(table):
    assert list(table.rows()) == ROWS
    keys = [c.key for c in COLUMNS]
    assert table.to_dicts() == [dict(zip(keys, row, strict=True)) for row in ROWS]
    assert Table.from_rows(COLUMNS, table.to_dicts(), title="Licenses") == table


def test_a_row_without_a_key_is_unknown_there():
    assert list(Table.from_rows(COLUMNS[:2], [{"total": 1}]).rows()) == [(None, 1)]


def test_no_rows_and_no_columns():
    empty = Table.from_rows(COLUMNS, [])
    assert len(empty) == 0
    assert list(empty.rows()) == []
    assert empty["ends"].dtype == np.dtype("datetime64[D]")
    nothing = Table(columns=(), values={})
    assert len(nothing) == 0
    assert list(nothing.rows()) == []


def test_columns_are_read_only_arrays(table):
    assert len(table) == 3
    assert table["total"].tolist() == [25, -1, 0]
    for key in ("name", "total"):
        with pytest.raises(ValueError, match="read-only"):
            table[key][0] = table[key][1]


def test_unknown_column_names_the_nearest(table):
    with pytest.raises(NotFound, match="did you mean 'total'"):
        table["totl"]


def test_columns_and_values_must_fit():
    with pytest.raises(InvalidValue, match="set of columns"):
        Table(columns=COLUMNS[:2], values={"name": ["a"]})
    with pytest.raises(InvalidValue, match="differ in length"):
        Table(columns=COLUMNS[:2], values={"name": ["a"], "total": [1, 2]})
    with pytest.raises(NotFound):
        Table(columns=COLUMNS[:1], values={"name": ["a"]}, printed=("total",))


def test_select_take_head_and_batches(table):
    assert next(table.select(["total", "name"]).rows()) == (25, "Acme")
    assert list(table.take([2, 0]).select(["name"]).rows()) == [(None,), ("Acme",)]
    assert list(table.take(table["total"] > 0).rows()) == ROWS[:1]
    assert len(table.take([])) == 0
    assert list(table.head(2).rows()) == ROWS[:2]
    assert len(table.head(-1)) == 0
    assert np.shares_memory(table.head(1)["total"], table["total"])
    assert [len(batch) for batch in table.batches(2)] == [2, 1]
    assert [len(batch) for batch in table.head(0).batches(2)] == [0]


def test_sorting(table):
    assert table.sort_by("total")["total"].tolist() == [0, 25, -1]
    assert table.sort_by("total", descending=True)["total"].tolist() == [25, 0, -1]
    assert table.sort_by("ends")["name"].tolist() == ["Acme", None, "Bolt"]


def test_equality_is_by_content(table):
    spelled = Table(columns=COLUMNS[:1], values={"name": ["a", None, "a"]})
    coded = Table(columns=COLUMNS[:1], values={"name": text_column([0, -1, 0], ["a"])})
    assert spelled == coded
    assert spelled.take([0, 2]) == coded.take([2, 0])
    assert table != table.head(2)
    assert table != table.select(["name"])
    assert table != "table"
    with pytest.raises(TypeError):
        hash(table)


def test_it_never_changes(table):
    with pytest.raises(AttributeError):
        table.title = "Other"
    with pytest.raises(TypeError):
        table.values["name"] = []


def test_short_form(table):
    keys = "name, total, share, ends, renews"
    assert repr(table) == f"<Table 'Licenses': 3 rows x 5 columns ({keys})>"
    assert repr(table.select(["name"])) == str(table.select(["name"]))


def test_a_printed_heading_over_two_columns(table):
    both = PrintedColumn(
        heading="Total (%)",
        french="Total (%) fr",
        keys=("total", "share"),
        pattern="{} ({})",
    )
    printed = Table(
        columns=table.columns, values=table.values, printed=("name", both)
    ).print_columns(locale="fr", safety=CellSafety.RAW)
    assert [p.heading for p in printed] == ["name fr", "Total (%) fr"]
    assert list(printed[1].cells) == ["25 (90.0 %)", "", "0 (100.0 %)"]


def test_html_shows_the_first_rows_unguarded():
    table = Table(columns=COLUMNS[:1], values={"name": ["=<b>"] * 30})
    html = table._repr_html_()
    assert html.count("<tr>") == 21
    assert "=&lt;b&gt;" in html
    assert "'=" not in html
    assert "first 20 of 30 rows" in html
