import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.adapters.converter import converter
from partnerhub.domain.errors import FilterError, InvalidValue
from partnerhub.domain.report_specs import (
    Compression,
    FileFormat,
    ReportRequest,
    ReportTemplate,
    SortKey,
    template_key,
)
from partnerhub.domain.windows import window_days

DAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("window", "day", "first", "last"),
    [
        ("last-week", "2026-11-22", "2026-11-15", "2026-11-21"),  # a Sunday
        ("last-week", "2026-11-21", "2026-11-08", "2026-11-14"),
        ("last-month", "2026-03-31", "2026-02-01", "2026-02-28"),
        ("last-month", "2026-01-01", "2025-12-01", "2025-12-31"),
        ("last-1-days", "2026-03-01", "2026-02-28", "2026-02-28"),
        ("last-90-days", "2026-11-22", "2026-08-24", "2026-11-21"),
    ],
)
def test_a_named_range_has_complete_days(window, day, first, last):
    found = window_days(window, dt.date.fromisoformat(day))
    assert [str(each) for each in found] == [first, last]


@given(st.dates(dt.date(1910, 1, 1)), st.integers(1, 3000))
def test_so_many_days_end_the_day_before(day, count):
    first, last = window_days(f"last-{count}-days", day)
    assert (last - first).days + 1 == count
    assert (day - last).days == 1


@pytest.mark.parametrize("window", ["", "last-0-days", "last-days", "last week"])
def test_another_range_is_refused(window):
    with pytest.raises(InvalidValue, match="last-week, last-month, last-7-days"):
        window_days(window, DAY)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"start": DAY}, "give both ends"),
        ({"start": DAY, "end": "2026-11-21"}, "ends too early"),
        ({"start": DAY, "end": DAY, "window": "last-week"}, "last-week is one too"),
        ({"window": "last-wek"}, "did you mean 'last-week'"),
        ({"region": "EU", "per_region": True}, "give '\\*'"),
        ({"format": "xlsx", "compression": "zip"}, "xlsx is packed already"),
        ({"locale": "de"}, "locale"),
        ({"product": "messaging"}, "calling, meetings"),
        ({"format": "xslx"}, "did you mean 'xlsx'"),
        ({"compression": "gz"}, "none, gzip, zip"),
        ({"safety": "unsafe"}, "safe, raw"),
    ],
)
def test_a_request_that_contradicts_itself_is_refused(told, said):
    with pytest.raises(InvalidValue, match=said):
        ReportRequest(template="devices", **told)


def test_a_request_checks_its_query():
    with pytest.raises(FilterError):
        ReportRequest(template="devices", filter="status:expird")
    assert ReportRequest(template="devices", filter="saved:Big").filter == "saved:Big"


@pytest.mark.parametrize(
    ("file_format", "compression", "suffix"),
    [
        ("csv", "none", ".csv"),
        ("csv", "gzip", ".csv.gz"),
        ("csv", "zip", ".zip"),
        ("xlsx", "none", ".xlsx"),
        ("parquet", "none", ".parquet"),
    ],
)
def test_the_ending_says_what_it_is(file_format, compression, suffix):
    request = ReportRequest(
        template="devices", format=file_format, compression=compression
    )
    assert request.suffix == suffix
    assert isinstance(request.format, FileFormat)
    assert isinstance(request.compression, Compression)


def test_requests_and_templates_are_kept_as_documents():
    kept = converter()
    for thing in (
        ReportRequest(template="devices"),
        ReportRequest(
            template="calling-usage-details",
            start="2026-11-15",
            end=DAY,
            region="*",
            at=DAY,
            locale="fr",
            safety="raw",
            compression="gzip",
            filter="tag:vip",
            product="calling",
        ),
        ReportTemplate(
            name="Été",
            base="devices",
            columns=["mac", "org_id"],
            sort=[SortKey("mac"), SortKey.parse("-org_id")],
            locale="fr",
            version=3,
        ),
    ):
        assert kept.structure(kept.unstructure(thing), type(thing)) == thing


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_a_key_is_its_own_key(name):
    assert template_key(template_key(name)) == template_key(name)


def test_a_sort_key_reads_as_it_prints():
    for text in ("total", "-total"):
        assert str(SortKey.parse(text)) == text


@pytest.mark.parametrize(
    ("window", "day"),
    [("last-month", "0001-01-05"), ("last-9999-days", "0005-01-01")],
)
def test_no_range_begins_before_the_year_1(window, day):
    with pytest.raises(InvalidValue, match="year 1"):
        window_days(window, dt.date.fromisoformat(day))
