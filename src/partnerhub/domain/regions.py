"""Regions in which customer data are kept (specification, "Region selector").

US, CA, EU and UAE are published; any other text is kept as it is, since the
service may add regions. A region that nobody has told yet is `None`.
"""

from __future__ import annotations

from typing import Final

from partnerhub.domain.errors import InvalidValue

US: Final = "US"
CA: Final = "CA"
EU: Final = "EU"
UAE: Final = "UAE"

KNOWN: Final = (US, CA, EU, UAE)

ALL: Final = "*"
"""Asks for the data of every region on purpose."""

UNSPECIFIED: Final = "unspecified"
"""How a region that nobody has told is printed."""

_NAMES: Final = {
    "us": US,
    "usa": US,
    "united states": US,
    "états-unis": US,
    "etats-unis": US,
    "ca": CA,
    "canada": CA,
    "ca—canada": CA,
    "eu": EU,
    "ue": EU,
    "european union": EU,
    "union européenne": EU,
    "union europeenne": EU,
    "ue — union européenne": EU,
    "uae": UAE,
    "ae": UAE,
    "united arab emirates": UAE,
    "émirats arabes unis": UAE,
    "emirats arabes unis": UAE,
}


def parse_region(text: str | None, /) -> str | None:
    """The region that `text` names, in either language of the specification.

    Args:
        text: A code (US, CA, EU, UAE or AE), a name, or a code we do not know.

    Returns:
        The code; an unknown text upper-cased; None for blank or "unspecified".

    Raises:
        InvalidValue: `text` is `*`, which asks for all regions and is none itself.

    Examples:
        >>> parse_region("ae"), parse_region("États-Unis"), parse_region("apac")
        ('UAE', 'US', 'APAC')
    """
    if text is None:
        return None
    plain = " ".join(text.split())
    if plain == ALL:
        raise InvalidValue("region", text, "* asks for all of them", choices=KNOWN)
    if not plain or plain.casefold() == UNSPECIFIED:
        return None
    return _NAMES.get(plain.casefold(), plain.upper())


def label(region: str | None, /) -> str:
    """How a region is shown to people.

    Examples:
        >>> label("US"), label(None)
        ('US', 'unspecified')
    """
    return region if region is not None else UNSPECIFIED
