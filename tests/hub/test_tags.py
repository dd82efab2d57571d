import subprocess
import sys

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


def meddle(hub, monkeypatch, *, times):
    """Somebody else tags Acme between our reading and our writing."""
    store, meddled = hub._context.store, []
    tagged = store.tagged

    def meddling(organizations):
        found = tagged(organizations)
        if len(meddled) < times:
            meddled.append(True)
            with store.writing() as writer:
                writer.set_tags(ACME, ("vip", f"theirs {len(meddled)}"), day=AT)
        return found

    monkeypatch.setattr(store, "tagged", meddling)


def test_an_edit_at_the_same_time_is_made_anew(hub, monkeypatch):
    meddle(hub, monkeypatch, times=1)
    outcome = hub.tags.add([ACME, BOLT], "mine")
    assert sorted(outcome.changed) == [ACME, BOLT]
    assert hub.tags.of(ACME).tags == ("vip", "theirs 1", "mine")
    assert hub.tags.of(BOLT).tags == ("mine",)


def test_edits_without_end_are_given_up_for_that_customer_alone(hub, monkeypatch):
    meddle(hub, monkeypatch, times=99)
    outcome = hub.tags.add([ACME, BOLT], "mine")
    assert (outcome.changed, outcome.conflicted) == ((BOLT,), (ACME,))
    assert "somebody else" in outcome.refused[ACME]
    assert "mine" not in hub.tags.of(ACME).tags


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


def until_done(edit):
    left = ids
    while left:
        left = edit(left, tag).conflicted


with ph.connect(url) as hub:
    for _ in range(15):
        until_done(hub.tags.add)
        until_done(hub.tags.remove)
    until_done(hub.tags.add)
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
