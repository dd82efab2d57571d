"""Subscription Details into SQLite and out again, next to Polars, pandas and csv.

Peers read the file and write one table without an index; ours checks every cell, merges
histories and keeps customers, subscriptions and license lines apart. Each runs in a
process of its own, so that its peak of memory is its own.
`ROWS=100000 make bench PYTEST_ARGS=benchmarks/ingest.py` tries fewer rows.
"""

from __future__ import annotations

import csv
import datetime as dt
import multiprocessing
import os
import random
import resource
import sqlite3
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from partnerhub.adapters.exports import read_exports
from partnerhub.adapters.importing import ImportOptions, import_file
from partnerhub.adapters.opening import open_store
from partnerhub.domain.layouts import SUBSCRIPTION_DETAILS

ROWS = int(os.environ.get("ROWS", "1000000"))
DAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five subscriptions a customer, three license lines each."""
    dice = random.Random(1)
    path = tmp_path_factory.mktemp("ingest") / f"Subscription Details_a_{DAY}.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        table = csv.writer(out)
        table.writerow(column.heading for column in SUBSCRIPTION_DETAILS.columns)
        for row in range(ROWS):
            if row % 5 == 0:
                org = uuid.UUID(int=dice.getrandbits(128))
            total = dice.randrange(500)
            assigned = dice.randint(0, total)
            counts = [total, assigned, dice.randint(0, assigned)]
            end = dt.date(2027, 1, 1) + dt.timedelta(dice.randrange(365))
            facts = [DAY, f"Customer {row // 5}, Inc", org, "Active", f"Sub{row:08d}"]
            more = ["A-FLEX-3", 2 * total, total, dice.choice(["TRUE", "FALSE"]), end]
            table.writerow([*facts, *more, *counts, *counts, 0, 0, 0])
    return path


def ours_read(file: Path) -> int:
    (export,) = read_exports(file)
    return sum(map(len, export.batches(fast=True)))


def ours_read_alone(file: Path) -> int:
    (export,) = read_exports(file)
    return sum(map(len, export.batches(fast=False)))


def polars_read(file: Path) -> int:
    return pl.read_csv(file).height


def csv_read(file: Path) -> int:
    with file.open(newline="", encoding="utf-8") as text:
        return sum(1 for _ in csv.reader(text)) - 1


def ours_ingest(file: Path) -> int:
    with open_store(f"sqlite:///{file.with_name('ours.db')}") as store:
        (found,) = import_file(store, file, ImportOptions(region="EU"))
    return found.taken


def pandas_ingest(file: Path) -> int:
    with sqlite3.connect(file.with_name("pandas.db")) as connection:
        pl.read_csv(file).to_pandas().to_sql("licenses", connection, index=False)
    return ROWS


def ours_portfolio(file: Path) -> int:
    with open_store(f"sqlite:///{file.with_name('ours.db')}") as store:
        return len(store.portfolio(DAY).subscriptions)


def pandas_table(file: Path) -> int:
    with sqlite3.connect(file.with_name("pandas.db")) as connection:
        return len(pd.read_sql("SELECT * FROM licenses", connection))


def _measured(work: Callable[[Path], int], file: Path) -> tuple[float, float, int]:
    """Seconds, peak of memory in MiB, rows."""
    start = time.perf_counter()
    rows = work(file)
    seconds = time.perf_counter() - start
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, rows


def measured(work: Callable[[Path], int], file: Path) -> tuple[float, float]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        seconds, peak, rows = pool.apply(_measured, (work, file))
    assert rows == ROWS
    return seconds, peak


def compare(what: str, *works: Callable[[Path], int], file: Path) -> None:
    """Each in turn; ratios are to the first."""
    found = {work.__name__: measured(work, file) for work in works}
    first = found[works[0].__name__][0]
    print(f"\n{ROWS:,} Subscription Details rows, {what}:")
    for name, (seconds, peak) in found.items():
        ratio = seconds / first
        print(f"  {name:16} {seconds:6.2f} s {ratio:6.2f}x  peak {peak:6.0f} MiB")


def bench_reading(file: Path) -> None:
    compare("read", ours_read, ours_read_alone, polars_read, csv_read, file=file)


def bench_ingest_and_portfolio(file: Path) -> None:
    compare("into SQLite", ours_ingest, pandas_ingest, file=file)
    compare("out of it", ours_portfolio, pandas_table, file=file)
