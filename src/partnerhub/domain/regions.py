"""Regions in which customer data are kept (specification, "Region selector").

US, CA, EU and UAE are published; any other text is kept as it is, since the
service may add regions. A region that nobody has told yet is `None`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs

from partnerhub.domain.errors import InvalidValue, NotFound, RegionRequired

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


@attrs.frozen
class RegionChoice:
    """What a region selector gave.

    Attributes:
        region: The region chosen; `*` for all; None where nobody has told it.
        regions: The regions that hold data, of those asked for.
    """

    region: str | None
    regions: tuple[str | None, ...]


def choose(asked: str | None, held: Iterable[str | None], /) -> RegionChoice:
    """The regions that a call is about (design 5.8).

    Args:
        asked: A region, `*` for all of them, or None when none was chosen, which
            serves while data lie in one region only.
        held: The regions that hold data.

    Raises:
        RegionRequired: Data lie in several regions and none was chosen.
        NotFound: The region is not published and holds no data.

    Examples:
        >>> choose("ae", ["US", "UAE"])
        RegionChoice(region='UAE', regions=('UAE',))
        >>> choose(None, ["EU"]).region
        'EU'
    """
    regions = in_order(held)
    if asked == ALL:
        return RegionChoice(ALL, regions)
    if asked is None:
        if len(regions) > 1:
            raise RegionRequired(map(label, regions))
        return RegionChoice(regions[0] if regions else None, regions)
    one = parse_region(asked)
    if one in regions:
        return RegionChoice(one, (one,))
    if one is not None and one not in KNOWN:
        there = ", ".join(map(label, regions)) or "no region yet"
        choices = [*KNOWN, *map(label, regions)]
        raise NotFound("region", asked, f"data lie in {there}", choices=choices)
    return RegionChoice(one, ())


def in_order(regions: Iterable[str | None], /) -> tuple[str | None, ...]:
    """Each region once: published ones first, then others, unspecified last.

    Examples:
        >>> in_order([None, "APAC", "EU", "US", "EU"])
        ('US', 'EU', 'APAC', None)
    """
    known = {name: place for place, name in enumerate(KNOWN)}
    return tuple(
        sorted(
            set(regions),
            key=lambda r: (r is None, known.get(r or "", len(known)), r or ""),
        )
    )
