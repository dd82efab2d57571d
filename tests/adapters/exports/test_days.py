from __future__ import annotations

import pytest

from partnerhub.adapters.exports import ReadOptions
from partnerhub.adapters.exports.days import file_day
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import DayRequired
from partnerhub.domain.layouts import (
    CALLING_USAGE_DETAILS,
    DEVICES,
    SUBSCRIPTION_DETAILS,
)
from partnerhub.domain.weeks import last_complete_week


def test_the_name_says_the_day_before_the_option():
    day, period = file_day(
        DEVICES, "Devices_x_2026-11-22.csv", ReadOptions(as_of="2026-01-01")
    )
    assert (str(day), period) == ("2026-11-22", None)


def test_the_option_serves_a_name_without_a_day():
    day, _ = file_day(DEVICES, "devices.csv", ReadOptions(as_of="2026-01-01"))
    assert str(day) == "2026-01-01"


def test_a_day_that_does_not_exist_is_not_taken():
    day, _ = file_day(DEVICES, "2026-11-22_2026-02-30.csv", ReadOptions())
    assert str(day) == "2026-11-22"


def test_no_day_at_all_is_an_error_that_says_what_to_do():
    with pytest.raises(DayRequired, match="--as-of"):
        file_day(DEVICES, "devices.csv", ReadOptions())
    with pytest.raises(DayRequired, match="--from"):
        file_day(CALLING_USAGE_DETAILS, "usage.csv", ReadOptions())


def test_rows_that_say_their_day_need_none():
    assert file_day(SUBSCRIPTION_DETAILS, "x.csv", ReadOptions()) == (None, None)


def test_sums_cover_the_last_complete_week_before_the_day_of_the_file():
    day, period = file_day(CALLING_USAGE_DETAILS, "u_2026-11-25.csv", ReadOptions())
    assert str(day) == "2026-11-25"
    assert period == (as_day("2026-11-15"), as_day("2026-11-21"))


def test_sums_cover_the_range_that_is_given():
    options = ReadOptions(start="2026-10-01", end="2026-10-31")
    assert file_day(CALLING_USAGE_DETAILS, "usage.csv", options) == (
        as_day("2026-10-31"),
        (as_day("2026-10-01"), as_day("2026-10-31")),
    )


@pytest.mark.parametrize("day", range(22, 29))
def test_all_days_of_a_week_have_the_same_week_before_them(day: int):
    assert last_complete_week(as_day(f"2026-11-{day}"))[1] == as_day("2026-11-21")
