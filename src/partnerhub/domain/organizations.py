"""Organizations: the partner's own, and those of its customers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.ids import WebexId
from partnerhub.domain.regions import parse_region

MOST_KEY_BYTES: Final = 1_000
"""Bytes, in UTF-8, of a text that things are told apart or found by.

PostgreSQL's indexes hold two such texts in a row.
"""

TOO_LONG: Final = f"it takes more than {MOST_KEY_BYTES:,} bytes"

_SURELY_SHORT: Final = MOST_KEY_BYTES // 4
"""Characters that take no more, whatever they are."""


def clean_text(text: str, /) -> str:
    """`text` as stores may keep it.

    Raises:
        InvalidValue: It holds a NUL, which PostgreSQL refuses, so every store does, or
            half of a surrogate pair, which no encoding can write.
    """
    if "\0" in text:
        raise InvalidValue("text", text, "it holds a NUL character")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise InvalidValue("text", text, "it holds a lone surrogate") from error
    return text


def clean_texts(texts: Iterable[str], /) -> tuple[str, ...]:
    """`texts` as stores may keep them.

    Raises:
        InvalidValue: One of them holds what no store keeps.
    """
    listed = tuple(texts)
    try:
        # At once, which is many times as fast as one by one.
        together = "".join(listed)
        if "\0" not in together:
            together.encode()
            return listed
    except UnicodeEncodeError:
        pass
    return tuple(map(clean_text, listed))


def key_text(text: str, /) -> str:
    """`text` as stores may keep it and find things by it.

    Raises:
        InvalidValue: No store keeps it, or it takes more than `MOST_KEY_BYTES`.
    """
    return key_texts((text,))[0]


def key_texts(texts: Iterable[str], /) -> tuple[str, ...]:
    """`texts` as stores may keep them and find things by them.

    Raises:
        InvalidValue: One of them no store keeps, or takes more than `MOST_KEY_BYTES`.

    Examples:
        >>> key_texts(["Sub1", "é" * 500])[0]
        'Sub1'
    """
    listed = clean_texts(texts)
    if max(map(len, listed), default=0) > _SURELY_SHORT:
        for text in filter(too_long, listed):
            raise InvalidValue("text", text[:50] + "...", TOO_LONG)
    return listed


def too_long(text: str, /) -> bool:
    """Whether no store finds things by a text; it is one that stores keep."""
    return len(text) > _SURELY_SHORT and len(text.encode()) > MOST_KEY_BYTES


def optional_clean_text(text: str | None, /) -> str | None:
    """`text` as stores may keep it; None stays None.

    Raises:
        InvalidValue: It holds what no store keeps.
    """
    return None if text is None else clean_text(text)


def _id(value: str | WebexId) -> WebexId:
    return value if isinstance(value, WebexId) else WebexId.parse(value)


@attrs.frozen(kw_only=True)
class Organization:
    """One customer organization.

    Attributes:
        id: Its uuid; text in either form is accepted.
        name: Display name; blank when only the id is known.
        region: Where its data are kept; None when nobody has told.
        industry: Business vertical; None when not known.
        external_id: The wholesale id given when it was created, if any.
    """

    id: WebexId = attrs.field(converter=_id)
    name: str = attrs.field(default="", converter=clean_text)
    region: str | None = attrs.field(default=None, converter=parse_region)
    industry: str | None = attrs.field(default=None, converter=optional_clean_text)
    external_id: str | None = attrs.field(default=None, converter=optional_clean_text)

    @property
    def label(self) -> str:
        """The name, or the id where no name is known."""
        return self.name or self.id.uuid


@attrs.frozen(kw_only=True)
class PartnerOrganization:
    """The partner's own organization, as on the Account page.

    Attributes:
        id: Its uuid.
        name: Display name.
        industry: Business vertical; None when not known.
        expected_users: Number of Webex users it expects to onboard; None when not
            known.
    """

    id: WebexId = attrs.field(converter=_id)
    name: str = attrs.field(default="", converter=clean_text)
    industry: str | None = attrs.field(default=None, converter=optional_clean_text)
    expected_users: int | None = None
