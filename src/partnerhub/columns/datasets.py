"""What is kept dated: six datasets, each a set of things with typed fields.

A store needs to know nothing more of a dataset than this; so a new one is a new
`Dataset` here, and no new table code anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

import attrs


class Kind(StrEnum):
    """What a field holds."""

    COUNT = "count"
    FLAG = "flag"
    DAY = "day"
    TEXT = "text"


@attrs.frozen
class Field:
    """One field of a dataset."""

    name: str
    kind: Kind


@attrs.frozen(kw_only=True)
class Dataset:
    """A kind of thing that belongs to a customer and changes over time.

    Attributes:
        name: Its name in stores.
        fields: What is kept of it.
        parent: The dataset that its things belong to, if not to the customer alone;
            they are gone with what they belong to, never by themselves.
        pictures: Whose full pictures it shares: things that a full picture of this
            name leaves out are gone.
        sticky: Flags that stay set once they were.
    """

    name: str
    fields: tuple[Field, ...]
    parent: str | None = None
    pictures: str
    sticky: tuple[str, ...] = ()

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of its fields, in the order of their bits."""
        return tuple(field.name for field in self.fields)

    def mask(self, names: Iterable[str]) -> int:
        """The bits of the named fields."""
        wanted = set(names)
        return sum(
            1 << bit for bit, name in enumerate(self.field_names) if name in wanted
        )


def _fields(**kinds: Kind) -> tuple[Field, ...]:
    return tuple(Field(name, kind) for name, kind in kinds.items())


CUSTOMERS: Final = Dataset(
    name="customer",
    pictures="customer",
    fields=_fields(
        managed_by=Kind.TEXT, last_admin_sign_in=Kind.DAY, has_admins=Kind.FLAG
    ),
)
SUBSCRIPTIONS: Final = Dataset(
    name="subscription",
    pictures="subscription",
    fields=_fields(
        source_status=Kind.TEXT,
        type=Kind.TEXT,
        is_trial=Kind.FLAG,
        source_expired=Kind.FLAG,
        starts_on=Kind.DAY,
        ends_on=Kind.DAY,
        auto_renews=Kind.FLAG,
        paid=Kind.FLAG,
        provisioned=Kind.FLAG,
        commitment_term=Kind.TEXT,
        invoice=Kind.TEXT,
        orders=Kind.TEXT,
        users_total=Kind.COUNT,
        users_verified=Kind.COUNT,
    ),
)
LICENSES: Final = Dataset(
    name="license",
    parent="subscription",
    pictures="subscription",
    fields=_fields(
        total=Kind.COUNT,
        assigned=Kind.COUNT,
        used_7d=Kind.COUNT,
        used_3m=Kind.COUNT,
        used_ever=Kind.COUNT,
        # A line counts from the day on which any of its numbers was above 0.
        existed=Kind.FLAG,
    ),
    sticky=("existed",),
)
DEVICES: Final = Dataset(
    name="device",
    pictures="device",
    fields=_fields(
        location_id=Kind.TEXT,
        location_name=Kind.TEXT,
        product=Kind.TEXT,
        mac=Kind.TEXT,
        firmware=Kind.TEXT,
        phone_number=Kind.TEXT,
        extension=Kind.TEXT,
        user_id=Kind.TEXT,
        user_uuid=Kind.TEXT,
    ),
)
NUMBERS: Final = Dataset(
    name="number",
    pictures="number",
    fields=_fields(
        location_id=Kind.TEXT,
        location_name=Kind.TEXT,
        country=Kind.TEXT,
        phone_number=Kind.TEXT,
        extension=Kind.TEXT,
        pstn_connection=Kind.TEXT,
        active=Kind.FLAG,
        user_type=Kind.TEXT,
        number_type=Kind.TEXT,
        user_id=Kind.TEXT,
        user_uuid=Kind.TEXT,
    ),
)
APP_VERSIONS: Final = Dataset(
    name="app_version",
    pictures="app_version",
    fields=_fields(
        application_type=Kind.TEXT,
        platform=Kind.TEXT,
        version=Kind.TEXT,
        os_version=Kind.TEXT,
        users=Kind.COUNT,
    ),
)

DATASETS: Final = (CUSTOMERS, SUBSCRIPTIONS, LICENSES, DEVICES, NUMBERS, APP_VERSIONS)
