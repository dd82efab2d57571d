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
from partnerhub.columns.history import OPEN
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


def ours(url, schema):
    """Seconds to write, read with the core alone, and read with `columnar`."""
    records = license_rows()

    def write():
        with store.writing() as writer:
            return writer.put_records(records)

    def read():
        with backend.reading():
            return backend.held_on(LICENSES, 20_779, EVERYTHING)

    with open_store(url, migrate=True, schema=schema) as store:
        backend = store.backend
        written, changed = timed(write)
        assert changed.all()
        columnar, held = timed(read)
        assert len(held.identity) == ROWS
        arrow, backend.session._arrow = backend.session._arrow, None
        assert arrow is not None
        core, _ = timed(read)
    return written, core, columnar


def theirs(engine):
    """Seconds to write and to read a table of the same shape, which has no index."""
    records = license_rows()
    frame = pd.DataFrame(
        {
            "organization": records.organization,
            "parent": records.parent,
            "identity": records.identity,
            "day": np.full(ROWS, 20_779),
            "until": np.full(ROWS, OPEN),
            "seen": np.full(ROWS, 20_779),
            **records.fields,
        }
    )
    written, _ = timed(
        lambda: frame.to_sql(
            "licenses", engine, index=False, chunksize=10_000, if_exists="replace"
        )
    )
    read, back = timed(lambda: pd.read_sql("SELECT * FROM licenses", engine))
    assert len(back) == ROWS
    return written, read, read


def compare(name, ours, theirs):
    """Two rounds, in turn; the better of each."""
    rounds = [(theirs(), ours(turn)) for turn in range(2)]
    print(f"\n{ROWS:,} license rows, {name}: ours / pandas, ratio")
    for place, what in enumerate(("write", "read, core alone", "read, columnar")):
        peer = min(times[place] for times, _ in rounds)
        mine = min(times[place] for _, times in rounds)
        print(f"  {what:18} {mine:6.2f} s {peer:6.2f} s  {peer / mine:5.1f}x")


def bench_sqlite(tmp_path):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'pandas.db'}")
    compare(
        "SQLite",
        lambda turn: ours(f"sqlite:///{tmp_path / f'{turn}.db'}", None),
        lambda: theirs(engine),
    )
    engine.dispose()


def bench_postgres():
    if postgres_server.binaries() is None:
        pytest.skip("no PostgreSQL server is installed")
    with ExitStack() as stack:
        server = stack.enter_context(postgres_server.running(durable=True))
        url = server.url()
        engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        stack.callback(engine.dispose)
        compare(
            "PostgreSQL",
            lambda turn: ours(url, f"ours_{turn}"),
            lambda: theirs(engine),
        )
