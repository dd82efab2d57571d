"""Partner administrators, and the published rules of giving roles and customers.

Each function gives the person as they are after the step, or says why it cannot be.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from partnerhub.domain.access import (
    Actor,
    CustomerGroup,
    Grounds,
    effective_access,
    person_key,
    roles_of,
    uuids,
)
from partnerhub.domain.errors import AssignmentRefused, NotFound
from partnerhub.domain.organizations import clean_text
from partnerhub.domain.roles import ROLES, OrganizationRole, Reach, Role, reach

SEES_ALL = (
    "the user already has access to all customers managed by their partner "
    "organization, and is managed on the list of administrators only"
)


def _organization_roles(
    roles: Iterable[OrganizationRole],
) -> frozenset[OrganizationRole]:
    return frozenset(roles)


@attrs.frozen(kw_only=True)
class Administrator:
    """A user of the partner's own organization, with the roles they have.

    Attributes:
        email: Who it is.
        name: Display name; blank when not known.
        roles: Roles in Partner Hub; without any there is no access to it.
        organization_roles: Roles in the partner's own organization.
        customers: Uuids of the customers assigned to the person.
    """

    email: str = attrs.field(converter=person_key)
    name: str = attrs.field(default="", converter=clean_text)
    roles: frozenset[Role] = attrs.field(default=frozenset(), converter=roles_of)
    organization_roles: frozenset[OrganizationRole] = attrs.field(
        default=frozenset(), converter=_organization_roles
    )
    customers: frozenset[str] = attrs.field(default=frozenset(), converter=uuids)

    @property
    def label(self) -> str:
        """The name, or the address where no name is known."""
        return self.name or self.email

    @property
    def sees_all(self) -> bool:
        """Whether a role of theirs sees all customers."""
        return reach(self.roles) is Reach.ALL

    def access_to(
        self, customer: str, groups: Iterable[CustomerGroup], /
    ) -> tuple[Grounds, ...]:
        """Every ground on which they see a customer; empty when none."""
        return effective_access(
            customer,
            email=self.email,
            roles=self.roles,
            assigned=self.customers,
            groups=groups,
        )

    def actor(self, groups: Iterable[CustomerGroup], /) -> Actor:
        """The same person, asking."""
        seen: set[str] = set()
        if reach(self.roles) is Reach.ASSIGNED:
            mine = [group for group in groups if self.email in group.members]
            seen.update(self.customers, *(group.customers for group in mine))
        return Actor(email=self.email, roles=self.roles, customers=frozenset(seen))


def grant(person: Administrator, role: Role, /) -> Administrator:
    """The person with a role more.

    Raises:
        AssignmentRefused: The role is never given, or stands by no other.

    Examples:
        >>> ana = grant(Administrator(email="ana@partner.example"), Role.PARTNER_ADMIN)
        >>> [role.label for role in ana.roles]
        ['Partner administrator']
        >>> grant(ana, Role.PROVISIONING)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        partnerhub.domain.errors.AssignmentRefused: ...is never assigned...
    """
    facts = ROLES[role]
    if not facts.granted:
        why = f"the role {facts.label} is never assigned, it comes with setting up"
        raise AssignmentRefused(person.email, f"{why} services")
    return _standing(attrs.evolve(person, roles=person.roles | {role}))


def revoke(person: Administrator, role: Role, /) -> Administrator:
    """The person without a role. Assigned customers stay for when it comes back.

    Raises:
        NotFound: The person does not have it.
        AssignmentRefused: What is left cannot stand by itself.
    """
    if role not in person.roles:
        held = ", ".join(sorted(ROLES[each].label for each in person.roles)) or "none"
        raise NotFound(f"role of {person.email}", ROLES[role].label, f"roles: {held}")
    return _standing(attrs.evolve(person, roles=person.roles - {role}))


def _standing(person: Administrator) -> Administrator:
    alone = [role for role in person.roles if not ROLES[role].stands_alone]
    if alone and len(alone) == len(person.roles):
        label = ROLES[alone[0]].label
        why = f"the role {label} is added to another partner role, and there is none"
        raise AssignmentRefused(person.email, why)
    return person


def revoke_all(person: Administrator, /) -> Administrator:
    """The person without access to Partner Hub.

    Every partner role and assigned customer goes; roles in the organization itself
    stay.
    """
    return attrs.evolve(person, roles=frozenset(), customers=frozenset())


def assign(person: Administrator, customer: str, /) -> Administrator:
    """The person with a customer more.

    Raises:
        AssignmentRefused: A role of theirs sees all customers, or they are no
            partner administrator.
    """
    _needs_assigning(person)
    if Role.PARTNER_ADMIN not in person.roles:
        why = f"only a {Role.PARTNER_ADMIN.label} can be assigned to a customer"
        raise AssignmentRefused(person.email, f"{why}: grant that role first")
    return attrs.evolve(person, customers=person.customers | {customer})


def unassign(person: Administrator, customer: str, /) -> Administrator:
    """The person without a customer. The role stays, and so do customer groups.

    Raises:
        AssignmentRefused: A role of theirs sees all customers.
        NotFound: The customer is not assigned to them.
    """
    _needs_assigning(person)
    if customer not in person.customers:
        raise NotFound(f"customer assigned to {person.email}", customer)
    return attrs.evolve(person, customers=person.customers - {customer})


def customers_of(person: Administrator, /) -> frozenset[str]:
    """Uuids of the customers assigned to a person, as Partner Hub lists them.

    Customers seen through a group are left out: `Administrator.access_to` has them.

    Raises:
        AssignmentRefused: A role of theirs sees all customers.
    """
    _needs_assigning(person)
    return person.customers


def _needs_assigning(person: Administrator) -> None:
    if person.sees_all:
        raise AssignmentRefused(person.email, SEES_ALL)
