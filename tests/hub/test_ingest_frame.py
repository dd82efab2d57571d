"""Data frames of every common library go in like files of the same columns."""

import datetime as dt
import subprocess
import sys

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import partnerhub as ph
from partnerhub.domain.errors import InvalidValue
from partnerhub.sample import SamplePartner

ACME = "00000000-0000-4000-8000-000000000001"
BETA = "00000000-0000-4000-8000-000000000002"
DAY = dt.date(2026, 11, 22)

FACTS = {
    "org_id": [ACME, BETA],
    "subscription_id": ["Sub1", "Sub2"],
    "day": [DAY, DAY],
    "starts_on": [dt.date(2026, 1, 31), None],
    "paid": [True, None],
    "product": ["Webex Meetings", "Webex Meetings"],
    "total": [10, 20],
    "assigned": [5, None],
}


def table():
    return pa.table(FACTS)


class Capsule:
    """A frame of a library that nobody knows."""

    def __init__(self, frame):
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema=None):
        return self._frame.__arrow_c_stream__(requested_schema)


FRAMES = {
    "pandas": lambda: pd.DataFrame(FACTS),
    "pandas with days as times": lambda: pd.DataFrame(FACTS).astype(
        {"day": "datetime64[ns]", "starts_on": "datetime64[ns]"}
    ),
    "polars": lambda: pl.DataFrame(FACTS),
    "polars, categories": lambda: pl.DataFrame(FACTS).with_columns(
        pl.col("product").cast(pl.Categorical)
    ),
    "pyarrow": table,
    "a batch of pyarrow": lambda: table().to_batches()[0],
    "a reader of pyarrow": lambda: table().to_reader(max_chunksize=1),
    "a slice of pyarrow": lambda: pa.concat_tables([table(), table()]).slice(1, 2),
    "duckdb": lambda: duckdb.from_arrow(table()),
    "a capsule": lambda: Capsule(table()),
}


def ingested(frame, **options):
    with ph.connect("memory:") as hub:
        report = hub.ingest_frame(frame, region="US", **options)
        portfolio = hub._context.store.portfolio(DAY)
    return report, portfolio


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_is_taken_by_its_column_names(name):
    report, portfolio = ingested(FRAMES[name]())
    assert report.clean
    assert (report.files[0].template, report.files[0].taken) == (
        "subscription-facts",
        2,
    )
    assert portfolio.customers.id.tolist() == [ACME, BETA]
    assert portfolio.subscriptions.id.tolist() == ["Sub1", "Sub2"]
    assert portfolio.subscriptions.paid.tolist() == [1, -1]
    assert str(portfolio.subscriptions.starts_on[0]) == "2026-01-31"
    assert portfolio.lines.total.tolist() == [10, 20]
    assert portfolio.lines.assigned.tolist() == [5, -1]


LIBRARIES = {
    "pandas": pd.read_csv,
    "polars": lambda file: pl.read_csv(file, try_parse_dates=True),
    "duckdb": lambda file: duckdb.sql(f"SELECT * FROM read_csv('{file}')"),
    "pyarrow": lambda file: pa.table(pl.read_csv(file, infer_schema=False)),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """One file of each kind that a partner may have."""
    partner = SamplePartner(customers=25, weeks=1, until=DAY)
    folder = tmp_path_factory.mktemp("files")
    written = [*partner.write_exports(folder), *partner.write_calls(folder)]
    return {file.path.name.partition("_")[0]: file.path for file in written}


@pytest.mark.parametrize("library", LIBRARIES)
def test_each_kind_of_file_goes_in_from_each_library(files, library):
    options = {"as_of": DAY, "customer": ACME, "start": "2026-11-15", "end": DAY}
    assert len(files) >= 10
    for kind, path in files.items():
        with ph.connect("memory:") as hub:
            (of_file,) = hub.ingest(path, **options)
        with ph.connect("memory:") as hub:
            (found,) = hub.ingest_frame(LIBRARIES[library](path), **options)
        assert (found.template, found.problems) == (of_file.template, ()), kind
        assert found.taken == of_file.taken > 0


@pytest.mark.parametrize(
    ("values", "kind"), [([{"a": 1}, None], "Struct"), ([b"a", b"b"], "Binary")]
)
def test_a_column_of_no_texts_is_named_with_what_would_do(values, kind):
    report, _ = ingested(pl.DataFrame({**FACTS, "product": values}))
    (problem,) = report.problems
    assert report.files[0].refused
    assert f"column 'product' holds {kind}" in problem.message
    assert "texts, numbers, flags, days" in problem.message


def test_problems_name_rows_and_leave_the_others():
    frame = pl.DataFrame({**FACTS, "org_id": [ACME, "not an id"]})
    report, portfolio = ingested(frame, name="mine")
    (problem,) = report.problems
    assert (problem.file, problem.line, problem.column) == ("mine", 2, "org_id")
    assert portfolio.customers.id.tolist() == [ACME]


def test_columns_may_be_named_otherwise():
    frame = pl.DataFrame(FACTS).rename({"total": "How many"})
    report, portfolio = ingested(frame, headings={"How many": "total"})
    assert report.clean
    assert portfolio.lines.total.tolist() == [10, 20]


def test_a_frame_of_no_known_template_is_refused():
    report, _ = ingested(pl.DataFrame({"fruit": ["apple"]}))
    assert report.files[0].refused
    assert report.files[0].file == "frame"


def test_slash_dates_are_looked_through_first_even_in_a_stream():
    days = {"day": ["03/04/2026", "30/04/2026"]}
    frame = pa.table({**FACTS, **days, "starts_on": ["", ""]}).to_reader()
    report, _ = ingested(frame)
    assert report.clean


@pytest.mark.parametrize("thing", [pl.LazyFrame(FACTS), FACTS, "a.csv", None])
def test_what_is_no_frame_is_refused_with_what_would_be_one(thing):
    with ph.connect("memory:") as hub, pytest.raises(InvalidValue, match="Polars"):
        hub.ingest_frame(thing)


def test_what_comes_out_goes_in_again():
    """A table of ours is a frame too."""
    with ph.connect("memory:") as hub:
        hub.ingest_frame(pl.DataFrame(FACTS), region="US")
        report = hub.reports.table("subscription-details", at=DAY)
    again, portfolio = ingested(report, as_of=DAY)
    assert again.files[0].template == "subscription-details"
    assert portfolio.customers.id.tolist() == [ACME, BETA]


def test_frames_do_not_need_pyarrow():
    code = f"""
import sys
sys.modules["pyarrow"] = None
import polars as pl, partnerhub as ph
frame = pl.DataFrame({{"org_id": ["{ACME}"], "managed_by": ["partner"]}})
with ph.connect("memory:") as hub:
    report = hub.ingest_frame(frame, as_of="2026-11-22")
    assert report.clean and report.files[0].taken == 1
"""
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    "kind", [pa.date32(), *(pa.timestamp(unit) for unit in ("s", "ms", "us"))], ids=str
)
def test_a_day_that_python_cannot_hold_is_a_problem_of_its_row(kind):
    size = {"ms": 10**3, "us": 10**6}.get(getattr(kind, "unit", ""), 1)
    far = 10**7 if kind == pa.date32() else 2**42 * size
    one = 20_779 if kind == pa.date32() else 20_779 * 86_400 * size
    whole = pa.int32() if kind == pa.date32() else pa.int64()
    days = pa.array([far, one], whole).cast(kind)
    place = table().column_names.index("day")
    with ph.connect("memory:") as hub:
        report = hub.ingest_frame(table().set_column(place, "day", days), region="US")
    assert [(p.line, p.column) for p in report.problems] == [(1, "day")]
