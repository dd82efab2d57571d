"""All or nothing, no lost update, and no half of anything."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import attrs
import numpy as np
import pytest

from partnerhub.columns.datasets import SUBSCRIPTIONS
from partnerhub.columns.leg_records import CallDays
from partnerhub.columns.records import DatedRecords
from partnerhub.columns.usage import USAGE_COUNTS, UsageColumns
from partnerhub.domain.errors import ConflictError
from partnerhub.ports import Document, OrganizationFacts, Store, Tagged
from partnerhub.testing import worlds
from partnerhub.testing.comparing import snapshot
from partnerhub.testing.contract.base import ContractBase

_A, _B, _ = worlds.CUSTOMERS_KNOWN
_DAY = dt.date(2026, 11, 10)
_THREADS, _EDITS = 4, 10


def _organization(uuid: str, **told: object) -> OrganizationFacts:
    return OrganizationFacts(id=uuid, day=_DAY, **told)  # type: ignore[arg-type]


class _Undo(Exception):
    """Raised by the tests themselves."""


class TransactionsContract(ContractBase):
    """What was not written whole is not there at all."""

    def test_a_block_that_raises_leaves_nothing(self, store: Store) -> None:
        """Of organizations, records, tags, usage and documents."""
        self.seed(store, [_organization(_A, tags=("old",))])
        before = snapshot(store, _DAY), store.profile(_A)
        with pytest.raises(_Undo), store.writing() as writer:
            writer.put_organizations(
                [
                    _organization(_B, user_emails=("b@x.com",)),
                    _organization(_A, name="x"),
                ]
            )
            days = np.array([_DAY], "datetime64[D]")
            who = worlds.objects([_A])
            writer.put_call_days(CallDays(organization=who, day=days))
            writer.put_usage(
                UsageColumns(
                    organization=who,
                    location=worlds.objects([""]),
                    first=days,
                    last=days,
                    counts={USAGE_COUNTS[0]: np.array([1])},
                )
            )
            writer.set_tags(_A, ("new",), day=_DAY)
            writer.put_document(Document(kind="k", id="i", body=1))
            picture = worlds.pictures_of([_A], _DAY)
            for records in _subscriptions():
                writer.put_records(attrs.evolve(records, pictures=picture))
            raise _Undo
        assert (snapshot(store, _DAY), store.profile(_A)) == before
        assert store.documents("k") == ()
        assert store.find_by_email(None) == ()
        assert len(store.call_days(_DAY, _DAY)) == len(store.usage(_DAY, _DAY)) == 0

    def test_what_has_been_written_is_counted(self, store: Store) -> None:
        """So that what was read before can be kept while nobody writes."""
        counts = [store.writes()]
        assert store.writes() == counts[0]
        self.seed(store, [_organization(_A)])
        counts.append(store.writes())
        with store.writing() as writer:
            writer.put_document(Document(kind="k", id="i", body=1))
            assert store.writes() is None
        counts.append(store.writes())
        assert counts == sorted({count for count in counts if count is not None})

    def test_many_tags_are_edited_at_once(self, store: Store) -> None:
        """Those that are of another version by now are left, and named."""
        self.seed(store, [_organization(_A, tags=("old",)), _organization(_B)])
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
        older = _organization(_B, tags=("of a file",))
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
        self.seed(store, [_organization(uuid) for uuid in ids])
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
        self.seed(store, [_organization(_A), _organization(_B)])

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

    def test_the_store_goes_on_after_a_block_that_raised(self, store: Store) -> None:
        """Also where keys had been given out."""
        for _ in range(2):
            with pytest.raises(_Undo), store.writing() as writer:
                writer.put_organizations([_organization(_B, name="undone")])
                raise _Undo
        self.seed(store, [_organization(_A, name="a")])
        found = store.portfolio(_DAY).customers
        assert (found.id.tolist(), found.name.tolist()) == ([_A], ["a"])

    def test_a_block_sees_what_it_wrote(self, store: Store) -> None:
        """Before anybody else does."""
        with store.writing() as writer:
            writer.put_organizations([_organization(_A, name="a")])
            found = store.profile(_A)
            assert found is not None
            assert found.name == "a"

    def test_a_transaction_inside_another_is_refused(self, store: Store) -> None:
        """It could neither be kept nor undone by itself."""
        with store.writing() as writer:
            writer.put_organizations([_organization(_A)])
            with pytest.raises(RuntimeError), store.writing():
                pass
        assert store.profile(_A) is not None

    def test_readers_see_all_of_a_transaction_or_nothing(self, store: Store) -> None:
        """A reader may wait for the writer or see the state before it."""
        half, finish = threading.Event(), threading.Event()

        def write() -> None:
            with store.writing() as writer:
                writer.put_organizations([_organization(_A)])
                half.set()
                finish.wait(10)
                writer.put_organizations([_organization(_B)])

        def read() -> int:
            return len(store.portfolio(_DAY).customers)

        with ThreadPoolExecutor(2) as pool:
            writing = pool.submit(write)
            assert half.wait(10)
            reading = pool.submit(read)
            finish.set()
            assert reading.result(20) in {0, 2}
            writing.result(20)
        assert read() == 2

    def test_no_update_is_lost_between_threads(self, store: Store) -> None:
        """Each edit is made on the newest version, or is a conflict."""
        start = Document(kind="count", id="n", body=0)
        with store.writing() as writer:
            writer.put_document(start)

        def count(_: int) -> None:
            for _ in range(_EDITS):
                while not _incremented(store):
                    pass

        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(count, range(_THREADS)))
        found = store.document("count", "n")
        assert found is not None
        assert found.body == _THREADS * _EDITS
        assert found.version == 1 + _THREADS * _EDITS

    def test_writers_in_threads_take_turns(self, store: Store) -> None:
        """Keys given out by one are not given out again by another."""
        uuids = [f"00000000-0000-4000-8000-{n:012x}" for n in range(40)]

        def write(place: int) -> None:
            for uuid in uuids[place::_THREADS]:
                with store.writing() as writer:
                    writer.put_organizations([_organization(uuid, name=uuid)])

        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(write, range(_THREADS)))
        found = store.portfolio(_DAY).customers
        assert found.id.tolist() == found.name.tolist() == uuids

    def test_what_was_written_is_there_when_opened_again(self) -> None:
        """With the store closed in between, and beside it."""
        with self.make() as store:
            self.seed(
                store, [_organization(_A, name="a", tags=("t",))], _subscriptions()
            )
            expected = snapshot(store, _DAY)
            beside = self.reopen(store)
            if beside is None:
                pytest.skip("data of this store do not outlive its object")
            with beside:
                assert snapshot(beside, _DAY) == expected
        again = self.reopen(store)
        assert again is not None
        with again:
            assert snapshot(again, _DAY) == expected


def _incremented(store: Store) -> bool:
    found = store.document("count", "n")
    assert found is not None
    try:
        with store.writing() as writer:
            writer.put_document(attrs.evolve(found, body=found.body + 1))
    except ConflictError:
        return False
    return True


def _subscriptions() -> tuple[DatedRecords, ...]:
    values = {"users_total": 3, "type": "x"}
    row = worlds.Row(_A, "Sub1", None, _DAY, values)
    return (worlds.records(SUBSCRIPTIONS, [row], only=set(values)),)
