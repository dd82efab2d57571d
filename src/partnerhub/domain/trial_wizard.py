"""The wizard that starts a trial: what it asks for, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs
import pendulum

from partnerhub.domain.access import person_key
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.organizations import clean_text
from partnerhub.domain.trial_services import (
    TrialService,
    parse_country,
    with_what_they_bring,
)

SUPPORTED: Final = "acknowledgement that the location is supported"


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
    """

    organization: str | None = attrs.field(
        default=None, converter=attrs.converters.optional(uuid_of)
    )
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
            admin_email=self.admin_email
            if admin_email is None
            else person_key(admin_email),
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

        Raises:
            InvalidValue: It is no id, or the address is none.
        """
        return attrs.evolve(
            self,
            organization=organization,
            company=name or organization,
            admin_email=person_key(admin_email),
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
            InvalidValue: No such service, or a number below 1.
        """
        check_counts(quantity=quantity, devices=devices)
        if duration is not None and duration < 1:
            raise InvalidValue("number of days", duration, "at least 1")
        return attrs.evolve(
            self,
            services=with_what_they_bring(services),
            quantity=self.quantity if quantity is None else quantity,
            devices=self.devices if devices is None else devices,
            duration=self.duration if duration is None else duration,
            site=self.site if site is None else site,
        )

    def missing(self) -> tuple[str, ...]:
        """What still has to be filled in, in the order of the wizard."""
        new = self.organization is None
        lacks = {
            "company name": not self.company,
            "administrator e-mail": self.admin_email is None,
            "industry": new and self.industry is None,
            "country": new and self.country is None,
            SUPPORTED: new and not self.location_supported,
            "services": not self.services,
            **lacking(
                self.services,
                quantity=self.quantity,
                devices=self.devices,
                site=self.site,
            ),
        }
        return tuple(what for what, is_missing in lacks.items() if is_missing)


def check_counts(*, quantity: int | None, devices: int | None) -> None:
    """Nothing, if so many licenses and devices can be tried.

    Raises:
        InvalidValue: A number below 1.
    """
    for what, count in (("license quantity", quantity), ("number of devices", devices)):
        if count is not None and count < 1:
            raise InvalidValue(what, count, "at least 1")


def lacking(
    services: frozenset[TrialService],
    /,
    *,
    quantity: int | None,
    devices: int | None,
    site: Site | None,
) -> dict[str, bool]:
    """What services ask for -> whether it is missing."""
    counted = services - {TrialService.DEVICES, TrialService.ATTENDANT_CONSOLE}
    return {
        "license quantity": bool(counted) and not quantity,
        "number of devices": TrialService.DEVICES in services and not devices,
        "site address and time zone": TrialService.MEETINGS in services and not site,
    }
