"""A Parquet data set under `kill -9`, with two writers at once, and larger than memory."""

from __future__ import annotations

import multiprocessing
import random
import re
import time
from pathlib import Path

import numpy as np
import pytest

from partnerhub.adapters.parquet.dataset import LegDataset
from partnerhub.adapters.parquet.manifest import read_manifest
from partnerhub.columns.leg_records import LegRecords
from partnerhub.columns.legs import LegColumns
from partnerhub.columns.registers import Register
from partnerhub.kpis.calling.usage_details import UsageDetails
from tests.support import require

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]

KILLS, LONGEST_S = 5, 0.3
SOME = 500
WEEKS, LEGS_A_WEEK = 5, 1_000_000
FIRST = np.datetime64("2026-10-18", "s")
MOST_MIB = 1024
DETAILS = UsageDetails(first="2026-10-18", last="2026-11-21")


def texts(of) -> np.ndarray:
    found = [*of]
    column = np.empty(len(found), object)
    column[:] = found
    return column


def made(size: int, *, week: int, seed: int) -> LegRecords:
    """Records of one week, which repeat with their seed."""
    rng, customers, places, users = np.random.default_rng(seed), 200, 2_000, 20_000

    def register(count: int) -> Register:
        return Register(
            customers=texts(f"{n:08x}-0000-4000-8000-000000000000" for n in range(200)),
            customer=(np.arange(count) % customers).astype(np.int32),
            text=texts(f"name {n}" for n in range(count)),
        )

    ids = texts(f"{seed}-{n}" for n in range(size))
    seconds = rng.integers(0, 7 * 86_400, size) + week * 7 * 86_400
    legs = LegColumns(
        places=register(places),
        users=register(users),
        place=rng.integers(0, places, size, dtype=np.int32),
        user=rng.integers(0, users, size, dtype=np.int32),
        start=FIRST + seconds.astype("m8[s]"),
        duration_s=rng.integers(0, 3_600, size, dtype=np.int32),
        answered=np.ones(size, np.int8),
        direction=rng.integers(1, 3, size, dtype=np.uint8),
        call_type=rng.integers(0, 12, size, dtype=np.uint8),
        user_kind=np.zeros(size, np.uint8),
        endpoint=rng.integers(0, 8, size, dtype=np.uint8),
        features=np.zeros(size, np.uint16),
        ipv6=np.zeros(size, np.bool_),
        audio=np.ones(size, np.int8),
        video=np.zeros(size, np.int8),
        video_s=np.full(size, -1, np.int32),
        **{
            f"{stream}_{kind}": rng.exponential(60, size).astype(np.float32)
            for stream in ("audio", "video")
            for kind in ("jitter_ms", "latency_ms", "loss_pct")
        },
    )
    return LegRecords(
        legs=legs,
        report_id=ids,
        report_time=np.full(size, np.datetime64("2026-11-23", "ms")),
        call_id=ids,
    )


def append(folder: Path, numbers: range, told) -> None:
    """Appends one batch a number, and tells each number that is done."""
    data = LegDataset(folder)
    for number in numbers:
        data.append(made(SOME, week=number % WEEKS, seed=number))
        told.put(number)


def summarise(folder: Path, told) -> None:
    """Tells the legs of all rows, and the most memory that it took, in MiB."""
    partial = LegDataset(folder).summarize(DETAILS)
    legs = DETAILS.finish(partial).counts["total_call_legs"].sum()
    status = Path("/proc/self/status").read_text("utf-8")
    told.put((int(legs), int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) // 1024))


def test_a_killed_writer_leaves_whole_appends_and_the_next_one_sweeps(tmp_path):
    processes, chance, done = multiprocessing.get_context("spawn"), random.Random(6), -1
    for _ in range(KILLS):
        told = processes.SimpleQueue()
        writer = processes.Process(
            target=append, args=(tmp_path, range(done + 1, 10_000), told)
        )
        writer.start()
        done = told.get()  # it has begun: now at any moment
        time.sleep(chance.uniform(0, LONGEST_S))
        writer.kill()
        writer.join()
        while not told.empty():
            done = told.get()
        rows = LegDataset(tmp_path).rows
        assert rows % SOME == 0
        assert rows // SOME in (done + 1, done + 2)  # done, and perhaps not told
        assert sum(map(len, LegDataset(tmp_path).chunks())) == rows
        done = rows // SOME - 1
    LegDataset(tmp_path).append(made(SOME, week=0, seed=done + 1))
    assert [*tmp_path.rglob("*.tmp")] == []
    parts = read_manifest(tmp_path).parts
    assert len([*tmp_path.rglob("*.parquet")]) == len(parts)


def test_two_writers_at_once_lose_nothing_and_count_nothing_twice(tmp_path):
    processes = multiprocessing.get_context("spawn")
    told = processes.SimpleQueue()
    writers = [
        processes.Process(target=append, args=(tmp_path, range(low, low + 8), told))
        for low in (0, 4)  # half of what each writes the other writes too
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert LegDataset(tmp_path).rows == 12 * SOME


def test_five_million_legs_are_summed_in_bounded_memory(tmp_path):
    require(Path("/proc/self/status").exists(), "memory is read as Linux tells it")
    data = LegDataset(tmp_path)
    for week in range(WEEKS):
        data.append(made(LEGS_A_WEEK, week=week, seed=week))
    processes = multiprocessing.get_context("spawn")
    told = processes.SimpleQueue()
    reader = processes.Process(target=summarise, args=(tmp_path, told))
    reader.start()
    legs, peak_mib = told.get()
    reader.join()
    assert legs == WEEKS * LEGS_A_WEEK
    assert peak_mib < MOST_MIB
