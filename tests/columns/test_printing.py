import numpy as np
import pytest

from partnerhub.columns.printing import (
    PrintedColumn,
    cell_texts,
    heading_text,
    printed_column,
)
from partnerhub.columns.text import TextColumn
from partnerhub.columns.values import as_values
from partnerhub.domain.cells import CellSafety
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.layouts import CellType, Column

SAFE, RAW = CellSafety.SAFE, CellSafety.RAW


def text_column(codes, labels):
    return TextColumn(np.array(codes, np.int32), np.array(labels, dtype=object))


def column(cell=CellType.TEXT):
    return Column(key="x", heading="=X", french="X fr", cell=cell)


def texts(cell, given, safety=SAFE):
    held = as_values(column(cell), given)
    return [text or "" for text in cell_texts(column(cell), held, safety=safety)]


@pytest.mark.parametrize(
    ("cell", "given", "expected"),
    [
        (CellType.COUNT, [0, None, 7], ["0", "", "7"]),
        (CellType.COUNT, [2**40, None], ["1099511627776", ""]),
        (CellType.COUNT, [None], [""]),
        (CellType.COUNT, [], []),
        (CellType.FLAG, [True, False, None], ["TRUE", "FALSE", ""]),
        (CellType.DAY, np.array(["2026-11-22", "NaT"], "M8[D]"), ["2026-11-22", ""]),
        (CellType.DAY, np.array(["2026-11-22"] * 2, "M8[D]"), ["2026-11-22"] * 2),
        (
            CellType.DAY,
            np.array(["0001-01-01", "9999-12-31"], "M8[D]"),
            ["0001-01-01", "9999-12-31"],
        ),
        (CellType.DECIMAL, [0.1, -0.02, 1e-05, None], ["0.1", "-0.02", "1e-05", ""]),
        (CellType.RATIO, [0.9, None, 0.0], ["90.0 %", "", "0.0 %"]),
        (CellType.PHONE, ["+331405", "+1-1", None], ["+331405", "'+1-1", ""]),
        (CellType.ID, ["-a", "a"], ["'-a", "a"]),
        (CellType.CHOICE, ["＝a"], ["'＝a"]),
        (CellType.TEXT, ["=1", "", None, "'=1"], ["'=1", "", "", "''=1"]),
    ],
)
def test_cells_by_type(cell, given, expected):
    assert texts(cell, given) == (expected)


def test_raw_texts_stand_as_they_are():
    assert texts(CellType.TEXT, ["=1", None], RAW) == ["=1", ""]
    assert texts(CellType.PHONE, ["+1-1"], RAW) == ["+1-1"]


@pytest.mark.parametrize("codes", [[0, -1, 1, 0], [1]])
@pytest.mark.parametrize("safety", [SAFE, RAW])
def test_coded_texts_print_as_spelled_ones(codes, safety):
    held = text_column(codes, ["=1", "b", "c"])
    spelled = held.texts()
    assert texts(CellType.TEXT, held, safety) == texts(CellType.TEXT, spelled, safety)


def test_a_negative_number_put_together_with_others_does_not_run():
    change = PrintedColumn(heading="C", french="C", keys=("a", "b"), pattern="{}/{}")
    part = column(CellType.DECIMAL), np.array([-3.0])
    printed = printed_column(change, [part, part], locale="en", safety=SAFE)
    assert list(printed.cells) == ["'-3.0/-3.0"]
    assert printed.is_number


def test_parts_that_are_unknown_print_as_nothing():
    bar = PrintedColumn(
        heading="B", french="B", keys=("a", "b", "c"), pattern="{}/{}/{}"
    )
    assert bar.cell("10", "45", "5") == "10/45/5"
    assert bar.cell("10", "", None) == "10//"
    assert bar.cell("", None, "") == ""


def test_headings_are_guarded_and_in_the_language():
    part = column(), np.array(["a"], dtype=object)
    english = printed_column(column(), [part], locale="en", safety=SAFE)
    assert english.heading == "'=X"
    assert not english.is_number
    assert heading_text(column(), "fr") == "X fr"
    with pytest.raises(InvalidValue, match="locale"):
        heading_text(column(), "de")
