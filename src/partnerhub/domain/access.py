"""People of the partner: what one may do, and which customers one sees and why."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import attrs

from partnerhub.domain.capabilities import Access, Capability
from partnerhub.domain.errors import InvalidValue, PermissionDenied
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.roles import ROLES, Reach, Role, granted, reach, roles_with


def person_key(text: str, /) -> str:
    """What tells a person apart: the e-mail address, in any case.

    Raises:
        InvalidValue: It is no e-mail address.

    Examples:
        >>> person_key(" Ana@Partner.Example ")
        'ana@partner.example'
    """
    plain = text.strip().casefold()
    name, at, domain = plain.partition("@")
    if not (name and at and domain) or any(c.isspace() or c == "\0" for c in plain):
        raise InvalidValue("e-mail address of a person", text)
    return plain


def uuids(ids: Iterable[str], /) -> frozenset[str]:
    """The uuids that these ids name, in either form."""
    return frozenset(map(uuid_of, ids))


def people(addresses: Iterable[str], /) -> frozenset[str]:
    """The keys of these people."""
    return frozenset(map(person_key, addresses))


def roles_of(roles: Iterable[Role], /) -> frozenset[Role]:
    """The roles, each once."""
    return frozenset(roles)


@attrs.frozen(kw_only=True)
class Actor:
    """Who asks.

    Attributes:
        email: Who it is.
        roles: The person's partner roles; several are their union.
        customers: Uuids of the customers that the person sees, where no role of
            theirs sees all.

    Examples:
        >>> ana = Actor(email="ana@partner.example", roles=[Role.PARTNER_READ_ONLY])
        >>> ana.may(Capability.VIEW_CUSTOMERS), ana.may(Capability.EDIT_TAGS)
        (True, False)
        >>> ana.demand(Capability.CREATE_CUSTOMERS)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        partnerhub.domain.errors.PermissionDenied: ana@partner.example ... may not ...
    """

    email: str = attrs.field(converter=person_key)
    roles: frozenset[Role] = attrs.field(default=frozenset(), converter=roles_of)
    customers: frozenset[str] = attrs.field(default=frozenset(), converter=uuids)

    @property
    def sees_all(self) -> bool:
        """Whether a role of the person sees all customers."""
        return reach(self.roles) is Reach.ALL

    def sees(self, customer: str) -> bool:
        """Whether the person sees the customer with that uuid."""
        return self.sees_all or customer in self.customers

    def may(self, capability: Capability, needed: Access = Access.FULL) -> bool:
        """Whether the person's roles have so much of a capability."""
        return granted(self.roles, capability).covers(needed)

    def demand(self, capability: Capability, needed: Access = Access.FULL) -> None:
        """Nothing, if the person may.

        Raises:
            PermissionDenied: No role of theirs has so much of the capability.
        """
        if not self.may(capability, needed):
            raise PermissionDenied(
                self.email,
                roles=[ROLES[role].label for role in Role if role in self.roles],
                capability=capability.value,
                allowed=[ROLES[role].label for role in roles_with(capability, needed)],
            )


@attrs.frozen(kw_only=True)
class CustomerGroup:
    """Customers that several administrators look after together.

    Attributes:
        name: Its name.
        customers: Uuids of the customers in it.
        members: E-mail addresses of the administrators.
    """

    name: str
    customers: frozenset[str] = attrs.field(default=frozenset(), converter=uuids)
    members: frozenset[str] = attrs.field(default=frozenset(), converter=people)

    def __attrs_post_init__(self) -> None:
        if not self.name.strip() or "\0" in self.name:
            raise InvalidValue("name of a customer group", self.name)


class Way(StrEnum):
    """How somebody comes to see a customer."""

    ROLE = "role"
    ASSIGNED = "assigned"
    GROUP = "group"


@attrs.frozen(kw_only=True)
class Grounds:
    """One reason why a person sees a customer.

    Attributes:
        way: How.
        through: The role's label, or the group's name; blank for an assignment.
    """

    way: Way
    through: str = ""

    def __str__(self) -> str:
        match self.way:
            case Way.ROLE:
                return f"sees all customers as {self.through}"
            case Way.ASSIGNED:
                return "assigned"
            case Way.GROUP:
                return f"through the customer group {self.through!r}"


def effective_access(
    customer: str,
    /,
    *,
    email: str,
    roles: Iterable[Role],
    assigned: Iterable[str],
    groups: Iterable[CustomerGroup],
) -> tuple[Grounds, ...]:
    """Every ground on which a person sees a customer; empty when none.

    The listings of Partner Hub leave out what comes through a group or a role; this
    does not. Assignments and groups count for those only whose role sees what is
    assigned: without a partner role there is no access.

    Args:
        customer: Uuid of the customer.
        email: The person.
        roles: The person's partner roles.
        assigned: Uuids of the customers assigned to the person.
        groups: All customer groups.

    Examples:
        >>> acme = "c8b0e0d2-0000-4000-8000-000000000001"
        >>> north = CustomerGroup(
        ...     name="North", customers=[acme], members=["ana@partner.example"]
        ... )
        >>> [str(ground) for ground in effective_access(
        ...     acme,
        ...     email="ana@partner.example",
        ...     roles=[Role.PARTNER_ADMIN],
        ...     assigned=[],
        ...     groups=[north],
        ... )]
        ["through the customer group 'North'"]
    """
    held = frozenset(roles)
    found = [
        Grounds(way=Way.ROLE, through=facts.label)
        for role, facts in ROLES.items()
        if role in held and facts.reach is Reach.ALL
    ]
    if any(ROLES[role].reach is Reach.ASSIGNED for role in held):
        if customer in assigned:
            found.append(Grounds(way=Way.ASSIGNED))
        found += [
            Grounds(way=Way.GROUP, through=group.name)
            for group in sorted(groups, key=lambda group: group.name)
            if customer in group.customers and email in group.members
        ]
    return tuple(found)
