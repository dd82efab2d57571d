import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.domain.errors import IllegalStep
from partnerhub.domain.onboarding import (
    Onboarding,
    OnboardingState,
    accept_terms,
    finish,
    first_user,
    launch,
    order,
    set_up,
)
from partnerhub.domain.roles import OrganizationRole, Role

DAY = dt.date(2026, 11, 2)
STEPS = (
    order,
    lambda before, *, at: launch(before, by="Ana@Partner.example", at=at),
    accept_terms,
    set_up,
    finish,
)


def after(count):
    done = Onboarding()
    for days, step in enumerate(STEPS[:count]):
        done = step(done, at=DAY + dt.timedelta(days))
    return done


@pytest.mark.parametrize("count", range(6))
def test_one_step_after_the_other(count):
    done = after(count)
    assert done.state is list(OnboardingState)[count]
    assert (done.next_step is None) == (count == 5)
    assert done.done_on(OnboardingState.NOT_ORDERED) is None


@given(st.integers(0, 5), st.integers(0, 4))
def test_no_step_is_skipped_or_made_twice(count, place):
    done = after(count)
    if place == count:
        assert len(STEPS[place](done, at=DAY + dt.timedelta(9)).days) == count + 1
        return
    with pytest.raises(IllegalStep) as told:
        STEPS[place](done, at=DAY + dt.timedelta(9))
    assert bool(told.value.missing) == (place > count)
    assert len(told.value.missing) == max(0, place - count)


def test_no_step_is_made_before_the_one_before_it():
    with pytest.raises(IllegalStep, match="before 2026-11-02"):
        launch(after(1), by="ana@partner.example", at=dt.date(2026, 11, 1))


def test_the_first_user_gets_both_roles():
    first = first_user(after(2))
    assert first.email == "ana@partner.example"
    assert first.roles == {Role.PARTNER_FULL}
    assert first.organization_roles == {OrganizationRole.FULL}
    with pytest.raises(IllegalStep, match="missing: launch"):
        first_user(after(1))
