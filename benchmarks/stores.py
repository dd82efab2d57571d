"""License rows into stores and out of them, next to pandas on a table of the same shape.

Ours does more: it looks up customers, subscriptions and licenses, merges histories and
writes two tables. `ROWS=100000 make bench PYTEST_ARGS=benchmarks/stores.py`
tries fewer rows. Times are seconds of one run, printed with their ratio.
"""

import os
import time
from contextlib import ExitStack

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from partnerhub.adapters.opening import open_store
from partnerhub.columns.datasets import LICENSES
from partnerhub.columns.records import DatedRecords
from partnerhub.ports import EVERYTHING
from tests import postgres_server

ROWS = int(os.environ.get("ROWS", "1000000"))
DAY = np.datetime64("2026-11-22", "D")


def license_rows() -> DatedRecords:
    """Three licenses a subscription, five subscriptions a customer."""
    rng = np.random.default_rng(7)
    line = np.arange(ROWS)
    names = np.array(
        ["Webex Calling - Professional", "Webex Meetings", "Slido"], object
    )
    customers = np.array(
        [f"00000000-0000-4000-8000-{n:012x}" for n in range(ROWS // 15 + 1)], object
    )
    subscriptions = np.array([f"Sub{n}" for n in range(ROWS // 3 + 1)], object)
    total = rng.integers(0, 5000, ROWS)
    return DatedRecords(
        dataset=LICENSES,
        organization=customers[line // 15],
        parent=subscriptions[line // 3],
        identity=names[line % 3],
        day=np.full(ROWS, DAY),
        fields={
            "total": total,
            "assigned": total - rng.integers(0, 50, ROWS).clip(max=total),
            "used_7d": rng.integers(0, 5000, ROWS),
            "used_3m": rng.integers(0, 5000, ROWS),
            "used_ever": rng.integers(0, 5000, ROWS),
            "existed": np.ones(ROWS, np.int8),
        },
    )


def timed(do):
    start = time.perf_counter()
    result = do()
    return time.perf_counter() - start, result


def compare(url, engine, *, schema=None):
    records = license_rows()

    def write():
        with store.writing() as writer:
            return writer.put_records(records)

    def read(backend):
        with backend.reading():
            return backend.held_on(LICENSES, 20_779, EVERYTHING)

    with open_store(url, migrate=True, schema=schema) as store:
        ours_write, changed = timed(write)
        assert changed.all()
        backend = store.backend
        arrow_read, held = timed(lambda: read(backend))
        arrow, backend.session._arrow = backend.session._arrow, None
        assert arrow is not None
        core_read, _ = timed(lambda: read(backend))
        assert len(held.identity) == ROWS
        runs = held.runs
        frame = pd.DataFrame(
            {
                "organization": records.organization,
                "parent": records.parent,
                "identity": records.identity,
                "day": runs.day,
                "until": runs.until,
                "seen": runs.seen,
                **records.fields,
            }
        )
    theirs_write, _ = timed(
        lambda: frame.to_sql("licenses", engine, index=False, chunksize=10_000)
    )
    theirs_read, back = timed(lambda: pd.read_sql("SELECT * FROM licenses", engine))
    assert len(back) == ROWS
    print(f"\n{ROWS:,} license rows, {engine.dialect.name}: ours / pandas, ratio")
    for what, ours, theirs in (
        ("write", ours_write, theirs_write),
        ("read, core alone", core_read, theirs_read),
        ("read, columnar", arrow_read, theirs_read),
    ):
        print(f"  {what:18} {ours:6.2f} s {theirs:6.2f} s  {theirs / ours:5.1f}x")


def bench_sqlite(tmp_path):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'pandas.db'}")
    compare(f"sqlite:///{tmp_path / 'ours.db'}", engine)
    engine.dispose()


def bench_postgres():
    if postgres_server.binaries() is None:
        pytest.skip("no PostgreSQL server is installed")
    with ExitStack() as stack:
        server = stack.enter_context(postgres_server.running(durable=True))
        url = server.url()
        engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        stack.callback(engine.dispose)
        compare(url, engine, schema="ours")
