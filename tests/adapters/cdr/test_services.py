"""Statistics of services, and media quality, as their exports have them."""

from __future__ import annotations

import io

import numpy as np
import pytest

from partnerhub.adapters.cdr import CallingOptions, MediaFile, ServiceFile
from partnerhub.adapters.cdr.layouts import (
    AUTO_ATTENDANT_STATS,
    CALL_QUEUE_STATS,
    HUNT_GROUP_STATS,
    SERVICE_LAYOUTS,
)
from partnerhub.adapters.cdr.reading import calling_file
from partnerhub.adapters.exports import ReadOptions
from partnerhub.adapters.exports.sources import Source
from partnerhub.columns.leg_records import with_media
from partnerhub.domain.errors import DayRequired, FileRefused
from partnerhub.domain.weeks import last_complete_week
from partnerhub.kpis.calling.queues import queue_analytics
from tests.adapters.cdr.test_records import ROW, read, written

ORG = "c8b0e0d2-0000-4000-8000-000000000001"
OPTIONS = CallingOptions(
    customer=ORG, reading=ReadOptions(start="2026-11-15", end="2026-11-21")
)
QUEUES = (
    "Call Queue,Location,Phone NO.,Extension,Total Hold Time,Avg Hold Time,"
    "Total Talk Time,Avg Talk Time,Total Handle Time,Avg Handle Time,"
    "Total Wait Time,Avg Wait Time,Answered Calls,% Answered Calls,Abandoned Calls,"
    "% Abandoned Calls,Avg Abandoned Time,Total Abandoned Time,Total Calls,"
    "Calls Overflowed,Calls Timed Out,Calls Transferred,Avg No. of Agents Assigned,"
    "Avg No. of Agents Handling Calls\n"
    "Sales,Oslo,+4722000000,100,60,6,0:10:00,60,660,66,00:01:30,9,10,66.7%,3,20%,5,15,"
    "15,1,1,0,4.5,2\n"
)


def file_of(text: str, options: CallingOptions = OPTIONS, name: str = "stats.csv"):
    source = Source(file=name, opener=lambda: io.BytesIO(text.encode()))
    return calling_file(source, options)


def test_a_call_queue_export_is_read_whole():
    file = file_of(QUEUES)
    assert isinstance(file, ServiceFile)
    assert file.layout is CALL_QUEUE_STATS
    assert file.notices == ()
    stats, problems = file.read()
    assert problems == ()
    assert stats.name.tolist() == ["Sales"]
    assert stats.organization.tolist() == [ORG]
    known = {key: column.tolist()[0] for key, column in stats.values.items()}
    assert known == {
        "phone": "+4722000000",
        "extension": "100",
        "hold_s": 60,
        "mean_hold_s": 6.0,
        "talk_s": 600,
        "mean_talk_s": 60.0,
        "handle_s": 660,
        "mean_handle_s": 66.0,
        "wait_s": 90,
        "mean_wait_s": 9.0,
        "answered": 10,
        "answered_pct": 66.7,
        "abandoned": 3,
        "abandoned_pct": 20.0,
        "mean_abandoned_wait_s": 5.0,
        "abandoned_wait_s": 15,
        "calls": 15,
        "overflowed": 1,
        "timed_out": 1,
        "transferred": 0,
        "mean_agents": 4.5,
        "mean_agents_busy": 2.0,
    }
    week = last_complete_week(OPTIONS.reading.end.add(days=1))
    found = queue_analytics(stats, week, names={})
    assert (found.answer_s, found.abandoned_wait_s) == (90 / 12, 5.0)
    assert found.abandoned_ratio == 0.2


def test_a_hunt_group_export_is_in_minutes():
    columns = HUNT_GROUP_STATS.columns
    headings = ",".join(column.heading for column in columns)
    cells = {"name": "Help", "wait_s": "1.5", "answered": "4", "mean_wait_s": "0.5"}
    row = ",".join(cells.get(column.key, "") for column in columns)
    file = file_of(f"{headings}\n{row}\n")
    assert file.layout is HUNT_GROUP_STATS
    stats, _ = file.read()
    assert stats.values["wait_s"].tolist() == [90]
    assert stats.values["mean_wait_s"].tolist() == [30.0]
    assert stats.values["abandoned"].tolist() == [-1]


@pytest.mark.parametrize(
    ("layout", "width"),
    list(zip(SERVICE_LAYOUTS, (24, 17, 11), strict=True)),
    ids=lambda value: getattr(value, "key", str(value)),
)
def test_layouts_are_as_wide_as_the_exports(layout, width):
    assert len(layout.columns) == width
    headings = ",".join(column.heading for column in layout.columns)
    file = file_of(headings + "\n")
    assert file.layout is layout
    assert len(file.read()[0]) == 0
    assert AUTO_ATTENDANT_STATS in SERVICE_LAYOUTS


def test_whose_and_when_must_be_told():
    with pytest.raises(FileRefused, match="--customer"):
        file_of(QUEUES, CallingOptions())
    with pytest.raises(DayRequired):
        file_of(QUEUES, CallingOptions(customer=ORG))


def test_a_bad_cell_leaves_its_row_out():
    text = QUEUES + "Help" + "," * 18 + "many" + "," * 5 + "\nShort,row\n"
    stats, problems = file_of(text).read()
    assert len(stats) == 1
    assert [(p.line, p.column) for p in problems] == [(3, "Total Calls"), (4, "")]


MEDIA = (
    "Call ID,Caller,Audio jitter (ms),Audio latency (ms),Audio packet loss (%),"
    "Video jitter (ms),Video latency (ms),Video packet loss (%),Video duration\n"
)


def test_a_negative_measure_is_a_problem_and_other_rows_are_taken():
    text = "Call ID,Audio jitter,Audio latency\na,20,\nb,,-1\n"
    media, problems = file_of(text, name="media.csv").read()
    assert media.call_id.tolist() == ["a"]
    assert [(p.line, p.column, p.value) for p in problems] == [
        (3, "Audio latency", "-1")
    ]


def test_media_quality_joins_by_call_and_side():
    text = MEDIA + (
        "SSE1@10.0.0.1,Yes,160,100,0.5,,,,\n"
        "SSE1@10.0.0.1,No,10,100,0.5,20,200,1,00:01:00\n"
        "SSE9@10.0.0.1,No,10,100,0.5,,,,\n"
        ",No,1,1,1,,,,\n"
        "SSE1@10.0.0.1,No,much,1,1,,,,\n"
    )
    file = file_of(text, name="media.csv")
    assert isinstance(file, MediaFile)
    media, problems = file.read()
    assert [(p.line, p.column) for p in problems] == [
        (5, "Call ID"),
        (6, "Audio jitter"),
    ]
    taken = ROW | {"Report ID": "r2", "Direction": "TERMINATING"}
    other = ROW | {"Report ID": "r3", "Call ID": "SSE2"}
    (batch,) = read(written([ROW, taken, other]))
    legs = with_media(batch.records, media).legs
    assert legs.audio.tolist() == [1, 1, -1]
    assert legs.video.tolist() == [0, 1, -1]
    assert legs.video_s.tolist() == [-1, 60, -1]
    assert legs.audio_jitter_ms[:2].tolist() == [160.0, 10.0]
    assert np.isnan(legs.audio_jitter_ms[2])
    assert batch.records.legs.audio.tolist() == [-1, -1, -1]  # as it was
