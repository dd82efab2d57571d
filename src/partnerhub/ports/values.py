"""What goes into a store and comes out of it, besides columns."""

from __future__ import annotations

import datetime as dt

import attrs

from partnerhub.domain.organizations import clean_texts


@attrs.frozen(kw_only=True)
class Scope:
    """Whose data are asked for.

    Attributes:
        regions: Only customers of these regions, None among them for those whose
            region nobody has told. None asks for all.
        organizations: Only these uuids. None asks for all.

    Raises:
        InvalidValue: One of them holds what no store keeps.
    """

    regions: tuple[str | None, ...] | None = None
    organizations: tuple[str, ...] | None = None

    def __attrs_post_init__(self) -> None:
        clean_texts(region for region in self.regions or () if region)
        clean_texts(self.organizations or ())


EVERYTHING = Scope()


@attrs.frozen(kw_only=True)
class OrganizationFacts:
    """What a source says of one organization; None where it says nothing.

    Attributes:
        id: Uuid.
        name: Display name.
        region: Where its data are kept.
        industry: Business vertical.
        external_id: The wholesale id.
        user_emails: Addresses of its users; replaces those known.
        tags: The partner's tags on it; replaces those known.
        day: The day of the file that says so; a newer one wins.
    """

    id: str
    name: str | None = None
    region: str | None = None
    industry: str | None = None
    external_id: str | None = None
    user_emails: tuple[str, ...] | None = attrs.field(default=None, repr=False)
    tags: tuple[str, ...] | None = None
    day: dt.date


@attrs.frozen(kw_only=True)
class RegionConflict:
    """A customer is said to lie in two regions (design 5.7), or in none of the stores'.

    Attributes:
        organization: Uuid of the customer.
        known: The region it lies in; None where it is in no store.
        told: The region it is said to lie in; None where none was told.
        choices: The regions that have a store, where each has its own.
    """

    organization: str
    known: str | None
    told: str | None
    choices: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class OrganizationsPut:
    """What putting organizations gave.

    Attributes:
        changed: Uuids of those of which something new was told.
        conflicts: Those said to lie in two regions, or in none that has a store.
    """

    changed: frozenset[str]
    conflicts: tuple[RegionConflict, ...]


@attrs.frozen(kw_only=True)
class Profile:
    """One organization as it is known now, and the version to edit it by.

    Attributes:
        id: Uuid.
        name: Display name; blank when not known.
        region: Where its data are kept; None when nobody has told.
        industry: Business vertical.
        external_id: The wholesale id.
        user_emails: Addresses of its users, case-folded and sorted.
        tags: The partner's tags on it, in their order.
        version: Goes up by one with every change of the above, and of the tags of
            its subscriptions.
    """

    id: str
    name: str = ""
    region: str | None = None
    industry: str | None = None
    external_id: str | None = None
    user_emails: tuple[str, ...] = attrs.field(default=(), repr=False)
    tags: tuple[str, ...] = ()
    version: int


@attrs.frozen(kw_only=True)
class Tagged:
    """The tags of one customer, or of one of its subscriptions.

    Attributes:
        customer: Uuid of the customer.
        subscription: What tells the subscription apart; None for the customer's own.
        tags: The tags.
        version: The version of the customer's profile to edit them by; None in lists,
            which do not look it up.
    """

    customer: str
    subscription: str | None = None
    tags: tuple[str, ...]
    version: int | None = None
