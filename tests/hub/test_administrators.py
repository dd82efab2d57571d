from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from partnerhub.domain.errors import (
    AssignmentRefused,
    InvalidValue,
    NotFound,
)
from partnerhub.domain.roles import Role
from tests.hub.partners import ACME, ANA, BOB, BOLT, CODA, DUNE, open_hub, with_clock


@pytest.fixture
def hub():
    with open_hub() as hub:
        hub.administrators.add_user("Ana@Partner.example", name="Ana")
        hub.administrators.grant(ANA, "Partner administrator")
        hub.administrators.add_user(BOB)
        yield hub


def test_the_roles_are_listed_with_what_they_are_for(hub):
    roles = hub.administrators.roles()
    assert set(roles) == set(Role)
    assert not roles[Role.PROVISIONING].granted


def test_administrators_are_those_with_a_role(hub):
    assert [who.label for who in hub.administrators.list()] == ["Ana"]
    everybody = hub.administrators.list(with_roles=False)
    assert [who.label for who in everybody] == ["Ana", BOB]
    assert hub.administrators.get(" ANA@partner.example ").name == "Ana"


def test_roles_are_for_users_of_the_partners_own_organization(hub):
    with pytest.raises(NotFound, match="own organization"):
        hub.administrators.grant("stranger@else.example", Role.PARTNER_FULL)
    with pytest.raises(NotFound, match=f"did you mean {BOB!r}"):
        hub.administrators.grant("bub@partner.example", Role.PARTNER_FULL)
    with pytest.raises(InvalidValue, match="known already, as Ana"):
        hub.administrators.add_user(ANA)


def test_assign_and_unassign(hub):
    assert hub.administrators.assign(ANA, ACME).customers == {ACME}
    assert hub.administrators.customers_of(ANA) == (ACME,)
    assert [who.email for who in hub.administrators.of_customer(ACME)] == [ANA]
    assert hub.administrators.unassign(ANA, ACME) == ()
    assert hub.administrators.get(ANA).roles == {Role.PARTNER_ADMIN}
    with pytest.raises(NotFound):
        hub.administrators.unassign(ANA, ACME)
    with pytest.raises(NotFound):
        hub.administrators.assign(ANA, "c8b0e0d2-0000-4000-8000-999999999999")


def test_who_sees_all_is_managed_on_the_list_of_administrators_only(hub):
    hub.administrators.grant(BOB, Role.PARTNER_READ_ONLY)
    for ask in (
        lambda: hub.administrators.assign(BOB, ACME),
        lambda: hub.administrators.unassign(BOB, ACME),
        lambda: hub.administrators.customers_of(BOB),
    ):
        with pytest.raises(AssignmentRefused, match="already has access to all"):
            ask()
    assert [str(why) for why in hub.administrators.access(BOB, ACME)] == [
        "sees all customers as Partner read-only administrator"
    ]


def test_a_group_gives_access_that_survives_unassigning(hub):
    hub.administrators.save_group("North", customers=[ACME, BOLT], members=[ANA])
    hub.administrators.assign(ANA, ACME)
    left = hub.administrators.unassign(ANA, ACME)
    assert [str(why) for why in left] == ["through the customer group 'North'"]
    assert hub.administrators.customers_of(ANA) == ()
    assert hub.administrators.of_customer(ACME) == ()
    theirs = with_clock(hub, actor=ANA)
    assert [row.name for row in theirs.customers.find()] == ["Acme", "Bolt"]
    (tab,) = hub.customers.detail(ACME).administrators
    assert (tab.name, tab.roles) == ("Ana", ("Partner administrator",))
    assert [group.name for group in hub.administrators.groups()] == ["North"]
    hub.administrators.delete_group("North")
    assert len(theirs.customers.find()) == 0
    with pytest.raises(NotFound, match="customer group"):
        hub.administrators.delete_group("North")


def test_a_group_holds_known_customers_and_people(hub):
    with pytest.raises(NotFound, match="user"):
        hub.administrators.save_group("X", customers=[], members=["no@one.example"])
    unknown = "c8b0e0d2-0000-4000-8000-999999999999"
    with pytest.raises(NotFound, match="customer"):
        hub.administrators.save_group("X", customers=[unknown], members=[])


def test_revoking(hub):
    hub.administrators.grant(ANA, Role.WHOLESALE)
    with pytest.raises(AssignmentRefused, match="added to another partner role"):
        hub.administrators.revoke(ANA, Role.PARTNER_ADMIN)
    hub.administrators.assign(ANA, ACME)
    gone = hub.administrators.revoke_all(ANA)
    assert (gone.roles, gone.customers) == (frozenset(), frozenset())
    with pytest.raises(NotFound, match="roles: none"):
        hub.administrators.revoke(ANA, Role.PARTNER_ADMIN)


def test_whoever_loses_every_role_leaves_the_customer_groups(hub):
    both = [ANA, "bob@partner.example"]
    hub.administrators.save_group("North", customers=[ACME], members=both)
    hub.administrators.save_group("South", customers=[BOLT], members=both[1:])
    south = hub.administrators.groups()[1]
    hub.administrators.revoke_all(ANA)
    left = {group.name: group for group in hub.administrators.groups()}
    assert left["North"].members == left["South"].members == {"bob@partner.example"}
    assert (left["North"].customers, left["South"]) == ({ACME}, south)
    hub.administrators.grant(ANA, Role.PARTNER_ADMIN)
    assert hub.administrators.access(ANA, ACME) == ()


def test_the_filter_by_administrator(hub):
    hub.administrators.assign(ANA, ACME)
    assert hub.customers.find(f"admin:{ANA}").ids == (ACME,)


def test_many_that_change_somebody_at_once_all_succeed(hub):
    together = Barrier(4)

    def assign(customer):
        together.wait()
        hub.administrators.assign(ANA, customer)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(assign, (ACME, BOLT, CODA, DUNE)))
    (ana,) = (user for user in hub.administrators.list() if user.email == ANA)
    assert ana.customers == {ACME, BOLT, CODA, DUNE}
