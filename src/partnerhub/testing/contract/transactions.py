"""All or nothing, no lost update, and no half of anything."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest

from partnerhub.columns.datasets import SUBSCRIPTIONS
from partnerhub.columns.records import DatedRecords
from partnerhub.domain.errors import ConflictError
from partnerhub.ports import Document, OrganizationFacts, Store
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
