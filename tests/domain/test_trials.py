import datetime as dt

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.domain.errors import IllegalStep, InvalidValue
from partnerhub.domain.lifecycle import TrialState
from partnerhub.domain.products import Product
from partnerhub.domain.trial_services import (
    BRINGS,
    TrialPolicy,
    TrialService,
    parse_country,
    parse_service,
    with_what_they_bring,
)
from partnerhub.domain.trial_steps import (
    Tier,
    add_services,
    cancel,
    convert,
    extend,
    remove_services,
)
from partnerhub.domain.trial_wizard import Site, TrialDraft
from partnerhub.domain.trials import start

ACME = "c8b0e0d2-0000-4000-8000-000000000001"
AT = dt.date(2026, 11, 22)
KIM = "kim@acme.example"
SITE = Site(url="acme.webex.com", time_zone="Europe/Paris")


def later(days):
    return AT + dt.timedelta(days)


def draft(*services, **told):
    return (
        TrialDraft()
        .for_company(
            "Acme",
            admin_email=KIM,
            industry="Retail",
            country="fr",
            location_supported=True,
        )
        .with_services(services, **{"quantity": 10, **told})
    )


def trial(*services, **told):
    chosen = draft(*(services or ("messaging",)), **told)
    return start(chosen, id="T1", organization=ACME, at=AT)


class TestWizard:
    def test_an_empty_one_says_all_that_is_missing(self):
        assert TrialDraft().missing() == (
            "company name",
            "administrator e-mail",
            "industry",
            "country",
            "acknowledgement that the location is supported",
            "services",
        )

    def test_what_is_filled_in_stays(self):
        one = draft("messaging").for_company("Acme West").with_services(["webex_go"])
        assert (one.company, one.country, one.quantity) == ("Acme West", "FR", 10)
        assert one.missing() == ()

    @pytest.mark.parametrize(
        ("services", "told", "missing"),
        [
            (("messaging",), {"quantity": None}, ("license quantity",)),
            (("meetings",), {}, ("site address and time zone",)),
            (("devices",), {"quantity": None}, ("number of devices",)),
            (("devices",), {"quantity": None, "devices": 2}, ()),
            (("meetings",), {"site": SITE}, ()),
        ],
    )
    def test_what_services_ask_for(self, services, told, missing):
        assert draft(*services, **told).missing() == missing

    def test_a_customer_is_not_asked_what_webex_knows(self):
        known = TrialDraft().for_customer(ACME, name="", admin_email=KIM)
        assert known.company == ACME
        assert known.with_services(["messaging"], quantity=1).missing() == ()

    @pytest.mark.parametrize(
        "wrong",
        [
            lambda: TrialDraft().with_services(["fax"]),
            lambda: TrialDraft().with_services(["messaging"], quantity=0),
            lambda: TrialDraft().with_services(["devices"], devices=-1),
            lambda: TrialDraft().with_services(["messaging"], duration=0),
            lambda: TrialDraft().for_company("A", country="France"),
            lambda: TrialDraft().for_company("A", admin_email="kim"),
            lambda: Site(url="acme", time_zone="Europe/Paris"),
            lambda: Site(url="acme.webex.com", time_zone="Paris"),
        ],
        ids=range(8),
    )
    def test_what_is_no_value_is_refused_at_once(self, wrong):
        with pytest.raises(InvalidValue):
            wrong()


class TestStart:
    def test_it_lasts_ninety_days_unless_told_otherwise(self):
        assert trial().ends_on == later(90)
        assert trial("messaging", duration=30).ends_on == later(30)
        with pytest.raises(InvalidValue, match="30 or 60 or 90 days"):
            trial("messaging", duration=45)

    def test_one_quantity_for_all_services_but_some(self):
        licenses = trial(
            "attendant_console", "messaging", "devices", devices=2
        ).licenses
        assert licenses == {
            "Cisco Calling Plans": 10,
            "Webex Attendant Console": 5,
            "Webex Calling - Professional": 10,
            "Webex Devices": 2,
            "Webex Go": 10,
            "Webex Messaging": 10,
        }

    def test_the_attendant_console_lasts_ninety_days(self):
        assert trial("attendant_console").ends_on == later(90)
        with pytest.raises(InvalidValue, match="Attendant Console lasts 90 days"):
            trial("attendant_console", duration=60)
        # Also where the policy's own default is another.
        policy = TrialPolicy(default_duration=30)
        made = start(
            draft("attendant_console"), id="T", organization=ACME, at=AT, policy=policy
        )
        assert made.ends_on == later(90)

    def test_what_is_missing_is_an_error_that_says_so(self):
        with pytest.raises(IllegalStep, match="missing: license quantity"):
            trial("messaging", quantity=None)
        with pytest.raises(IllegalStep) as told:
            start(draft("messaging"), id="T1", at=AT)
        assert told.value.missing == ("id of the new organization",)

    def test_the_contact_center_needs_approval(self):
        with pytest.raises(IllegalStep, match="approval of Contact Center"):
            trial("contact_center")
        policy = TrialPolicy(contact_center=True)
        wanted = draft("contact_center")
        assert start(wanted, id="T", organization=ACME, at=AT, policy=policy)

    def test_a_partner_cannot_try_for_itself(self):
        with pytest.raises(IllegalStep, match="place an order"):
            start(draft("messaging"), id="T", organization=ACME, partner=ACME, at=AT)

    def test_a_paid_customer_tries_another_service(self):
        paid = [Product.CALLING]
        with pytest.raises(IllegalStep, match="try another"):
            start(draft("calling"), id="T", organization=ACME, at=AT, paid_for=paid)
        console = draft("attendant_console")
        assert start(console, id="T", organization=ACME, at=AT, paid_for=paid)


class TestExtend:
    @given(st.integers(0, 90))
    def test_thirty_days_from_the_day_and_never_shorter(self, day):
        before = trial()
        after = extend(before, at=later(day))
        assert after.ends_on == max(before.ends_on, later(day + 30))
        assert after.extensions == 1

    def test_only_while_it_is_under_way(self):
        with pytest.raises(IllegalStep, match="it ended on 2027-02-20"):
            extend(trial(), at=later(91))
        with pytest.raises(IllegalStep, match="is suspended"):
            extend(trial("calling"), at=later(91))
        with pytest.raises(IllegalStep, match="deleted"):
            extend(trial("calling"), at=later(500))

    def test_as_often_as_the_policy_says(self):
        once = TrialPolicy(most_extensions=1)
        first = extend(trial(), at=later(80), policy=once)
        with pytest.raises(IllegalStep, match="at most 1"):
            extend(first, at=later(90), policy=once)
        assert extend(first, at=later(90)).extensions == 2

    def test_devices_last_120_days_in_all_and_need_approval(self):
        with_devices = trial("devices", quantity=None, devices=1)
        with pytest.raises(IllegalStep, match="missing: approval of devices"):
            extend(with_devices, at=later(90))
        longest = extend(with_devices, at=later(90), approved=True)
        assert longest.ends_on == later(120)
        with pytest.raises(IllegalStep, match="at most 120 days in all"):
            extend(longest, at=later(91), approved=True)


class TestServices:
    def test_more_of_them_bring_what_belongs_to_them(self):
        more = add_services(trial(), ["attendant console"], at=AT)
        assert more.services >= BRINGS[TrialService.ATTENDANT_CONSOLE]
        assert more.ends_on == trial().ends_on

    def test_what_they_ask_for_is_asked(self):
        with pytest.raises(IllegalStep, match="site address and time zone"):
            add_services(trial(), ["meetings"], at=AT)
        more = add_services(
            trial(), ["meetings", "devices"], at=AT, site=SITE, devices=3
        )
        assert (more.site, more.licenses["Webex Devices"]) == (SITE, 3)
        only_devices = trial("devices", quantity=None, devices=1)
        with pytest.raises(IllegalStep, match="license quantity"):
            add_services(only_devices, ["messaging"], at=AT)
        assert add_services(only_devices, ["messaging"], at=AT, quantity=4)
        with pytest.raises(IllegalStep, match="try another"):
            add_services(trial(), ["webex_go"], at=AT, paid_for=[Product.WEBEX_GO])

    def test_fewer_of_them(self):
        full = trial("attendant_console", "meetings", "devices", site=SITE, devices=1)
        with pytest.raises(IllegalStep, match="Attendant Console needs Cisco Calling"):
            remove_services(full, [TrialService.CALLING_PLANS], at=AT)
        gone = [TrialService.MEETINGS, TrialService.DEVICES]
        left = remove_services(full, gone, at=AT)
        assert (left.site, left.devices) == (None, 0)
        with pytest.raises(IllegalStep, match="cancel the trial"):
            remove_services(trial(), [TrialService.MESSAGING], at=AT)

    def test_what_the_trial_does_not_have_cannot_be_removed(self):
        with pytest.raises(IllegalStep, match="does not have Webex Meetings"):
            remove_services(trial(), ["meetings"], at=AT)

    @pytest.mark.parametrize("told", [{"quantity": -5}, {"devices": 0}])
    def test_at_least_one_of_each_is_added(self, told):
        with pytest.raises(InvalidValue, match="at least 1"):
            add_services(trial(), ["calling"], at=AT, **told)

    def test_devices_do_not_join_a_trial_that_outlasts_them(self):
        longer = attrs.evolve(trial(), ends_on=trial().starts_on.add(days=121))
        with pytest.raises(IllegalStep, match="at most 120 days in all"):
            add_services(longer, ["devices"], at=AT, devices=1)
        last = attrs.evolve(longer, ends_on=trial().starts_on.add(days=120))
        assert add_services(last, ["devices"], at=AT, devices=1).devices == 1

    def test_a_policy_does_not_outlast_devices(self):
        long = TrialPolicy(durations=(120, 180))
        drafted = draft("devices", devices=1, duration=180)
        with pytest.raises(IllegalStep, match="at most 120 days in all"):
            start(drafted, id="T", organization=ACME, at=AT, policy=long)


class TestEnd:
    def test_cancelling(self):
        cancelled = cancel(trial(), at=AT)
        assert cancelled.lifecycle(at=AT).state is TrialState.CANCELLED
        for step in (cancel, extend):
            with pytest.raises(IllegalStep, match="cancelled on 2026-11-22"):
                step(cancelled, at=AT)

    def test_what_was_decided_later_holds_on_earlier_days(self):
        cancelled = cancel(trial(), at=later(30))
        for step in (cancel, extend):
            with pytest.raises(IllegalStep, match="cancelled on 2026-12-22"):
                step(cancelled, at=AT)
        made = convert(trial(), at=later(9), tier=Tier.TIER_1, admin_email=KIM)
        with pytest.raises(IllegalStep, match="converted on 2026-12-01"):
            cancel(made, at=AT)

    def test_a_tier_1_partner_converts_itself(self):
        made = convert(trial(), at=AT, tier=Tier.TIER_1, admin_email="KIM@acme.example")
        assert (made.converted_by, made.converted_on) == ("partner", AT)
        with pytest.raises(IllegalStep, match="converted on"):
            cancel(made, at=AT)

    def test_the_distributor_of_a_tier_2_partner_converts(self):
        with pytest.raises(IllegalStep, match="missing: distributor"):
            convert(trial(), at=AT, tier=Tier.TIER_2, admin_email=KIM, distributor=" ")
        made = convert(
            trial(), at=AT, tier=Tier.TIER_2, admin_email=KIM, distributor="Ingram"
        )
        assert made.converted_by == "Ingram"

    def test_the_addresses_must_be_the_same(self):
        with pytest.raises(IllegalStep, match="they must be the same"):
            convert(trial(), at=AT, tier=Tier.TIER_1, admin_email="lee@acme.example")

    def test_a_suspended_trial_can_still_be_converted_and_a_deleted_one_not(self):
        calling = trial("calling")
        assert convert(calling, at=later(100), tier=Tier.TIER_1, admin_email=KIM)
        with pytest.raises(IllegalStep, match="deleted"):
            convert(calling, at=later(121), tier=Tier.TIER_1, admin_email=KIM)


class TestServiceNames:
    @pytest.mark.parametrize("service", TrialService)
    def test_by_code_and_by_license(self, service):
        assert parse_service(service.value) is service
        assert parse_service(service.license.upper()) is service

    def test_each_is_of_a_product_of_its_own(self):
        products = {service.product for service in TrialService}
        assert Product.OTHER not in products
        assert len(products) == len(TrialService)

    def test_what_comes_along_comes_once(self):
        once = with_what_they_bring(["attendant_console"])
        assert with_what_they_bring(once) == once

    @pytest.mark.parametrize("text", ["", "FRA", "F1", "é!", "XX", "UK"])
    def test_a_country_is_two_letters_of_iso(self, text):
        with pytest.raises(InvalidValue):
            parse_country(text)


def test_steps_change_nothing_they_were_not_asked_for():
    before = trial()
    after = extend(before, at=later(80))
    assert attrs.evolve(after, ends_on=before.ends_on, extensions=0) == before
