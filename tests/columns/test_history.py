"""Merging observations into runs, against a plain model that keeps every picture."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.columns.history import (
    NOBODY,
    UNKNOWN,
    Observations,
    Pictures,
    Runs,
    at,
)
from partnerhub.columns.merging import merge

OWNERS = np.array([0, 0, 1, 1, 1])
FIELDS = 2
ALL = (1 << FIELDS) - 1

Picture = tuple[int, int, dict[int, tuple[int, int]]]  # owner, day, key -> values


@st.composite
def pictures(draw: st.DrawFn) -> list[Picture]:
    found = []
    for _ in range(draw(st.integers(1, 6))):
        owner = draw(st.integers(0, 1))
        keys = np.flatnonzero(owner == OWNERS).tolist()
        values = st.tuples(st.integers(0, 2), st.integers(0, 1))
        held = draw(st.dictionaries(st.sampled_from(keys), values, min_size=1))
        found.append((owner, draw(st.integers(1, 8)), held))
    return found


def observed(picture: Picture, mask: int = ALL) -> Observations:
    _, day, held = picture
    n = len(held)
    return Observations(
        key=np.array(sorted(held), np.int64),
        day=np.full(n, day, np.int64),
        observed=np.full(n, mask, np.int64),
        values=np.array([held[k] for k in sorted(held)], np.int64).reshape(n, 2).T,
    )


def read(pictures: list[Picture]) -> Runs:
    runs, known = Runs.empty(FIELDS), Pictures.none()
    for picture in pictures:
        full = Pictures.of(np.array([picture[0]]), np.array([picture[1]]))
        runs = merge(
            runs, observed(picture), owner_of=OWNERS, known=known, full=full
        ).runs
        known = known.joined(full)
    return runs


def state(runs: Runs, day: int) -> dict[int, tuple[int, ...]]:
    rows = [r for r in at(runs, day) if runs.until[r] > day]
    return {int(runs.key[r]): tuple(runs.values[:, r].tolist()) for r in rows}


def expected(pictures: list[Picture], day: int) -> dict[int, tuple[int, ...]]:
    newest: dict[int, tuple[int, dict[int, tuple[int, int]]]] = {}
    for owner, seen, held in pictures:
        if seen <= day and (owner not in newest or newest[owner][0] <= seen):
            newest[owner] = (seen, held)
    return {k: v for _, held in newest.values() for k, v in held.items()}


@given(pictures())
def test_any_past_day_shows_the_newest_picture_of_each_owner(
    found: list[Picture],
) -> None:
    runs = read(found)
    for day in range(10):
        assert state(runs, day) == expected(found, day)


@given(pictures(), st.randoms(use_true_random=False))
def test_the_order_of_reading_does_not_matter(found: list[Picture], random) -> None:
    distinct = list({(o, d): (o, d, h) for o, d, h in found}.values())
    shuffled = distinct[:]
    random.shuffle(shuffled)
    for day in range(10):
        assert state(read(shuffled), day) == state(read(distinct), day)


@given(pictures())
def test_reading_twice_changes_nothing_and_says_so(found: list[Picture]) -> None:
    distinct = list({(o, d): (o, d, h) for o, d, h in found}.values())
    runs = read(distinct)
    known = Pictures.of(
        np.array([o for o, _, _ in distinct]), np.array([d for _, d, _ in distinct])
    )
    for picture in distinct:
        full = Pictures.of(np.array([picture[0]]), np.array([picture[1]]))
        again = merge(runs, observed(picture), owner_of=OWNERS, known=known, full=full)
        assert not again.changed.any()
        assert_same(again.runs, runs)


@given(pictures())
def test_several_days_in_one_call_are_the_same_as_one_after_another(
    found: list[Picture],
) -> None:
    distinct = sorted({(o, d): (o, d, h) for o, d, h in found}.values(), key=str)
    distinct.sort(key=lambda p: p[1])
    parts = [observed(p) for p in distinct]
    together = merge(
        Runs.empty(FIELDS),
        Observations(
            key=np.concatenate([p.key for p in parts]),
            day=np.concatenate([p.day for p in parts]),
            observed=np.concatenate([p.observed for p in parts]),
            values=np.concatenate([p.values for p in parts], axis=1),
        ),
        owner_of=OWNERS,
        known=Pictures.none(),
        full=Pictures.of(
            np.array([o for o, _, _ in distinct]), np.array([d for _, d, _ in distinct])
        ),
    )
    assert_same(together.runs, read(distinct))


def assert_same(left: Runs, right: Runs) -> None:
    left, right = left.sorted(), right.sorted()
    for name in ("key", "day", "until", "seen", "gone", "values"):
        assert np.array_equal(getattr(left, name), getattr(right, name)), name


def one(day: int, values: tuple[int, int], mask: int = ALL) -> Observations:
    return observed((0, day, {0: values}), mask)


def partial(runs: Runs, new: Observations, known: Pictures | None = None) -> Runs:
    return merge(
        runs,
        new,
        owner_of=OWNERS,
        known=known or Pictures.none(),
        full=Pictures.none(),
    ).runs


def test_unchanged_pictures_store_nothing() -> None:
    runs = read([(0, day, {0: (1, 1), 1: (2, 0)}) for day in range(1, 60)])
    assert len(runs) == 2
    assert runs.seen.tolist() == [NOBODY, NOBODY]


def test_facts_keep_the_fields_they_do_not_name() -> None:
    runs = read([(0, 1, {0: (5, UNKNOWN)}), (0, 8, {0: (6, UNKNOWN)})])
    runs = partial(runs, one(8, (UNKNOWN, 1), mask=0b10))
    assert state(runs, 7) == {0: (5, UNKNOWN)}
    assert state(runs, 8) == {0: (6, 1)}


def test_facts_told_once_hold_on_later_days() -> None:
    facts, first, second = (
        one(1, (UNKNOWN, 1), 0b10),
        one(2, (5, 0), 1),
        one(9, (7, 0), 1),
    )
    for order in itertools.permutations((facts, first, second)):
        runs = Runs.empty(FIELDS)
        for told in order:
            runs = partial(runs, told)
        assert state(runs, 9) == {0: (7, 1)}
        assert state(runs, 5) == {0: (5, 1)}


def test_a_partial_file_keeps_what_it_leaves_out() -> None:
    runs = read([(0, 1, {0: (1, 1), 1: (2, 1)})])
    runs = partial(runs, observed((0, 8, {0: (3, 1)})))
    assert state(runs, 9) == {0: (3, 1), 1: (2, 1)}


def test_what_was_gone_and_comes_back_starts_afresh() -> None:
    runs = read([(0, 1, {0: (1, 1), 1: (0, 0)}), (0, 5, {1: (0, 0)})])
    assert [bool(g) for g in runs.gone[runs.key == 0]] == [True]
    runs = partial(runs, one(9, (4, UNKNOWN), 0b01))
    assert state(runs, 9)[0] == (4, UNKNOWN)


def test_a_sticky_field_stays_once_set() -> None:
    runs = Runs.empty(FIELDS)
    for day, value in ((1, 0), (3, 1), (5, 0)):
        runs = merge(
            runs,
            one(day, (value, value)),
            owner_of=OWNERS,
            known=Pictures.none(),
            full=Pictures.none(),
            sticky=(1,),
        ).runs
    assert [state(runs, d)[0][1] for d in (1, 3, 5)] == [0, 1, 1]


def test_a_value_told_again_is_not_lost_when_a_file_in_between_comes_late() -> None:
    told = [(8, 27), (22, 27), (15, 29)]
    runs, known = Runs.empty(FIELDS), Pictures.none()
    full = Pictures.of(np.array([0]), np.array([15]))
    runs = partial(runs, one(8, (UNKNOWN, 27), 0b10))
    runs = merge(
        runs, one(15, (5, UNKNOWN), 0b01), owner_of=OWNERS, known=known, full=full
    ).runs
    for day, value in told[1:]:
        runs = partial(runs, one(day, (UNKNOWN, value), 0b10), full)
    assert [state(runs, day)[0] for day in (8, 15, 22)] == [
        (UNKNOWN, 27),
        (5, 29),
        (5, 27),
    ]


def observation(kind: str, day: int, *values: int) -> tuple[str, Observations]:
    """An export of one key, which tells the first field, or facts of the second."""
    told = (UNKNOWN, *values) if kind == "facts" else (*values, UNKNOWN)
    return kind, one(day, told, 0b10 if kind == "facts" else 0b01)


def taken(files: list[tuple[str, Observations]], *, twice: bool = False) -> Runs:
    """The runs after these files; a second time none of them is news."""
    runs, known = Runs.empty(FIELDS), Pictures.none()
    for again in range(1 + twice):
        for kind, new in files:
            full = Pictures.none()
            if kind == "export":
                full = Pictures.of(np.zeros(1, np.int64), new.day)
            merged = merge(runs, new, owner_of=OWNERS, known=known, full=full)
            runs, known = merged.runs, known.joined(full)
            assert not (again and merged.changed.any())
    return runs


@given(
    st.dictionaries(
        st.tuples(st.integers(1, 8), st.sampled_from(["export", "facts"])),
        st.integers(0, 1),
        min_size=1,
    )
)
def test_facts_and_exports_in_order_of_their_days_are_idempotent(
    told: dict[tuple[int, str], int],
) -> None:
    files = [observation(kind, day, told[day, kind]) for day, kind in sorted(told)]
    runs = taken(files)
    assert_same(taken(files, twice=True), runs)
    for day in range(10):
        known = [UNKNOWN, UNKNOWN]
        for field, source in enumerate(("export", "facts")):
            days = [d for d, kind in told if kind == source and d <= day]
            if days:
                known[field] = told[max(days), source]
        expected = {} if known == [UNKNOWN, UNKNOWN] else {0: tuple(known)}
        assert state(runs, day) == expected


def test_an_export_told_what_late_facts_of_its_day_lie_over() -> None:
    files = [("export", 6, 1), ("export", 1, 1), ("facts", 6, 1), ("export", 3, 0)]
    runs = taken([observation(*file) for file in files])
    assert [state(runs, day)[0][0] for day in (1, 3, 6)] == [1, 0, 1]


def test_facts_that_repeat_a_run_are_kept_by_their_last_day_only() -> None:
    """What depends on the order of facts; `merge` says so."""
    told = {2: 0, 3: 1, 4: 0, 5: 0}
    in_order = taken([observation("facts", day, told[day]) for day in told])
    late = taken([observation("facts", day, told[day]) for day in (2, 4, 5, 3)])
    found = [[state(r, day)[0][1] for day in (2, 3, 4, 5)] for r in (in_order, late)]
    assert found == [[0, 1, 0, 0], [0, 1, 1, 0]]


def test_a_late_export_does_not_contradict_facts_around_it() -> None:
    """What depends on the order of facts; `merge` says so."""
    nothing = Observations(
        key=np.empty(0, np.int64),
        day=np.empty(0, np.int64),
        observed=np.empty(0, np.int64),
        values=np.empty((FIELDS, 0), np.int64),
    )
    left_out = Pictures.of(np.array([0]), np.array([6]))
    first, last = (observation("facts", day, 0)[1] for day in (4, 8))
    states = []
    for order in ((first, nothing, last), (first, last, nothing)):
        runs, known = Runs.empty(FIELDS), Pictures.none()
        for new in order:
            full = left_out if new is nothing else Pictures.none()
            runs = merge(runs, new, owner_of=OWNERS, known=known, full=full).runs
            known = known.joined(full)
        states.append([0 in state(runs, day) for day in (4, 6, 8)])
    assert states == [[True, False, True], [True, True, True]]
