from datetime import date

import numpy as np
import pytest

from partnerhub.columns.text import TextColumn
from partnerhub.columns.values import (
    as_array,
    as_values,
    chosen,
    equal_values,
    from_python,
    pick,
    sort_order,
    to_python,
)
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.layouts import CellType, Column


def text_column(codes, labels):
    return TextColumn(np.array(codes, np.int32), np.array(labels, dtype=object))


def column(cell):
    return Column(key="x", heading="X", french="X", cell=cell)


@pytest.mark.parametrize(
    ("cell", "cells"),
    [
        (CellType.TEXT, ["a", None, "é"]),
        (CellType.ID, ["a", None]),
        (CellType.PHONE, ["+331", None]),
        (CellType.CHOICE, ["Trial", None]),
        (CellType.COUNT, [3, None, 0]),
        (CellType.COUNT, [3, 0]),
        (CellType.FLAG, [True, None, False]),
        (CellType.DAY, [date(2026, 11, 22), None]),
        (CellType.DECIMAL, [1.5, None]),
        (CellType.RATIO, [0.25, None]),
        (CellType.COUNT, []),
        (CellType.TEXT, []),
    ],
)
def test_python_values_come_back(cell, cells):
    assert to_python(cell, from_python(cell, cells)) == cells
    assert to_python(cell, as_values(column(cell), cells)) == cells
    boxed = np.array(cells, dtype=object)
    assert to_python(cell, as_values(column(cell), boxed)) == cells


def test_an_array_of_the_right_type_is_taken_over_and_read_only():
    counts = np.array([1, 2])
    held = as_values(column(CellType.COUNT), counts)
    assert np.shares_memory(held, counts)
    assert counts.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        held[0] = 5


def test_flags_may_come_as_bools():
    held = as_values(column(CellType.FLAG), np.array([True, False]))
    assert held.dtype == np.int8
    assert to_python(CellType.FLAG, held) == [True, False]


@pytest.mark.parametrize(
    ("cell", "given"),
    [
        (CellType.COUNT, np.array([1.5])),
        (CellType.DAY, np.array([1])),
        (CellType.RATIO, np.array([1])),
        (CellType.COUNT, np.array([[1], [2]])),
        (CellType.TEXT, np.array([["a"], ["b"]], dtype=object)),
    ],
)
def test_wrong_types_and_shapes_are_refused(cell, given):
    with pytest.raises(InvalidValue):
        as_values(column(cell), given)


def test_coded_texts():
    given = text_column([1, -1, 0], ["US", "EU"])
    held = as_values(column(CellType.TEXT), given)
    assert to_python(CellType.TEXT, held) == ["EU", None, "US"]
    assert as_array(chosen(held, slice(1, None))).tolist() == [None, "US"]
    assert np.shares_memory(held.codes, given.codes)
    assert not held.codes.flags.writeable
    with pytest.raises(InvalidValue, match="codes without a label"):
        as_values(column(CellType.TEXT), text_column([1], ["US"]))


def test_pick_without_labels():
    nothing = np.array([], dtype=object)
    assert pick(nothing, np.array([-1]), blank="").tolist() == [""]


@pytest.mark.parametrize(
    "held",
    [
        np.array(["b", None, "a", "b", "É"], dtype=object),
        text_column([1, -1, 0, 1, 2], ["a", "b", "É"]),
        np.array([2, -1, 1, 2, 3]),
    ],
)
def test_order_is_stable_with_unknown_last(held):
    assert sort_order(held, descending=False).tolist() == [2, 0, 3, 4, 1]
    assert sort_order(held, descending=True).tolist() == [4, 0, 3, 2, 1]


def test_equal_by_content():
    held, spelled = text_column([0, -1], ["a"]), np.array(["a", None], dtype=object)
    assert equal_values(held, spelled)
    assert equal_values(np.array([1, -1]), np.array([1, -2], dtype=np.int32))
    assert equal_values(np.array([np.nan]), np.array([np.nan]))
    assert not equal_values(np.array([1]), np.array([2]))
    assert not equal_values(np.array([1]), np.array([-1]))
    assert not equal_values(np.array([1]), np.array([1, 1]))
