"""Webex identifiers: a bare uuid, or the same in base64 `ciscospark://` form.

The service prints an organization either as `c8b0e0d2-…` or as the base64 text
of `ciscospark://us/ORGANIZATION/c8b0e0d2-…`. Both name the same thing, so ids
compare and hash by uuid and keep the text they were given.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Self

import attrs

from partnerhub.domain.errors import InvalidValue

_UUID = re.compile(
    r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\Z", re.IGNORECASE
)
_SPARK = re.compile(r"ciscospark://[^/]*/(?P<kind>[^/]+)/(?P<uuid>[^/:]+)")


@attrs.frozen(order=True)
class WebexId:
    """One identifier.

    Attributes:
        uuid: Lower-case uuid with hyphens; the only part that is compared.
        given: The text it was read from.

    Examples:
        >>> a = WebexId.parse("C8B0E0D2-0000-4000-8000-000000000001")
        >>> b = WebexId.parse(a.base64("ORGANIZATION"))
        >>> a == b, b.uuid
        (True, 'c8b0e0d2-0000-4000-8000-000000000001')
    """

    uuid: str
    given: str = attrs.field(eq=False, order=False, repr=False)

    @classmethod
    def parse(cls, text: str, /) -> Self:
        """Reads either form.

        Raises:
            InvalidValue: `text` is neither a uuid nor a `ciscospark://` id.
        """
        return cls(uuid=uuid_of(text), given=text)

    def base64(self, kind: str) -> str:
        """The URL-safe base64 form of this id for a `kind` such as ORGANIZATION."""
        plain = f"ciscospark://us/{kind}/{self.uuid}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    def __str__(self) -> str:
        return self.uuid


def uuid_of(text: str, /) -> str:
    """The lower-case uuid that `text` names, in whichever form it is written.

    Raises:
        InvalidValue: `text` is neither a uuid nor a `ciscospark://` id.

    Examples:
        >>> uuid_of("{C8B0E0D2-0000-4000-8000-000000000001}")
        'c8b0e0d2-0000-4000-8000-000000000001'
    """
    bare = text.strip().strip("{}")
    if not _UUID.match(bare):
        bare = _uuid_in_spark_id(bare)
    if not _UUID.match(bare):
        raise InvalidValue("id", text, "neither a uuid nor a ciscospark:// id")
    digits = bare.replace("-", "").lower()
    return "-".join(
        (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    )


def _uuid_in_spark_id(text: str) -> str:
    plain = text
    if "://" not in text:
        padded = text + "=" * (-len(text) % 4)
        try:
            plain = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return ""
    match = _SPARK.match(plain)
    return match["uuid"] if match else ""
