"""What can be tried, and the numbers of a trial, as data.

What Cisco publishes is a constant here, what it does not is a `TrialPolicy`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import attrs

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.products import CALLING_PROFESSIONAL, Product, product_of
from partnerhub.domain.regions import CA, EU, UAE, US


class TrialService(StrEnum):
    """A service that the wizard offers."""

    MESSAGING = "messaging"
    MEETINGS = "meetings"
    CALLING_PROFESSIONAL = "calling_professional"
    CALLING_PLANS = "calling_plans"
    WEBEX_GO = "webex_go"
    ATTENDANT_CONSOLE = "attendant_console"
    DEVICES = "devices"
    CONTACT_CENTER = "contact_center"

    @property
    def license(self) -> str:
        """The name of its licenses."""
        return _LICENSES[self]

    @property
    def product(self) -> Product:
        """Its product family."""
        return product_of(self.license)


_LICENSES: Final[Mapping[TrialService, str]] = MappingProxyType(
    {
        TrialService.MESSAGING: "Webex Messaging",
        TrialService.MEETINGS: "Webex Meetings",
        TrialService.CALLING_PROFESSIONAL: CALLING_PROFESSIONAL,
        TrialService.CALLING_PLANS: "Cisco Calling Plans",
        TrialService.WEBEX_GO: "Webex Go",
        TrialService.ATTENDANT_CONSOLE: "Webex Attendant Console",
        TrialService.DEVICES: "Webex Devices",
        TrialService.CONTACT_CENTER: "Webex Contact Center",
    }
)

BRINGS: Final[Mapping[TrialService, frozenset[TrialService]]] = MappingProxyType(
    {
        TrialService.ATTENDANT_CONSOLE: frozenset(
            {
                TrialService.CALLING_PROFESSIONAL,
                TrialService.CALLING_PLANS,
                TrialService.WEBEX_GO,
            }
        )
    }
)
"""Service -> the services that are ticked with it."""

_EU: Final = (
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
)
_REGIONS: Final[Mapping[str, str]] = MappingProxyType(
    {"US": US, "CA": CA, "AE": UAE, **dict.fromkeys(_EU.split(), EU)}
)


EXTENDED_BY: Final = 30
"""Days from the day of an extension to the new end (Cisco)."""

DEVICE_DAYS: Final = 120
"""Most days of a trial with devices, in all (Cisco)."""

CONSOLE_LICENSES: Final = 5
"""Licenses of an Attendant Console that is tried (Cisco)."""

CONSOLE_DAYS: Final = 90
"""Days of a trial with an Attendant Console (Cisco)."""


@attrs.frozen(kw_only=True)
class TrialPolicy:
    """The numbers of trials that Cisco does not publish (design 5.34). Ours.

    Attributes:
        durations: Days that a trial may last.
        default_duration: Days where nobody says.
        most_extensions: How often a trial may be extended; None for as often as
            wanted. A page of 2017 says once, today's says nothing.
        contact_center: Whether Webex has approved trials of the Contact Center,
            which are off by default.
        regions: ISO country code -> region of its data; the region of a country that
            is not here is one that nobody has told.
    """

    durations: tuple[int, ...] = (30, 60, 90)
    default_duration: int = 90
    most_extensions: int | None = None
    contact_center: bool = False
    regions: Mapping[str, str] = attrs.field(default=_REGIONS, repr=False)


def parse_service(text: str | TrialService, /) -> TrialService:
    """The service that a text names, by code or license.

    Raises:
        InvalidValue: It names none.

    Examples:
        >>> parse_service("Attendant console").value, parse_service("calling").value
        ('attendant_console', 'calling_professional')
    """
    plain = "_".join(text.casefold().replace("-", " ").split())
    for service, name in _LICENSES.items():
        if plain == service or text.strip().casefold() == name.casefold():
            return service
    if plain in {"calling", "webex_calling"}:
        return TrialService.CALLING_PROFESSIONAL
    raise InvalidValue("trial service", text, choices=[s.value for s in TrialService])


def with_what_they_bring(
    services: Iterable[TrialService | str], /
) -> frozenset[TrialService]:
    """The services, and those that are ticked with them.

    Examples:
        >>> sorted(s.value for s in with_what_they_bring(["attendant_console"]))
        ['attendant_console', 'calling_plans', 'calling_professional', 'webex_go']
    """
    chosen = frozenset(map(parse_service, services))
    return chosen.union(*(BRINGS.get(service, frozenset()) for service in chosen))


_ISO_3166: Final = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ "
    "BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR "
    "CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR "
    "GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU "
    "ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ "
    "LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ "
    "MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF "
    "PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI "
    "SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR "
    "TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK "
)
COUNTRIES: Final = frozenset(_ISO_3166.split())
"""The countries of ISO 3166-1, and Kosovo, which has letters by custom alone."""


def parse_country(text: str, /) -> str:
    """The two letters of a country (ISO 3166).

    Raises:
        InvalidValue: They are not two letters, or there is no such country.

    Examples:
        >>> parse_country(" fr ")
        'FR'
    """
    plain = text.strip().upper()
    if len(plain) != len("FR") or not (plain.isascii() and plain.isalpha()):
        raise InvalidValue("country", text, "give its two ISO letters, as in US or FR")
    if plain not in COUNTRIES:
        raise InvalidValue("country", text, "ISO 3166 has no such letters")
    return plain
