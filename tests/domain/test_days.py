"""Days: whatever is given becomes its UTC date."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue


@given(st.datetimes(timezones=st.timezones()))
def test_a_date_time_becomes_its_utc_date(moment: dt.datetime):
    try:
        utc = moment.astimezone(dt.UTC)
    except OverflowError:
        return
    assert as_day(moment) == utc.date()
    assert as_day(moment.replace(tzinfo=None)) == moment.date()


@given(st.dates())
def test_a_date_and_its_text_are_the_same_day(day: dt.date):
    assert as_day(day) == as_day(f" {day} ") == as_day(f"{day}T23:00:00Z") == day


@pytest.mark.parametrize("text", ["", "22/11/2026", "2026-13-01", "soon"])
def test_what_is_no_day_is_refused(text: str):
    with pytest.raises(InvalidValue, match="2026-11-22"):
        as_day(text)
