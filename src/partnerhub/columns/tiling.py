"""Which of many ranges of days fit together to exactly one range.

Sums over ranges are never cut up: those of a customer count for a range only where
they cover each of its days once.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from partnerhub.columns.unknown import Array, Days, Ints


def tiling_rows(
    owner: Array, first: Days, last: Days, /, *, start: dt.date, end: dt.date
) -> Ints:
    """The rows that cover the range exactly, for each owner who has such rows.

    Of several ways the one with the fewest ranges is taken, so a weekly file comes
    before seven daily ones.

    Args:
        owner: Whose each row is, object `(n,)`.
        first: First day of each row, datetime64[D] `(n,)`.
        last: Last day, included.
        start: First day of the range.
        end: Last day, included.

    Returns:
        Positions of the rows, ascending.

    Examples:
        >>> days = np.array(["2026-11-15", "2026-11-18", "2026-11-15"], "M8[D]")
        >>> ends = np.array(["2026-11-17", "2026-11-21", "2026-11-20"], "M8[D]")
        >>> who, week = np.array(["a", "a", "b"]), dt.date(2026, 11, 15)
        >>> until = dt.date(2026, 11, 21)
        >>> tiling_rows(who, days, ends, start=week, end=until).tolist()
        [0, 1]
    """
    low, high = np.datetime64(start, "D"), np.datetime64(end, "D") + 1
    inside = np.flatnonzero((first >= low) & (last < high) & (first <= last))
    rows: dict[str, dict[tuple[int, int], list[int]]] = {}
    begins = (first[inside] - low).astype(np.int64).tolist()
    ends = (last[inside] - low).astype(np.int64).tolist()
    owners = owner[inside].tolist()
    for row, who, begin, stop in zip(
        inside.tolist(), owners, begins, ends, strict=True
    ):
        rows.setdefault(who, {}).setdefault((begin, stop + 1), []).append(row)
    days = int((high - low).astype(np.int64))
    chosen = [
        row
        for ranges in rows.values()
        for range_ in _fewest(sorted(ranges), days)
        for row in ranges[range_]
    ]
    return np.array(sorted(chosen), np.int64)


def _fewest(ranges: list[tuple[int, int]], days: int) -> list[tuple[int, int]]:
    """The fewest ranges that go from 0 to `days` without gap or overlap."""
    # Ranges come in order of their first day, so all that end where one begins
    # have been met before it.
    reached: dict[int, list[tuple[int, int]]] = {0: []}
    for begin, stop in ranges:
        if begin not in reached:
            continue
        steps = [*reached[begin], (begin, stop)]
        if stop not in reached or len(steps) < len(reached[stop]):
            reached[stop] = steps
    return reached.get(days, [])
