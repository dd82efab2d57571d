"""Column sets are data frames for pandas, Polars, DuckDB and PyArrow."""

import datetime as dt

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from partnerhub.adapters.importing import ImportOptions, import_file
from partnerhub.adapters.opening import open_store
from partnerhub.columns.datasets import DEVICES
from partnerhub.columns.legs import legs_of
from partnerhub.columns.portfolio import PRODUCTS
from partnerhub.columns.queue_stats import ServiceStats
from partnerhub.columns.usage import USAGE_COUNTS, UsageColumns
from partnerhub.domain.calls import (
    CallLeg,
    CallType,
    Direction,
    EndpointType,
    UserKind,
)
from partnerhub.sample import SamplePartner

DAY = dt.date(2026, 11, 22)
ACME = "00000000-0000-4000-8000-000000000001"


def days(*texts):
    return np.array(texts, "datetime64[D]")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    partner = SamplePartner(customers=25, weeks=2, until=DAY)
    with open_store("memory:") as opened:
        for file in partner.write_exports(tmp_path_factory.mktemp("sample")):
            list(import_file(opened, file.path, ImportOptions(region=file.region)))
        yield opened


def texts(*values):
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


USAGE = UsageColumns(
    organization=texts(ACME, ACME),
    location=texts("Paris", ""),
    first=days("2026-11-15", "2026-11-15"),
    last=days("2026-11-21", "2026-11-21"),
    counts={key: np.array([n, -1]) for n, key in enumerate(USAGE_COUNTS)},
)
STATS = ServiceStats(
    organization=texts(ACME),
    location=texts("Paris"),
    name=texts("Sales"),
    first=days("2026-11-15"),
    last=days("2026-11-21"),
    values={"calls": np.array([3]), "mean": np.array([np.nan])},
)


def a_leg(**known):
    return CallLeg(
        **{
            "organization": ACME,
            "location": "Paris",
            "user": "u",
            "report_id": "r",
            "start": dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC),
            "duration_s": 60,
            "direction": Direction.ORIGINATING,
            **known,
        }
    )


def sets(store):
    portfolio = store.portfolio(DAY)
    return {
        "customers": portfolio.customers,
        "subscriptions": portfolio.subscriptions,
        "lines": portfolio.lines,
        "inventory": store.inventory(DEVICES, DAY),
        "usage": USAGE,
        "statistics": STATS,
    }


NAMES = ("customers", "subscriptions", "lines", "inventory", "usage", "statistics")


@pytest.mark.parametrize("name", NAMES)
def test_every_library_reads_the_same(store, name):
    columns = sets(store)[name]
    taken = pa.table(columns)
    taken.validate(full=True)
    assert taken.num_rows == len(columns) > 0
    rows = taken.to_pylist()
    assert pl.DataFrame(columns).to_dicts() == rows
    assert duckdb.from_arrow(columns).fetchall() == [tuple(r.values()) for r in rows]
    frame = pd.DataFrame.from_arrow(columns)
    assert list(frame.columns) == taken.column_names
    assert len(frame) == len(rows)


def test_values_are_those_of_the_columns(store):
    lines = store.portfolio(DAY).lines
    frame = pl.DataFrame(lines)
    assert frame["license"].to_list() == lines.license.texts().tolist()
    assert frame["product"].to_list() == [PRODUCTS[p].value for p in lines.product]
    unknown = lines.used_7d < 0
    assert frame["used_7d"].is_null().to_list() == unknown.tolist()
    assert frame["total"].to_numpy(writable=False).tolist() == lines.total.tolist()


def test_counts_keep_their_memory(store):
    taken = pa.table(store.portfolio(DAY).lines)
    lines = store.portfolio(DAY).lines
    address = pa.table(lines)["existed"].chunk(0)
    assert address.type == pa.bool_()
    total = pa.table(lines)["total"].chunk(0)
    assert total.buffers()[1].address == lines.total.__array_interface__["data"][0]
    assert taken.schema.field("subscription").type == pa.int32()


def test_types_follow_the_dtype(store):
    portfolio = store.portfolio(DAY)
    subscriptions = pa.table(portfolio.subscriptions).schema
    assert str(subscriptions.field("starts_on").type) == "date32[day]"
    assert subscriptions.field("paid").type == pa.bool_()
    assert subscriptions.field("source_status").type == pa.string()


def test_call_legs_say_what_their_codes_stand_for():
    legs = legs_of([a_leg(), a_leg(user="", report_id="s", answered=False)])
    frame = pl.DataFrame(legs)
    assert frame["organization"].to_list() == [ACME, ACME]
    assert frame["location"].to_list() == ["Paris", "Paris"]
    assert frame["user"].to_list() == ["u", None]
    assert frame["direction"].to_list() == [Direction.ORIGINATING.value] * 2
    assert frame["start"].to_list() == [dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)] * 2
    assert frame["answered"].to_list() == [None, False]
    assert set(frame["call_type"]) <= {each.value for each in CallType}
    assert set(frame["user_kind"]) <= {each.value for each in UserKind}
    assert set(frame["endpoint"]) <= {each.value for each in EndpointType}
    assert frame["audio_jitter_ms"].to_list() == [None, None]


def test_nothing_is_a_frame_without_rows():
    frame = pl.DataFrame(legs_of([]))
    assert frame.height == 0
    assert "direction" in frame.columns
