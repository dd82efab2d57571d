"""Each rule on the days on which it changes its mind, and with its inputs unknown."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pendulum
import pytest

from partnerhub.domain import rules
from partnerhub.domain.days import EARLIEST, LATEST
from partnerhub.domain.policies import KpiPolicy, LowAssignmentPolicy, StatusPolicy

AT = pendulum.date(2026, 11, 22)
D = rules.day_bounds(AT)


def day(offset: int | None) -> dt.date | None:
    return None if offset is None else AT + dt.timedelta(offset)


def held(**known: object) -> rules.View:
    """A subscription of which only `known` is known; days are offsets from `AT`."""
    row = dict.fromkeys(rules.SUBSCRIPTION_READS) | known
    for name in ("starts_on", "ends_on", "added_on"):
        row[name] = day(row[name])
    return rules.with_state(rules.object_view(SimpleNamespace(**row)), D)


def line(**known: object) -> rules.View:
    active = known.pop("active", True)
    view = rules.object_view(
        SimpleNamespace(**{"total": None, "assigned": None} | known)
    )
    view.active = active
    return view


def customer(sign_in: dt.date | None = None, *, admins: bool | None = None):
    return rules.object_view(
        SimpleNamespace(last_admin_sign_in=sign_in, has_admins=admins)
    )


def cases(name: str, *table: tuple[object, bool]):
    return pytest.mark.parametrize((name, "expected"), table)


@cases("start", (-1, True), (0, True), (1, False), (None, True))
def test_it_has_started_on_its_first_day(start, expected):
    assert rules.started(held(starts_on=start), D) is expected


@cases("end", (-1, True), (0, False), (1, False), (None, False))
def test_it_has_ended_after_its_last_day(end, expected):
    assert rules.ended(held(ends_on=end), D) is expected


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"auto_renews": True}, False),
        ({"auto_renews": False}, True),
        ({"auto_renews": None}, True),
        ({"auto_renews": True, "is_trial": True}, True),
        ({"auto_renews": True, "gone": True}, True),
        ({"auto_renews": True, "source_expired": True}, True),
    ],
)
def test_only_a_subscription_that_renews_outlives_its_date(known, expected):
    assert rules.ended(held(ends_on=-1, **known), D) is expected


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, True),
        ({"starts_on": 1}, False),
        ({"starts_on": 0, "ends_on": 0}, True),
        ({"ends_on": -1}, False),
        ({"ends_on": -400, "auto_renews": True}, True),
        ({"ends_on": 1, "source_expired": True}, False),
        ({"ends_on": 1, "gone": True}, False),
    ],
)
def test_active(known, expected):
    assert rules.active(held(**known), D) is expected


def test_an_active_one_is_a_trial_or_a_subscription():
    for is_trial in (True, False):
        s = held(is_trial=is_trial)
        assert rules.trial(s, D) is is_trial
        assert rules.subscription(s, D) is not is_trial
    over = held(ends_on=-1)
    assert not rules.trial(over, D)
    assert not rules.subscription(over, D)


@cases("end", (-1, False), (0, True), (30, True), (31, False), (None, False))
def test_expiring_soon(end, expected):
    assert rules.expiring_soon(held(ends_on=end), D) is expected


NEARING = ((-1, False), (0, True), (30, True), (90, True), (91, False), (None, False))


@cases("end", *NEARING)
def test_nearing_expiration(end, expected):
    for is_trial in (True, False):
        s = held(ends_on=end, is_trial=is_trial)
        assert rules.nearing_expiration(s, D) is expected


@cases("end", *NEARING)
def test_nearing_renewal(end, expected):
    s = held(ends_on=end, auto_renews=True)
    assert rules.nearing_renewal(s, D) is expected


@cases("auto_renews", (True, False), (False, True), (None, True))
def test_expiring_never_mixes_with_renewing(auto_renews, expected):
    s = held(ends_on=10, auto_renews=auto_renews)
    assert rules.nearing_expiration(s, D) is rules.expiring_soon(s, D) is expected
    assert rules.nearing_renewal(s, D) is not expected


def test_a_trial_never_renews_whatever_its_source_says():
    s = held(ends_on=10, auto_renews=True, is_trial=True)
    assert not rules.renews(s, D)
    assert not rules.nearing_renewal(s, D)
    assert rules.nearing_expiration(s, D)
    assert rules.expiring_soon(s, D)


def test_whether_it_is_paid_does_not_change_that_it_renews():
    assert rules.nearing_renewal(held(ends_on=10, auto_renews=True, paid=False), D)


@cases("added", (1, False), (0, True), (-90, True), (-91, False), (None, False))
def test_recently_added(added, expected):
    assert rules.recently_added(held(added_on=added), D) is expected


def test_recently_added_counts_ended_ones_and_not_gone_ones():
    assert rules.recently_added(held(added_on=-5, ends_on=-1), D)
    assert not rules.recently_added(held(added_on=-5, gone=True), D)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"paid": False}, True),
        ({"paid": True}, False),
        ({"paid": None}, False),
        ({"paid": False, "starts_on": 1}, True),
        ({"paid": False, "ends_on": 0}, True),
        ({"paid": False, "ends_on": -1}, False),
        ({"paid": False, "gone": True}, False),
    ],
)
def test_suspended_is_not_paid_and_not_over(known, expected):
    assert rules.suspended(held(**known), D) is expected


@cases("end", (0, False), (-1, True), (-30, True), (-31, False), (None, False))
def test_an_expired_calling_trial_is_suspended_for_30_days(end, expected):
    trial = held(is_trial=True, has_calling=True, ends_on=end)
    assert rules.suspended(trial, D) is expected


@pytest.mark.parametrize(
    "known",
    [
        {"is_trial": False},
        {"has_calling": False},
        {"has_calling": None},
        {"gone": True},
    ],
)
def test_no_other_expired_one_is_suspended(known):
    trial = {"is_trial": True, "has_calling": True, "ends_on": -1}
    assert not rules.suspended(held(**trial | known), D)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"provisioned": False}, True),
        ({"provisioned": True}, False),
        ({"provisioned": None}, False),
        ({"provisioned": False, "starts_on": 1}, True),
        ({"provisioned": False, "ends_on": -1}, False),
    ],
)
def test_ready_for_order_setup(known, expected):
    assert rules.ready_for_order_setup(held(**known), D) is expected


@pytest.mark.parametrize(
    ("total", "assigned", "expected"),
    [
        (10, 11, True),
        (10, 10, False),
        (0, 0, False),
        (0, 1, True),
        (None, 5, False),
        (5, None, False),
        (None, None, False),
    ],
)
def test_over_limit(total, assigned, expected):
    found = line(total=total, assigned=assigned)
    assert rules.over_limit(found, D) is expected
    over = line(total=total, assigned=assigned, active=False)
    assert rules.over_limit(over, D) is False


@pytest.mark.parametrize("rule", rules.LINE_RULES)
@pytest.mark.parametrize("known", [{}, {"total": 1, "assigned": 2}, {"assigned": 5}])
def test_rules_of_lines_hold_of_no_line_that_is_not_active(rule, known):
    assert not rule(line(active=False, **known), D)


@pytest.mark.parametrize(
    ("sign_in", "admins", "expected"),
    [
        (day(0), True, False),
        (day(-90), True, False),
        (day(-91), True, True),
        (EARLIEST, None, True),
        (None, None, False),
        (None, True, False),
        (None, False, True),
        (day(0), False, True),
    ],
)
def test_no_recent_activity(sign_in, admins, expected):
    assert rules.no_recent_activity(customer(sign_in, admins=admins), D) is expected


def test_policies_move_the_days():
    policy = StatusPolicy(expiring_within=7, inactive_after=1, trial_suspended_for=0)
    kpis = KpiPolicy(nearing_within=10, added_within=5)
    d = rules.day_bounds(AT, policy=policy, kpi_policy=kpis)
    assert d == rules.DayBounds(
        today=AT,
        expiring_until=day(7),
        nearing_until=day(10),
        added_since=day(-5),
        signed_in_since=day(-1),
        suspended_since=AT,
    )


def test_bounds_stay_within_the_ends_of_time():
    assert rules.day_bounds(LATEST).nearing_until == LATEST
    assert rules.day_bounds(EARLIEST).added_since == EARLIEST


def test_a_date_time_becomes_its_utc_date():
    late = pendulum.datetime(2026, 11, 21, 23, tz="America/New_York")
    assert rules.day_bounds(late).today == AT


def test_a_number_of_days_is_not_negative():
    with pytest.raises(ValueError, match="expiring_within"):
        StatusPolicy(expiring_within=-1)


@pytest.mark.parametrize("quantile", [-0.1, 1.1])
def test_a_quantile_is_a_share(quantile):
    with pytest.raises(ValueError, match="0 to 1"):
        LowAssignmentPolicy(quantile=quantile)


def test_a_view_has_what_the_object_has():
    view = rules.object_view(SimpleNamespace(total=None, other=1))
    assert vars(view) == {"total": rules.LARGEST}
