"""Tags: of customers and their subscriptions, edited one by one and many at once."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest

from partnerhub.columns.datasets import SUBSCRIPTIONS
from partnerhub.domain.errors import ConflictError, NotFound
from partnerhub.ports import OrganizationFacts, Profile, Store, Tagged
from partnerhub.testing import worlds
from partnerhub.testing.contract.base import ContractBase

_A, _B, _ = worlds.CUSTOMERS_KNOWN
_DAY = dt.date(2026, 11, 10)
_THREADS, _EDITS = 4, 10


def _on(day: int) -> dt.date:
    return dt.date(2026, 11, day)


def _told(
    who: str = _A, *, day: int = 10, tags: tuple[str, ...] | None = None
) -> OrganizationFacts:
    return OrganizationFacts(id=who, day=_on(day), tags=tags)


def _put(store: Store, *facts: OrganizationFacts) -> None:
    with store.writing() as writer:
        writer.put_organizations(facts)


def _edit(
    store: Store,
    *tags: str,
    who: str = _A,
    day: int = 10,
    subscription: str | None = None,
    version: int | None = None,
) -> int:
    with store.writing() as writer:
        return writer.set_tags(
            who, tags, day=_on(day), subscription=subscription, version=version
        )


def _hold(store: Store, day: int = 10, *names: str, who: str = _A) -> None:
    """A full picture of a customer that holds these subscriptions."""
    rows = [worlds.Row(who, name, None, _on(day), {"type": "x"}) for name in names]
    pictures = worlds.pictures_of([who], _on(day))
    with store.writing() as writer:
        writer.put_records(
            worlds.records(SUBSCRIPTIONS, rows, pictures=pictures, only={"type"})
        )


def _profile(store: Store) -> Profile:
    found = store.profile(_A)
    assert found is not None
    return found


class TagsContract(ContractBase):
    """Tags are the partner's own, and no edit of them is lost."""

    def test_editing_tags_replaces_them(self, store: Store) -> None:
        """The list given is the list kept; an empty one removes them."""
        _put(store, _told(tags=("a",)))
        several = ("z", "b", "B", "\u00e9", "e\u0301", "a")
        with store.writing() as writer:
            writer.set_tags(_A, several, day=_DAY)
        assert _profile(store).tags == several
        assert store.tags() == {_A: several}
        with store.writing() as writer:
            writer.set_tags(_A, (), day=_DAY)
        assert store.tags() == {}

    def test_an_older_file_does_not_undo_an_edit(self, store: Store) -> None:
        """An edit is as new as its day."""
        _put(store, _told(tags=("a",), day=1))
        with store.writing() as writer:
            writer.set_tags(_A, ("edited",), day=dt.date(2026, 11, 5))
        _put(store, _told(tags=("a",), day=4))
        assert _profile(store).tags == ("edited",)
        _put(store, _told(tags=("b",), day=6))
        assert _profile(store).tags == ("b",)

    def test_an_edit_of_an_older_version_is_a_conflict(self, store: Store) -> None:
        """The error has both versions, and the other edit stays."""
        _put(store, _told())
        read = _profile(store).version
        with store.writing() as writer:
            newer = writer.set_tags(_A, ("first",), day=_DAY, version=read)
        assert newer == _profile(store).version > read
        with pytest.raises(ConflictError) as error, store.writing() as writer:
            writer.set_tags(_A, ("second",), day=_DAY, version=read)
        assert (error.value.expected, error.value.found) == (read, newer)
        assert _profile(store).tags == ("first",)

    def test_tags_of_what_is_not_there(self, store: Store) -> None:
        """NotFound, for a customer and for a subscription."""
        with pytest.raises(NotFound), store.writing() as writer:
            writer.set_tags(_A, ("a",), day=_DAY)
        _put(store, _told())
        with pytest.raises(NotFound), store.writing() as writer:
            writer.set_tags(_A, ("a",), day=_DAY, subscription="Sub1")

    def test_the_tags_of_a_file_replace_those_of_files_not_newer(
        self, store: Store
    ) -> None:
        """An empty list removes them; a file that tells none says nothing of them."""
        _put(store, _told(day=3, tags=("c",)))
        _put(store, _told(day=2, tags=("b",)), _told(day=9))
        assert _profile(store).tags == ("c",)
        _put(store, _told(day=3, tags=("z", "d")))
        assert _profile(store).tags == ("z", "d")
        _put(store, _told(day=4, tags=()))
        assert _profile(store).tags == ()

    def test_an_edit_of_an_earlier_day_is_as_new_as_the_tags_it_replaces(
        self, store: Store
    ) -> None:
        """A clock that was turned back does not let an older file win."""
        _put(store, _told(day=9, tags=("a",)))
        _edit(store, "edited", day=5)
        _put(store, _told(day=7, tags=("of a file",)))
        assert _profile(store).tags == ("edited",)

    def test_subscriptions_have_tags_of_their_own(self, store: Store) -> None:
        """Beside those of the customer, and whatever a file then says of these."""
        several = ("z", "b", "B", "\u00e9", "e\u0301", "a")
        _put(store, _told(day=1))
        _hold(store, 1, "s", "t")
        _edit(store, "mine", "a", day=1)
        _edit(store, *several, day=9, subscription="t")
        assert store.tags() == {_A: ("mine", "a")}
        assert store.subscription_tags() == {(_A, "t"): several}
        _put(store, _told(day=2, tags=("of a file",)))
        assert store.tags() == {_A: ("of a file",)}
        assert store.subscription_tags() == {(_A, "t"): several}

    def test_removing_a_tag_leaves_it_to_others(self, store: Store) -> None:
        """To other customers and to subscriptions; what has none is not listed."""
        _put(store, _told(tags=("a",)), _told(_B, tags=("a",)))
        _hold(store, 10, "s", "t")
        for name in ("s", "t"):
            _edit(store, "a", subscription=name)
        _edit(store)
        _edit(store, subscription="s")
        assert store.tags() == {_B: ("a",)}
        assert store.subscription_tags() == {(_A, "t"): ("a",)}

    def test_tags_of_a_subscription_that_has_ended_stay(self, store: Store) -> None:
        """And may be edited."""
        _hold(store, 1, "s", "t")
        _edit(store, "a", subscription="s")
        _hold(store, 5, "t")
        assert store.subscription_tags() == {(_A, "s"): ("a",)}
        _edit(store, "b", subscription="s")
        assert store.subscription_tags() == {(_A, "s"): ("b",)}

    def test_subscriptions_of_one_id_are_those_of_their_customers(
        self, store: Store
    ) -> None:
        """What another customer holds is not found, even of the same id."""
        _put(store, _told(), _told(_B))
        _hold(store, 10, "s", who=_A)
        with pytest.raises(NotFound):
            _edit(store, "b", who=_B, subscription="s")
        _hold(store, 10, "s", who=_B)
        _edit(store, "b", who=_B, subscription="s")
        assert store.subscription_tags() == {(_B, "s"): ("b",)}

    def test_tags_of_a_subscription_are_edited_on_its_customers_version(
        self, store: Store
    ) -> None:
        """Each such edit is a new version, and one of an older one a conflict."""
        _hold(store, 10, "s")
        read = _profile(store).version
        newer = _edit(store, "a", subscription="s", version=read)
        assert newer == _profile(store).version == read + 1
        with pytest.raises(ConflictError) as error:
            _edit(store, "b", subscription="s", version=read)
        assert (error.value.expected, error.value.found) == (read, newer)
        assert store.subscription_tags() == {(_A, "s"): ("a",)}

    def test_tags_come_with_the_version_to_edit_them_by(self, store: Store) -> None:
        """In their order, for those asked for that are there."""
        _put(store, _told(tags=("z", "a")), _told(_B))
        found = store.tagged([_A, "unknown"])
        version = _profile(store).version
        assert found == {_A: Tagged(customer=_A, tags=("z", "a"), version=version)}

    # many at once

    def test_many_tags_are_edited_at_once(self, store: Store) -> None:
        """Those that are of another version by now are left, and named."""
        self.seed(store, [_told(_A, tags=("old",)), _told(_B)])
        seen = store.tagged([_A, _B, "unknown"])
        assert {each.customer: each.tags for each in seen.values()} == {
            _A: ("old",),
            _B: (),
        }
        with store.writing() as writer:
            writer.set_tags(_A, ("theirs",), day=_DAY)
        edits = [attrs.evolve(each, tags=("z", "a")) for each in seen.values()]
        edits.append(Tagged(customer="unknown", tags=()))
        with store.writing() as writer:
            assert set(writer.edit_tags(edits, day=_DAY)) == {_A, "unknown"}
        assert store.tags() == {_A: ("theirs",), _B: ("z", "a")}
        older = _told(_B, tags=("of a file",))
        self.seed(store, [attrs.evolve(older, day=_DAY - dt.timedelta(1))])
        found = store.tagged([_A, _B])
        assert found[_B].version == (seen[_B].version or 0) + 1
        with store.writing() as writer:
            edit = attrs.evolve(found[_B], tags=(), version=None)
            assert writer.edit_tags([edit], day=_DAY) == ()
        assert store.tags() == {_A: ("theirs",)}

    def test_hundreds_of_customers_are_tagged_in_one_transaction(
        self, store: Store
    ) -> None:
        """More than fit into the parameters of one query."""
        ids = [f"c8b0e0d2-0000-4000-8000-{number:012}" for number in range(400)]
        self.seed(store, [_told(uuid) for uuid in ids])
        for tags in (("a", "b"), ("b",), ()):
            edits = [
                attrs.evolve(each, tags=tags) for each in store.tagged(ids).values()
            ]
            with store.writing() as writer:
                assert writer.edit_tags(edits, day=_DAY) == ()
            assert store.tags() == (dict.fromkeys(ids, tags) if tags else {})

    def test_tags_read_in_a_transaction_are_edited_by_nobody_else(
        self, store: Store
    ) -> None:
        """Until it ends, so that an edit of what was read in it never conflicts."""
        self.seed(store, [_told(_A), _told(_B)])

        def count(_: int) -> None:
            for _ in range(_EDITS):
                with store.writing() as writer:
                    seen = writer.tagged([_A, _B, "unknown"])
                    edits = [
                        attrs.evolve(
                            each, tags=(str(int("".join(each.tags) or 0) + 1),)
                        )
                        for each in seen.values()
                    ]
                    assert writer.edit_tags(edits, day=_DAY) == ()
                    assert writer.tagged([_A])[_A].tags == edits[0].tags

        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(count, range(_THREADS)))
        assert store.tags() == dict.fromkeys([_A, _B], (str(_THREADS * _EDITS),))
