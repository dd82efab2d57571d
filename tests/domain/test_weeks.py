"""Weeks run from Sunday to Saturday and count once they are over."""

from __future__ import annotations

import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from partnerhub.domain.weeks import last_complete_week, last_complete_weeks

DAYS = st.dates(dt.date(1901, 1, 1), dt.date(9998, 12, 31))
SUNDAY, SATURDAY = 7, 6


@given(DAYS)
def test_the_last_complete_week_is_over_and_no_later_one_is(day: dt.date):
    first, last = last_complete_week(day)
    assert (first.isoweekday(), last.isoweekday()) == (SUNDAY, SATURDAY)
    assert (last - first).days == 6
    assert 1 <= (day - last).days <= 7


@given(DAYS, st.integers(0, 9))
def test_weeks_follow_each_other_up_to_the_last(day: dt.date, count: int):
    weeks = last_complete_weeks(day, count)
    assert len(weeks) == count
    assert weeks[-1:] == ((last_complete_week(day),) if count else ())
    for (_, before), (after, _) in itertools.pairwise(weeks):
        assert (after - before).days == 1
