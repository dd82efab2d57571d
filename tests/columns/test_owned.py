"""What is said of the rows that each owner has, against a plain loop."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.columns.owned import OwnedRows, Pairs, first_rows

OWNERS = 6
COUNTS = st.sampled_from((-1, 0, 1, 7, 2**31 - 2))


@st.composite
def owned_rows(draw):
    """Ascending owners of rows, and two counts and a flag of each row."""
    row = st.tuples(st.integers(0, OWNERS - 1), COUNTS, COUNTS, st.booleans())
    return sorted(draw(st.lists(row)), key=lambda each: each[0])


def owned_of(rows):
    return OwnedRows.of(np.array([owner for owner, *_ in rows], np.int32), OWNERS)


@given(st.lists(st.integers(0, 5)).map(sorted))
def test_first_rows_are_where_runs_begin(codes):
    found = first_rows(np.array(codes, np.int32)).tolist()
    assert found == [codes.index(code) for code in sorted(set(codes))]


@given(owned_rows())
def test_each_owner_has_its_rows(rows):
    owned = owned_of(rows)
    for who in range(OWNERS):
        one = np.arange(OWNERS) == who
        expected = [place for place, row in enumerate(rows) if row[0] == who]
        assert owned.rows_of(one).tolist() == expected


@given(owned_rows(), st.lists(st.booleans(), min_size=OWNERS, max_size=OWNERS))
def test_rows_of_several_owners_ascend(rows, chosen):
    expected = [place for place, row in enumerate(rows) if chosen[row[0]]]
    assert owned_of(rows).rows_of(np.array(chosen)).tolist() == expected


@given(owned_rows())
def test_an_owner_has_the_bits_of_its_rows(rows):
    bits = [1 << place % 8 for place in range(len(rows))]
    expected = [0] * OWNERS
    for (owner, *_), bit in zip(rows, bits, strict=True):
        expected[owner] |= bit
    found = owned_of(rows).any_bits(np.array(bits, np.uint8))
    assert found.tolist() == expected


@given(owned_rows())
def test_pairs_sum_the_rows_that_know_both(rows):
    """Also where a sum is too large for half of a number."""
    one, other, counts = (np.array([row[n] for row in rows]) for n in (1, 2, 3))
    owned = owned_of(rows)
    pairs = Pairs.of(one.astype(np.int64), other.astype(np.int64), owned)
    found = pairs.sums(counts.astype(np.bool_), owned)
    for place, sums in enumerate(found):
        expected = [0] * OWNERS
        for owner, *numbers, counted in rows:
            if counted and min(numbers) >= 0:
                expected[owner] += numbers[place]
        assert sums.tolist() == expected


@given(owned_rows(), st.integers(0, OWNERS), st.integers(0, OWNERS))
def test_a_part_of_the_owners_has_its_own_rows(rows, one, other):
    some = slice(*sorted((one, other)))
    mine = [row for row in rows if some.start <= row[0] < some.stop]
    expected = owned_of(mine).sizes[some]
    assert owned_of(rows).of_some(some).sizes.tolist() == expected.tolist()
