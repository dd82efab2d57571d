"""Saved filters: kept, shared, and named in any query."""

import pytest

import partnerhub as ph
from partnerhub.domain.errors import FilterError, InvalidValue, NotFound
from partnerhub.domain.filters import where
from partnerhub.domain.roles import Role
from partnerhub.domain.saved_filters import SavedFilter
from partnerhub.hub.customers.saved import saved_filters
from partnerhub.kpis import Exclusions
from partnerhub.sample import SamplePartner
from tests.hub.partners import (
    ACME,
    ANA,
    AT,
    BOLT,
    CODA,
    DUNE,
    as_role,
    customers,
    open_hub,
)


@pytest.fixture
def hub():
    with open_hub() as hub:
        yield hub


def test_what_is_saved_is_there_for_everybody(tmp_path):
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    with ph.connect(url) as hub:
        hub.put(*customers(), at=AT)
        kept = hub.customers.filters.save("Key  accounts", "tag:vip", help="ours")
    with ph.connect(url) as hub:
        assert hub.customers.filters.list() == (kept,)
        assert hub.customers.filters.get("KEY accounts") == kept
        assert (kept.name, kept.query, kept.help) == ("Key accounts", "tag:vip", "ours")
        found = hub.customers.filters.run("key accounts", at=AT)
        assert found.ids == hub.customers.find("tag:vip", at=AT).ids == (ACME, CODA)


def test_a_filter_made_in_python_is_saved_as_text(hub):
    node = where("status").eq("trial") | ~where("tag").eq("vip")
    assert hub.customers.filters.save("x", node).query == "status:trial OR -tag:vip"
    assert hub.customers.filters.get("x").filter == node


def test_it_is_named_in_queries_next_to_other_terms(hub):
    hub.customers.filters.save("Key accounts", "tag:vip OR tag:north")
    find = hub.customers.find
    assert find('saved:"key accounts"').ids == (ACME, CODA)
    assert find('saved:"key accounts" name:acme').ids == (ACME,)
    assert find('-saved:"key accounts"').ids == (BOLT, DUNE)
    assert find("", exclude='saved:"Key accounts"').ids == (BOLT, DUNE)


def test_it_is_read_when_it_is_asked_for(hub):
    hub.customers.filters.save("mine", "name:acme")
    assert hub.customers.find("saved:mine").ids == (ACME,)
    hub.customers.filters.save("Mine", "name:bolt", replace=True)
    assert hub.customers.find("saved:mine").ids == (BOLT,)
    assert [each.name for each in hub.customers.filters.list()] == ["Mine"]


def test_a_name_that_is_taken_is_refused(hub):
    hub.customers.filters.save("Élan", "acme")
    with pytest.raises(InvalidValue, match="there is one already, 'acme'"):
        hub.customers.filters.save("elan", "bolt")
    assert hub.customers.filters.get("ELAN").query == "acme"


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\u200bb\x07"])
def test_what_is_no_name_is_refused(hub, name):
    with pytest.raises(InvalidValue):
        hub.customers.filters.save(name, "acme")
    assert hub.customers.filters.list() == ()


@pytest.mark.parametrize("query", ["status:expird", "saved:other", "(a"])
def test_a_text_that_cannot_be_understood_is_not_saved(hub, query):
    with pytest.raises(FilterError):
        hub.customers.filters.save("x", query)
    assert hub.customers.filters.list() == ()


def test_a_name_that_nobody_saved_is_said_with_its_place(hub):
    hub.customers.filters.save("renewals", "renews<90d")
    with pytest.raises(FilterError, match="did you mean 'renewals'") as refused:
        hub.customers.find("acme saved:renewal")
    assert refused.value.position == len("acme saved:")
    with pytest.raises(FilterError, match="the name of a saved filter is missing"):
        hub.customers.find("saved:")
    with pytest.raises(NotFound, match="did you mean 'renewals'"):
        hub.customers.filters.get("renewal")


def test_one_that_is_removed_is_gone(hub):
    hub.customers.filters.save("Mine", "acme")
    hub.customers.filters.remove("mine")
    assert hub.customers.filters.list() == ()
    with pytest.raises(NotFound):
        hub.customers.filters.remove("mine")


def test_partner_administrators_save_and_share_theirs(hub):
    hub.administrators.add_user(ANA)
    hub.administrators.grant(ANA, Role.PARTNER_ADMIN)
    hub.administrators.assign(ANA, ACME)
    theirs = as_role(hub, Role.PARTNER_ADMIN, customers=(ACME,))
    kept = theirs.customers.filters.save("All vip", "tag:vip")
    assert kept.by == theirs._context.who().email
    assert theirs.customers.filters.run("all vip").ids == (ACME,)
    assert hub.customers.filters.run("all vip").ids == (ACME, CODA)
    reading = as_role(hub, Role.PARTNER_READ_ONLY)
    assert reading.customers.filters.get("all vip") == kept
    with pytest.raises(PermissionError, match="save filters"):
        reading.customers.filters.remove("all vip")


def test_a_filter_is_checked_when_it_is_saved(hub):
    with pytest.raises(FilterError):
        hub.customers.filters.save("x", "status:")
    assert hub.customers.filters.list() == ()
    assert SavedFilter(name=" a  b ", query="acme").key == "a b"


def test_one_that_a_newer_version_kept_does_not_sink_the_others(hub):
    filters, store = hub.customers.filters, hub._context.store
    kept = filters.save("Mine", "tag:vip")
    newer = SavedFilter(name="Newer", query="mood:good")
    saved_filters(store).change(newer.key, lambda _: newer)
    assert filters.list() == (kept, newer)
    assert hub.customers.find("saved:mine").ids == (ACME, CODA)
    assert "Newer" in {each.text for each in hub.customers.suggest("saved:N")}
    with pytest.raises(FilterError, match=r"'mood:good' .*'mood' is no field"):
        hub.customers.find("acme saved:newer")
    with pytest.raises(InvalidValue, match="'mood' is no field"):
        filters.run("newer")
    assert filters.save("Newer", "acme", replace=True).query == "acme"
    filters.remove("newer")
    assert filters.list() == (kept,)


class TestExclusions:
    def test_a_list_names_what_it_leaves_out(self, hub):
        found = hub.customers.find("", exclude="tag:vip")
        assert found.ids == (BOLT, DUNE)
        assert found.excluded.ids == (ACME, CODA)
        assert found.notes == (
            f"as of {AT}; 2 of 4 customers looked at",
            "2 excluded",
        )
        assert hub.customers.find("acme", exclude="tag:vip").excluded.ids == (ACME,)

    def test_licenses_tags_and_a_filter_leave_out_together(self, hub):
        out = Exclusions(tags="north", filter="name:acme")
        found = hub.customers.find("", exclude=out)
        assert (found.ids, found.excluded.ids) == ((BOLT, DUNE), (ACME, CODA))
        attention = hub.customers.attention(exclude=out)
        assert not {ACME, CODA} & {each.id for each in attention}
        names = {*attention.excluded["org_id"]}
        assert names <= {ACME, CODA}
        assert names

    def test_who_has_nothing_but_excluded_licenses_is_left_out(self, hub):
        licenses = {
            line.license
            for customer in customers()
            for held in customer.subscriptions
            for line in held.lines
        }
        found = hub.customers.find("", exclude=Exclusions(licenses=licenses))
        with_lines = {
            customer.id
            for customer in customers()
            if any(held.lines for held in customer.subscriptions)
        }
        assert set(found.excluded.ids) == with_lines
        assert not set(found.ids) & with_lines

    def test_kpis_leave_out_what_a_filter_finds_and_say_so(self, hub):
        every = hub.kpis.overview().total_customers
        out = hub.kpis.overview(exclude="name:acme")
        assert out.total_customers == every - 1
        (left,) = [
            left
            for left in out.coverage.left_out
            if left.reason == "excluded by policy"
        ]
        assert left.customers == 1
        hub.customers.filters.save("Mine", "name:acme")
        both = Exclusions(filter="saved:mine", tags=["north"])
        assert hub.kpis.page(exclude=both).overview.total_customers <= every - 1
        series = hub.kpis.series(AT, AT, exclude="saved:mine")
        assert series["total_customers"] == [every - 1]

    def test_columns_alone_cannot_ask_a_filter(self):
        with pytest.raises(InvalidValue, match="ask a hub"):
            Exclusions(filter="acme").check()


def test_lists_and_attention_say_how_many_are_out_of_reach(hub):
    theirs = as_role(hub, Role.PARTNER_ADMIN, customers=(ACME,))
    assert theirs.customers.find().out_of_reach == 3
    assert "3 out of your reach" in theirs.customers.find().notes
    assert theirs.customers.attention().out_of_reach == 3
    assert hub.customers.find().out_of_reach == 0
    assert theirs.customers.find(region="US").out_of_reach == (
        len(hub.customers.find(region="US")) - 1
    )


def test_any_address_and_none_are_found(hub):
    with_any = hub.customers.find("known:email")
    assert set(with_any.ids) | set(hub.customers.find("missing:email").ids) == {
        ACME,
        BOLT,
        CODA,
        DUNE,
    }
    assert ACME in with_any.ids


class TestWhatIsKept:
    """A second query needs no second reading, until anybody writes."""

    def test_a_second_query_reads_nothing_anew(self, hub, monkeypatch):
        hub.customers.find("acme")
        monkeypatch.setattr(hub._context.store, "portfolio", None)
        assert hub.customers.find("tag:vip").ids == (ACME, CODA)
        assert len(hub.customers.attention()) > 0

    def test_the_last_two_days_are_kept_and_no_more(self, hub, monkeypatch):
        store, read = hub._context.store, []
        portfolio = store.portfolio

        def counted(at, scope):
            read.append(at)
            return portfolio(at, scope)

        monkeypatch.setattr(store, "portfolio", counted)
        days = [AT.subtract(days=ago) for ago in range(3)]
        for day in (*days[:2], *days[:2]):
            hub.customers.find(at=day)
        assert read == days[:2]
        for day in (days[2], days[1], days[0]):
            hub.customers.find(at=day)
        assert read == [*days[:2], days[2], days[0]]

    def test_what_is_written_is_seen_at_once(self, hub):
        assert hub.customers.find("tag:new").ids == ()
        hub.tags.add(BOLT, "new")
        assert hub.customers.find("tag:new").ids == (BOLT,)

    def test_what_another_process_writes_is_seen_at_once(self, tmp_path):
        url = f"sqlite:///{tmp_path / 'hub.db'}"
        with ph.connect(url) as mine, ph.connect(url) as theirs:
            mine.put(*customers(), at=AT)
            assert mine.customers.find("tag:new", at=AT).ids == ()
            theirs.tags.add(BOLT, "new")
            assert mine.customers.find("tag:new", at=AT).ids == (BOLT,)
            theirs.customers.set_region(BOLT, "CA")
            assert "CA" in mine.regions

    def test_days_and_regions_are_kept_apart(self, hub):
        assert len(hub.customers.find(at=AT.subtract(years=1))) == 0
        assert len(hub.customers.find()) == 4
        assert len(hub.customers.find(region="EU")) == 0
        assert len(hub.customers.find(at=AT.subtract(years=1))) == 0


def test_a_region_is_corrected_and_that_is_kept(hub):
    made = hub.customers.set_region(ACME, "eu", why="typed wrong")
    assert (made.before, made.after, made.on) == ("US", "EU", AT)
    assert hub.customers.explain(ACME).customer.organization.region == "EU"
    assert [row.id for row in hub.customers.find(region="EU")].count(ACME) == 1
    back = hub.customers.set_region(ACME, "US")
    assert hub.customers.region_corrections() == (made, back)
    for wrong in ("US", " "):
        with pytest.raises(InvalidValue):
            hub.customers.set_region(ACME, wrong)
    with pytest.raises(NotFound):
        hub.customers.set_region("c8b0e0d2-0000-4000-8000-999999999999", "EU")
    assert len(hub.customers.region_corrections()) == 2


def test_queries_are_completed_with_what_the_partner_has(hub):
    hub.customers.filters.save("Key accounts", "tag:vip")

    def offered(hub, text):
        return [each.text for each in hub.customers.suggest(text)]

    assert offered(hub, "tag:n") == ["north"]
    assert offered(hub, "saved:k") == ['"Key accounts"']
    assert offered(hub, "sav") == ["saved:"]
    assert "US" in offered(hub, "region:")
    assert offered(hub, "acme status:ex") == ["expiring_soon", "expired"]
    theirs = as_role(hub, Role.PARTNER_ADMIN, customers=(ACME,))
    assert offered(theirs, "tag:n") == []


def test_what_is_undone_is_not_kept(hub):
    store = hub._context.store
    with pytest.raises(LookupError), store.writing() as writer:
        writer.set_tags(BOLT, ("undone",), day=AT)
        assert hub.customers.find("tag:undone").ids == (BOLT,)
        raise LookupError
    assert hub.customers.find("tag:undone").ids == ()


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample partner in a database."""
    url = f"sqlite:///{tmp_path_factory.mktemp('sample') / 'hub.db'}"
    partner = SamplePartner(customers=60, weeks=2)
    with ph.connect(url) as hub:
        for day in partner.days:
            hub.put(*partner.at(day), at=day)
        hub.tags.add(hub.customers.find("region:US", at=partner.until), "vip")
    return url, partner.until


@pytest.mark.parametrize(
    "query",
    [
        "status:expiring_soon",
        "product:calling ends<60d -tag:vip",
        "assigned>50% (tag:vip OR region:EU)",
        "subscription(type:trial total>0)",
        "-status:subscription",
        "id:d065845f-181a-4708-bdb1-b0d4b5c4a47a",
        "added<30d OR renews<30d",
        "company",
        " OR ".join(f"total:{number}" for number in range(400)),
    ],
)
def test_what_a_database_narrows_down_first_is_what_all_columns_find(sample, query):
    url, day = sample
    with ph.connect(url) as hub:
        first = hub.customers.find(query, at=day, exclude="status:suspended")
        second = hub.customers.find(query, at=day, exclude="status:suspended")
        assert first.ids == second.ids
        assert first.excluded.ids == second.excluded.ids
        assert [row.statuses for row in first] == [row.statuses for row in second]
        assert first.notes == second.notes
        columns = ("customer", "total", "renews_on", "tags")
        assert first.to_table(columns) == second.to_table(columns)


def test_one_question_of_a_database_reads_little(sample):
    url, day = sample
    with ph.connect(url) as hub:
        every = len(hub.customers.find(at=day))
    with ph.connect(url) as hub:
        found = hub.customers.find("status:expiring_soon", at=day)
        assert len(found) == len(found.portfolio.customers) < every
        again = hub.customers.find("status:expiring_soon", at=day)
        assert len(again.portfolio.customers) == every
