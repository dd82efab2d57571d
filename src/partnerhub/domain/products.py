"""Products and the license types that belong to them.

The service prints licenses as free text ("Webex Calling - Professional"). The
product family is read off that text; the text itself is always kept, so that a
name nobody has met yet is listed and never lost (design 5.12).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from partnerhub.domain.errors import InvalidValue


class Product(StrEnum):
    """A product family. `OTHER` holds every name that is not recognized."""

    CALLING = "calling"
    MEETINGS = "meetings"
    MESSAGING = "messaging"
    CALL_ON_WEBEX = "call_on_webex"
    CALLING_PLANS = "calling_plans"
    WEBEX_GO = "webex_go"
    ATTENDANT_CONSOLE = "attendant_console"
    CUSTOMER_EXPERIENCE = "customer_experience"
    CONTACT_CENTER = "contact_center"
    REAL_TIME_TRANSLATIONS = "real_time_translations"
    DEVICES = "devices"
    OTHER = "other"


KPI_PRODUCTS: Final = (Product.CALLING, Product.MEETINGS)
"""The only products that the subscription KPIs count (specification, KPIs)."""

MEETINGS_LICENSE: Final = "Webex Meetings"
CALLING_PROFESSIONAL: Final = "Webex Calling - Professional"
CALLING_STANDARD: Final = "Webex Calling - Standard"

# First match wins. "Call on Webex" stands before Calling, and Calling is only
# what starts with "Webex Calling": Attendant Console, Customer Experience,
# Calling Plans and Webex Go are families of their own.
_FAMILIES: Final = tuple(
    (re.compile(pattern), product)
    for pattern, product in (
        (r"calls? on webex", Product.CALL_ON_WEBEX),
        (r"(webex |cisco )?calling plans?", Product.CALLING_PLANS),
        (r"webex calling(?! plan)", Product.CALLING),
        (r"(webex )?attendant console", Product.ATTENDANT_CONSOLE),
        (r"(webex )?customer (experience|assist)", Product.CUSTOMER_EXPERIENCE),
        (r"(webex )?contact cent(er|re)", Product.CONTACT_CENTER),
        (r"webex go", Product.WEBEX_GO),
        (r"(webex )?real[- ]time translations?", Product.REAL_TIME_TRANSLATIONS),
        (r"(webex )?(room|board|desk|device)", Product.DEVICES),
        (r"(webex )?(advanced |basic )?messag", Product.MESSAGING),
        (r"(webex |cisco webex )?(meeting|webinar|event)", Product.MEETINGS),
    )
)


def product_of(license_name: str, /) -> Product:
    """The product family of a license name; `OTHER` when it is not recognized.

    Examples:
        >>> product_of("Webex Calling - Professional").value
        'calling'
        >>> product_of("Call on Webex").value
        'call_on_webex'
        >>> product_of("Cisco Calling Plan").value, product_of("Slido").value
        ('calling_plans', 'other')
    """
    plain = " ".join(license_name.casefold().split())
    for pattern, product in _FAMILIES:
        if pattern.match(plain):
            return product
    return Product.OTHER


def canonical_license(name: str, /) -> str:
    """A license name as the service prints it, however it was spelled.

    A name that is not one of those we know is only freed of needless spaces.

    Examples:
        >>> canonical_license("webex calling professional")
        'Webex Calling - Professional'
        >>> canonical_license("meetings"), canonical_license(" Slido ")
        ('Webex Meetings', 'Slido')
    """
    plain = " ".join(name.split())
    return _SPELLINGS.get(_letters(plain), plain)


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


_SPELLINGS: Final = {
    _letters(spelling): name
    for name, spellings in {
        MEETINGS_LICENSE: ("meetings", "meeting"),
        CALLING_PROFESSIONAL: ("calling professional", "professional"),
        CALLING_STANDARD: ("calling standard", "standard"),
    }.items()
    for spelling in (name, *spellings)
}


def parse_product(text: str, /) -> Product:
    """The product that `text` names: a code, or a name such as "Webex Calling".

    Raises:
        InvalidValue: No product has that name.

    Examples:
        >>> parse_product("Webex Meetings").value, parse_product("calling").value
        ('meetings', 'calling')
    """
    plain = "_".join(text.casefold().replace("-", " ").replace("_", " ").split())
    if plain in Product.__members__.values():
        return Product(plain)
    found = product_of(text)
    if found is Product.OTHER:
        raise InvalidValue("product", text, choices=[p.value for p in Product])
    return found


def parse_kpi_product(text: str | Product | None, /) -> Product | None:
    """The product of the Meetings / Calling toggle, or None for both.

    Raises:
        InvalidValue: The text names another product, or none.
    """
    if text is None:
        return None
    found = text if isinstance(text, Product) else parse_product(text)
    if found not in KPI_PRODUCTS:
        raise InvalidValue(
            "product of the KPIs", str(text), choices=[p.value for p in KPI_PRODUCTS]
        )
    return found
