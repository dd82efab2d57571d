"""Every public method of a hub, for every role, against the matrix."""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

import partnerhub as ph
from partnerhub.domain.access import Actor
from partnerhub.domain.capabilities import Access, Capability
from partnerhub.domain.errors import PartnerHubError, PermissionDenied
from partnerhub.domain.roles import Role, access_of
from partnerhub.hub.permissions import Needs, edits, needs_of, open_to_all, reads
from tests.hub.partners import (
    ACME,
    ANA,
    AT,
    BOLT,
    as_role,
    customers,
    open_hub,
    with_clock,
)

START = "2026-11-01"

CALLS = {
    "close": lambda hub: hub.close(),
    "ingest": lambda hub: hub.ingest(),
    "put": lambda hub: hub.put(),
    "customers.find": lambda hub: hub.customers.find(),
    "customers.by_email": lambda hub: hub.customers.by_email("kim@acme.example"),
    "customers.explain": lambda hub: hub.customers.explain(ACME),
    "customers.detail": lambda hub: hub.customers.detail(ACME),
    "customers.launch_url": lambda hub: hub.customers.launch_url(ACME),
    "customers.changes": lambda hub: hub.customers.changes(START),
    "customers.attention": lambda hub: hub.customers.attention(),
    "customers.set_region": lambda hub: hub.customers.set_region(ACME, "EU"),
    "customers.region_corrections": lambda hub: hub.customers.region_corrections(),
    "customers.suggest": lambda hub: hub.customers.suggest("tag:"),
    "customers.filters.save": lambda hub: hub.customers.filters.save("Mine", "acme"),
    "customers.filters.list": lambda hub: hub.customers.filters.list(),
    "customers.filters.get": lambda hub: hub.customers.filters.get("Mine"),
    "customers.filters.remove": lambda hub: hub.customers.filters.remove("Mine"),
    "customers.filters.run": lambda hub: hub.customers.filters.run("Mine"),
    "tags.list": lambda hub: hub.tags.list(),
    "tags.of": lambda hub: hub.tags.of(ACME),
    "tags.find": lambda hub: hub.tags.find("vip"),
    "tags.assign": lambda hub: hub.tags.assign(ACME, ["new"]),
    "tags.add": lambda hub: hub.tags.add([ACME], "new"),
    "tags.remove": lambda hub: hub.tags.remove([ACME], "new"),
    "tags.replace": lambda hub: hub.tags.replace([ACME], "new"),
    "trials.draft": lambda hub: hub.trials.draft(),
    "trials.list": lambda hub: hub.trials.list(),
    "trials.get": lambda hub: hub.trials.get("T"),
    "trials.start": lambda hub: hub.trials.start(hub.trials.draft()),
    "trials.extend": lambda hub: hub.trials.extend("T"),
    "trials.add_services": lambda hub: hub.trials.add_services("T", ["messaging"]),
    "trials.remove_services": lambda hub: hub.trials.remove_services(
        "T", ["messaging"]
    ),
    "trials.cancel": lambda hub: hub.trials.cancel("T"),
    "trials.convert": lambda hub: hub.trials.convert(
        "T", tier="tier_1", admin_email="kim@acme.example"
    ),
    "administrators.roles": lambda hub: hub.administrators.roles(),
    "administrators.list": lambda hub: hub.administrators.list(),
    "administrators.get": lambda hub: hub.administrators.get(ANA),
    "administrators.add_user": lambda hub: hub.administrators.add_user("x@y.example"),
    "administrators.grant": lambda hub: hub.administrators.grant(ANA, "partner_admin"),
    "administrators.revoke": lambda hub: hub.administrators.revoke(
        ANA, "partner_admin"
    ),
    "administrators.revoke_all": lambda hub: hub.administrators.revoke_all(ANA),
    "administrators.assign": lambda hub: hub.administrators.assign(ANA, BOLT),
    "administrators.unassign": lambda hub: hub.administrators.unassign(ANA, BOLT),
    "administrators.customers_of": lambda hub: hub.administrators.customers_of(ANA),
    "administrators.of_customer": lambda hub: hub.administrators.of_customer(ACME),
    "administrators.access": lambda hub: hub.administrators.access(ANA, ACME),
    "administrators.groups": lambda hub: hub.administrators.groups(),
    "administrators.save_group": lambda hub: hub.administrators.save_group(
        "North", customers=[], members=[]
    ),
    "administrators.delete_group": lambda hub: hub.administrators.delete_group("X"),
    "organization.profile": lambda hub: hub.organization.profile(),
    "organization.update": lambda hub: hub.organization.update(name="Us"),
    "organization.onboarding": lambda hub: hub.organization.onboarding(),
    "organization.order": lambda hub: hub.organization.order(),
    "organization.launch": lambda hub: hub.organization.launch(by=ANA),
    "organization.accept_terms": lambda hub: hub.organization.accept_terms(),
    "organization.set_up": lambda hub: hub.organization.set_up(),
    "organization.finish": lambda hub: hub.organization.finish(),
    "runs.list": lambda hub: hub.runs.list(),
    "runs.get": lambda hub: hub.runs.get("none"),
    "runs.imports": lambda hub: hub.runs.imports(),
    "runs.repeat": lambda hub: hub.runs.repeat("none", to="out"),
    "schedules.list": lambda hub: hub.schedules.list(),
    "schedules.get": lambda hub: hub.schedules.get("none"),
    "schedules.pause": lambda hub: hub.schedules.pause("none"),
    "schedules.resume": lambda hub: hub.schedules.resume("none"),
    "schedules.remove": lambda hub: hub.schedules.remove("none"),
    "schedules.next_runs": lambda hub: hub.schedules.next_runs("none"),
    "schedules.cron": lambda hub: hub.schedules.cron("none"),
    "schedules.run_due": lambda hub: hub.schedules.run_due(),
    "resources.quick_links": lambda hub: hub.resources.quick_links(),
    "resources.featured": lambda hub: hub.resources.featured(),
    "resources.search": lambda hub: hub.resources.search(),
    "resources.support": lambda hub: hub.resources.support(),
}
"""Path of a method -> a call of it. One that is missing here is called without
arguments, which is enough to be denied.
"""

ANYBODY = {
    "close",
    "administrators.roles",
    "kpis.catalogue",
    "trials.draft",
    "organization.launch",
}
"""Methods that are open to all on purpose."""


def areas():
    """Path -> class of each area of a hub, and of areas in them; blank for the hub."""
    with open_hub() as hub:
        yield from areas_of("", hub)


def areas_of(path, area):
    yield path, type(area)
    for name, member in inspect.getmembers(type(area)):
        if not name.startswith("_") and hasattr(member, "func"):
            yield from areas_of(f"{path}.{name}".lstrip("."), getattr(area, name))


def public_methods():
    """Path -> function of every public method of a hub and of its areas."""
    for area, owner in areas():
        for name, member in inspect.getmembers(owner, inspect.isfunction):
            if not name.startswith("_"):
                yield f"{area}.{name}".lstrip("."), member


METHODS = dict(public_methods())


@pytest.fixture
def hub():
    with open_hub() as hub:
        hub.administrators.add_user(ANA)
        hub.administrators.grant(ANA, Role.PARTNER_ADMIN)
        yield hub


@pytest.mark.parametrize("path", METHODS)
def test_every_method_has_a_decision(path):
    needs = needs_of(METHODS[path])
    assert needs is not None, "mark it with @reads, @edits or @open_to_all"
    assert (needs.capability is None) == (path in ANYBODY)


def test_a_property_is_an_area_or_harmless():
    """What is no method is walked nowhere, so there is little of it."""
    properties = {
        f"{area}.{name}".lstrip(".")
        for area, owner in areas()
        for name, member in inspect.getmembers(owner)
        if isinstance(member, property) and not name.startswith("_")
    }
    assert properties == {"regions"}


def test_the_table_of_calls_names_only_methods():
    assert set(CALLS) <= set(METHODS)


@pytest.mark.parametrize("role", Role)
def test_every_role_may_call_what_the_matrix_says_and_nothing_else(hub, role):
    theirs = as_role(hub, role, customers=(ACME,))
    for path, method in METHODS.items():
        needs = needs_of(method)
        if needs.capability is None:
            continue
        allowed = access_of(role, needs.capability).covers(needs.access)
        denied = denial(CALLS.get(path, called(path)), theirs)
        assert (denied is None) == allowed, f"{role}: {path}"
        if denied is not None:
            assert denied.capability == needs.capability.value
            assert denied.roles == (role.label,)


def called(path):
    """A call without arguments."""

    def call(hub):
        found = hub
        for name in path.split("."):
            found = getattr(found, name)
        return found()

    return call


def denial(call, hub):
    """The denial that a call meets; None when it is let in, whatever follows."""
    try:
        call(hub)
    except PermissionDenied as denied:
        return denied
    except (PartnerHubError, TypeError):
        return None
    return None


def test_the_local_owner_may_do_everything(hub):
    for path in METHODS:
        if path != "close":
            assert denial(CALLS.get(path, called(path)), hub) is None, path


def test_somebody_without_a_role_may_do_nothing(hub):
    nobody = with_clock(hub, actor="nobody@partner.example")
    for path, method in METHODS.items():
        if needs_of(method).capability is not None:
            denied = denial(CALLS.get(path, called(path)), nobody)
            assert denied is not None, path
            assert "no partner role" in str(denied)


@given(st.sets(st.sampled_from(Role)), st.sampled_from(Capability))
def test_several_roles_are_their_union(roles, capability):
    actor = Actor(email=ANA, roles=roles)
    for needed in (Access.READ, Access.FULL):
        alone = [
            Actor(email=ANA, roles=[role]).may(capability, needed) for role in roles
        ]
        assert actor.may(capability, needed) == any(alone)


class TestReachOfAPartnerAdministrator:
    def test_lists_search_and_explain_are_narrowed_alike(self, hub):
        theirs = as_role(hub, Role.PARTNER_ADMIN, customers=(ACME,))
        assert [row.name for row in theirs.customers.find()] == ["Acme"]
        assert len(theirs.customers.find("Bolt")) == 0
        assert len(theirs.customers.by_email("kim@bolt.example")) == 0
        assert len(theirs.customers.by_email("KIM@acme.example")) == 1
        assert theirs.customers.explain("Acme").customer.id == ACME
        for ask in (theirs.customers.explain, theirs.customers.detail):
            with pytest.raises(LookupError, match="Bolt"):
                ask("Bolt")
        assert [row.name for row in theirs.customers.attention()] == ["Acme"]
        assert [tag.name for tag in theirs.tags.list()] == ["vip"]
        assert [tagged.customer for tagged in theirs.tags.find("vip")] == [ACME]
        with pytest.raises(LookupError):
            theirs.tags.assign(BOLT, ["mine"])

    def test_the_regions_are_those_of_their_customers(self, hub):
        assert as_role(hub, Role.PARTNER_ADMIN).regions == ()
        assert as_role(hub, Role.PARTNER_ADMIN, customers=(ACME,)).regions == ("US",)

    def test_kpis_and_reports_are_denied(self, hub):
        theirs = as_role(hub, Role.PARTNER_ADMIN, customers=(ACME,))
        with pytest.raises(PermissionDenied, match="analytics"):
            theirs.kpis.overview()
        with pytest.raises(PermissionError, match="Partner administrator"):
            theirs.reports.table("subscription-details", at=AT)

    def test_attention_leaves_out_what_compares_all_customers(self, hub):
        theirs = as_role(hub, Role.PARTNER_ADMIN, customers=(ACME,))
        assert "low_assignment" in theirs.customers.attention().left_out
        assert not hub.customers.attention().left_out

    def test_detail_withholds_who_looks_after_a_customer(self, hub):
        theirs = as_role(hub, Role.PARTNER_ADMIN, customers=(ACME,))
        assert theirs.customers.detail(ACME).administrators is None

    def test_asking_for_administrators_in_a_filter_takes_the_right_to_list_them(
        self, hub
    ):
        theirs = as_role(hub, Role.PARTNER_ADMIN, customers=(ACME,))
        with pytest.raises(PermissionDenied, match="list the customers of"):
            theirs.customers.find(f"admin:{ANA}")


@pytest.mark.parametrize("url", ["memory:", "sqlite:///hub.db"])
def test_reach_in_every_store(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with ph.connect(url) as hub:
        hub.put(*customers(), at=AT)
        many = [f"00000000-0000-4000-8000-{number:012}" for number in range(40_000)]
        nobody = as_role(hub, Role.PARTNER_ADMIN)
        some = as_role(hub, Role.PARTNER_ADMIN, customers=(*many, ACME))
        assert len(nobody.customers.find()) == 0
        assert some.customers.find().ids == (ACME,)


def test_a_role_that_is_revoked_is_gone_at_once(hub):
    theirs = with_clock(hub, actor=ANA)
    hub.administrators.assign(ANA, ACME)
    assert [row.id for row in theirs.customers.find()] == [ACME]
    hub.administrators.revoke_all(ANA)
    with pytest.raises(PermissionDenied):
        theirs.customers.find()


def test_marks():
    class Area:
        @reads(Capability.READ_TAGS)
        def read(self):
            pass

        @edits(Capability.EDIT_TAGS)
        def edit(self):
            pass

        @open_to_all
        def ask(self):
            pass

        def undecided(self):
            pass

    assert needs_of(Area.read) == Needs(Capability.READ_TAGS, Access.READ)
    assert needs_of(Area.edit) == Needs(Capability.EDIT_TAGS, Access.FULL)
    assert needs_of(Area.ask) == Needs(None)
    assert needs_of(Area.undecided) is None
