"""Column sets are data frames for pandas, Polars, DuckDB and PyArrow."""

import datetime as dt
import importlib
import pkgutil

import attrs
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from partnerhub import columns
from partnerhub.adapters.importing import ImportOptions, import_file
from partnerhub.adapters.opening import open_store
from partnerhub.columns.arrow_sets import ArrowColumns
from partnerhub.columns.datasets import DEVICES
from partnerhub.columns.inventory import Inventory
from partnerhub.columns.leg_records import CallDays, LegRecords, MediaColumns
from partnerhub.columns.legs import LegColumns, legs_of
from partnerhub.columns.portfolio import (
    PRODUCTS,
    CustomerColumns,
    LineColumns,
    SubscriptionColumns,
)
from partnerhub.columns.queue_stats import ServiceStats
from partnerhub.columns.records import DatedRecords, FullPictures
from partnerhub.columns.text import TextColumn
from partnerhub.columns.timeline import LineVersions, SubscriptionVersions
from partnerhub.columns.unknown import is_unknown
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


LEGS = legs_of([a_leg(), a_leg(user="", duration_s=None, audio_jitter_ms=2.5)])
RECORDS = DatedRecords(
    dataset=DEVICES,
    organization=texts(ACME, ACME),
    identity=texts("one", "two"),
    day=days("2026-11-15", "2026-11-22"),
    fields={"model": texts("Desk", None), "seen": np.array([1, -1], np.int8)},
)
SETS = {
    CustomerColumns: lambda store: store.portfolio(DAY).customers,
    SubscriptionColumns: lambda store: store.portfolio(DAY).subscriptions,
    LineColumns: lambda store: store.portfolio(DAY).lines,
    SubscriptionVersions: lambda store: store.timeline(DAY).subscriptions,
    LineVersions: lambda store: store.timeline(DAY).lines,
    Inventory: lambda store: store.inventory(DEVICES, DAY),
    UsageColumns: lambda _: USAGE,
    ServiceStats: lambda _: STATS,
    LegColumns: lambda _: LEGS,
    LegRecords: lambda _: LegRecords(
        legs=LEGS,
        report_id=texts("r", "s"),
        report_time=np.array(["2026-11-16T09:02", "NaT"], "datetime64[ms]"),
        call_id=texts("c", ""),
    ),
    CallDays: lambda _: CallDays(
        organization=texts(ACME, ACME), day=days("2026-11-15", "2026-11-16")
    ),
    MediaColumns: lambda _: MediaColumns(
        call_id=texts("c", "d"),
        caller=np.array([1, -1], np.int8),
        values={"video_s": np.array([3, -1], np.int32), "loss": np.array([np.nan, 1])},
    ),
    DatedRecords: lambda _: RECORDS,
    FullPictures: lambda _: FullPictures(texts(ACME), days("2026-11-15")),
}
INNER = {
    *("Runs", "Observations", "Pictures", "Events", "Merged", "Register", "Timeline"),
    *("Tally", "Seen", "RuleColumns", "TextColumn", "Pairs", "OwnedRows"),
}
"""What sets are made of, and what merging and counting work with."""


def test_every_column_set_is_known_here():
    found = set()
    for module in pkgutil.walk_packages(columns.__path__, f"{columns.__name__}."):
        for kind in vars(importlib.import_module(module.name)).values():
            if not isinstance(kind, type) or kind.__module__ != module.name:
                continue
            held = attrs.fields(kind) if attrs.has(kind) else ()
            arrays = ("Array", "Ints", "Days", "Codes", "Bools", "TextColumn")
            if any(str(field.type).startswith(arrays) for field in held):
                found.add(kind)
    public = {
        kind
        for kind in found
        if not kind.__name__.startswith("_") and kind.__name__ not in INNER
    }
    assert public == set(SETS)


@pytest.mark.parametrize("kind", SETS, ids=lambda kind: kind.__name__)
def test_numbers_that_are_known_keep_their_memory(store, kind):
    """So do those of which some are not known: they get a bitmap beside."""
    found = SETS[kind](store)
    held = {
        name: column
        for name, column in found.arrow_columns()
        if not isinstance(column, TextColumn) and column.dtype.kind in "iufM"
    }
    taken = pa.table(found)
    for name, column in held.items():
        (chunk,) = taken[name].chunks
        if column.dtype.str[1:] in {"i1", "M8[D]"}:
            continue  # flags are bits, days have half the size
        assert column.flags.c_contiguous
        assert chunk.buffers()[1].address == column.ctypes.data, name
        if not is_unknown(column).any():
            assert chunk.buffers()[0] is None, name


@pytest.mark.parametrize("name", SETS, ids=lambda kind: kind.__name__)
def test_every_library_reads_the_same(store, name):
    found = SETS[name](store)
    taken = pa.table(found)
    taken.validate(full=True)
    assert taken.num_rows == len(found) > 0
    rows = taken.to_pylist()
    assert pl.DataFrame(found).to_dicts() == rows
    assert duckdb.from_arrow(found).to_arrow_table().to_pylist() == rows
    frame = pd.DataFrame.from_arrow(found)
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


def test_a_set_says_how_many_rows_it_has():
    with pytest.raises(TypeError, match="abstract"):
        ArrowColumns()


def test_nothing_is_a_frame_without_rows():
    frame = pl.DataFrame(legs_of([]))
    assert frame.height == 0
    assert "direction" in frame.columns
