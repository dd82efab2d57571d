import subprocess
import sys
from contextlib import contextmanager

import pytest

import partnerhub as ph
from partnerhub.domain.errors import ConflictError, InvalidValue, NotFound
from tests.hub.partners import ACME, AT, BOLT, CODA, customers, open_hub

FIVE = ["a", "b", "c", "d", "e"]


@pytest.fixture
def hub():
    with open_hub() as hub:
        yield hub


def test_assigning_replaces_the_list(hub):
    before = hub.tags.of(ACME)
    assert before.tags == ("vip",)
    after = hub.tags.assign(ACME, ["gold", "GOLD", " silver "])
    assert after.tags == hub.tags.of(ACME).tags == ("gold", "silver")
    assert after.version == before.version + 1
    assert hub.tags.assign(ACME, []).tags == ()


def test_a_tag_that_nobody_has_disappears(hub):
    assert [(tag.name, tag.customers) for tag in hub.tags.list()] == [
        ("north", 1),
        ("vip", 2),
    ]
    hub.tags.remove([CODA], "north")
    assert [tag.name for tag in hub.tags.list()] == ["vip"]


def test_search_is_any_of_and_blind_to_case(hub):
    found = hub.tags.find("NORTH", "no such")
    assert [tagged.customer for tagged in found] == [CODA]
    assert [tagged.customer for tagged in hub.tags.find("vip")] == [ACME, CODA]
    assert hub.tags.find() == ()


def test_subscriptions_have_tags_of_their_own(hub):
    hub.tags.assign(ACME, ["renew by hand"], subscription="Sub1")
    assert hub.tags.of(ACME).tags == ("vip",)
    assert hub.tags.of(ACME, subscription="Sub1").tags == ("renew by hand",)
    (found,) = hub.tags.find("Renew by hand", subscriptions=True)
    assert (found.customer, found.subscription) == (ACME, "Sub1")
    assert hub.tags.list()[1].subscriptions == 1
    assert hub.customers.detail(ACME).subscriptions[0].tags == ("renew by hand",)
    with pytest.raises(NotFound):
        hub.tags.assign(ACME, ["x"], subscription="No such")


def test_an_edit_of_what_somebody_else_has_changed_is_refused(hub):
    seen = hub.tags.of(ACME)
    hub.tags.add(ACME, "theirs")
    with pytest.raises(ConflictError):
        hub.tags.assign(ACME, [*seen.tags, "mine"], version=seen.version)
    assert hub.tags.of(ACME).tags == ("vip", "theirs")


def test_bulk_edits_take_what_a_filter_found(hub):
    found = hub.customers.find("status:license_overage OR status:suspended")
    outcome = hub.tags.add(found, ["watch"])
    assert set(outcome.changed) == set(found.ids)
    assert hub.tags.add(found, ["watch"]).unchanged == outcome.changed
    assert hub.customers.find("tag:watch").ids == found.ids
    assert hub.tags.remove(found, ["watch", "never there"]).changed == outcome.changed
    hub.tags.replace(found, [])
    assert not hub.customers.find("tag:watch")


def test_bulk_edits_refuse_one_and_change_the_others(hub):
    hub.tags.assign(ACME, FIVE)
    unknown = "c8b0e0d2-0000-4000-8000-999999999999"
    outcome = hub.tags.add([ACME, BOLT, unknown, BOLT], "sixth")
    assert outcome.changed == (BOLT,)
    assert (outcome.at_limit, outcome.unknown) == ((ACME,), (unknown,))
    assert set(outcome.refused) == {ACME, unknown}
    assert "more than 5 tags" in outcome.refused[ACME]
    assert hub.tags.of(ACME).tags == tuple(FIVE)


def test_what_is_no_tag_is_refused_before_anything_is_changed(hub):
    for bad in ("x" * 26, " ", "a,b"):
        with pytest.raises(InvalidValue):
            hub.tags.add([ACME, BOLT], [bad])
    with pytest.raises(InvalidValue, match="at most 5"):
        hub.tags.replace([ACME], [*FIVE, "f"])
    with pytest.raises(NotFound):
        hub.tags.of("c8b0e0d2-0000-4000-8000-999999999999")


@pytest.fixture
def meddled(hub, monkeypatch):
    """Somebody else tags Acme at the last moment before each of our transactions."""
    writing, texts = hub._context.store.writing, []

    @contextmanager
    def after_another():
        texts.append(f"theirs {len(texts) + 1}")
        with writing() as writer:
            writer.set_tags(ACME, ("vip", texts[-1]), day=AT)
        with writing() as writer:
            yield writer

    monkeypatch.setattr(hub._context.store, "writing", after_another)


@pytest.mark.usefixtures("meddled")
def test_bulk_edits_are_made_on_what_is_there_when_nobody_else_can_edit(hub):
    outcome = hub.tags.add([ACME, BOLT], "mine")
    assert (outcome.changed, outcome.conflicted) == ((ACME, BOLT), ())
    assert hub.tags.of(ACME).tags == ("vip", "theirs 1", "mine")
    assert hub.tags.of(BOLT).tags == ("mine",)
    assert hub.tags.remove([ACME, BOLT], ["vip", "mine"]).changed == (ACME, BOLT)
    assert hub.tags.of(ACME).tags == ("theirs 2",)


@pytest.mark.usefixtures("meddled")
def test_edits_of_a_version_are_refused_where_another_came_first(hub):
    seen = hub.tags.of(ACME)
    with pytest.raises(ConflictError):
        hub.tags.assign(ACME, ["mine"], version=seen.version)
    outcome = hub.tags.replace([ACME, BOLT], ["mine"], seen=[seen])
    assert (outcome.changed, outcome.conflicted) == ((BOLT,), (ACME,))
    assert "somebody else" in outcome.refused[ACME]
    assert hub.tags.of(ACME).tags == ("vip", "theirs 2")


def test_replacing_spares_what_has_changed_since_it_was_looked_at(hub):
    seen = hub.tags.find("vip")
    hub.tags.add(ACME, "theirs")
    outcome = hub.tags.replace([ACME, CODA], "gold", seen=seen)
    assert (outcome.changed, outcome.conflicted) == ((CODA,), (ACME,))
    assert hub.tags.of(ACME).tags == ("vip", "theirs")


def test_bulk_edits_say_how_far_they_are(hub, monkeypatch):
    monkeypatch.setattr("partnerhub.hub.tags._BATCH", 2)
    said = []
    outcome = hub.tags.add(
        ["no id", ACME, BOLT, CODA], "x", progress=lambda *done: said.append(done)
    )
    assert said == [(3, 4), (4, 4)]
    assert outcome.unknown == ("no id",)
    assert outcome.customers == 4


ADD_A_TAG = """
import sys
import partnerhub as ph

url, tag, *ids = sys.argv[1:]

with ph.connect(url) as hub:
    for edit in (hub.tags.add, hub.tags.remove) * 15 + (hub.tags.add,):
        assert set(edit(ids, tag).changed) == set(ids)
"""


def test_processes_that_tag_the_same_customers_lose_nothing(tmp_path):
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    with ph.connect(url) as hub:
        hub.put(*customers(), at=AT)
        hub.tags.replace([ACME, BOLT], [])
    running = [
        subprocess.Popen([sys.executable, "-c", ADD_A_TAG, url, tag, ACME, BOLT])
        for tag in FIVE[:3]
    ]
    assert [process.wait(60) for process in running] == [0] * 3
    with ph.connect(url) as hub:
        for customer in (ACME, BOLT):
            assert sorted(hub.tags.of(customer).tags) == FIVE[:3]
