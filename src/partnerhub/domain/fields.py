"""The fields a filter may ask for: one registry for errors, completion and docs.

What a field means is told here in words and in `partnerhub.domain.filters.meaning`
in rules; no engine knows a field that is not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import attrs

from partnerhub.domain.customers import ManagedBy
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.products import Product
from partnerhub.domain.regions import KNOWN
from partnerhub.domain.status import CustomerStatus
from partnerhub.domain.subscriptions import CommitmentTerm


class Kind(StrEnum):
    """What the values of a field are, and so how they are compared."""

    STATE = "state"
    """A state that a rule decides; one of a few codes."""
    CODE = "code"
    """A code, compared as it is; what else names it is read as the code."""
    TEXT = "text"
    """A text, compared whole; accents, letter case and spacing do not count."""
    PART = "part"
    """A text that is searched for a part, in the same blindness."""
    DAY = "day"
    """A day, compared by date or by distance from the day asked for."""
    COUNT = "count"
    """A sum of licenses, compared by number or by share of the total."""


class Level(StrEnum):
    """Whose values they are."""

    CUSTOMER = "customer"
    SUBSCRIPTION = "subscription"
    EITHER = "either"
    """The customer's, and inside `subscription(...)` those of one subscription."""


@attrs.frozen(kw_only=True)
class Field:
    """One field of customers or subscriptions.

    Attributes:
        name: How it is written in a filter.
        kind: What its values are.
        level: Whose they are.
        help: What it asks for, one sentence for people.
        many: One customer, or subscription, may have several values.
        choices: Every value there is; empty where they cannot be listed.
        examples: Values to show where there are no choices.
        aliases: Other names that are read as this one.
        ahead: A duration is a distance ahead of the day and not an age.
        share_of_total: A percentage is a share of the total.
    """

    name: str
    kind: Kind
    level: Level
    help: str
    many: bool = False
    choices: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    ahead: bool = False
    share_of_total: bool = False

    @property
    def ordered(self) -> bool:
        """Whether its values can be compared with `<` and the like."""
        return self.kind in {Kind.DAY, Kind.COUNT}


SUBSCRIPTION_STATES: Final = (
    "active",
    "expiring_soon",
    "license_overage",
    "ready_for_order_setup",
    "suspended",
    "expired",
)
"""The states of one subscription or trial."""

_ALL: Final = (
    Field(
        name="status",
        kind=Kind.STATE,
        level=Level.CUSTOMER,
        many=True,
        choices=tuple(status.code for status in CustomerStatus),
        help="the customer's status, any of those it has",
    ),
    Field(
        name="subscription_status",
        kind=Kind.STATE,
        level=Level.SUBSCRIPTION,
        many=True,
        choices=SUBSCRIPTION_STATES,
        help="the state of a subscription that is no trial",
    ),
    Field(
        name="trial_status",
        kind=Kind.STATE,
        level=Level.SUBSCRIPTION,
        many=True,
        choices=SUBSCRIPTION_STATES,
        help="the state of a trial",
    ),
    Field(
        name="managed_by",
        kind=Kind.CODE,
        level=Level.CUSTOMER,
        choices=tuple(ManagedBy),
        help="part of the partner organization, or managed as an external administrator",
    ),
    Field(
        name="product",
        kind=Kind.CODE,
        level=Level.SUBSCRIPTION,
        many=True,
        choices=tuple(Product),
        help="a product that was ordered, whatever the state of the subscription",
    ),
    Field(
        name="type",
        kind=Kind.STATE,
        level=Level.SUBSCRIPTION,
        choices=("subscription", "trial"),
        aliases=("subscription_type",),
        help="whether it is a subscription or a trial",
    ),
    Field(
        name="term",
        kind=Kind.CODE,
        level=Level.SUBSCRIPTION,
        choices=tuple(CommitmentTerm),
        aliases=("commitment_term",),
        help="how long the customer is bound",
    ),
    Field(
        name="tag",
        kind=Kind.TEXT,
        level=Level.CUSTOMER,
        many=True,
        examples=("vip",),
        help="a tag on the customer",
    ),
    Field(
        name="region",
        kind=Kind.CODE,
        level=Level.CUSTOMER,
        examples=KNOWN,
        help="where the customer's data are kept",
    ),
    Field(
        name="industry",
        kind=Kind.TEXT,
        level=Level.CUSTOMER,
        examples=("Retail",),
        help="the customer's business vertical",
    ),
    Field(
        name="name",
        kind=Kind.PART,
        level=Level.CUSTOMER,
        examples=("acme",),
        help="a part of the customer's name",
    ),
    Field(
        name="id",
        kind=Kind.CODE,
        level=Level.CUSTOMER,
        examples=("c8b0e0d2-0000-4000-8000-000000000001",),
        help="the customer's id, a uuid or the base64 form",
    ),
    Field(
        name="subscription",
        kind=Kind.TEXT,
        level=Level.SUBSCRIPTION,
        examples=("Sub100448",),
        help="the id of a subscription",
    ),
    Field(
        name="ends",
        kind=Kind.DAY,
        level=Level.SUBSCRIPTION,
        ahead=True,
        examples=("90d", "2027-01-01"),
        help="the last day of a subscription or trial that is not known to renew",
    ),
    Field(
        name="renews",
        kind=Kind.DAY,
        level=Level.SUBSCRIPTION,
        ahead=True,
        examples=("90d", "2027-01-01"),
        help="the day on which a subscription renews by itself",
    ),
    Field(
        name="added",
        kind=Kind.DAY,
        level=Level.SUBSCRIPTION,
        examples=("90d", "2026-01-01"),
        help="the day on which a subscription or trial was added",
    ),
    Field(
        name="total",
        kind=Kind.COUNT,
        level=Level.EITHER,
        examples=("100",),
        help="licenses bought, summed over active lines",
    ),
    Field(
        name="assigned",
        kind=Kind.COUNT,
        level=Level.EITHER,
        share_of_total=True,
        examples=("90%", "100"),
        help="licenses assigned, summed over active lines, or their share of the total",
    ),
    Field(
        name="used",
        kind=Kind.COUNT,
        level=Level.EITHER,
        share_of_total=True,
        examples=("50%", "100"),
        help=(
            "licenses used in seven days, or ever where that is not known, summed over "
            "active lines, or their share of the total"
        ),
    ),
    Field(
        name="last_sign_in",
        kind=Kind.DAY,
        level=Level.CUSTOMER,
        examples=("90d", "never", "2026-01-01"),
        help="the newest sign-in of one of the customer's administrators",
    ),
    Field(
        name="admin",
        kind=Kind.CODE,
        level=Level.CUSTOMER,
        many=True,
        examples=("ana@partner.example",),
        help="the e-mail address of a partner administrator assigned to the customer",
    ),
    Field(
        name="email",
        kind=Kind.CODE,
        level=Level.CUSTOMER,
        many=True,
        examples=("kim@acme.example",),
        help="the e-mail address of any user of the customer",
    ),
    Field(
        name="text",
        kind=Kind.PART,
        level=Level.EITHER,
        many=True,
        examples=("acme",),
        help="a part of the name, the id or a subscription id; a bare word asks for it",
    ),
)

FIELDS: Final[Mapping[str, Field]] = MappingProxyType({f.name: f for f in _ALL})
"""Name -> field, in the order in which they are listed to people."""

_BY_ANY_NAME: Final = {alias: f for f in _ALL for alias in (f.name, *f.aliases)}


def field_named(name: str, /) -> Field:
    """The field that `name`, or one of its aliases, names; letter case does not count.

    Raises:
        InvalidValue: There is none; it names the nearest.

    Examples:
        >>> field_named("subscription_type").name
        'type'
    """
    found = _BY_ANY_NAME.get(name.casefold())
    if found is None:
        raise InvalidValue("field", name, choices=FIELDS)
    return found
