"""Many call legs come as Arrow, and are the same."""

import datetime as dt

import pytest

from partnerhub.adapters.opening import open_store
from partnerhub.adapters.sql import legs, session
from partnerhub.testing.comparing import call_rows
from tests.adapters.test_parquet import records
from tests.kpis.calling_legs import FORTY

DAYS = dt.date(2026, 11, 1), dt.date(2026, 11, 30)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request, tmp_path):
    if request.param == "sqlite":
        found = open_store(f"sqlite:///{tmp_path / 'hub.db'}")
    else:
        url = request.getfixturevalue("postgres").url()
        schema = request.getfixturevalue("new_schema")()
        found = open_store(url, schema=schema, migrate=True)
    with found:
        yield found


def test_arrow_and_pages_give_what_memory_gives(store, monkeypatch):
    pytest.importorskip("polars")
    # Of the first rows no measure is known, by which a driver may tell a column.
    ordered = records(sorted(FORTY, key=lambda leg: leg.audio_jitter_ms or 0))
    with open_store("memory:") as memory:
        for each in (memory, store):
            with each.writing() as writer:
                assert writer.put_legs(ordered).taken == 40
        expected = call_rows(memory, *DAYS)
    assert call_rows(store, *DAYS) == expected
    monkeypatch.setattr(session, "MANY", 1)
    assert call_rows(store, *DAYS) == expected
    monkeypatch.setattr(legs, "PAGE", 7)
    assert call_rows(store, *DAYS) == expected
    assert max(map(len, store.legs(*DAYS))) <= 31
