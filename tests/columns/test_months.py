"""Whole months, as pendulum counts them."""

from __future__ import annotations

import numpy as np
import pendulum
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.columns.months import whole_months

DAYS = st.dates(pendulum.date(2019, 1, 1), pendulum.date(2029, 12, 31))


@given(DAYS, DAYS)
def test_as_pendulum_counts(first, last):
    found = int(whole_months(np.datetime64(first), np.datetime64(last)))
    begin, end = (pendulum.date(d.year, d.month, d.day) for d in (first, last))
    assert found == (-1 if last < first else (end - begin).in_months())


def test_by_hand():
    first = np.array(["2026-01-31", "2026-01-30", "2026-11-22", "NaT"], "M8[D]")
    last = np.datetime64("2026-02-28")
    assert whole_months(first, last).tolist() == [1, 0, -1, -1]
    assert whole_months(first[:0], last).tolist() == []
