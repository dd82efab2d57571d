"""Whole stores into others of any kind, and backups of a live one."""

import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import attrs
import numpy as np
import pendulum
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerhub.adapters.backups import backup_store
from partnerhub.adapters.copying import copier as copying
from partnerhub.adapters.copying.copier import copy_store
from partnerhub.adapters.opening import open_store
from partnerhub.columns.leg_records import (
    MEDIA_VALUES,
    CallDays,
    LegRecords,
    MediaColumns,
)
from partnerhub.columns.legs import legs_of
from partnerhub.columns.queue_stats import ServiceKind, ServiceStats
from partnerhub.domain.call_quality import CallQualityStats
from partnerhub.domain.calls import CallLeg
from partnerhub.domain.errors import (
    FileNotWritten,
    InvalidValue,
    StoreCorrupt,
    StoreError,
    StoreFull,
)
from partnerhub.domain.quality import MEASURES
from partnerhub.domain.report_runs import ImportNote, ReportRun
from partnerhub.domain.report_specs import ReportRequest
from partnerhub.ports import Document, OrganizationFacts
from partnerhub.testing import call_worlds, worlds
from partnerhub.testing.comparing import calls, plain, snapshot
from tests.support import files_up_to

DAYS = [worlds.FIRST_DAY + dt.timedelta(n) for n in range(8)]
UUIDS = [f"00000000-0000-4000-8000-{n:012x}" for n in range(25)]
DAY = DAYS[3]


def fill_calls(writer, uuids):
    begun = dt.datetime.combine(DAY, dt.time(9), dt.UTC)
    legs = [CallLeg(organization=u, start=begun, location="Été") for u in uuids]
    ids = worlds.objects(uuids)
    records = LegRecords(
        legs=legs_of(legs),
        report_id=ids,
        report_time=np.full(len(ids), np.datetime64("2026-11-20", "ms")),
        call_id=ids,
    )
    assert writer.put_legs(records).taken == len(ids)
    days = np.full(len(ids), np.datetime64(DAYS[5], "D"))
    writer.put_call_days(CallDays(organization=ids, day=days))
    kinds = dict.fromkeys(MEASURES, np.float32)
    quality = MediaColumns(
        call_id=worlds.objects([*uuids[:2], "unknown"]),
        caller=np.full(3, -1, np.int8),
        values={n: np.arange(3).astype(kinds.get(n, np.int8)) for n in MEDIA_VALUES},
    )
    assert writer.put_media([quality]).waiting == 1
    stats = ServiceStats(
        organization=ids,
        location=ids,
        name=ids,
        first=days,
        last=days,
        values={"calls": np.arange(len(ids)), "mean_wait_s": np.full(len(ids), 0.1)},
    )
    assert writer.put_service_stats(ServiceKind.CALL_QUEUE, stats).all()
    told = CallQualityStats(customer=uuids[0], start_ms=0, end_ms=1, calls=3)
    assert writer.put_quality_stats([told]).all()


def fill(store, uuids=UUIDS):
    with store.writing() as writer:
        writer.put_organizations(
            OrganizationFacts(
                id=uuid, name=uuid, day=DAY, tags=("a",), user_emails=("a@x.com",)
            )
            for uuid in uuids
        )
        for day in DAYS[3:5]:
            values = {"users_total": day.day, "type": "Café"}
            rows = [worlds.Row(uuid, "Sub1", None, day, values) for uuid in uuids]
            told = worlds.records(worlds.SUBSCRIPTIONS, rows, only=set(values))
            writer.put_records(told)
        writer.set_tags(uuids[0], ("z", "b"), day=DAY, subscription="Sub1")
        writer.put_document(Document(kind="k", id="i", body=[1]))
        fill_calls(writer, uuids)
        request = ReportRequest(template="devices", region="*")
        at = pendulum.datetime(2026, 11, 22)
        writer.put_run(ReportRun(key="run", request=request, asked=at, error="é"))
        writer.claim_run("run", worker="w", at=at, until=at.add(minutes=5))
        writer.note_import(ImportNote(file="a.csv", at=at, rows=2, taken=1))


def test_everything_is_copied_between_kinds_of_stores(tmp_path):
    with (
        open_store("memory:") as memory,
        open_store(f"sqlite:///{tmp_path / 'a.db'}") as file,
        open_store("memory:") as back,
    ):
        fill(memory)
        first = copy_store(memory, file)
        second = copy_store(file, back)
        assert first == second
        assert (first.customers, first.skipped, first.documents) == (25, 0, 1)
        for day in DAYS:
            assert snapshot(memory, day) == snapshot(file, day) == snapshot(back, day)
        assert calls(memory) == calls(file) == calls(back)
        assert len(calls(back)["legs"]) == 25
        # Quality that waits for its records is copied too.
        assert back.backend.media_of(["unknown"]).values["audio"].tolist() == [2]
        assert back.documents("k") == memory.documents("k")
        assert back.runs() == memory.runs() != ()
        assert back.imports() == memory.imports() != ()
        assert first.runs == 2


@given(
    st.lists(worlds.files(), max_size=3),
    st.lists(worlds.organization_facts(), max_size=4),
    st.lists(worlds.usage_files(), max_size=2),
    st.lists(call_worlds.leg_records(), max_size=2),
    st.lists(call_worlds.media(), max_size=1),
)
@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_store_is_copied(files, facts, usages, legs, media):
    with open_store("memory:") as source, open_store("memory:") as target:
        with source.writing() as writer:
            writer.put_organizations(facts)
            for told in files:
                for records in told:
                    writer.put_records(records)
            for usage in usages:
                writer.put_usage(usage)
            for told in legs:
                writer.put_legs(told)
            writer.put_media(media)
        copy_store(source, target)
        assert calls(target) == calls(source)
        for day in DAYS:
            assert snapshot(target, day) == snapshot(source, day)
            for last in DAYS:
                mine, theirs = (plain(s.usage(day, last)) for s in (target, source))
                assert mine == theirs


def test_a_copy_that_was_interrupted_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "_BATCH", 10)
    seen = []

    def stop(done, of):
        seen.append((done, of))
        if len(seen) == 2:
            raise KeyboardInterrupt

    with open_store("memory:") as source:
        fill(source)
        with open_store(f"sqlite:///{tmp_path / 'a.db'}") as target:
            with pytest.raises(KeyboardInterrupt):
                copy_store(source, target, progress=stop)
        with open_store(f"sqlite:///{tmp_path / 'a.db'}") as target:
            report = copy_store(source, target)
            assert (report.customers, report.skipped) == (25, 20)
            assert snapshot(target, DAY) == snapshot(source, DAY)
            assert copy_store(source, target).skipped == 25
    assert seen == [(10, 25), (20, 25)]


def test_tags_are_read_of_the_customers_at_hand(tmp_path, monkeypatch):
    """Not all of a store's for each batch, which would be quadratic."""
    monkeypatch.setattr(copying, "_BATCH", 5)
    read = []

    def counted(method):
        def counting(*arguments):
            read.append(len(found := method(*arguments)))
            return found

        return counting

    with (
        open_store("memory:") as memory,
        open_store(f"sqlite:///{tmp_path / 'a.db'}") as file,
        open_store("memory:") as back,
    ):
        fill(memory)
        for store in (memory, file, back):
            for name in ("tags", "thing_tags"):
                monkeypatch.setattr(
                    store.backend, name, counted(getattr(store.backend, name))
                )
        for source, target in ((memory, file), (file, back)):
            copy_store(source, target)
            # Out of the source, and once more out of the target.
            assert sum(read) == 2 * (len(UUIDS) + 1)
            read.clear()
        assert snapshot(back, DAY) == snapshot(memory, DAY)


def test_a_target_with_other_data_is_refused():
    with open_store("memory:") as source, open_store("memory:") as target:
        fill(source)
        fill(target, UUIDS[:3])
        with pytest.raises(StoreError, match="empty store"):
            copy_store(source, target)
    with open_store("memory:") as source, open_store("memory:") as target:
        fill(source, UUIDS[:3])
        fill(target, UUIDS[3:5])
        with pytest.raises(StoreError, match="it holds 2 customers, and 0"):
            copy_store(source, target)
        assert len(target.portfolio(DAYS[0]).customers) <= 2  # nothing was written


def test_a_store_is_not_copied_into_itself():
    with open_store("memory:") as store, pytest.raises(StoreError, match="itself"):
        copy_store(store, store)


def test_a_copy_that_came_out_otherwise_is_noticed(monkeypatch):
    with open_store("memory:") as source, open_store("memory:") as target:
        fill(source)
        put = target.backend.set_emails
        monkeypatch.setattr(
            target.backend, "set_emails", lambda who, told: put(who, told[:0])
        )
        with pytest.raises(StoreCorrupt, match="came back otherwise"):
            copy_store(source, target)


@pytest.mark.postgres
def test_a_store_goes_to_postgres_and_back(postgres, new_schema, tmp_path):
    with (
        open_store(f"sqlite:///{tmp_path / 'a.db'}") as file,
        open_store(postgres.url(), schema=new_schema(), migrate=True) as server,
        open_store("memory:") as memory,
    ):
        fill(file)
        assert copy_store(file, server) == copy_store(server, memory)
        assert snapshot(memory, DAY) == snapshot(file, DAY)
        assert calls(memory) == calls(server) == calls(file)


# --- backups ----------------------------------------------------------------------


def test_a_backup_of_a_live_store_is_one_state_of_it(tmp_path):
    stop = threading.Event()
    with open_store(f"sqlite:///{tmp_path / 'live.db'}") as store:
        fill(store)

        def write():
            start = Document(kind="count", id="n", body=0)
            while not stop.is_set():
                with store.writing() as writer:
                    version = writer.put_document(start)
                    twin = attrs.evolve(start, id="twin")
                    writer.put_document(twin)
                start = attrs.evolve(start, version=version)

        thread = threading.Thread(target=write)
        thread.start()
        try:
            for n in range(5):
                backup_store(store, tmp_path / f"backup {n}.db")
        finally:
            stop.set()
            thread.join()
        expected = snapshot(store, DAY)
    assert not list(tmp_path.glob("*.part"))
    for n in range(5):
        with open_store(f"sqlite:///{tmp_path / f'backup {n}.db'}") as copy:
            assert snapshot(copy, DAY) == expected
            assert len({found.version for found in copy.documents("count")}) <= 1


def test_a_backup_is_never_half(tmp_path, monkeypatch):
    with open_store(f"sqlite:///{tmp_path / 'live.db'}") as store:
        (tmp_path / "there").touch()
        with pytest.raises(FileNotWritten, match=r"there: .* name another file"):
            backup_store(store, tmp_path / "there")
        with pytest.raises(StoreError, match=r"copy\.db: .*check that its folder"):
            backup_store(store, tmp_path / "absent" / "copy.db")
        monkeypatch.setattr(sqlite3, "connect", None)
        with pytest.raises(TypeError):
            backup_store(store, tmp_path / "copy.db")
    assert sorted(file.name for file in tmp_path.glob("*copy*")) == []


def test_a_file_that_appears_during_the_backup_stays(tmp_path, monkeypatch):
    path = tmp_path / "copy.db"
    with open_store(f"sqlite:///{tmp_path / 'live.db'}") as store:
        fill(store, UUIDS[:2])
        sync = os.fsync

        def appear(handle):
            sync(handle)
            path.write_text("theirs")

        monkeypatch.setattr(os, "fsync", appear)
        with pytest.raises(FileNotWritten, match="name another file"):
            backup_store(store, path)
    assert path.read_text() == "theirs"
    assert {each.name for each in tmp_path.iterdir()} == {"copy.db", "live.db"}


def test_a_backup_for_which_there_is_no_space_names_its_file(tmp_path):
    with open_store(f"sqlite:///{tmp_path / 'live.db'}") as store:
        fill(store)
        with files_up_to(64 * 1024):
            with pytest.raises(StoreFull, match=r"copy\.db: .*free some space"):
                backup_store(store, tmp_path / "copy.db")
        assert not list(tmp_path.glob("*copy*"))
        backup_store(store, tmp_path / "copy.db")
        with open_store(f"sqlite:///{tmp_path / 'copy.db'}") as back:
            assert snapshot(back, DAY) == snapshot(store, DAY)


_KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
from partnerhub.adapters import backups
def die(unfinished, path):
    os.kill(os.getpid(), signal.SIGKILL)
backups._publish = die
backups.backup_store(sys.argv[1], Path(sys.argv[2]))
"""


def test_what_a_killed_backup_left_goes_with_the_next_one(tmp_path):
    url, path = f"sqlite:///{tmp_path / 'live.db'}", tmp_path / "[copy].db"
    with open_store(url) as store:
        fill(store, UUIDS[:2])
    command = [sys.executable, "-c", _KILLED, url, str(path)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    (left,) = tmp_path.glob("*.part")
    torn = left.with_name(".[copy].db.1-2.part")
    torn.write_bytes(left.read_bytes()[:5000])
    theirs = left.with_name(".[copy].db.3-4.part")
    other = tmp_path / ".other.db.1-2.part"
    other.touch()
    with closing(sqlite3.connect(theirs)) as at_work:
        at_work.execute("BEGIN EXCLUSIVE")
        backup_store(url, path)
    assert {*tmp_path.glob("*.part")} == {theirs, other}
    with open_store(f"sqlite:///{path}") as back:
        assert back.count(DAY) == 2


def test_a_damaged_store_is_named_and_not_its_backup(tmp_path):
    path = tmp_path / "live.db"
    with open_store(f"sqlite:///{path}") as store:
        fill(store)
    with open_store(f"sqlite:///{path}") as store:
        path.write_bytes(b"no database" * 4096)
        with pytest.raises(StoreCorrupt, match=r"live\.db: .*restore a backup"):
            backup_store(store, tmp_path / "copy.db")
    assert not list(tmp_path.glob("*copy*"))


def test_only_sqlite_files_are_backed_up_here(tmp_path):
    with open_store("memory:") as store, pytest.raises(InvalidValue, match="own tool"):
        backup_store(store, tmp_path / "copy.db")


def test_a_store_whose_file_is_gone_has_no_backup(tmp_path):
    path = tmp_path / "hub ?#%.db"
    with open_store(f"sqlite:///{path}") as store:
        fill(store, UUIDS[:2])
        backup_store(store, tmp_path / "first.db")
        path.unlink()
        with pytest.raises(StoreError):
            backup_store(store, tmp_path / "second.db")
    assert not (tmp_path / "second.db").exists()
    with open_store(f"sqlite:///{tmp_path / 'first.db'}") as back:
        assert back.count(DAY) == 2
