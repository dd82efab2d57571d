"""The rows of a customer come together, in the file's order, in memory or from disk."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.adapters.importing.spool import Rows, Spool


def rows(keys: list[str], first: int) -> Rows:
    names = np.empty(len(keys), dtype=object)
    names[:] = keys
    return Rows(np.arange(first, first + len(keys)), {"who": names})


@given(
    st.lists(st.lists(st.sampled_from("abcdefg"), max_size=8), max_size=6),
    st.integers(0, 20),
)
def test_every_row_comes_back_once_with_its_customer_together(batches, in_memory):
    with Spool("who", in_memory_rows=in_memory) as spool:
        line = 0
        for keys in batches:
            spool.add(rows(keys, line))
            line += len(keys)
        parts = list(spool.parts())
    seen: set[str] = set()
    for part in parts:
        here = set(part.cells["who"])
        assert not here & seen
        seen |= here
        for key in here:
            mine = part.line[part.cells["who"] == key]
            assert (np.diff(mine) > 0).all()
    lines = sorted(line for part in parts for line in part.line.tolist())
    assert lines == list(range(line))


@pytest.mark.parametrize("in_memory", [0, 100])
def test_nothing_in_gives_nothing(in_memory):
    with Spool("who", in_memory_rows=in_memory) as spool:
        assert list(spool.parts()) == []
