"""Organizations: the partner's own, and those of its customers."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.ids import WebexId
from partnerhub.domain.regions import parse_region


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
