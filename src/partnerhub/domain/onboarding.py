"""Setting up the partner's own organization after its first order.

Launch it, accept the terms, set it up, done. Whoever launches it is its first user,
and becomes full administrator of it and partner full administrator.

>>> start = order(Onboarding(), at=pendulum.date(2026, 11, 2))
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
from collections.abc import Iterable
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


def _days(days: Iterable[dt.date | str]) -> tuple[pendulum.Date, ...]:
    return tuple(map(as_day, days))


def _optional_person(value: str | None) -> str | None:
    return None if value is None else person_key(value)


@attrs.frozen(kw_only=True)
class Onboarding:
    """How far the partner's own organization is set up.

    Attributes:
        days: The days of the steps done, in the order of the steps.
        first_user: Who launched it.
    """

    days: tuple[pendulum.Date, ...] = attrs.field(default=(), converter=_days)
    first_user: str | None = attrs.field(default=None, converter=_optional_person)

    @property
    def state(self) -> OnboardingState:
        """How far it is."""
        return _STATES[len(self.days)]

    @property
    def next_step(self) -> str | None:
        """What comes next; None when it is done."""
        left = _STATES[len(self.days) + 1 :]
        return _STEPS[left[0]] if left else None

    def done_on(self, state: OnboardingState, /) -> pendulum.Date | None:
        """The day on which it reached a state; None when it has not."""
        place = _STATES.index(state) - 1
        return self.days[place] if 0 <= place < len(self.days) else None


_STATES: Final = tuple(OnboardingState)


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


def first_user(
    onboarding: Onboarding, known: Administrator | None = None, /
) -> Administrator:
    """The first user of the organization, with both roles.

    Args:
        onboarding: The state after the launch.
        known: The same person, as known before; what is known of them stays.

    Raises:
        IllegalStep: It was not launched yet.
    """
    if onboarding.first_user is None:
        step = "give the first user their roles"
        raise IllegalStep(step, missing=[_STEPS[OnboardingState.LAUNCHED]])
    person = known or Administrator(email=onboarding.first_user)
    return attrs.evolve(
        person,
        roles=person.roles | {Role.PARTNER_FULL},
        organization_roles=person.organization_roles | {OrganizationRole.FULL},
    )


def _stepped(
    onboarding: Onboarding, wanted: OnboardingState, at: dt.date
) -> Onboarding:
    step, done_on = _STEPS[wanted], onboarding.done_on(wanted)
    if done_on is not None:
        raise IllegalStep(step, f"that was done on {done_on}")
    before = _STATES[len(onboarding.days) + 1 : _STATES.index(wanted)]
    if before:
        raise IllegalStep(step, missing=[_STEPS[state] for state in before])
    day = as_day(at)
    if onboarding.days and day < onboarding.days[-1]:
        why = f"{day} is before {onboarding.days[-1]}, the day of the step before it"
        raise IllegalStep(step, why)
    return attrs.evolve(onboarding, days=(*onboarding.days, day))
