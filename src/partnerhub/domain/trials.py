"""Trials: the wizard that starts one, and what can be done with it afterwards.

Everything is a pure step from one frozen value to the next; a step that is not
possible says why, or what is missing.

>>> draft = (
...     TrialDraft()
...     .for_company("Acme", admin_email="kim@acme.example", country="FR")
...     .with_services(["messaging"], quantity=25)
... )
>>> draft.missing()
('industry', 'acknowledgement that the location is supported')
>>> draft = draft.for_company("Acme", industry="Retail", location_supported=True)
>>> trial = start(draft, id="T1", at=pendulum.date(2026, 11, 22))
>>> trial.ends_on.isoformat(), draft.region, trial.licenses
('2027-02-20', 'EU', {'Webex Messaging': 25})
>>> extend(trial, at=pendulum.date(2027, 2, 1)).ends_on.isoformat()
'2027-03-03'
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
from partnerhub.domain.lifecycle import Lifecycle, TrialState, lifecycle
from partnerhub.domain.organizations import clean_text
from partnerhub.domain.policies import StatusPolicy
from partnerhub.domain.products import Product
from partnerhub.domain.trial_services import (
    BRINGS,
    TrialPolicy,
    TrialService,
    parse_country,
    with_what_they_bring,
)

_POLICY: Final = TrialPolicy()
_STATUS: Final = StatusPolicy()


def _services(given: Iterable[TrialService | str]) -> frozenset[TrialService]:
    return with_what_they_bring(given)


def _positive(what: str, count: int) -> int:
    if count < 1:
        raise InvalidValue(what, count, "at least 1")
    return count


@attrs.frozen(kw_only=True)
class Site:
    """The Meetings site of a trial.

    Attributes:
        url: Its address, such as acme.webex.com.
        time_zone: Its time zone, by its IANA name.
    """

    url: str
    time_zone: str

    def __attrs_post_init__(self) -> None:
        name, dot, rest = self.url.partition(".")
        if not (name and dot and rest) or any(c.isspace() for c in self.url):
            raise InvalidValue("site address", self.url, "write it as acme.webex.com")
        if self.time_zone not in pendulum.timezones():
            raise InvalidValue("time zone", self.time_zone, "as in Europe/Paris")


@attrs.frozen(kw_only=True)
class TrialDraft:
    """What has been filled in of the wizard so far.

    Attributes:
        organization: Uuid of the customer; None for a company that is none yet.
        company: Its name.
        admin_email: The customer's first administrator.
        industry: Business vertical.
        country: Two letters; it decides where the customer's data are kept.
        location_supported: It was acknowledged that the location is supported.
        services: What is tried, with what that brings.
        quantity: Licenses of each service but devices and the Attendant Console.
        devices: Devices to be sent.
        duration: Days.
        site: The Meetings site.
        policy: The numbers of trials.
    """

    organization: str | None = None
    company: str = attrs.field(default="", converter=clean_text)
    admin_email: str | None = None
    industry: str | None = None
    country: str | None = None
    location_supported: bool = False
    services: frozenset[TrialService] = frozenset()
    quantity: int | None = None
    devices: int | None = None
    duration: int | None = None
    site: Site | None = None
    policy: TrialPolicy = attrs.field(default=_POLICY, repr=False)

    def for_company(
        self,
        company: str,
        /,
        *,
        admin_email: str | None = None,
        industry: str | None = None,
        country: str | None = None,
        location_supported: bool | None = None,
    ) -> TrialDraft:
        """The draft with the first page filled in; what is left out stays.

        Raises:
            InvalidValue: The address is none, or the country has not two letters.
        """
        return attrs.evolve(
            self,
            company=" ".join(company.split()),
            admin_email=self.admin_email if admin_email is None else _mail(admin_email),
            industry=self.industry if industry is None else industry.strip() or None,
            country=self.country if country is None else parse_country(country),
            location_supported=self.location_supported
            if location_supported is None
            else location_supported,
        )

    def for_customer(
        self, organization: str, /, *, name: str, admin_email: str
    ) -> TrialDraft:
        """The draft for an organization that is a customer already.

        Its industry and country are known to Webex and are not asked for.
        """
        return attrs.evolve(
            self,
            organization=organization,
            company=name or organization,
            admin_email=_mail(admin_email),
        )

    def with_services(
        self,
        services: Iterable[TrialService | str],
        /,
        *,
        quantity: int | None = None,
        duration: int | None = None,
        devices: int | None = None,
        site: Site | None = None,
    ) -> TrialDraft:
        """The draft with the second page filled in; what is left out stays.

        Raises:
            InvalidValue: No such service, a number below 1, or a duration that is
                not offered.
        """
        chosen = _services(services)
        if quantity is not None:
            _positive("license quantity", quantity)
        if devices is not None:
            _positive("number of devices", devices)
        if duration is not None:
            _check_duration(duration, chosen, self.policy)
        return attrs.evolve(
            self,
            services=chosen,
            quantity=self.quantity if quantity is None else quantity,
            devices=self.devices if devices is None else devices,
            duration=self.duration if duration is None else duration,
            site=self.site if site is None else site,
        )

    @property
    def region(self) -> str | None:
        """Where the customer's data will be kept; None when the country says nothing."""
        return self.policy.regions.get(self.country or "")

    def missing(self) -> tuple[str, ...]:
        """What still has to be filled in, in the order of the wizard."""
        new = self.organization is None
        asked = (
            ("company name", bool(self.company)),
            ("administrator e-mail", self.admin_email is not None),
            ("industry", self.industry is not None or not new),
            ("country", self.country is not None or not new),
            (
                "acknowledgement that the location is supported",
                self.location_supported or not new,
            ),
            ("services", bool(self.services)),
            ("license quantity", self.quantity is not None or not self._asks_quantity),
            (
                "number of devices",
                self.devices is not None or TrialService.DEVICES not in self.services,
            ),
            *_site_asked(self.services, self.site),
        )
        return tuple(what for what, is_there in asked if not is_there)

    @property
    def _asks_quantity(self) -> bool:
        return bool(self.services - {TrialService.DEVICES})


@attrs.frozen(kw_only=True)
class Trial:
    """One trial that was started.

    Attributes:
        id: What tells it apart.
        organization: Uuid of the customer; None until Webex has made one.
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
    """

    id: str
    organization: str | None
    company: str
    admin_email: str
    services: frozenset[TrialService] = attrs.field(converter=_services)
    quantity: int = 0
    devices: int = 0
    site: Site | None = None
    starts_on: pendulum.Date = attrs.field(converter=as_day)
    ends_on: pendulum.Date = attrs.field(converter=as_day)
    extensions: int = 0
    cancelled_on: pendulum.Date | None = None
    converted_on: pendulum.Date | None = None
    policy: TrialPolicy = attrs.field(default=_POLICY, repr=False)

    @property
    def licenses(self) -> dict[str, int]:
        """License name -> how many, by name."""
        return {
            service.license: self._number(service)
            for service in sorted(self.services, key=lambda each: each.license)
        }

    def _number(self, service: TrialService) -> int:
        match service:
            case TrialService.DEVICES:
                return self.devices
            case TrialService.ATTENDANT_CONSOLE:
                return self.policy.console_licenses
            case _:
                return self.quantity

    @property
    def has_calling(self) -> bool:
        """Whether Webex Calling is tried."""
        return any(service.product is Product.CALLING for service in self.services)

    def lifecycle(
        self, *, at: dt.date, status_policy: StatusPolicy = _STATUS
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

    def days_left(self, *, at: dt.date) -> int:
        """Days to its end; negative when that is past."""
        return (self.ends_on - as_day(at)).days


def start(
    draft: TrialDraft,
    /,
    *,
    id: str,  # noqa: A002
    at: dt.date,
    partner: str | None = None,
    paid_for: Iterable[Product] = (),
) -> Trial:
    """The trial that a complete draft starts.

    Args:
        draft: The wizard, filled in.
        id: What will tell the trial apart.
        at: Its first day.
        partner: Uuid of the partner's own organization, which cannot try.
        paid_for: Products the customer has an active subscription of.

    Raises:
        IllegalStep: Something is missing, or the trial is not allowed.
    """
    step = "start the trial"
    if partner is not None and draft.organization == partner:
        why = "a partner cannot start a trial for itself: place an order"
        raise IllegalStep(step, why)
    _check_services(step, draft.services, draft.policy)
    missing = draft.missing()
    if missing or draft.admin_email is None:
        raise IllegalStep(step, missing=missing)
    paid = frozenset(paid_for)
    for service in sorted(draft.services, key=lambda each: each.license):
        if service.product in paid:
            why = f"the customer has a subscription of {service.license}: try another"
            raise IllegalStep(step, why)
    duration = draft.duration or _usual_duration(draft.services, draft.policy)
    _check_duration(duration, draft.services, draft.policy)
    day = as_day(at)
    return Trial(
        id=clean_text(id),
        organization=draft.organization,
        company=draft.company,
        admin_email=draft.admin_email,
        services=draft.services,
        quantity=draft.quantity or 0,
        devices=(draft.devices or 0) if TrialService.DEVICES in draft.services else 0,
        site=draft.site,
        starts_on=day,
        ends_on=day.add(days=duration),
        policy=draft.policy,
    )


def extend(trial: Trial, /, *, at: dt.date, approved: bool = False) -> Trial:
    """The trial with an end 30 days from the day on; never an earlier one.

    Args:
        trial: The trial, under way.
        at: The day from which the 30 days count.
        approved: The trials team has approved it, which a trial with devices needs.

    Raises:
        IllegalStep: It is not under way, was extended often enough, has devices
            without approval, or would outlast what a trial with devices may.
    """
    step, policy = "extend the trial", trial.policy
    _under_way(step, trial, at)
    if policy.most_extensions is not None and trial.extensions >= policy.most_extensions:
        why = f"it was extended {trial.extensions} times, and {policy.most_extensions}"
        raise IllegalStep(step, f"{why} is the most")
    ends_on = max(trial.ends_on, as_day(at).add(days=policy.extended_by))
    if TrialService.DEVICES in trial.services:
        last = trial.starts_on.add(days=policy.device_days)
        if ends_on > last:
            why = f"with devices it lasts at most {policy.device_days} days in all,"
            raise IllegalStep(step, f"{why} until {last}: it would end on {ends_on}")
        if not approved:
            raise IllegalStep(step, missing=["approval of the trials team for devices"])
    return attrs.evolve(trial, ends_on=ends_on, extensions=trial.extensions + 1)
