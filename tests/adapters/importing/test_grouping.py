"""Rows with equal keys are one group, in order of appearance."""

from __future__ import annotations

import datetime as dt

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.adapters.importing import grouping
from partnerhub.adapters.importing.coding import Coded
from partnerhub.adapters.importing.grouping import Grouped

ROWS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from(["", "x", "y"]),
        st.dates(dt.date(2026, 11, 20), dt.date(2026, 11, 23)),
    ),
    max_size=30,
)


def objects(values):
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


@given(ROWS, st.sampled_from([2**62, 4]))
def test_rows_are_grouped_as_their_keys_are_equal(rows, limit):
    first, second = (Coded.of(objects([row[at] for row in rows])) for at in (0, 1))
    days = np.array([row[2] for row in rows], "datetime64[D]")
    kept, grouping._JOINT_LIMIT = grouping._JOINT_LIMIT, limit
    try:
        found = Grouped.by(first, second, day=days)
    finally:
        grouping._JOINT_LIMIT = kept
    distinct = list(dict.fromkeys(rows))
    assert found.group.tolist() == [distinct.index(row) for row in rows]
    assert found.first.tolist() == [rows.index(row) for row in distinct]
    assert found.distinct == (len(distinct) == len(rows))
