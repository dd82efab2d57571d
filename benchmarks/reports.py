"""A report of 1 million rows and 12 columns as CSV, next to Polars and to `csv`.

With the extra, the peer is Polars' `write_csv` of a frame that is there already, with
the same columns; ours starts from a `Table`, and guards texts and prints shares in %.
Without it, the peer is the standard library's `csv` writing the same rows, as ready
Python values. Runs take turns, and the best of each counts: time by the clock, and of
the processor, which other programs disturb less. Nothing is written to a disk.
`ROWS=100000 make bench PYTEST_ARGS=benchmarks/reports.py` tries fewer rows.
"""

import csv
import io
import os
import time

import numpy as np
import pytest

from partnerhub.columns.table import Table
from partnerhub.columns.text import TextColumn
from partnerhub.domain.layouts import CellType, Column
from partnerhub.reports import csv_columnar
from partnerhub.reports.csv_writer import write_csv

ROWS = int(os.environ.get("ROWS", "1000000"))
TURNS = 6

CELLS = {
    "customer": CellType.TEXT,
    "org_id": CellType.ID,
    "product": CellType.CHOICE,
    "total": CellType.COUNT,
    "assigned": CellType.COUNT,
    "minutes": CellType.COUNT,
    "score": CellType.DECIMAL,
    "assigned_ratio": CellType.RATIO,
    "added_on": CellType.DAY,
    "ends_on": CellType.DAY,
    "renews": CellType.FLAG,
    "phone_number": CellType.PHONE,
}


def table() -> Table:
    """Customers repeat, ids do not; one in a hundred assigned numbers is unknown."""
    rng = np.random.default_rng(7)
    customers = np.array([f"Customer {n} Ltd" for n in range(20_000)], object)
    phones = np.array([f"+331405{n:05}" for n in range(20_000)], object)
    codes = rng.integers(0, 20_000, ROWS).astype(np.int32)
    ids = [f"c8b0e0d2-0000-4000-8000-{n:012}" for n in range(ROWS)]

    def days():
        return np.datetime64("2026-01-01") + rng.integers(0, 365, ROWS)

    return Table(
        columns=tuple(
            Column(key=key, heading=key, french=key, cell=cell)
            for key, cell in CELLS.items()
        ),
        values={
            "customer": TextColumn(codes, customers),
            "org_id": np.array(ids, object),
            "product": TextColumn(codes % 5, customers[:5]),
            "total": rng.integers(0, 5000, ROWS),
            "assigned": rng.integers(-1, 100, ROWS),
            "minutes": rng.integers(0, 10**9, ROWS),
            "score": rng.random(ROWS) * 1000,
            "assigned_ratio": rng.random(ROWS),
            "added_on": days(),
            "ends_on": days(),
            "renews": rng.integers(-1, 2, ROWS).astype(np.int8),
            "phone_number": TextColumn(codes, phones),
        },
    )


class Nowhere(io.RawIOBase):
    def writable(self):
        return True

    def write(self, data):
        return len(data)


def race(ours, peer, turns):
    """Best seconds by the clock, and of the processor, of both, taking turns."""
    best = {"ours": (np.inf, np.inf), "peer": (np.inf, np.inf)}
    for _ in range(turns):
        for name, run in (("ours", ours), ("peer", peer)):
            clock, processor = time.perf_counter(), time.process_time()
            run()
            took = (time.perf_counter() - clock, time.process_time() - processor)
            best[name] = tuple(map(min, best[name], took))
    return best


def told(what, best):
    clock, processor = (best["ours"][i] / best["peer"][i] for i in range(2))
    print(
        f"\n{what}, {ROWS:,} rows x 12: ours {best['ours'][0]:.2f} s, "
        f"peer {best['peer'][0]:.2f} s: {clock:.2f} times, processor {processor:.2f}"
    )


@pytest.fixture(scope="module")
def rows_of_a_report():
    return table()


def bench_with_the_extra(rows_of_a_report):
    frame = rows_of_a_report.to_polars().rechunk()
    told(
        "with Polars",
        race(
            lambda: write_csv(rows_of_a_report, Nowhere()),
            lambda: frame.write_csv(Nowhere(), line_terminator="\r\n"),
            TURNS,
        ),
    )


def bench_without_the_extra(rows_of_a_report, monkeypatch):
    fast = io.BytesIO()
    write_csv(rows_of_a_report, fast)
    monkeypatch.setattr(csv_columnar, "is_worth_it", lambda table: False)
    slow = io.BytesIO()
    write_csv(rows_of_a_report, slow)
    assert fast.getvalue() == slow.getvalue()
    rows = list(rows_of_a_report.rows())

    def peer():
        text = io.TextIOWrapper(io.BufferedWriter(Nowhere()), "utf-8", newline="")
        csv.writer(text).writerows(rows)

    told("without", race(lambda: write_csv(rows_of_a_report, Nowhere()), peer, 2))
