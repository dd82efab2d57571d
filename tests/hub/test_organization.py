import pytest

import partnerhub as ph
from partnerhub.domain.access import Actor
from partnerhub.domain.errors import (
    IllegalStep,
    InvalidValue,
    NotFound,
    PermissionDenied,
)
from partnerhub.domain.onboarding import OnboardingState
from partnerhub.domain.roles import OrganizationRole, Role
from tests.hub.partners import ANA, AT, BOB, PARTNER, open_hub, with_clock


@pytest.fixture
def hub():
    with open_hub() as hub:
        yield hub


def test_the_profile_is_kept(hub):
    assert hub.organization.profile().id.uuid == PARTNER
    hub.organization.update(name="Us", expected_users=1200)
    found = hub.organization.update(industry="Telecoms")
    assert found == hub.organization.profile()
    assert (found.name, found.industry, found.expected_users) == (
        "Us",
        "Telecoms",
        1200,
    )
    with pytest.raises(InvalidValue):
        hub.organization.update(expected_users=-1)


def test_a_profile_needs_an_id():
    with ph.connect("memory:") as hub:
        with pytest.raises(NotFound, match=r"hub\.organization\.update"):
            hub.organization.profile()
        with pytest.raises(InvalidValue, match="none yet"):
            hub.organization.update(name="Us")
        assert hub.organization.update(id=PARTNER).id.uuid == PARTNER


def test_onboarding_goes_step_by_step_and_gives_the_first_user_both_roles(hub):
    own = hub.organization
    assert own.onboarding().state is OnboardingState.NOT_ORDERED
    with pytest.raises(IllegalStep, match="place the order"):
        own.launch(by=ANA)
    own.order(at="2026-11-20")
    first = with_clock(hub, actor=ANA).organization.launch(by=ANA)
    assert first.roles == {Role.PARTNER_FULL}
    assert first.organization_roles == {OrganizationRole.FULL}
    theirs = with_clock(hub, actor=ANA).organization
    assert theirs.accept_terms().next_step == "set up"
    theirs.set_up()
    done = theirs.finish()
    assert (done.state, done.next_step) == (OnboardingState.DONE, None)
    assert own.onboarding() == done
    assert done.done_on(OnboardingState.LAUNCHED) == AT
    with pytest.raises(IllegalStep, match="that was done on 2026-11-22"):
        own.finish()


def test_what_is_known_of_the_first_user_stays(hub):
    hub.administrators.add_user(ANA, name="Ana")
    hub.organization.order()
    assert hub.organization.launch(by=ANA.upper()).name == "Ana"
    assert hub.administrators.get(ANA).name == "Ana"


def test_once_there_are_administrators_only_they_launch(hub):
    hub.administrators.add_user(ANA)
    hub.administrators.grant(ANA, Role.PARTNER_FULL)
    hub.organization.order()
    stranger = with_clock(hub, actor=Actor(email=BOB, roles=[Role.PARTNER_ADMIN]))
    with pytest.raises(PermissionDenied):
        stranger.organization.launch(by=BOB)
    assert with_clock(hub, actor=ANA).organization.launch(by=BOB).email == BOB


def test_resources(hub):
    assert hub.resources.quick_links()[0].title == "Get started with Partner Hub"
    assert all(found.url.startswith("https://") for found in hub.resources.search())
    assert "BroadWorks" in hub.resources.search("packages", topic="wholesale")[0].title
    assert hub.resources.featured()
    assert len(hub.resources.support()) == 2
