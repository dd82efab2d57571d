"""Counting keys by sorting them."""

from __future__ import annotations

import numpy as np
import pytest

from partnerhub.columns import key_counts
from partnerhub.columns.key_counts import PairCounters


@pytest.mark.parametrize("largest", [2**31 - 1, 100])
@pytest.mark.parametrize("held", [4, 1_000])
def test_pairs_count_in_both_tables_however_keys_are_held(monkeypatch, largest, held):
    monkeypatch.setattr(key_counts, "_PAIRS_SORTED", held)
    monkeypatch.setattr(key_counts, "_LARGEST", largest)
    rng, owners = np.random.default_rng(0), 3
    counters = PairCounters(owners, 5, 7)
    first, second = np.zeros((owners, 5), int), np.zeros((owners, 7), int)
    for size in (3, 1, 0, 9, 2):
        owner = rng.integers(0, owners, size).astype(np.int32)
        one, other = (rng.integers(0, n, size).astype(np.uint8) for n in (5, 7))
        counters.add(owner, one, other)
        for row in zip(owner, one, other, strict=True):
            first[row[0], row[1]] += 1
            second[row[0], row[2]] += 1
    found = counters.table()
    assert found.tolist() == [*first.ravel().tolist(), *second.ravel().tolist()]


def test_pairs_of_nothing_are_all_zero():
    assert PairCounters(2, 3, 4).table().tolist() == [0] * 14
