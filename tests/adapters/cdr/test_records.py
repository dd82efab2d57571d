"""Call records as they come: well-formed, odd, and broken in every way."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerhub.adapters.cdr import CallingOptions, read_calling
from partnerhub.adapters.cdr.assembling import LegBatch
from partnerhub.adapters.cdr.reading import calling_file
from partnerhub.adapters.cdr.records import CallRecords
from partnerhub.adapters.exports.chunks import chunks
from partnerhub.adapters.exports.sources import Source
from partnerhub.adapters.opening import open_store
from partnerhub.columns.leg_records import joined_records, newest
from partnerhub.columns.legs import ROW_COLUMNS
from partnerhub.domain.calls import (
    CALL_TYPES,
    ENDPOINT_TYPES,
    USER_KINDS,
    CallType,
    EndpointType,
    Feature,
    UserKind,
)
from partnerhub.domain.errors import ColumnMissing, FileRefused, TemplateUnknown

SHARED = Path(__file__).parents[4] / "shared" / "webex"
CASES = 5_000 if os.environ.get("CI") == "true" else 500
ORG = "c8b0e0d2-0000-4000-8000-000000000001"
ROW = {
    "Org UUID": ORG,
    "Report ID": "r1",
    "Start time": "2026-11-16T09:00:00.500Z",
    "Report time": "2026-11-16T09:05:00.000Z",
    "Duration": "36",
    "Direction": "ORIGINATING",
    "Call type": "SIP_NATIONAL",
    "Client type": "WXC_DEVICE",
    "Model": "8851-3PCC",
    "User type": "User",
    "User UUID": "u1",
    "Location": "Oslo",
    "Call ID": "SSE1@10.0.0.1",
    "Answered": "TRUE",
    "Related reason": "CallForwardBusy",
    "Public Calling IP Address": "2001:db8::1",
}


def written(rows: list[dict[str, str]], **options: Any) -> bytes:
    headings = list(dict.fromkeys(key for row in [ROW, *rows] for key in row))
    out = io.StringIO(newline="")
    table = csv.writer(out, **options)
    table.writerow(headings)
    table.writerows([row.get(heading, "") for heading in headings] for row in rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def file_of(content: bytes, name: str = "cdr.csv") -> CallRecords:
    found = calling_file(Source(file=name, opener=lambda: io.BytesIO(content)))
    assert isinstance(found, CallRecords)
    return found


def read(
    content: bytes, name: str = "cdr.csv", *, fast: bool = False
) -> list[LegBatch]:
    return list(file_of(content, name).batches(fast=fast))


def plain(batch: LegBatch) -> list[dict[str, Any]]:
    """The records as dictionaries of plain values."""
    legs, records = batch.records.legs, batch.records
    columns = {name: getattr(legs, name).astype(str).tolist() for name in ROW_COLUMNS}
    columns["place"] = [
        (legs.places.owners()[code], legs.places.text[code]) for code in legs.place
    ]
    columns["user"] = [
        None if code < 0 else legs.users.text[code] for code in legs.user.tolist()
    ]
    columns["call_type"] = [legs.type_names()[code] for code in legs.call_type]
    columns["report_id"] = records.report_id.tolist()
    columns["report_time"] = records.report_time.astype(str).tolist()
    columns["call_id"] = records.call_id.tolist()
    columns["line"] = batch.line.tolist()
    for heading, texts in {**batch.extra, **batch.raw}.items():
        columns[f"raw {heading}"] = texts.texts().tolist()
    return [
        dict(zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]


@pytest.mark.parametrize("fast", [False, True], ids=["slow", "fast"])
def test_a_record_is_understood(fast):
    (batch,) = read(written([ROW]), fast=fast)
    legs = batch.records.legs
    assert legs.places.text.tolist() == ["Oslo"]
    assert legs.places.customers.tolist() == [ORG]
    assert legs.users.text.tolist() == ["u1"]
    assert str(legs.start[0]) == "2026-11-16T09:00:00"
    assert legs.duration_s.tolist() == [36]
    assert legs.answered.tolist() == [1]
    assert CALL_TYPES[legs.call_type[0]] is CallType.NATIONAL
    assert ENDPOINT_TYPES[legs.endpoint[0]] is EndpointType.DESK_PHONE
    assert USER_KINDS[legs.user_kind[0]] is UserKind.USER
    assert Feature(int(legs.features[0])) is Feature.FORWARDING
    assert legs.ipv6.tolist() == [True]
    assert legs.audio.tolist() == [-1]
    assert batch.problems == ()


@pytest.mark.parametrize("fast", [False, True], ids=["slow", "fast"])
def test_what_nobody_has_met_is_kept_and_counted(fast):
    odd = ROW | {
        "Call type": "SIP_MOON",
        "Client type": "HOLOGRAM",
        "User type": "Martian",
        "Direction": "SIDEWAYS",
        "Duration": "soon",
        "Report time": "yesterday",
        "Mood": "sunny",
    }
    file = file_of(written([odd, odd, ROW | {"Mood": "NA"}]))
    (batch,) = file.batches(fast=fast)
    assert len(batch) == 3
    assert batch.extra["Mood"].texts().tolist() == ["sunny", "sunny", None]
    assert batch.raw["client_type"].texts()[0] == "HOLOGRAM"
    assert batch.records.legs.type_names()[-1] == "SIP_MOON"
    assert file.strange == {
        ("Call type", "SIP_MOON"): 2,
        ("Client type", "HOLOGRAM"): 2,
        ("User type", "Martian"): 2,
        ("Direction", "SIDEWAYS"): 2,
    }
    assert file.unread == {"Duration": 2, "Report time": 2}
    assert any("'Mood'" in notice for notice in file.notices)


@pytest.mark.parametrize("fast", [False, True], ids=["slow", "fast"])
@pytest.mark.parametrize("text", ["x" * 1001, "é" * 501, "a\0b"])
def test_texts_that_no_store_takes_cost_their_row_or_their_cell(fast, text):
    names = ("Location", "Report ID", "User UUID", "Call ID", "Call type")
    rows = [ROW | {name: text, "Model": name} for name in names]
    (batch,) = read(written(rows), fast=fast)
    assert [(p.line, p.column) for p in batch.problems] == [
        (2, "Location"),
        (3, "Report ID"),
    ]
    records = batch.records
    assert [row["user"] for row in plain(batch)] == [None, "u1", "u1"]
    assert records.call_id.tolist() == ["SSE1@10.0.0.1", "", "SSE1@10.0.0.1"]
    with open_store("memory:") as store, store.writing() as writer:
        assert writer.put_legs(records).taken == 1


@pytest.mark.parametrize("fast", [False, True], ids=["slow", "fast"])
def test_a_bad_row_is_a_problem_and_the_others_are_taken(fast):
    content = written(
        [
            ROW,
            ROW | {"Org UUID": "nobody"},
            ROW | {"Report ID": "NA"},
            ROW | {"Start time": "at dawn"},
            ROW | {"Report ID": "r2"},
        ]
    )
    (batch,) = read(content, fast=fast)
    assert batch.line.tolist() == [2, 6]
    assert [(p.line, p.column) for p in batch.problems] == [
        (3, "Org UUID"),
        (4, "Report ID"),
        (5, "Start time"),
    ]


@pytest.mark.parametrize("fast", [False, True], ids=["slow", "fast"])
def test_rows_of_a_wrong_length_are_problems_with_their_lines(fast):
    content = written([ROW]) + b"too,short\r\n" + written([ROW]).split(b"\r\n", 1)[1]
    batches = read(content, fast=fast)
    assert [line for batch in batches for line in batch.line.tolist()] == [2, 4]
    (problem,) = [problem for batch in batches for problem in batch.problems]
    assert (problem.line, problem.message[:7]) == (3, "2 cells")


def test_json_lists_lines_and_answers_of_the_service_read_alike():
    objects = [ROW | {"Duration": 36}, ROW | {"report id": "r2", "Report ID": ""}]
    forms = {
        "list.json": json.dumps(objects),
        "lines.jsonl": "\n".join(map(json.dumps, objects)),
        "answer.json": json.dumps({"items": objects}, indent=1),
    }
    found = [plain(read(text.encode(), name)[0]) for name, text in forms.items()]
    assert [row["report_id"] for row in found[0]] == ["r1", "r2"]
    assert found[0] == found[1] == found[2]


def test_a_zip_without_a_name_is_opened(tmp_path):
    path = tmp_path / "download"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("cdr.csv", written([ROW]))
        archive.writestr("note.csv", "a,b\n1,2\n")
    refused: list[FileRefused] = []
    files = [
        (file, list(file.batches()))
        for file in read_calling(path, refused=refused.append)
    ]
    assert len(files) == 1
    assert len(files[0][1][0]) == 1
    assert isinstance(refused[0], TemplateUnknown)


def test_a_missing_column_names_itself_and_what_may_stand_for_it():
    headings = [key for key in ROW if key != "Org UUID"]
    with pytest.raises(
        ColumnMissing, match=r"'Org UUID' \(nearest heading 'Org_UUIDs'"
    ):
        file_of(",".join([*headings, "Org_UUIDs"]).encode() + b"\n")


def test_of_records_of_one_id_the_newest_counts():
    later = ROW | {"Report time": "2026-11-16T09:06:00.000Z", "Duration": "40"}
    other = ROW | {"Org UUID": ORG[:-1] + "2"}
    parts = [read(written([later, ROW]))[0], read(written([other, ROW]))[0]]
    kept = newest(joined_records(part.records for part in parts))
    assert kept.legs.duration_s.tolist() == [40, 36]
    assert newest(kept) is kept


def test_the_service_s_own_examples_are_read():
    if not SHARED.is_dir():
        pytest.skip("the examples of the service are not here")
    path = SHARED / "payloads" / "cdr__get_cdr_feed__200.json"
    (file,) = read_calling(path)
    assert isinstance(file, CallRecords)
    (batch,) = file.batches()
    assert batch.records.legs.places.text.tolist() == ["Richardson"]
    assert not batch.extra
    headings = SHARED / "csv_headers" / "calling_detailed_call_history.csv"
    (empty,) = read_calling(headings, CallingOptions())
    assert isinstance(empty, CallRecords)
    assert not list(empty.batches(fast=False))
    assert empty.notices == ("no rows; maybe the file of a region without customers",)


# --- malformed input --------------------------------------------------------------------

CELLS = st.sampled_from(
    [
        *("", "NA", "na", " ", "0", "-1", "36.5", "9999999999", "1e9", "TRUE", "x,y"),
        *('a "quoted" name', "two\nlines", "é", "\0", "=1+1", "'=1", "Oslo ", "+5"),
        *("2026-11-16", "2026-11-16 09:00:00.5", "2026-11-16T09:00:00.500Z"),
        *("2026-02-30T09:00:00.500Z", "0001-01-01T00:00:00.000Z", "1794819600500"),
        *("2026-11-16T24:00:00.000Z", "2026-11-16T09:00:00+25:00", "2026-W47-1"),
        *(ORG, ORG.upper(), ORG[:-1], "SIP_NATIONAL", "SIP_MOON", "TERMINATING"),
        *("WXC_CLIENT", "CallCenterStandard", "BargeIn", "::1", "9" * 400),
    ]
) | st.text(max_size=6)
ODD_ROWS = st.lists(
    st.dictionaries(st.sampled_from([*ROW, "Mood", "Recall type"]), CELLS, max_size=6),
    max_size=6,
).map(lambda rows: [ROW | row for row in rows])


@settings(max_examples=CASES, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ODD_ROWS)
def test_any_cell_is_taken_or_told(rows):
    file = file_of(written(rows))
    batches = list(file.batches(fast=False))
    told = {p.line for batch in batches for p in batch.problems}
    lines = [line for batch in batches for line in batch.line.tolist()]
    assert len(lines) + len(told) == file.rows == len(rows)
    assert told.isdisjoint(lines)


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A file with bytes changed, cut out or put in."""
    content = bytearray(written(draw(ODD_ROWS)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(content)))
        end = at + draw(st.integers(0, 5))
        content[at:end] = draw(
            st.sampled_from([b'"', b"\r", b"\n", b",", b"\0", b"\xff", b"\n\n", b""])
        )
    return bytes(content)


def test_calls_without_anything_of_them_are_refused():
    with pytest.raises(FileRefused, match="no measure of their quality"):
        file_of(b"Call ID,Answered\r\nSSE1,TRUE\r\n")


@settings(max_examples=CASES, suppress_health_check=[HealthCheck.too_slow])
@given(content=broken())
def test_broken_bytes_never_raise_but_refuse(content):
    try:
        file = file_of(content)
        batches = list(file.batches(fast=False))
    except FileRefused:
        return
    assert sum(map(len, batches)) <= file.rows


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(content=broken())
def test_the_fast_way_gives_the_same(content):
    try:
        slow_file, fast_file = file_of(content), file_of(content)
    except FileRefused:
        return
    slow, fast = list(slow_file.batches(fast=False)), list(fast_file.batches(fast=True))
    assert [row for batch in fast for row in plain(batch)] == [
        row for batch in slow for row in plain(batch)
    ]
    assert [p for batch in fast for p in batch.problems] == [
        p for batch in slow for p in batch.problems
    ]
    assert fast_file.rows == slow_file.rows
    assert (fast_file.strange, fast_file.unread) == (
        slow_file.strange,
        slow_file.unread,
    )


@given(rows=ODD_ROWS, size=st.integers(50, 2_000))
def test_pieces_hold_every_row_once(rows, size):
    file = file_of(written(rows, lineterminator="\n"))
    lines = [
        line + chunk.line - 2
        for chunk in chunks(file._table, size=size)
        for line, _ in chunk.table.rows()
    ]
    assert lines == [line for line, _ in file._table.rows()]
