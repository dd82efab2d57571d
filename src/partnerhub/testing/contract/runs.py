"""Runs of reports: planned once, held by one, changed only by who holds them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import attrs
import pendulum
import pytest

from partnerhub.domain.cells import CellSafety
from partnerhub.domain.errors import ConflictError
from partnerhub.domain.products import Product
from partnerhub.domain.report_runs import (
    ImportNote,
    PreparedFile,
    ReportRun,
    RunQuery,
    RunState,
)
from partnerhub.domain.report_specs import Compression, FileFormat, ReportRequest
from partnerhub.domain.schedules import RetryPolicy
from partnerhub.ports import Store
from partnerhub.testing.contract.base import ContractBase

_AT = pendulum.datetime(2026, 11, 22, 6, 30, 0, 7)
_LATER = _AT.add(minutes=5)
_FILE = PreparedFile(
    rows=3, size=99, checksum="ab" * 32, imported=2, warning="vide \u2205"
)
_REQUEST = ReportRequest(
    template="devices",
    region="*",
    per_region=True,
    at=pendulum.date(2026, 11, 22),
    start=pendulum.date(2026, 11, 1),
    end=pendulum.date(2026, 11, 7),
    filter="tag:é",
    locale="fr",
    safety=CellSafety.RAW,
    compression=Compression.GZIP,
    product=Product.CALLING,
)
_OTHER_REQUEST = ReportRequest(
    template="devices", window="last-month", format=FileFormat.PARQUET
)
_RUN = ReportRun(
    key="k1",
    request=_REQUEST,
    schedule="weekly \u00e9",
    slot=_AT,
    asked=_AT,
    first=pendulum.date(2026, 11, 15),
    last=pendulum.date(2026, 11, 21),
    who="ana@partner.example",
    pending=("mail", "disk"),
)


def _put(store: Store, run: ReportRun) -> ReportRun:
    with store.writing() as writer:
        return writer.put_run(run)


def _plan(store: Store, runs: Iterable[ReportRun]) -> int:
    with store.writing() as writer:
        return writer.plan_runs(runs)


def _claim(
    store: Store, at: pendulum.DateTime = _AT, *, worker: str = "w", key: str = "k1"
) -> ReportRun | None:
    with store.writing() as writer:
        return writer.claim_run(key, worker=worker, at=at, until=at.add(minutes=5))


class RunsContract(ContractBase):
    """What is claimed by one is nobody else's, until its lease runs out."""

    def test_a_run_comes_back_as_it_was(self, store: Store) -> None:
        """In every state, to the microsecond."""
        held = attrs.evolve(_RUN, version=1).claim(worker="w", at=_AT, until=_LATER)
        done = held.ready(_FILE, path="/out/é.csv")
        done = done.published(_FILE, duration_ms=12)
        failed = done.failed("disk full", at=_LATER, retries=RetryPolicy())
        two = attrs.evolve(held, prepared=(_FILE, attrs.evolve(_FILE, rows=None)))
        removed = attrs.evolve(done, removed=_LATER, request=_OTHER_REQUEST)
        for run in (
            _RUN,
            held,
            two,
            held.ready(_FILE, path="p"),
            done,
            failed,
            removed,
        ):
            known = store.run(_RUN.key)
            version = 0 if known is None else known.version
            kept = _put(store, attrs.evolve(run, version=version))
            assert kept == attrs.evolve(run, version=version + 1)
            assert store.run(_RUN.key) == kept
        assert store.run("other") is None
        assert _claim(store, key="other") is None

    def test_a_change_of_a_run_needs_the_version_that_is_there(
        self, store: Store
    ) -> None:
        """Who has lost a run cannot complete it."""
        first = _put(store, _RUN)
        assert _put(store, first).version == 2
        for stale in (_RUN, first, attrs.evolve(first, version=9)):
            with pytest.raises(ConflictError) as error:
                _put(store, stale)
            assert error.value.found == 2

    def test_a_run_is_claimed_by_one_at_a_time(self, store: Store) -> None:
        """Until the lease has run out; each claim has the next number."""
        _put(store, _RUN)
        first = _claim(store)
        assert first is not None
        assert (first.fence, first.worker) == (1, "w")
        assert (first.state, first.lease_until) == (RunState.RUNNING, _LATER)
        assert _claim(store, _LATER.subtract(microseconds=1)) is None
        second = _claim(store, _LATER, worker="x")
        assert second is not None
        assert (second.fence, second.worker) == (2, "x")
        with pytest.raises(ConflictError):
            _put(store, first.published(_FILE, duration_ms=1))
        done = second.published(_FILE, duration_ms=1)
        kept = _put(store, attrs.evolve(done, pending=()))
        assert _claim(store, _LATER.add(years=1)) is None
        assert store.run("k1") == kept

    def test_a_lease_of_a_clock_that_was_wrong_is_void(self, store: Store) -> None:
        """A clock turned back by a day does not hold a run up for that day."""
        _put(store, _RUN)
        assert _claim(store, _AT.add(days=1)) is not None
        assert _claim(store, _AT) is not None

    def test_a_wait_of_a_clock_that_was_wrong_is_void(self, store: Store) -> None:
        """So is the wait for the next try."""
        _put(store, _RUN)
        held = _claim(store, _AT.add(days=1))
        assert held is not None
        failed = held.failed("full", at=_AT.add(days=1), retries=RetryPolicy())
        _put(store, failed)
        assert _claim(store, _AT.add(days=1, seconds=30)) is None
        assert _claim(store, _AT) is not None

    def test_only_one_of_many_threads_claims_a_run(self, store: Store) -> None:
        """All at the same time."""
        _put(store, _RUN)
        threads = 4
        together = threading.Barrier(threads)

        def claim(number: int) -> ReportRun | None:
            together.wait(20)
            return _claim(store, worker=str(number))

        with ThreadPoolExecutor(threads) as pool:
            got = [run for run in pool.map(claim, range(threads)) if run is not None]
        assert [run.fence for run in got] == [1]
        assert store.run("k1") == got[0]

    def test_a_slot_is_planned_once(self, store: Store) -> None:
        """In all its regions, or not at all; never one that is past another."""
        both = [attrs.evolve(_RUN, key=key) for key in ("k1", "k2")]
        assert _plan(store, both) == 2
        assert _plan(store, [*both, attrs.evolve(_RUN, key="k3")]) == 0
        before = attrs.evolve(_RUN, key="k4", slot=_AT.subtract(days=1))
        assert _plan(store, [before]) == 0
        assert _plan(store, [attrs.evolve(before, schedule="other")]) == 1
        assert _plan(store, []) == 0
        assert store.newest_slot(_RUN.schedule, until=_AT) == _AT
        assert store.newest_slot("other", until=_LATER) == before.slot
        assert store.newest_slot("none", until=_AT) is None
        later = attrs.evolve(_RUN, key="k5", slot=_LATER)
        assert _plan(store, [attrs.evolve(later, asked=_LATER)]) == 1
        assert store.newest_slot(_RUN.schedule, until=_LATER) == _LATER
        assert store.newest_slot(_RUN.schedule, until=_AT) == _AT

    def test_slots_of_a_clock_that_was_ahead_hold_nothing_up(
        self, store: Store
    ) -> None:
        """They are known when their time comes, and cannot be claimed before."""
        ahead = _AT.add(years=70)
        assert (
            _plan(store, [attrs.evolve(_RUN, key="k2", slot=ahead, asked=ahead)]) == 1
        )
        assert store.newest_slot(_RUN.schedule, until=_AT) is None
        assert _plan(store, [_RUN]) == 1
        with store.writing() as writer:
            until = _AT.add(minutes=5)
            assert writer.claim_run("k2", worker="w", at=_AT, until=until) is None

    def test_runs_are_found_newest_first(self, store: Store) -> None:
        """By schedule, template, what is left to do, and where the file is."""
        done = _RUN.published(_FILE, duration_ms=1)
        runs = [
            _RUN,
            attrs.evolve(done, key="k2", slot=_LATER, pending=()),
            attrs.evolve(done, key="k3", asked=_LATER, schedule="", slot=None),
            attrs.evolve(
                done, key="k4", asked=_LATER, removed=_LATER, schedule="", slot=None
            ),
            attrs.evolve(
                _RUN, key="k5", asked=_AT.subtract(days=1), state=RunState.GIVEN_UP
            ),
        ]
        for run in runs:
            _put(store, run)

        def found(query: RunQuery) -> list[str]:
            return [run.key for run in store.runs(query)]

        assert [r.key for r in store.runs()] == ["k3", "k4", "k2", "k1", "k5"]
        assert found(RunQuery(schedule="")) == ["k3", "k4"]
        assert found(RunQuery(schedule=_RUN.schedule, limit=1)) == ["k2"]
        assert found(RunQuery(open=True)) == ["k3", "k4", "k1"]
        assert found(RunQuery(filed=True)) == ["k3", "k2"]
        assert found(RunQuery(template="devices", limit=2)) == ["k3", "k4"]
        assert found(RunQuery(template="other")) == []

    def test_runs_of_one_instant_are_in_order_of_slot_and_key(
        self, store: Store
    ) -> None:
        """The newest slot first, none last; to the microsecond."""
        told = [
            ("A", _AT.add(microseconds=1), None),
            ("b", _AT, _AT.add(microseconds=1)),
            ("B", _AT, _AT),
            ("a", _AT, _AT),
            ("Z", _AT, None),
        ]
        for key, asked, slot in reversed(told):
            _put(store, attrs.evolve(_RUN, key=key, asked=asked, slot=slot))
        assert [run.key for run in store.runs()] == [key for key, *_ in told]

    def test_imports_are_numbered(self, store: Store) -> None:
        """From 1 on, whatever their times are."""
        note = ImportNote(file="é.csv", at=_LATER, rows=2**31, taken=2)
        earlier = attrs.evolve(note, at=_AT, number=9)
        with store.writing() as writer:
            assert writer.note_import(note) == 1
            assert writer.note_import(earlier) == 2
        assert store.imports() == (
            attrs.evolve(note, number=1),
            attrs.evolve(earlier, number=2),
        )
        assert [each.number for each in store.imports(after=1)] == [2]
        assert store.imports(after=2) == ()
        assert store.newest_import() == 2

    def test_runs_are_undone_with_their_transaction(self, store: Store) -> None:
        """And kept with it, for who opens the store next."""
        kept = _put(store, _RUN)
        with pytest.raises(ZeroDivisionError), store.writing() as writer:
            writer.claim_run("k1", worker="w", at=_AT, until=_LATER)
            writer.put_run(attrs.evolve(_RUN, key="k2"))
            writer.note_import(ImportNote(file="f", at=_AT, rows=0, taken=0))
            raise ZeroDivisionError
        assert store.runs() == (kept,)
        assert store.imports() == ()
        assert store.newest_import() == 0
        again = self.reopen(store)
        if again is not None:
            with again:
                assert again.runs() == (kept,)
