"""Regions in stores of their own look like one store, and never mix."""

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import partnerhub as ph
from partnerhub.adapters.opening import open_store, open_stores
from partnerhub.adapters.residency.store import RegionalStore
from partnerhub.columns.queue_stats import ServiceKind
from partnerhub.domain.customers import Customer
from partnerhub.domain.errors import InvalidValue, NotFound, RegionRequired, StoreError
from partnerhub.domain.instants import as_instant
from partnerhub.domain.organizations import Organization
from partnerhub.domain.regions import UAE
from partnerhub.domain.report_specs import ReportRequest
from partnerhub.domain.schedules import Daily
from partnerhub.ports import Document, OrganizationFacts, RegionConflict, Scope
from partnerhub.testing import call_worlds, worlds
from partnerhub.testing.comparing import calls, plain, snapshot

A, B, C = worlds.CUSTOMERS_KNOWN
REGIONS = {A: "US", B: "EU", C: "US"}
DAY = worlds.FIRST_DAY


def known(store):
    with store.writing() as writer:
        writer.put_organizations(
            OrganizationFacts(id=uuid, region=region, name=uuid, day=DAY)
            for uuid, region in REGIONS.items()
        )


@pytest.fixture
def regional():
    with RegionalStore({r: open_store("memory:") for r in ("US", "EU")}) as store:
        known(store)
        yield store


@given(
    st.lists(worlds.files(), max_size=4),
    st.lists(worlds.inventories(), max_size=2),
    st.lists(worlds.usage_files(), max_size=2),
    st.lists(worlds.organization_facts(), max_size=3),
)
@settings(max_examples=8)
def test_they_show_what_one_store_would_show(files, devices, usages, facts):
    one = open_store("memory:")
    several = RegionalStore({r: open_store("memory:") for r in ("US", "EU")})
    told = []
    for store in (one, several):
        known(store)
        changed = []
        with store.writing() as writer:
            every = (*(r for file in files for r in file), *devices)
            changed.extend(writer.put_records(each).tolist() for each in every)
            changed.extend(writer.put_usage(usage).tolist() for usage in usages)
            # One store keeps the data of a region conflict out of it in the same way.
            put = writer.put_organizations(facts)
            changed.append((put.changed, sorted(put.conflicts, key=str)))
        told.append(changed)
    assert told[0] == told[1]
    assert snapshot(one, DAY) == snapshot(several, DAY)
    for region in ("US", "EU"):
        scope = Scope(regions=(region,))
        assert snapshot(one, DAY, scope)["portfolio"] == plain(
            several.portfolio(DAY, scope)
        )
    assert plain(one.usage(DAY, DAY)) == plain(several.usage(DAY, DAY))


@given(
    st.lists(call_worlds.leg_records(), max_size=3),
    st.lists(call_worlds.call_days(), max_size=2),
    st.lists(call_worlds.service_stats(), max_size=2),
    call_worlds.quality_stats(),
)
@settings(max_examples=8)
def test_calls_show_what_one_store_would_show(records, days, stats, quality):
    one = open_store("memory:")
    several = RegionalStore({r: open_store("memory:") for r in ("US", "EU")})
    told = []
    for store in (one, several):
        known(store)
        with store.writing() as writer:
            told.append(
                [
                    [writer.put_legs(each) for each in records],
                    [writer.put_call_days(each) for each in days],
                    [
                        writer.put_service_stats(kind, each).tolist()
                        for each in stats
                        for kind in ServiceKind
                    ],
                    writer.put_quality_stats(quality).tolist(),
                ]
            )
    assert told[0] == told[1]
    for scope in (Scope(), Scope(regions=("US",)), Scope(regions=("EU",))):
        assert calls(one, scope) == calls(several, scope)


def test_media_quality_goes_to_the_region_that_is_named(regional):
    with pytest.raises(RegionRequired), regional.writing() as writer:
        writer.put_media([])
    with regional.writing() as writer:
        assert writer.put_media([], region="EU").taken == 0


def test_data_of_a_region_do_not_touch_another_store(regional):
    untouched = regional._stores["US"]
    untouched.close()
    for method in ("portfolio", "usage", "inventory", "writing"):
        setattr(untouched, method, None)
    scope = Scope(regions=("EU",))
    assert regional.portfolio(DAY, scope).customers.id.tolist() == [B]
    with regional.writing() as writer:
        row = worlds.Row(B, "s", None, DAY, {"users_total": 1})
        told = worlds.records(worlds.SUBSCRIPTIONS, [row], only={"users_total"})
        writer._homes[B] = "EU"
        writer.put_records(told)
    assert len(regional.portfolio(DAY, scope).subscriptions) == 1


def test_a_customer_needs_a_region_that_has_a_store(regional):
    new = "00000000-0000-4000-8000-0000000000aa"
    for region in (None, "CA"):
        fact = OrganizationFacts(id=new, region=region, day=DAY)
        with regional.writing() as writer:
            put = writer.put_organizations(
                [fact, attrs.evolve(fact, id=A, region="US")]
            )
        assert put.conflicts == (
            RegionConflict(
                organization=new, known=None, told=region, choices=("US", "EU")
            ),
        )
        who = Organization(id=new, name="new", region=region)
        with pytest.raises(InvalidValue, match="US, EU"):
            ph.Hub(regional).put(Customer(organization=who), at=DAY)
    with pytest.raises(NotFound), regional.writing() as writer:
        writer.set_tags(new, (), day=DAY)
    assert regional.profile(new) is None


def test_a_file_of_all_regions_goes_where_its_customers_are(tmp_path):
    """And what has no place is a problem of its rows, which touch no store."""
    uuids = [f"00000000-0000-4000-8000-00000000000{n}" for n in range(4)]
    urls = {r: f"sqlite:///{tmp_path / r}.db" for r in ("US", "EU")}

    def files_that_hold(text):
        return [r for r in urls if text.encode() in (tmp_path / f"{r}.db").read_bytes()]

    facts = tmp_path / "facts_2026-11-22.csv"
    told = zip(uuids, ("Usa", "Eur", "Non", "Can"), ("US", "EU", "", "CA"), strict=True)
    rows = [f"{u},{name},{region},{name}@x.com,tag{name}" for u, name, region in told]
    facts.write_text("\n".join(["org_id,name,region,user_emails,tags", *rows]))
    held = tmp_path / "held_2026-11-22.csv"
    rows = [
        f"{uuid},Sub{n},2026-11-22,Webex Meetings,1" for n, uuid in enumerate(uuids)
    ]
    held.write_text("\n".join(["org_id,subscription_id,day,product,total", *rows]))
    with ph.connect(urls) as hub:
        for file in (facts, held):
            (found,) = hub.ingest(file)
            assert found.taken == 2
            assert [problem.line for problem in found.problems] == [4, 5]
            assert all("US, EU" in problem.message for problem in found.problems)
        hub.tags.add(hub.customers.find("tag:tagEur"), ["later"])
        assert [c.name for c in hub.customers.find("tag:later", at="2026-11-22")] == [
            "Eur"
        ]
        # A customer whose region becomes known later has its place from then on.
        (found,) = hub.ingest(held, region="EU")
        assert [problem.line for problem in found.problems] == [2]
    for text, regions in (
        *(("Usa", ["US"]), ("usa@x.com", ["US"]), ("tagUsa", ["US"]), ("Sub0", ["US"])),
        *(("Eur", ["EU"]), ("eur@x.com", ["EU"]), ("tagEur", ["EU"]), ("Sub1", ["EU"])),
        *(("later", ["EU"]), ("Non", []), ("Can", []), ("Sub2", ["EU"])),
        *((uuids[0], ["US"]), (uuids[1], ["EU"]), (uuids[3], ["EU"])),
    ):
        assert files_that_hold(text) == regions, text


def test_a_block_that_raises_is_undone_in_all(regional):
    before = snapshot(regional, DAY)
    with pytest.raises(ZeroDivisionError), regional.writing() as writer:
        writer.set_tags(A, ("us",), day=DAY)
        writer.set_tags(B, ("eu",), day=DAY)
        writer.put_document(Document(kind="k", id="i", body=1))
        raise ZeroDivisionError
    assert snapshot(regional, DAY) == before
    assert regional.documents("k") == ()


def test_documents_and_people_are_found(regional):
    with regional.writing() as writer:
        writer.put_document(Document(kind="k", id="i", body=1))
        facts = [
            OrganizationFacts(id=u, day=DAY, user_emails=("a@x.com",)) for u in REGIONS
        ]
        writer.put_organizations(facts)
        writer.set_tags(B, ("eu",), day=DAY)
    found = regional.document("k", "i")
    with regional.writing() as writer:
        writer.delete_document("k", "i", version=found.version)
    assert regional.find_by_email("A@x.com") == (A, B, C)
    assert regional.tags() == {B: ("eu",)}
    assert regional.profile(B).region == "EU"
    assert regional.first_day() is None
    assert regional.regions() == ("US", "EU")


def test_stores_are_opened_by_region(tmp_path):
    urls = {r: f"sqlite:///{tmp_path / r}.db" for r in ("US", "EU")}
    with open_stores(urls) as store:
        known(store)
    with open_store(urls["EU"]) as store:
        assert store.portfolio(DAY).customers.id.tolist() == [B]
    with pytest.raises(StoreError):
        open_stores({**urls, "CA": f"sqlite:///{tmp_path}"})


def test_regions_by_any_name_of_theirs():
    with RegionalStore({"uae": open_store("memory:")}) as store:
        facts = OrganizationFacts(id=B, region=UAE, day=DAY)
        with store.writing() as writer:
            writer.put_organizations([attrs.evolve(facts, name="b")])
        assert store.regions() == (UAE,)


def test_runs_are_in_the_first_store(tmp_path):
    stores = {region: open_store("memory:") for region in ("US", "EU")}
    with ph.Hub(RegionalStore(stores)) as hub:
        for number, region in enumerate(("US", "EU")):
            uuid = f"00000000-0000-4000-8000-00000000000{number}"
            who = ph.domain.Organization(id=uuid, name=region, region=region)
            hub.put(ph.domain.Subscription(id="S", customer=who), at=DAY)
        hub.schedules.add(
            "s",
            ReportRequest(template="subscription-details", per_region=True),
            Daily(),
            time="06:00",
            to=tmp_path,
            at=DAY,
        )
        runs = hub.schedules.run_due(at=as_instant(DAY).add(hours=7))
        assert sorted((run.region, run.file.rows) for run in runs) == [
            ("EU", 1),
            ("US", 1),
        ]
        assert set(stores["US"].runs()) == set(hub.runs.list()) == set(runs)
        assert (stores["EU"].runs(), stores["EU"].imports()) == ((), ())
        assert hub.runs.imports() == stores["US"].imports() != ()


def test_each_region_has_one_store_of_its_own(tmp_path):
    file = f"sqlite:///{tmp_path / 'one.db'}"
    for urls in (
        {},
        {"": "memory:"},
        {"UAE": "memory:", "AE": "memory:"},
        {"US": file, "EU": file},
    ):
        with pytest.raises(InvalidValue, match="region"):
            open_stores(urls)


def test_a_store_of_another_region_is_refused(tmp_path):
    url = f"sqlite:///{tmp_path / 'eu.db'}"
    facts = OrganizationFacts(id=A, region="EU", day=DAY)
    with open_store(url) as store, store.writing() as writer:
        writer.put_organizations([facts])
    with pytest.raises(StoreError, match="holds customers of EU"):
        open_stores({"US": url})
    with open_stores({"EU": url}) as store:
        assert store.regions() == ("EU",)
