"""Setting up the partner's own organization after its first order.

Launch it, accept the terms, set it up, done. Whoever launches it is its first user,
and becomes full administrator of it and partner full administrator.

>>> start = Onboarding(ordered_on="2026-11-02")
>>> launched = launch(start, by="ana@partner.example", at=pendulum.date(2026, 11, 3))
>>> launched.state.value, launched.first_user
('launched', 'ana@partner.example')
>>> finish(launched, at=pendulum.date(2026, 11, 3))
Traceback (most recent call last):
...
partnerhub.domain.errors.IllegalStep: cannot finish: missing: accept the terms, set up
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Final

import attrs
import pendulum

from partnerhub.domain.access import person_key
from partnerhub.domain.administrators import Administrator
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import IllegalStep
from partnerhub.domain.roles import OrganizationRole, Role


class OnboardingState(StrEnum):
    """How far the set-up is."""

    NOT_ORDERED = "not_ordered"
    ORDERED = "ordered"
    LAUNCHED = "launched"
    TERMS_ACCEPTED = "terms_accepted"
    SETTING_UP = "setting_up"
    DONE = "done"


_STEPS: Final = {
    OnboardingState.ORDERED: "place the order",
    OnboardingState.LAUNCHED: "launch",
    OnboardingState.TERMS_ACCEPTED: "accept the terms",
    OnboardingState.SETTING_UP: "set up",
    OnboardingState.DONE: "finish",
}
"""State -> the step that leads to it, in order."""


def _optional_day(value: dt.date | str | None) -> pendulum.Date | None:
    return None if value is None else as_day(value)


def _optional_person(value: str | None) -> str | None:
    return None if value is None else person_key(value)


def _day_field() -> pendulum.Date | None:
    return attrs.field(default=None, converter=_optional_day)  # type: ignore[no-any-return]


@attrs.frozen(kw_only=True)
class Onboarding:
    """How far the partner's own organization is set up.

    Attributes:
        ordered_on: The day of the order that gives access to Partner Hub.
        launched_on: The day it was launched.
        first_user: Who launched it.
        terms_accepted_on: The day the terms were accepted.
        set_up_on: The day the set-up was begun.
        done_on: The day it was completed.
    """

    ordered_on: pendulum.Date | None = _day_field()
    launched_on: pendulum.Date | None = _day_field()
    first_user: str | None = attrs.field(default=None, converter=_optional_person)
    terms_accepted_on: pendulum.Date | None = _day_field()
    set_up_on: pendulum.Date | None = _day_field()
    done_on: pendulum.Date | None = _day_field()

    @property
    def state(self) -> OnboardingState:
        """How far it is."""
        found = OnboardingState.NOT_ORDERED
        for state, name in _DAYS.items():
            if getattr(self, name) is not None:
                found = state
        return found

    @property
    def next_step(self) -> str | None:
        """What comes next; None when it is done."""
        states = list(OnboardingState)
        place = states.index(self.state) + 1
        return _STEPS[states[place]] if place < len(states) else None


_DAYS: Final = {
    OnboardingState.ORDERED: "ordered_on",
    OnboardingState.LAUNCHED: "launched_on",
    OnboardingState.TERMS_ACCEPTED: "terms_accepted_on",
    OnboardingState.SETTING_UP: "set_up_on",
    OnboardingState.DONE: "done_on",
}


def order(onboarding: Onboarding, /, *, at: dt.date) -> Onboarding:
    """The order is placed.

    Raises:
        IllegalStep: That was done before.
    """
    return _stepped(onboarding, OnboardingState.ORDERED, at)


def launch(onboarding: Onboarding, /, *, by: str, at: dt.date) -> Onboarding:
    """The organization is launched for the first time.

    Args:
        onboarding: The state before.
        by: E-mail address of who launches it, its first user.
        at: The day.

    Raises:
        IllegalStep: There is no order, or it was launched before.
    """
    stepped = _stepped(onboarding, OnboardingState.LAUNCHED, at)
    return attrs.evolve(stepped, first_user=by)


def accept_terms(onboarding: Onboarding, /, *, at: dt.date) -> Onboarding:
    """The general terms are accepted.

    Raises:
        IllegalStep: It was not launched, or they were accepted before.
    """
    return _stepped(onboarding, OnboardingState.TERMS_ACCEPTED, at)


def set_up(onboarding: Onboarding, /, *, at: dt.date) -> Onboarding:
    """The set-up assistant is begun.

    Raises:
        IllegalStep: The terms were not accepted, or it was begun before.
    """
    return _stepped(onboarding, OnboardingState.SETTING_UP, at)


def finish(onboarding: Onboarding, /, *, at: dt.date) -> Onboarding:
    """The set-up is complete: users, services and analytics are there.

    Raises:
        IllegalStep: Steps before it are missing, or it was done before.
    """
    return _stepped(onboarding, OnboardingState.DONE, at)


def first_user(onboarding: Onboarding, /) -> Administrator:
    """The first user of the organization, with both roles.

    Raises:
        IllegalStep: It was not launched yet.
    """
    if onboarding.first_user is None:
        step = "give the first user their roles"
        raise IllegalStep(step, missing=[_STEPS[OnboardingState.LAUNCHED]])
    return Administrator(
        email=onboarding.first_user,
        roles=[Role.PARTNER_FULL],
        organization_roles=[OrganizationRole.FULL],
    )


def _stepped(
    onboarding: Onboarding, wanted: OnboardingState, at: dt.date
) -> Onboarding:
    states = list(OnboardingState)
    now, then = states.index(onboarding.state), states.index(wanted)
    if now >= then:
        done_on = getattr(onboarding, _DAYS[wanted])
        raise IllegalStep(_STEPS[wanted], f"that was done on {done_on}")
    if now < then - 1:
        missing = [_STEPS[state] for state in states[now + 1 : then]]
        raise IllegalStep(_STEPS[wanted], missing=missing)
    day, before = as_day(at), getattr(onboarding, _DAYS.get(onboarding.state, ""), None)
    if before is not None and day < before:
        why = f"{day} is before the step that comes first, on {before}"
        raise IllegalStep(_STEPS[wanted], why)
    return attrs.evolve(onboarding, **{_DAYS[wanted]: day})
