"""Trials, and how the wizard starts one.

>>> draft = (
...     TrialDraft()
...     .for_company("Acme", admin_email="kim@acme.example", country="FR")
...     .with_services(["messaging"], quantity=25)
... )
>>> draft.missing()
('industry', 'acknowledgement that the location is supported')
>>> draft = draft.for_company("Acme", industry="Retail", location_supported=True)
>>> acme = "c8b0e0d2-0000-4000-8000-000000000001"
>>> trial = start(draft, id="T1", organization=acme, at=pendulum.date(2026, 11, 22))
>>> trial.ends_on.isoformat(), trial.licenses
('2027-02-20', {'Webex Messaging': 25})
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

import attrs
import pendulum

from partnerhub.domain.access import person_key
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import IllegalStep, InvalidValue
from partnerhub.domain.lifecycle import Lifecycle, lifecycle
from partnerhub.domain.organizations import clean_text
from partnerhub.domain.policies import DEFAULT_STATUS_POLICY, StatusPolicy
from partnerhub.domain.products import Product
from partnerhub.domain.trial_services import (
    BRINGS,
    CONSOLE_DAYS,
    CONSOLE_LICENSES,
    DEVICE_DAYS,
    TrialPolicy,
    TrialService,
    with_what_they_bring,
)
from partnerhub.domain.trial_wizard import Site, TrialDraft

_POLICY: Final = TrialPolicy()


def _optional_day(value: dt.date | str | None) -> pendulum.Date | None:
    return None if value is None else as_day(value)


@attrs.frozen(kw_only=True)
class Trial:
    """One trial that was started.

    Attributes:
        id: What tells it apart.
        organization: Uuid of the customer.
        company: The customer's name.
        admin_email: The customer's first administrator.
        services: What is tried.
        quantity: Licenses of each service but devices and the Attendant Console.
        devices: Devices sent.
        site: The Meetings site.
        starts_on: First day.
        ends_on: Last day.
        extensions: How often it was extended.
        cancelled_on: The day its partner cancelled it.
        converted_on: The day it became a subscription.
        converted_by: Who converted it: the partner, or the distributor named.
    """

    id: str = attrs.field(converter=clean_text)
    organization: str
    company: str = attrs.field(converter=clean_text)
    admin_email: str = attrs.field(converter=person_key)
    services: frozenset[TrialService] = attrs.field(converter=with_what_they_bring)
    quantity: int = 0
    devices: int = 0
    site: Site | None = None
    starts_on: pendulum.Date = attrs.field(converter=as_day)
    ends_on: pendulum.Date = attrs.field(converter=as_day)
    extensions: int = 0
    cancelled_on: pendulum.Date | None = attrs.field(
        default=None, converter=_optional_day
    )
    converted_on: pendulum.Date | None = attrs.field(
        default=None, converter=_optional_day
    )
    converted_by: str | None = None

    @property
    def licenses(self) -> dict[str, int]:
        """License name -> how many are tried, by name."""
        own = {
            TrialService.DEVICES: self.devices,
            TrialService.ATTENDANT_CONSOLE: CONSOLE_LICENSES,
        }
        return {
            service.license: own.get(service, self.quantity)
            for service in sorted(self.services, key=lambda each: each.license)
        }

    @property
    def has_calling(self) -> bool:
        """Whether Webex Calling is tried."""
        return any(service.product is Product.CALLING for service in self.services)

    def lifecycle(
        self, *, at: dt.date, status_policy: StatusPolicy = DEFAULT_STATUS_POLICY
    ) -> Lifecycle:
        """Where it stands on a day, and what comes next."""
        return lifecycle(
            at=at,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            has_calling=self.has_calling,
            cancelled_on=self.cancelled_on,
            converted_on=self.converted_on,
            status_policy=status_policy,
        )


def start(
    draft: TrialDraft,
    /,
    *,
    id: str,
    at: dt.date,
    organization: str | None = None,
    partner: str | None = None,
    paid_for: Iterable[Product] = (),
    policy: TrialPolicy = _POLICY,
) -> Trial:
    """The trial that a complete draft starts.

    Args:
        draft: The wizard, filled in.
        id: What will tell the trial apart.
        at: Its first day.
        organization: Uuid of a new customer; a draft for one that exists knows it.
        partner: Uuid of the partner's own organization, which cannot try.
        paid_for: Products the customer has an active subscription of.
        policy: The numbers of trials.

    Raises:
        IllegalStep: Something is missing, or the trial is not allowed.
        InvalidValue: The duration is not offered.
    """
    step = "start the trial"
    uuid = draft.organization or organization
    if uuid is not None and uuid == partner:
        why = "a partner cannot start a trial for itself: place an order"
        raise IllegalStep(step, why)
    missing = draft.missing()
    if uuid is None:
        missing = (*missing, "id of the new organization")
    if missing or uuid is None or draft.admin_email is None:
        raise IllegalStep(step, missing=missing)
    check_services(step, draft.services, paid_for, policy)
    day, has_devices = as_day(at), TrialService.DEVICES in draft.services
    started = Trial(
        id=id,
        organization=uuid,
        company=draft.company,
        admin_email=draft.admin_email,
        services=draft.services,
        quantity=draft.quantity or 0,
        devices=(draft.devices or 0) if has_devices else 0,
        site=draft.site,
        starts_on=day,
        ends_on=day.add(days=_duration(draft, policy)),
    )
    check_device_days(step, started)
    return started


def check_device_days(step: str, trial: Trial, /) -> None:
    """Nothing, if a trial does not outlast what one with devices may.

    Raises:
        IllegalStep: It does.
    """
    last = trial.starts_on.add(days=DEVICE_DAYS)
    if TrialService.DEVICES in trial.services and trial.ends_on > last:
        why = f"with devices it lasts at most {DEVICE_DAYS} days in all, until"
        raise IllegalStep(step, f"{why} {last}, and would end on {trial.ends_on}")


def check_services(
    step: str,
    services: frozenset[TrialService],
    paid_for: Iterable[Product],
    policy: TrialPolicy,
) -> None:
    """Nothing, if these may be tried.

    What comes along with another service may be had already.

    Raises:
        IllegalStep: One needs approval, or the customer has a subscription of it.
    """
    if TrialService.CONTACT_CENTER in services and not policy.contact_center:
        missing = ["approval of Contact Center trials by Webex"]
        raise IllegalStep(step, missing=missing)
    paid = frozenset(paid_for)
    along = frozenset().union(*(BRINGS.get(each, ()) for each in services))
    for service in sorted(services - along):
        if service.product in paid:
            why = f"the customer has a subscription of {service.license} already"
            raise IllegalStep(step, f"{why}: try another service")


def _duration(draft: TrialDraft, policy: TrialPolicy) -> int:
    """The days of the trial that a draft asks for."""
    console = TrialService.ATTENDANT_CONSOLE in draft.services
    usual = CONSOLE_DAYS if console else policy.default_duration
    duration = draft.duration or usual
    offered = (CONSOLE_DAYS,) if console else policy.durations
    if duration not in offered:
        why = "a trial with an Attendant Console" if console else "a trial"
        days = " or ".join(map(str, offered))
        raise InvalidValue("duration", duration, f"{why} lasts {days} days")
    return duration
