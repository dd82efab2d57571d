import pytest

from partnerhub.domain.access import (
    Actor,
    CustomerGroup,
    Grounds,
    Way,
    effective_access,
    person_key,
)
from partnerhub.domain.administrators import (
    Administrator,
    assign,
    customers_of,
    grant,
    revoke,
    revoke_all,
    unassign,
)
from partnerhub.domain.capabilities import Capability
from partnerhub.domain.errors import (
    AssignmentRefused,
    InvalidValue,
    NotFound,
    PermissionDenied,
)
from partnerhub.domain.roles import OrganizationRole, Role

ACME = "c8b0e0d2-0000-4000-8000-000000000001"
BOLT = "c8b0e0d2-0000-4000-8000-000000000002"
ANA = "ana@partner.example"


def ana(*roles, customers=()):
    return Administrator(
        email=ANA,
        roles=roles,
        customers=customers,
        organization_roles=[OrganizationRole.SUPPORT],
    )


def north(*customers):
    return CustomerGroup(name="North", customers=customers, members=[ANA])


@pytest.mark.parametrize("text", ["", "ana", "@x", "ana@", "a na@x.example", "a@\0"])
def test_a_person_is_an_address(text):
    with pytest.raises(InvalidValue):
        person_key(text)


def test_a_group_needs_a_name():
    with pytest.raises(InvalidValue):
        CustomerGroup(name=" ")


def test_denial_names_role_and_capability():
    actor = Actor(email=ANA, roles=[Role.HELP_DESK_BASIC, Role.PARTNER_READ_ONLY])
    with pytest.raises(PermissionDenied) as told:
        actor.demand(Capability.EDIT_TAGS)
    assert told.value.capability == "edit tags"
    assert told.value.roles == (
        "Partner read-only administrator",
        "Help desk administrator (Basic)",
    )
    assert "it takes Partner full administrator or" in str(told.value)
    assert isinstance(told.value, PermissionError)
    with pytest.raises(PermissionDenied, match="nobody may"):
        actor.demand(Capability.LEGAL_HOLD)


class TestEffectiveAccess:
    def access(self, *roles, assigned=(), groups=()):
        return effective_access(
            ACME, email=ANA, roles=roles, assigned=assigned, groups=groups
        )

    def test_assigned_and_through_a_group(self):
        found = self.access(
            Role.PARTNER_ADMIN, assigned=[ACME], groups=[north(ACME), north(BOLT)]
        )
        assert found == (
            Grounds(way=Way.ASSIGNED),
            Grounds(way=Way.GROUP, through="North"),
        )
        assert [str(ground) for ground in found] == [
            "assigned",
            "through the customer group 'North'",
        ]

    def test_through_each_role_that_sees_all(self):
        found = self.access(Role.PARTNER_FULL, Role.HELP_DESK_BASIC)
        assert [ground.way for ground in found] == [Way.ROLE, Way.ROLE]
        assert "Partner full administrator" in str(found[0])

    def test_without_a_role_neither_assignment_nor_group_counts(self):
        assert self.access(assigned=[ACME], groups=[north(ACME)]) == ()

    def test_a_group_of_others(self):
        others = CustomerGroup(name="X", customers=[ACME], members=["b@x.example"])
        assert self.access(Role.PARTNER_ADMIN, groups=[others]) == ()

    def test_what_a_person_sees_is_what_has_grounds(self):
        for roles in ((), (Role.PARTNER_ADMIN,), (Role.PARTNER_READ_ONLY,)):
            person = ana(*roles, customers=[ACME])
            groups = [north(BOLT)]
            for customer in (ACME, BOLT, "c8b0e0d2-0000-4000-8000-000000000003"):
                seen = person.actor(groups).sees(customer)
                assert seen == bool(person.access_to(customer, groups))


class TestRules:
    def test_only_partner_administrators_are_assigned(self):
        with pytest.raises(AssignmentRefused, match="only a Partner administrator"):
            assign(ana(), ACME)
        assert assign(ana(Role.PARTNER_ADMIN), ACME).customers == {ACME}

    @pytest.mark.parametrize("step", [assign, unassign])
    def test_who_sees_all_is_not_assigned(self, step):
        with pytest.raises(AssignmentRefused, match="already has access to all"):
            step(ana(Role.PARTNER_ADMIN, Role.HELP_DESK_BASIC), ACME)

    def test_unassigning_keeps_the_role(self):
        left = unassign(ana(Role.PARTNER_ADMIN, customers=[ACME, BOLT]), ACME)
        assert (left.roles, left.customers) == ({Role.PARTNER_ADMIN}, {BOLT})
        with pytest.raises(NotFound):
            unassign(left, ACME)

    def test_listing_customers(self):
        assert customers_of(ana(Role.PARTNER_ADMIN, customers=[ACME])) == {ACME}
        with pytest.raises(AssignmentRefused):
            customers_of(ana(Role.PARTNER_FULL))

    def test_revoking_all_leaves_the_organizations_roles(self):
        left = revoke_all(ana(Role.PARTNER_ADMIN, customers=[ACME]))
        assert (left.roles, left.customers) == (frozenset(), frozenset())
        assert left.organization_roles == {OrganizationRole.SUPPORT}

    def test_wholesale_is_added_to_another_role(self):
        with pytest.raises(AssignmentRefused, match="added to another"):
            grant(ana(), Role.WHOLESALE)
        both = grant(ana(Role.PARTNER_ADMIN), Role.WHOLESALE)
        with pytest.raises(AssignmentRefused, match="added to another"):
            revoke(both, Role.PARTNER_ADMIN)
        assert revoke(both, Role.WHOLESALE) == ana(Role.PARTNER_ADMIN)

    def test_provisioning_comes_by_itself(self):
        with pytest.raises(AssignmentRefused, match="never assigned"):
            grant(ana(), Role.PROVISIONING)
        derived = ana(Role.PROVISIONING, customers=[ACME])
        assert derived.actor([]).sees(ACME)

    def test_a_role_that_is_not_there_cannot_be_revoked(self):
        with pytest.raises(NotFound, match="roles: Partner administrator"):
            revoke(ana(Role.PARTNER_ADMIN), Role.PARTNER_FULL)
