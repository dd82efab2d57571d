"""The users of the partner's own organization, their roles and their customers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from partnerhub.domain import administrators as rules
from partnerhub.domain.access import CustomerGroup, Grounds, person_key
from partnerhub.domain.administrators import Administrator
from partnerhub.domain.capabilities import Capability
from partnerhub.domain.errors import InvalidValue, NotFound
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.roles import ROLES, Role, RoleFacts, parse_role
from partnerhub.hub.context import Context
from partnerhub.hub.people import administrators, groups
from partnerhub.hub.permissions import edits, open_to_all, reads
from partnerhub.ports import Writer


class Administrators:
    """The administrators of a hub (specification, "Partner administrators").

    People are told apart by their e-mail address. Only users of the partner's own
    organization can be given roles and customers: `add_user` makes one known.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    @open_to_all
    def roles(self) -> dict[Role, RoleFacts]:
        """The roles there are, with what is known of each."""
        return dict(ROLES)

    @reads(Capability.VIEW_ADMINISTRATORS)
    def list(self, *, with_roles: bool = True) -> tuple[Administrator, ...]:
        """The administrators, by address.

        Args:
            with_roles: Only those with a partner role, and not every user.
        """
        everybody = administrators(self._context.store).all()
        return tuple(who for who in everybody if who.roles or not with_roles)

    @reads(Capability.VIEW_ADMINISTRATORS)
    def get(self, person: str, /) -> Administrator:
        """One user of the partner's own organization.

        Raises:
            NotFound: Nobody has that address.
        """
        return self._person(person)

    @edits(Capability.ASSIGN_ADMIN_ROLES)
    def add_user(self, email: str, /, *, name: str = "") -> Administrator:
        """Makes a user of the partner's own organization known, without a role.

        Args:
            email: The user's address.
            name: Display name.

        Raises:
            InvalidValue: It is no address, or somebody has it.
        """
        key = person_key(email)

        def new(known: Administrator | None) -> Administrator:
            if known is not None:
                raise InvalidValue(
                    "new user", email, f"known already, as {known.label}"
                )
            return Administrator(email=key, name=name)

        return administrators(self._context.store).change(key, new)

    @edits(Capability.ASSIGN_ADMIN_ROLES)
    def grant(self, person: str, role: Role | str, /) -> Administrator:
        """Gives a user of the partner's own organization a role more.

        Args:
            person: The user's address.
            role: The role, by code or name.

        Raises:
            NotFound: Nobody in the partner's own organization has that address.
            AssignmentRefused: The role is never given, or stands by no other.
        """
        wanted = parse_role(role)
        return self._changed(person, lambda who: rules.grant(who, wanted))

    @edits(Capability.ASSIGN_ADMIN_ROLES)
    def revoke(self, person: str, role: Role | str, /) -> Administrator:
        """Takes a role from a user.

        Raises:
            NotFound: Nobody has that address, or they do not have the role.
            AssignmentRefused: What is left cannot stand by itself.
        """
        wanted = parse_role(role)
        return self._changed(person, lambda who: rules.revoke(who, wanted))

    @edits(Capability.ASSIGN_CUSTOMERS)
    def revoke_all(self, person: str, /) -> Administrator:
        """Takes every partner role from a user, and so the access to Partner Hub.

        The customers assigned and the places in customer groups go too, so that a role
        given later brings none of them back. Roles in the organization itself stay.

        Raises:
            NotFound: Nobody has that address.
        """
        return self._changed(person, rules.revoke_all, also=self._leave_groups)

    @edits(Capability.ASSIGN_CUSTOMERS)
    def assign(self, person: str, customer: str, /) -> Administrator:
        """Gives a partner administrator a customer to look after.

        Args:
            person: The administrator's address.
            customer: Id of the customer.

        Raises:
            NotFound: Nobody has that address, or there is no such customer.
            AssignmentRefused: They see all customers already, or are no partner
                administrator.
        """
        uuid = self._context.profile(customer).id
        return self._changed(person, lambda who: rules.assign(who, uuid))

    @edits(Capability.ASSIGN_CUSTOMERS)
    def unassign(self, person: str, customer: str, /) -> tuple[Grounds, ...]:
        """Takes a customer from a partner administrator. The role stays.

        Args:
            person: The administrator's address.
            customer: Id of the customer.

        Returns:
            The grounds on which they still see the customer: its customer groups.

        Raises:
            NotFound: Nobody has that address, or it is not assigned to them.
            AssignmentRefused: They see all customers.
        """
        uuid = uuid_of(customer)
        left = self._changed(person, lambda who: rules.unassign(who, uuid))
        return left.access_to(uuid, groups(self._context.store).all())

    @reads(Capability.CUSTOMERS_OF_ADMIN)
    def customers_of(self, person: str, /) -> tuple[str, ...]:
        """Uuids of the customers assigned to somebody, sorted.

        Those seen through a customer group are left out, as in Partner Hub:
        `access` has them.

        Raises:
            NotFound: Nobody has that address.
            AssignmentRefused: They see all customers.
        """
        return tuple(sorted(rules.customers_of(self._person(person))))

    @reads(Capability.ADMINS_OF_CUSTOMER)
    def of_customer(self, customer: str, /) -> tuple[Administrator, ...]:
        """The administrators assigned to a customer, by address.

        Those who see it through a group or a role are left out, as in Partner Hub:
        the customer's detail has them.

        Raises:
            NotFound: There is no such customer.
        """
        uuid = self._context.profile(customer).id
        everybody = administrators(self._context.store).all()
        return tuple(
            who for who in everybody if uuid in who.customers and not who.sees_all
        )

    @reads(Capability.CUSTOMERS_OF_ADMIN)
    def access(self, person: str, customer: str, /) -> tuple[Grounds, ...]:
        """Every ground on which somebody sees a customer; empty when they do not.

        Args:
            person: The administrator's address.
            customer: Id of the customer.

        Raises:
            NotFound: Nobody has that address.
        """
        known = groups(self._context.store).all()
        return self._person(person).access_to(uuid_of(customer), known)

    @reads(Capability.VIEW_ADMINISTRATORS)
    def groups(self) -> tuple[CustomerGroup, ...]:
        """The customer groups, by name."""
        return groups(self._context.store).all()

    @edits(Capability.ASSIGN_CUSTOMERS)
    def save_group(
        self, name: str, /, *, customers: Iterable[str], members: Iterable[str]
    ) -> CustomerGroup:
        """Makes a customer group, or replaces what is in it.

        Args:
            name: Its name.
            customers: Ids of the customers in it.
            members: Addresses of the administrators who look after them.

        Raises:
            NotFound: A customer is not there, or nobody has one of the addresses.
        """
        group = CustomerGroup(
            name=name,
            customers=[self._context.profile(customer).id for customer in customers],
            members=[self._person(member).email for member in members],
        )
        return groups(self._context.store).change(name, lambda _: group)

    @edits(Capability.ASSIGN_CUSTOMERS)
    def delete_group(self, name: str, /) -> None:
        """Removes a customer group, and the access that came through it.

        Raises:
            NotFound: There is none of that name.
        """
        groups(self._context.store).remove(name)

    def _person(self, person: str) -> Administrator:
        return self._known(
            person, administrators(self._context.store).get(person_key(person))
        )

    def _known(self, person: str, found: Administrator | None) -> Administrator:
        if found is None:
            everybody = administrators(self._context.store).all()
            raise NotFound(
                "user of the partner's own organization",
                person,
                choices=[who.email for who in everybody],
            )
        return found

    def _leave_groups(self, writer: Writer, person: Administrator) -> None:
        kept = groups(self._context.store)
        for document, group in kept.with_versions():
            if person.email in group.members:
                left = attrs.evolve(group, members=group.members - {person.email})
                new = attrs.evolve(document, body=kept.body(left))
                kept.put(writer, new, before=document)

    def _changed(
        self,
        person: str,
        step: Callable[[Administrator], Administrator],
        *,
        also: Callable[[Writer, Administrator], None] | None = None,
    ) -> Administrator:
        people = administrators(self._context.store)
        return people.change(
            person_key(person), lambda who: step(self._known(person, who)), also=also
        )
