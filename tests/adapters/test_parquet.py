"""Call legs in Parquet: nothing twice, nothing in part, and the same results."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerhub.adapters.parquet import part_files, staging
from partnerhub.adapters.parquet.dataset import LegDataset
from partnerhub.adapters.parquet.manifest import Manifest, read_manifest, write_manifest
from partnerhub.adapters.parquet.staging import Appended
from partnerhub.columns.leg_records import LegRecords
from partnerhub.columns.legs import legs_of
from partnerhub.domain.errors import ConflictError, StoreCorrupt
from tests.kpis.calling_legs import ACME, BOLT, FORTY
from tests.kpis.test_calling_usage_details import EXPECTED, LEGS, WEEK, report, rows


def records(legs, *, minute: int = 0) -> LegRecords:
    size = len(legs)
    ids = np.empty(size, dtype=object)
    ids[:] = [f"r{at}" for at in range(size)]
    written = np.datetime64("2026-11-23", "ms") + np.timedelta64(minute, "m")
    return LegRecords(
        legs=legs_of(legs),
        report_id=ids,
        report_time=np.full(size, written, "datetime64[ms]"),
        call_id=ids,
    )


@pytest.fixture
def store(tmp_path) -> LegDataset:
    return LegDataset(tmp_path / "legs")


def found(store: LegDataset, **options):
    partial = store.summarize(WEEK, **options)
    return {} if partial is None else rows(WEEK.finish(partial))


def test_what_is_appended_is_summed_as_from_memory(store):
    assert store.append(records(FORTY), region="US") == Appended(added=40)
    assert store.rows == 40
    assert found(store) == EXPECTED
    assert found(store, first=WEEK.first, last=WEEK.last) == EXPECTED


def test_appending_twice_changes_nothing(store, tmp_path):
    store.append(records(FORTY), region="US")
    files = sorted((tmp_path / "legs").rglob("*"))
    assert store.append(records(FORTY), region="US") == Appended(unchanged=40)
    assert sorted((tmp_path / "legs").rglob("*")) == files


def test_a_newer_record_replaces_and_an_older_one_does_not(store):
    store.append(records(FORTY), region="US")
    longer = [attrs.evolve(leg, duration_s=6000) for leg in FORTY[:3]]
    assert store.append(records(longer, minute=5), region="US") == Appended(replaced=3)
    assert store.append(records(FORTY[:3]), region="US") == Appended(unchanged=3)
    assert store.rows == 40
    assert found(store) == report([*longer, *FORTY[3:]])


def test_reading_prunes_by_region_week_and_customer(store, monkeypatch):
    store.append(records(FORTY), region="US")
    opened = []
    pl = pytest.importorskip("polars")
    real = pl.read_parquet
    monkeypatch.setattr(
        pl, "read_parquet", lambda path, **how: opened.append(path) or real(path, **how)
    )
    assert found(store, region="EU") == {}
    assert found(store, customers=["zzz"]) == {}
    assert opened == []
    assert found(store, region="US", first=WEEK.first, last=WEEK.last) == EXPECTED
    assert len(opened) == 1
    only = {key: row for key, row in EXPECTED.items() if key[0] == BOLT}
    assert found(store, customers=[BOLT]) == only
    assert {who for who, _ in only} == {BOLT} != {ACME}


@settings(max_examples=15)
@given(legs=LEGS, cut=st.integers(0, 30))
def test_any_legs_come_back_and_in_parts_of_any_size(tmp_path_factory, legs, cut):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(part_files, "PART_ROWS", 7)
        store = LegDataset(tmp_path_factory.mktemp("legs"))
        whole = records(legs)
        store.append(whole.take(np.arange(min(cut, len(legs)))))
        store.append(whole)
        assert store.rows == len(legs)
        assert found(store) == report(legs)


def test_of_two_writers_one_learns_that_it_was_late(tmp_path):
    write_manifest(tmp_path, Manifest(), ())
    with pytest.raises(ConflictError):
        write_manifest(tmp_path, Manifest(), ())
    assert read_manifest(tmp_path).number == 1
    assert not list(tmp_path.glob(".*"))


def test_a_writer_that_was_late_tries_again(store, monkeypatch):
    store.append(records(FORTY[:5]), region="US")
    late = []

    def other_first(folder, before, parts):
        if not late:
            late.append(before.number)
            LegDataset(folder).append(records(FORTY), region="US")
        return write_manifest(folder, before, parts)

    monkeypatch.setattr(staging, "write_manifest", other_first)
    store.append(records(FORTY), region="US")
    assert store.rows == 40


def test_a_death_before_the_list_is_written_leaves_what_was(store, monkeypatch):
    store.append(records(FORTY[:5]), region="US")
    monkeypatch.setattr(staging, "write_manifest", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store.append(records(FORTY), region="US")
    assert store.rows == 5
    assert sum(map(len, store.chunks())) == 5


def files(folder) -> set[str]:
    found = (*folder.rglob("*.parquet"), *folder.rglob("*.tmp"))
    return {path.relative_to(folder).as_posix() for path in found}


def test_what_a_dead_writer_left_is_swept_by_the_next(store, tmp_path, monkeypatch):
    store.append(records(FORTY[:5]), region="US")
    with monkeypatch.context() as patch:
        patch.setattr(staging, "write_manifest", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            store.append(records(FORTY), region="US")
    folder = tmp_path / "legs"
    (folder / ".draft.tmp").write_text("half")
    assert len(files(folder)) > len(read_manifest(folder).parts)
    store.append(records(FORTY), region="US")
    assert files(folder) == {part.path for part in read_manifest(folder).parts}
    assert found(store) == EXPECTED


def test_who_reads_goes_on_with_what_was_when_reading_began(store, monkeypatch):
    monkeypatch.setattr(part_files, "PART_ROWS", 7)
    store.append(records(FORTY), region="US")
    reading = store.chunks()
    read = len(next(reading))
    for minute in (1, 2):
        later = records(FORTY, minute=minute)
        assert store.append(later, region="US") == Appended(replaced=40)
    assert read + sum(map(len, reading)) == 40


def test_who_reads_what_is_long_gone_is_told(store, monkeypatch):
    monkeypatch.setattr(part_files, "PART_ROWS", 7)
    store.append(records(FORTY), region="US")
    reading = store.chunks()
    next(reading)
    for minute in range(1, 6):
        store.append(records(FORTY, minute=minute), region="US")
    with pytest.raises(ConflictError):
        list(reading)


def test_a_writer_whose_files_were_swept_writes_them_again(store, monkeypatch):
    store.append(records(FORTY[:5]), region="US")
    late = []

    def other_first(folder, before, parts):
        if not late:
            late.append(before.number)
            LegDataset(folder).append(records(FORTY[:9]), region="US")
        return write_manifest(folder, before, parts)

    monkeypatch.setattr(staging, "write_manifest", other_first)
    assert store.append(records(FORTY), region="US") == Appended(added=31, unchanged=9)
    assert found(store) == EXPECTED


def test_a_damaged_list_is_told(tmp_path):
    (tmp_path / "parts-000000000001.json").write_text("{}")
    with pytest.raises(StoreCorrupt):
        read_manifest(tmp_path)
