"""The rows of a customer come together, in the file's order, in memory or from disk."""

from __future__ import annotations

import tempfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.adapters.importing.spool import Rows, Spool
from partnerhub.domain.errors import FileNotWritten
from tests.support import files_up_to


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


def test_a_full_disk_of_temporary_files_is_named_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    many = rows([f"{n:040}" for n in range(5_000)], 0)
    with pytest.raises(FileNotWritten, match="TMPDIR") as told, files_up_to(1_000):
        with Spool("who", in_memory_rows=10) as spool:
            for _ in range(10):
                spool.add(many)
            list(spool.parts())
    assert told.value.file == str(tmp_path)
    assert list(tmp_path.iterdir()) == []
