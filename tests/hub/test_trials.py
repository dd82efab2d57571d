import pytest

from partnerhub.domain.errors import IllegalStep, InvalidValue, NotFound
from partnerhub.domain.lifecycle import TrialState
from partnerhub.domain.roles import Role
from partnerhub.domain.status import CustomerStatus
from partnerhub.domain.trial_services import TrialService
from partnerhub.domain.trial_wizard import Site, TrialDraft
from tests.hub.partners import (
    ACME,
    ANA,
    AT,
    BOLT,
    DUNE,
    PARTNER,
    as_role,
    open_hub,
    with_clock,
)

KIM = "kim@new.example"


@pytest.fixture
def hub():
    with open_hub() as hub:
        yield hub


def new_company(hub):
    return (
        hub.trials.draft()
        .for_company(
            "New Corp",
            admin_email=KIM,
            industry="Retail",
            country="FR",
            location_supported=True,
        )
        .with_services(["calling"], quantity=25, duration=30)
    )


def test_a_trial_of_a_new_company_makes_it_a_customer(hub):
    trial = hub.trials.start(new_company(hub), id="T-1")
    assert hub.trials.get("T-1") == trial
    found = hub.customers.explain("New Corp")
    assert found.customer.region == "EU"
    assert found.customer.organization.industry == "Retail"
    assert found.statuses.flags == CustomerStatus.TRIAL | CustomerStatus.EXPIRING_SOON
    (tab,) = hub.customers.detail("New Corp").trials
    assert (tab.id, tab.days_left) == ("T-1", 30)
    assert [use.total for use in tab.licenses] == [25]
    assert not hub.customers.detail("New Corp").can_start_trial


def test_a_made_up_id_is_unlike_any_other(hub):
    first = hub.trials.start(new_company(hub))
    second = hub.trials.start(new_company(hub))
    assert first.id != second.id
    assert first.organization != second.organization
    with pytest.raises(IllegalStep, match="already"):
        hub.trials.start(new_company(hub), id=first.id)


def test_what_is_missing_is_said(hub):
    with pytest.raises(IllegalStep) as told:
        hub.trials.start(hub.trials.draft().with_services(["meetings"]))
    assert told.value.missing == (
        "company name",
        "administrator e-mail",
        "industry",
        "country",
        "acknowledgement that the location is supported",
        "license quantity",
        "site address and time zone",
    )


def test_a_customer_may_try_what_it_has_not_bought(hub):
    draft = hub.trials.draft(ACME, admin_email="kim@acme.example")
    site = Site(url="acme.webex.com", time_zone="Europe/Paris")
    with pytest.raises(IllegalStep, match="subscription of Webex Meetings already"):
        hub.trials.start(draft.with_services(["meetings"], quantity=5, site=site))
    trial = hub.trials.start(draft.with_services(["messaging"], quantity=5))
    assert hub.trials.list(ACME) == (trial,)
    assert hub.trials.list(BOLT) == ()
    with pytest.raises(IllegalStep, match="under way"):
        hub.trials.start(draft.with_services(["webex_go"], quantity=5))
    with pytest.raises(NotFound):
        hub.trials.draft("c8b0e0d2-0000-4000-8000-999999999999")


def test_a_partner_cannot_try_for_itself(hub):
    draft = new_company(hub)
    hub.put()
    own = hub.trials.draft().for_customer(PARTNER, name="Us", admin_email=KIM)
    with pytest.raises(IllegalStep, match="place an order"):
        hub.trials.start(own.with_services(draft.services, quantity=1))


def test_nobody_comes_to_a_customer_by_a_trial_for_it(hub):
    theirs = as_role(hub, Role.PARTNER_ADMIN, customers=(ACME,))
    for stranger in (BOLT, "c8b0e0d2-0000-4000-8000-999999999999"):
        draft = TrialDraft().for_customer(stranger, name="Renamed", admin_email=KIM)
        with pytest.raises(NotFound, match="no customer"):
            theirs.trials.start(draft.with_services(["messaging"], quantity=1))
    assert theirs.customers.find().ids == (ACME,)


def test_a_trial_does_not_rename_its_customer(hub):
    draft = hub.trials.draft().for_customer(ACME, name="Renamed", admin_email=KIM)
    hub.trials.start(draft.with_services(["messaging"], quantity=1))
    assert hub.customers.explain(ACME).customer.name == "Acme"


def test_a_tier_that_is_none_is_said(hub):
    hub.trials.start(new_company(hub), id="T-1")
    with pytest.raises(InvalidValue, match="tier_1, tier_2"):
        hub.trials.convert("T-1", tier="tier_3", admin_email=KIM)


def test_extending_shows_at_once(hub):
    hub.trials.start(new_company(hub), id="T-1", at="2026-11-01")
    extended = hub.trials.extend("T-1")
    assert extended.ends_on == AT.add(days=30)
    assert hub.customers.explain("New Corp").customer.subscriptions[0].ends_on == (
        AT.add(days=30)
    )


def test_services_come_and_go(hub):
    hub.trials.start(new_company(hub), id="T-1")
    more = hub.trials.add_services("T-1", ["attendant_console"])
    assert more.licenses["Webex Attendant Console"] == 5
    assert more.licenses["Webex Go"] == 25
    with pytest.raises(IllegalStep, match="needs Webex Go"):
        hub.trials.remove_services("T-1", ["webex_go"])
    fewer = hub.trials.remove_services("T-1", ["attendant_console", "webex_go"])
    assert TrialService.WEBEX_GO not in fewer.services


def test_cancelling_and_converting(hub):
    hub.trials.start(new_company(hub), id="T-1")
    hub.trials.start(new_company(hub), id="T-2")
    cancelled = hub.trials.cancel("T-1")
    assert cancelled.lifecycle(at=AT).state is TrialState.SOFT_DELETED
    with pytest.raises(IllegalStep, match="deleted"):
        hub.trials.extend("T-1")
    with pytest.raises(IllegalStep, match="distributor"):
        hub.trials.convert("T-2", tier="tier_2", admin_email=KIM)
    converted = hub.trials.convert(
        "T-2", tier="tier_2", admin_email=KIM, distributor="Ingram"
    )
    assert converted.converted_by == "Ingram"
    held = hub.customers.detail(converted.organization)
    assert held.trials == ()
    assert [each.id for each in held.subscriptions] == ["T-2"]


def test_a_partner_administrator_sees_the_customer_they_provisioned(hub):
    hub.administrators.add_user(ANA)
    hub.administrators.grant(ANA, Role.PARTNER_ADMIN)
    theirs = with_clock(hub, actor=ANA)
    trial = theirs.trials.start(new_company(theirs))
    assert theirs.customers.find().ids == (trial.organization,)
    assert theirs.trials.extend(trial.id).extensions == 1
    hub.administrators.unassign(ANA, trial.organization)
    with pytest.raises(NotFound, match="trial"):
        theirs.trials.extend(trial.id)
    with pytest.raises(NotFound):
        theirs.trials.draft(DUNE)


def test_trials_outlive_the_hub(tmp_path):
    import partnerhub as ph

    url = f"sqlite:///{tmp_path / 'hub.db'}"
    with ph.connect(url) as hub:
        trial = hub.trials.start(
            new_company(hub).with_services(
                ["meetings"], site=Site(url="new.webex.com", time_zone="Asia/Tokyo")
            )
        )
    with ph.connect(url) as hub:
        assert hub.trials.get(trial.id) == trial
