"""Schedules as lines of cron, and what cron has no words for."""

import pytest

from partnerhub.domain.cron import cron_line
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.report_specs import ReportRequest
from partnerhub.domain.schedules import Daily, Monthly, Schedule, Weekly


def line(rule, time="06:30", zone="UTC", start="2026-11-22"):
    return cron_line(
        Schedule(
            key="s",
            request=ReportRequest(template="devices"),
            rule=rule,
            time=time,
            zone=zone,
            start=start,
        )
    )


@pytest.mark.parametrize(
    ("rule", "expression"),
    [
        (Daily(), "30 6 * * *"),
        (Weekly(weekdays=["sun", "mon"]), "30 6 * * 1,0"),
        (Monthly(day=28), "30 6 28 * *"),
        (Monthly(day=31, short="skip"), "30 6 31 * *"),
        (Monthly(day=1, every=3), "30 6 1 2,5,8,11 *"),
        (Monthly(day=1, every=12), "30 6 1 11 *"),
    ],
)
def test_what_cron_can_say(rule, expression):
    assert line(rule).expression == expression


@pytest.mark.parametrize(
    ("rule", "time", "says"),
    [
        (Monthly(day=31), "06:30", "no last day"),
        (Monthly(day=29), "06:30", "no last day"),
        (Monthly(day=1, every=5), "06:30", "others each year"),
        (Daily(every=2), "06:30", "every second"),
        (Weekly(weekdays=["mon"], every=2), "06:30", "every second"),
        (Daily(), "06:30:15", "not seconds"),
    ],
)
def test_what_cron_cannot_say(rule, time, says):
    with pytest.raises(InvalidValue, match=says):
        line(rule, time)


def test_clocks_that_are_turned_are_a_note():
    assert len(line(Daily(), "06:30", "Europe/Paris").notes) == 1
    skipped, twice, first_day = line(Daily(), "02:30", "Europe/Paris").notes
    assert "right after the gap" in skipped
    assert "once; cron may run twice" in twice
    assert "2026-11-22" in first_day
    assert len(line(Daily(), "02:30", "Asia/Tokyo").notes) == 1
