"""What can be done with a trial that was started.

Each step gives the trial as it is afterwards, or says why it is not possible.

>>> import pendulum
>>> acme = "c8b0e0d2-0000-4000-8000-000000000001"
>>> trial = Trial(
...     id="T1",
...     organization=acme,
...     company="Acme",
...     admin_email="kim@acme.example",
...     services=["messaging"],
...     quantity=25,
...     starts_on="2026-11-22",
...     ends_on="2027-02-20",
... )
>>> extend(trial, at=pendulum.date(2026, 12, 1)).ends_on.isoformat()  # 81 days left
'2027-02-20'
>>> extend(trial, at=pendulum.date(2027, 2, 1)).ends_on.isoformat()
'2027-03-03'
>>> extend(trial, at=pendulum.date(2027, 3, 1))
Traceback (most recent call last):
...
partnerhub.domain.errors.IllegalStep: cannot extend the trial: it ended on 2027-02-20
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

import attrs

from partnerhub.domain.access import person_key
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import IllegalStep, InvalidValue
from partnerhub.domain.lifecycle import TrialState
from partnerhub.domain.products import Product
from partnerhub.domain.trial_services import (
    BRINGS,
    EXTENDED_BY,
    TrialPolicy,
    TrialService,
    parse_service,
    with_what_they_bring,
)
from partnerhub.domain.trial_wizard import Site, check_counts, lacking
from partnerhub.domain.trials import Trial, check_device_days, check_services

_POLICY: Final = TrialPolicy()


class Tier(StrEnum):
    """How a partner buys, which decides who converts a trial."""

    TIER_1 = "tier_1"
    """It orders from Cisco, and converts in Cisco Commerce itself."""
    TIER_2 = "tier_2"
    """It orders from a distributor, who converts."""


def parse_tier(text: str | Tier, /) -> Tier:
    """The tier that a text names.

    Raises:
        InvalidValue: It names none.

    Examples:
        >>> parse_tier("Tier 2").value
        'tier_2'
    """
    plain = "_".join(text.casefold().replace("-", " ").split())
    for tier in Tier:
        if tier == plain:
            return tier
    raise InvalidValue("tier", text, choices=[tier.value for tier in Tier])


def extend(
    trial: Trial,
    /,
    *,
    at: dt.date,
    approved: bool = False,
    policy: TrialPolicy = _POLICY,
) -> Trial:
    """The trial with an end 30 days after the day; never an earlier one than it has.

    Args:
        trial: The trial, under way.
        at: The day from which the 30 days count.
        approved: The trials team has approved it, which a trial with devices needs.
        policy: The numbers of trials.

    Raises:
        IllegalStep: It is not under way, was extended often enough, has devices
            without approval, or would outlast what a trial with devices may.
    """
    step = "extend the trial"
    _under_way(step, trial, at)
    if (
        policy.most_extensions is not None
        and trial.extensions >= policy.most_extensions
    ):
        most = policy.most_extensions
        raise IllegalStep(step, f"extensions: {trial.extensions}, and at most {most}")
    ends_on = max(trial.ends_on, as_day(at).add(days=EXTENDED_BY))
    longer = attrs.evolve(trial, ends_on=ends_on, extensions=trial.extensions + 1)
    check_device_days(step, longer)
    if TrialService.DEVICES in trial.services and not approved:
        raise IllegalStep(step, missing=["approval of devices by the trials team"])
    return longer


def add_services(
    trial: Trial,
    services: Iterable[TrialService | str],
    /,
    *,
    at: dt.date,
    quantity: int | None = None,
    devices: int | None = None,
    site: Site | None = None,
    paid_for: Iterable[Product] = (),
    policy: TrialPolicy = _POLICY,
) -> Trial:
    """The trial with services more, and with what they bring. Its end stays.

    Args:
        trial: The trial, under way.
        services: What is ticked.
        at: The day.
        quantity: Licenses of each service, those it has included.
        devices: Devices to be sent.
        site: The Meetings site.
        paid_for: Products the customer has an active subscription of.
        policy: The numbers of trials.

    Raises:
        IllegalStep: It is not under way, something is missing, or it would outlast
            what a trial with devices may.
        InvalidValue: There is no such service, or a number below 1.
    """
    step = "add services"
    check_counts(quantity=quantity, devices=devices)
    _under_way(step, trial, at)
    more = with_what_they_bring(services)
    check_services(step, more - trial.services, paid_for, policy)
    grown = attrs.evolve(
        trial,
        services=trial.services | more,
        quantity=trial.quantity if quantity is None else quantity,
        devices=trial.devices if devices is None else devices,
        site=trial.site if site is None else site,
    )
    lacks = lacking(
        grown.services, quantity=grown.quantity, devices=grown.devices, site=grown.site
    )
    missing = [what for what, is_missing in lacks.items() if is_missing]
    if missing:
        raise IllegalStep(step, missing=missing)
    check_device_days(step, grown)
    return grown


def remove_services(
    trial: Trial, services: Iterable[TrialService | str], /, *, at: dt.date
) -> Trial:
    """The trial with services fewer.

    Raises:
        IllegalStep: It is not under way, does not have them, would be empty, or
            another service needs one of these.
        InvalidValue: There is no such service.
    """
    step = "remove services"
    _under_way(step, trial, at)
    fewer = frozenset(map(parse_service, services))
    if strange := fewer - trial.services:
        names = ", ".join(sorted(each.license for each in strange))
        raise IllegalStep(step, f"the trial does not have {names}")
    left = trial.services - fewer
    if not left:
        raise IllegalStep(step, "none would be left: cancel the trial")
    for service in sorted(left):
        needed = BRINGS.get(service, frozenset()) - left
        if needed:
            names = ", ".join(sorted(each.license for each in needed))
            raise IllegalStep(step, f"{service.license} needs {names}")
    return attrs.evolve(
        trial,
        services=left,
        devices=trial.devices if TrialService.DEVICES in left else 0,
        site=trial.site if TrialService.MEETINGS in left else None,
    )


def cancel(trial: Trial, /, *, at: dt.date) -> Trial:
    """The trial ended by its partner; with Calling it is deleted softly at once.

    Raises:
        IllegalStep: It was cancelled or converted before, or is deleted.
    """
    _not_settled("cancel the trial", trial, at)
    return attrs.evolve(trial, cancelled_on=as_day(at))


def convert(
    trial: Trial,
    /,
    *,
    at: dt.date,
    tier: Tier,
    admin_email: str,
    distributor: str | None = None,
) -> Trial:
    """The trial turned into a subscription in Cisco Commerce; usage data are kept.

    Args:
        trial: The trial, under way or suspended.
        at: The day.
        tier: A tier-1 partner converts itself, a tier-2 partner's distributor does.
        admin_email: The customer's administrator in the order, as in the trial.
        distributor: Name of the distributor of a tier-2 partner.

    Raises:
        IllegalStep: It is over, the addresses differ, or the distributor is missing.
    """
    step = "convert the trial"
    _not_settled(step, trial, at)
    if person_key(admin_email) != trial.admin_email:
        why = f"the order is for {admin_email}, the trial's administrator is"
        raise IllegalStep(step, f"{why} {trial.admin_email}: they must be the same")
    named = (distributor or "").strip()
    if tier is Tier.TIER_2 and not named:
        raise IllegalStep(
            step,
            "a tier-2 partner's trial is converted by its distributor",
            missing=["distributor"],
        )
    by = named if tier is Tier.TIER_2 else "partner"
    return attrs.evolve(trial, converted_on=as_day(at), converted_by=by)


_OVER: Final = {
    TrialState.SUSPENDED: "it ended on {ends_on} and is suspended",
    TrialState.EXPIRED: "it ended on {ends_on}",
    TrialState.CANCELLED: "it was cancelled on {cancelled_on}",
    TrialState.SOFT_DELETED: "it is deleted",
    TrialState.DELETED: "it is deleted for good",
    TrialState.CONVERTED: "it was converted on {converted_on}",
}


def _state(trial: Trial, at: dt.date) -> TrialState:
    """Where it stands on a day; what was decided later than that day holds."""
    day, settled = as_day(at), trial.converted_on or trial.cancelled_on
    return trial.lifecycle(at=max(day, settled or day)).state


def _under_way(step: str, trial: Trial, at: dt.date) -> None:
    state = _state(trial, at)
    if state in _OVER:
        raise IllegalStep(step, _OVER[state].format(**attrs.asdict(trial)))


def _not_settled(step: str, trial: Trial, at: dt.date) -> None:
    state = _state(trial, at)
    if state in _OVER and state not in {TrialState.SUSPENDED, TrialState.EXPIRED}:
        raise IllegalStep(step, _OVER[state].format(**attrs.asdict(trial)))
