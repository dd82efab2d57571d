import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.domain import rules
from partnerhub.domain.lifecycle import LifecyclePolicy, TrialState, lifecycle
from partnerhub.domain.organizations import Organization
from partnerhub.domain.products import CALLING_PROFESSIONAL
from partnerhub.domain.subscriptions import LicenseLine, Subscription

END = dt.date(2026, 11, 12)


def at(days, **told):
    told = {"ends_on": END, "has_calling": True, **told}
    return lifecycle(at=END + dt.timedelta(days), **told)


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (-1, TrialState.ACTIVE),
        (0, TrialState.ACTIVE),
        (1, TrialState.SUSPENDED),
        (30, TrialState.SUSPENDED),
        (31, TrialState.SOFT_DELETED),
        (60, TrialState.SOFT_DELETED),
        (61, TrialState.DELETED),
        (400, TrialState.DELETED),
    ],
)
def test_a_calling_trial_that_runs_out(days, state):
    found = at(days)
    assert found.state is state
    assert found.suspended_until == END + dt.timedelta(30)
    assert found.deletes_on == END + dt.timedelta(31)
    assert found.gone_from == END + dt.timedelta(46)
    assert found.gone_by == END + dt.timedelta(61)
    assert found.days_until_deletion == (31 - days if days <= 31 else None)


def test_other_trials_just_expire():
    assert at(0, has_calling=False).state is TrialState.ACTIVE
    expired = at(1, has_calling=False)
    assert (expired.state, expired.deletes_on) == (TrialState.EXPIRED, None)
    assert expired.days_until_deletion is None


def test_a_cancelled_calling_trial_is_deleted_softly_at_once():
    cancelled = at(-10, cancelled_on=END - dt.timedelta(10))
    assert cancelled.state is TrialState.SOFT_DELETED
    assert cancelled.deletes_on == END - dt.timedelta(10)
    assert at(20, cancelled_on=END - dt.timedelta(10)).state is TrialState.DELETED
    assert at(-11, cancelled_on=END - dt.timedelta(10)).state is TrialState.ACTIVE


def test_cancelled_without_calling():
    found = at(0, has_calling=False, cancelled_on=END)
    assert found.state is TrialState.CANCELLED


def test_converted():
    assert at(0, converted_on=END).state is TrialState.CONVERTED
    assert at(-1, converted_on=END).state is TrialState.ACTIVE


def test_before_its_start_and_without_an_end():
    assert at(-9, starts_on=END - dt.timedelta(5)).state is TrialState.PLANNED
    assert at(999, ends_on=None).state is TrialState.ACTIVE


def test_the_days_are_policy():
    policy = LifecyclePolicy(restorable_at_least=1, restorable_at_most=2)
    assert at(33, policy=policy).state is TrialState.DELETED


@given(st.integers(-100, 100), st.booleans())
def test_suspended_is_what_the_status_rule_says(days, has_calling):
    """The rule that gives a customer the status, and these dates, agree."""
    name = CALLING_PROFESSIONAL if has_calling else "Webex Messaging"
    held = Subscription(
        id="T1",
        customer=Organization(id="c8b0e0d2-0000-4000-8000-000000000001"),
        is_trial=True,
        ends_on=END,
        lines=(LicenseLine(license=name, total=1),),
    )
    today = END + dt.timedelta(days)
    d = rules.day_bounds(today)
    view = rules.with_state(rules.object_view(held), d)
    found = at(days, has_calling=has_calling).state
    assert (found is TrialState.SUSPENDED) == rules.suspended(view, d)
    assert (found is TrialState.ACTIVE) == rules.active(view, d)
