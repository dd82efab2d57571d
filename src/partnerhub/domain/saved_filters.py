"""Filters that the partner's administrators keep under a name and share."""

from __future__ import annotations

from typing import Final

import attrs
import pendulum

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.filters import Filter, folded
from partnerhub.domain.organizations import clean_text
from partnerhub.domain.query_text import parse_filter

LONGEST_NAME: Final = 60
"""Characters of a name."""


def filter_name(text: str, /) -> str:
    """The name of a saved filter as it is kept.

    Raises:
        InvalidValue: It is blank, too long, or holds what cannot be printed.

    Examples:
        >>> filter_name("  EU   renewals ")
        'EU renewals'
    """
    name = " ".join(clean_text(text).split())
    what = "name of a filter"
    if not folded(name):
        raise InvalidValue(what, text, "it is blank")
    if len(name) > LONGEST_NAME:
        why = f"it has {len(name)} characters, and a name has at most {LONGEST_NAME}"
        raise InvalidValue(what, text, why)
    if not name.isprintable():
        raise InvalidValue(what, text, "it holds a character that cannot be printed")
    return name


def _refuse(name: str) -> Filter:
    why = "a saved filter names no other; write what it asks for"
    raise InvalidValue("part of a saved filter", f"saved:{name}", why)


@attrs.frozen(kw_only=True)
class SavedFilter:
    """A filter under a name.

    Attributes:
        name: What it is called; letter case and accents do not tell two apart.
        query: Its text, as it was typed. It names no other saved filter.
        help: What it is for, in the words of whoever saved it.
        by: Address of whoever saved it last; blank for the local owner.
        on: The day it was saved last; None where it was never kept.

    Raises:
        InvalidValue: The name is none.

    Examples:
        >>> kept = SavedFilter(name="EU renewals", query="region:EU renews<90d")
        >>> str(kept.filter), kept.key
        ('region:EU renews<90d', 'eu renewals')
    """

    name: str = attrs.field(converter=filter_name)
    query: str
    help: str = attrs.field(default="", converter=clean_text)
    by: str = ""
    on: pendulum.Date | None = None

    @property
    def filter(self) -> Filter:
        """What it means.

        Raises:
            FilterError: The text cannot be understood: a newer version, which knows
                more fields, may have kept it.
        """
        return parse_filter(self.query, saved=_refuse)

    @property
    def key(self) -> str:
        """Its name as names are compared."""
        return folded(self.name)
