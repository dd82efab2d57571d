"""When schedules run: never twice for a slot, never skipped, never drifting."""

import bisect
import calendar
import datetime as dt
import itertools
import zoneinfo

import attrs
import pendulum
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.instants import as_instant, zone_named
from partnerhub.domain.report_specs import ReportRequest
from partnerhub.domain.schedules import (
    Daily,
    Missed,
    Monthly,
    RetryPolicy,
    Schedule,
    Weekday,
    Weekly,
    due,
    next_run,
    slots,
)

REQUEST = ReportRequest(template="devices", region="*")
ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
TWISTED = [
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Africa/El_Aaiun",
    "Antarctica/Troll",
    "Asia/Pyongyang",
    "America/Caracas",
    "Europe/Dublin",
    "Asia/Gaza",
]
WINDOW_DAYS = 220
SECOND, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)


def schedule(rule, time="06:30", zone="UTC", start="1900-01-01", **told):
    return Schedule(
        key="s",
        request=REQUEST,
        rule=rule,
        time=time,
        zone=zone,
        start=start,
        **told,
    )


def texts(found):
    return [slot.isoformat() for slot in found]


RULES = st.one_of(
    st.builds(Daily, every=st.integers(1, 9)),
    st.builds(
        Weekly,
        weekdays=st.lists(st.sampled_from(Weekday), min_size=1, max_size=4),
        every=st.integers(1, 4),
    ),
    st.builds(
        Monthly,
        day=st.integers(1, 31),
        short=st.sampled_from(("last-day", "skip")),
        every=st.sampled_from((1, 2, 3, 5)),
    ),
)


@st.composite
def schedules(draw):
    # Most clocks are turned at night.
    minute = draw(st.integers(0, 4 * 60 - 1) | st.integers(0, 24 * 60 - 1))
    start = draw(st.dates(dt.date(1905, 1, 1), dt.date(2100, 1, 1)))
    return schedule(
        draw(RULES),
        time=dt.time(minute // 60, minute % 60, draw(st.sampled_from((0, 59)))),
        zone=draw(st.sampled_from(TWISTED) | st.sampled_from(ZONES)),
        start=start,
    )


def asked(rule, start, first, last):
    """The dates of a rule, found day by day."""
    monday = start - dt.timedelta(start.weekday())
    for number in range((last - first).days + 1):
        day = first + dt.timedelta(number)
        if day < start:
            continue
        match rule:
            case Daily():
                wanted = (day - start).days % rule.every == 0
            case Weekly():
                week = (day - monday).days // 7
                wanted = (
                    week % rule.every == 0
                    and list(Weekday)[day.weekday()] in rule.weekdays
                )
            case Monthly():
                months = (day.year - start.year) * 12 + day.month - start.month
                length = calendar.monthrange(day.year, day.month)[1]
                place = min(rule.day, length)
                wanted = (
                    months % rule.every == 0
                    and day.day == place
                    and (place == rule.day or rule.short == "last-day")
                )
        if wanted:
            yield day


def shown(instant, zone):
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


@given(schedules(), st.integers(0, 20_000))
@example(schedule(Daily(), "09:00", "Pacific/Apia", "2011-12-01"), 0)
@example(schedule(Daily(), "00:00", "Pacific/Apia", "2011-12-01"), 0)
@example(schedule(Daily(), "02:15", "Australia/Lord_Howe", "2026-09-01"), 0)
@example(schedule(Daily(), "01:45", "Australia/Lord_Howe", "2026-03-01"), 0)
@example(schedule(Daily(), "00:00", "America/Sao_Paulo", "2018-10-01"), 0)
@example(schedule(Daily(), "00:00", "Africa/Cairo", "2026-04-01"), 0)
def test_each_date_runs_once_when_clocks_first_show_its_time(told, later):
    first = told.start.add(days=later) if later < 2_000 else told.start
    last = first.add(days=WINDOW_DAYS)
    begin, end = as_instant(first.subtract(days=3)), as_instant(last.add(days=3))
    found = list(slots(told, begin, end))
    instants = [as_instant(slot) for slot in found]
    assert all(a < b for a, b in itertools.pairwise(instants))
    assert all(slot.timezone_name == told.zone for slot in found)
    zone = zoneinfo.ZoneInfo(told.zone)
    expected = list(asked(told.rule, told.start, first, last))
    for day in expected:
        local = dt.datetime.combine(day, told.time)
        about = local.replace(tzinfo=dt.UTC)
        begin = bisect.bisect_left(instants, about - 2 * DAY)
        near = instants[begin : bisect.bisect(instants, about + 2 * DAY)]
        # The first instant whose clocks show that time or a later one.
        crossings = [
            u
            for u in near
            if shown(u, zone) >= local and shown(u - SECOND, zone) < local
        ]
        assert len(crossings) == 1, day
        u = crossings[0]
        if (u - 2 * DAY).astimezone(zone).utcoffset() != u.astimezone(zone).utcoffset():
            before = (u - dt.timedelta(minutes=15 * n) for n in range(1, 4 * 27))
            assert all(shown(each, zone) < local for each in before), day
    # Days before and after the window may have runs in it too, and no more than that.
    assert len(expected) - 2 <= len(found) <= len(expected) + 7


@given(schedules(), st.integers(0, 40))
def test_the_next_run_of_the_next_run_skips_none(told, moved):
    begin = as_instant(told.start).add(days=moved)
    end = begin.add(days=WINDOW_DAYS)
    stepped, after = [], begin.subtract(seconds=1)
    while (slot := next_run(told, after=after)) is not None and slot <= end:
        stepped.append(slot)
        after = slot
    assert texts(stepped) == texts(slots(told, begin, end))


@given(
    schedules(),
    st.lists(st.integers(-40, 400), max_size=12),
    st.sampled_from(Missed),
    st.booleans(),
)
def test_whoever_looks_whenever_asks_for_each_run_once(told, looks, missed, since):
    begin = as_instant(told.start)
    told = attrs.evolve(told, missed=missed, since=begin if since else None)
    now, newest, asked_for = begin, None, []
    for hours in looks:
        # A clock may be turned back between two looks.
        now = now.add(hours=hours * 7)
        found = due(told, after=newest, at=now)
        assert len(found) <= 1 or missed is Missed.ALL
        asked_for += [as_instant(slot) for slot in found]
        newest = asked_for[-1] if asked_for else None
        last = list(slots(told, begin.subtract(days=3), now))
        last = [slot for slot in last if not since or slot > begin]
        if last and (newest is None or newest <= now):
            assert newest == as_instant(last[-1])
    assert all(a < b for a, b in itertools.pairwise(asked_for))
    if missed is Missed.ALL and asked_for:
        every = [
            as_instant(slot)
            for slot in slots(told, begin.subtract(days=3), asked_for[-1])
            if not since or slot > begin
        ]
        assert asked_for == every


@pytest.mark.parametrize(
    ("zone", "time", "first", "expected"),
    [
        # A whole day that was skipped: the first valid instant is the next midnight.
        (
            "Pacific/Apia",
            "09:00",
            "2011-12-29T12:00:00+00:00",
            ["2011-12-29T09:00:00-10:00", "2011-12-31T00:00:00+14:00"],
        ),
        # Half an hour.
        (
            "Australia/Lord_Howe",
            "02:15",
            "2026-10-03T00:00:00+10:30",
            ["2026-10-03T02:15:00+10:30", "2026-10-04T02:30:00+11:00"],
        ),
        # A midnight that does not exist.
        (
            "America/Sao_Paulo",
            "00:00",
            "2018-11-03T03:00:00+00:00",
            ["2018-11-03T00:00:00-03:00", "2018-11-04T01:00:00-02:00"],
        ),
        (
            "Africa/Cairo",
            "00:00",
            "2026-04-23T00:00:00+02:00",
            ["2026-04-23T00:00:00+02:00", "2026-04-24T01:00:00+03:00"],
        ),
        # Shown twice: the first of the two.
        (
            "Europe/Paris",
            "02:30",
            "2026-10-25T00:00:00+02:00",
            ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"],
        ),
        # A whole day that was shown twice.
        (
            "America/Juneau",
            "10:00",
            "1867-10-18T18:00:00+00:00",
            ["1867-10-19T10:00:00+15:02:19", "1867-10-20T10:00:00-08:57:41"],
        ),
    ],
)
def test_clocks_that_are_turned(zone, time, first, expected):
    told = schedule(Daily(), time, zone, "1860-01-01")
    found = slots(told, first, as_instant(first).add(days=4))
    assert texts(found)[: len(expected)] == expected


def test_a_midnight_that_two_days_come_to_runs_once():
    told = schedule(Daily(), "00:00", "Pacific/Apia", "2011-01-01")
    found = slots(told, "2011-12-29T00:00:00+00:00", "2012-01-01T00:00:00+14:00")
    days = ["2011-12-29T00:00:00-10:00", "2011-12-31T00:00:00+14:00"]
    assert texts(found) == [*days, "2012-01-01T00:00:00+14:00"]


def test_days_that_short_months_do_not_have():
    ends = slots(schedule(Monthly(day=31), "00:00"), "2028-01-01", "2028-07-01")
    assert [f"{s:%m-%d}" for s in ends] == [
        *("01-31", "02-29", "03-31", "04-30", "05-31", "06-30")
    ]
    skipped = schedule(Monthly(day=31, short="skip"), "00:00")
    found = slots(skipped, "2028-01-01", "2028-07-01")
    assert [f"{s:%m-%d}" for s in found] == ["01-31", "03-31", "05-31"]
    leap = schedule(Monthly(day=29, short="skip", every=12), start="2026-02-01")
    assert next_run(leap, after="2026-02-01").date().isoformat() == "2028-02-29"


def test_the_calendar_has_an_end():
    told = schedule(Daily(), "22:00", "America/New_York")
    found = list(slots(told, "9999-12-30", "9999-12-31T23:59:59+00:00"))
    assert texts(found) == ["9999-12-29T22:00:00-05:00", "9999-12-30T22:00:00-05:00"]
    assert next_run(told, after="9999-12-31T12:00:00+00:00") is None
    early = schedule(Daily(), zone="Asia/Tokyo", start="0001-01-01")
    assert next_run(early, after="0001-01-01").day == 2


def test_a_paused_schedule_asks_for_nothing_and_runs_of_before_are_not_missed():
    told = schedule(Daily(), missed="all", start="2026-11-01")
    assert len(due(told, at="2026-11-11")) == 10
    assert due(attrs.evolve(told, paused=True), at="2026-11-11") == ()
    resumed = attrs.evolve(told, since="2026-11-09T06:30:00+00:00")
    assert [slot.day for slot in due(resumed, at="2026-11-12")] == [10, 11]


REFUSED = [
    (lambda: schedule(Daily(every=0)), "number of days"),
    (lambda: schedule(Weekly(weekdays=[])), "valid: mon, tue"),
    (lambda: schedule(Weekly(weekdays=["someday"])), "valid: mon, tue"),
    (lambda: schedule(Weekly(weekdays=["monkey"])), "valid: mon, tue"),
    (lambda: schedule(Daily(every="2")), "whole number"),
    (lambda: schedule(Daily(every=1.5)), "whole number"),
    (lambda: schedule(Monthly(day="31")), "1 to 31"),
    (lambda: schedule(Monthly(day=31, short="no")), "valid: last-day, skip"),
    (lambda: schedule(Daily(), missed="never"), "valid: once, all"),
    (lambda: schedule(Monthly(day=32)), "1 to 31"),
    (lambda: schedule(Daily(), zone="Europe/Pari"), "'Europe/Paris'"),
    (lambda: schedule(Daily(), zone="../../etc/passwd"), "time zone"),
    (lambda: schedule(Daily(), zone="UTC\0"), "time zone"),
    (lambda: schedule(Daily(), time="25:00"), "as 06:30"),
    (lambda: schedule(Daily(), time="06:30+01:00"), "the zone is the schedule's"),
    (lambda: schedule(Daily(), time=dt.time(1, fold=1)), "hours, minutes"),
    (lambda: schedule(Daily(), keep=0), "1 or more"),
    (lambda: attrs.evolve(schedule(Daily()), key=" "), "1 to 100"),
    (lambda: attrs.evolve(schedule(Daily()), key="a\x1b"), "printed"),
    (
        lambda: schedule(Monthly(day=31, short="skip", every=12), start="2026-02-01"),
        "no day on which it would run",
    ),
    (
        lambda: attrs.evolve(
            schedule(Daily()), request=attrs.evolve(REQUEST, at="2026-11-22")
        ),
        "give a `window`",
    ),
]


@pytest.mark.parametrize(("make", "says"), REFUSED, ids=map(str, range(len(REFUSED))))
def test_what_no_schedule_can_be(make, says):
    with pytest.raises(InvalidValue, match=says):
        make()


def test_one_name_need_be_in_no_list():
    told = schedule(Weekly(weekdays="Monday"), deliveries="mail")
    assert told.rule == Weekly(weekdays=["mon"])
    assert told.deliveries == ("mail",)


def test_the_ends_of_the_calendar_are_days_like_others():
    first = schedule(Daily(), zone="Asia/Tokyo", start="0001-01-01")
    assert texts(due(first, at="0001-01-03")) == ["0001-01-03T06:30:00+09:18:59"]
    for text in ("0001-01-01T00:00:00+05:00", "9999-12-31T23:00:00-05:00"):
        with pytest.raises(InvalidValue, match="outside the years"):
            as_instant(text)


def test_waits_grow_up_to_a_limit():
    policy = RetryPolicy(most_tries=9, first_wait_s=10, longest_wait_s=100)
    waits = [policy.wait_s(tries) for tries in range(1, 10)]
    assert waits == [10, 20, 40, 80, 100, 100, 100, 100, None]


# What pendulum does by itself, which is why it is not left to it.


def test_pendulum_shifts_a_time_that_does_not_exist():
    assert pendulum.datetime(2026, 3, 29, 2, 30, tz="Europe/Paris").isoformat() == (
        "2026-03-29T03:30:00+02:00"
    )


def test_pendulum_takes_the_second_of_two():
    before = pendulum.datetime(2026, 10, 24, 2, 30, tz="Europe/Paris")
    assert before.add(days=1).isoformat() == "2026-10-25T02:30:00+01:00"


def test_pendulum_drifts_when_months_are_added_one_by_one():
    day = pendulum.date(2026, 1, 31)
    assert day.add(months=1).add(months=1).day == 28
    assert day.add(months=2).day == 31


def test_times_of_one_zone_are_compared_by_their_clocks():
    paris = zone_named("Europe/Paris")
    first = pendulum.datetime(2026, 10, 25, 0, 30).in_timezone(paris)
    second = pendulum.datetime(2026, 10, 25, 1, 10).in_timezone(paris)
    assert not second > first
    assert as_instant(second) > as_instant(first)


def test_an_instant_keeps_its_zone_when_something_is_added():
    told = as_instant(dt.datetime(2026, 11, 22, tzinfo=dt.UTC))
    assert as_instant(told).add(seconds=1).tzinfo is not None
    assert as_instant("2026-11-22T01:00:00+02:00") == told.subtract(hours=1)
    with pytest.raises(InvalidValue, match="write it as"):
        as_instant("tomorrow")
