"""Calling of a hub: files into a store, and what is asked of it afterwards."""

from __future__ import annotations

import json
import zipfile
from itertools import count

import attrs
import numpy as np
import pytest

import partnerhub as ph
from partnerhub.adapters.store.calls import CallReads
from partnerhub.domain.calls import EndpointType, UserKind
from partnerhub.domain.engagement_policy import EngagementPolicy, EngagementScope
from partnerhub.domain.errors import InvalidValue, RegionRequired
from partnerhub.domain.layouts import CALLING_USAGE_DETAILS, SUBSCRIPTION_DETAILS
from partnerhub.domain.quality import QualityThresholds
from partnerhub.kpis.calling import Source
from tests.calling_files import QUEUES, cdr, media, record, written
from tests.kpis.calling_legs import ACME, BOLT, FORTY
from tests.kpis.test_calling_usage_details import EXPECTED

AT = "2026-11-22"
CID = "cccccccc-0000-4000-8000-000000000003"
DEE = "dddddddd-0000-4000-8000-000000000004"
START, END = "2026-11-15", "2026-11-21"
USAGE = (
    "Customer name,Organization ID,Location,Total calls,Total call legs,"
    "Total poor call quality,Call minutes\n"
    f"Cid Ltd,{CID},Oslo,4,10,1,50\n"
    f"Bolt,{BOLT},Oslo,99,99,99,99\n"
)
HELD = {
    "calculation_date": "2026-11-20",
    "customer_name": "Silent",
    "org_id": DEE,
    "status": "Active",
    "subscription_id": "Sub1",
    "calling_professional_total": "10",
    "calling_professional_assigned": "5",
}
LICENSES = "\n".join(
    ",".join(cells)
    for cells in (
        [column.heading for column in SUBSCRIPTION_DETAILS.columns],
        [HELD.get(column.key, "") for column in SUBSCRIPTION_DETAILS.columns],
    )
)
QUALITY = {
    "startTime": "2026-11-15T00:00:00Z",
    "endTime": "2026-11-22T00:00:00Z",
    "metrics": {
        "totalCalls": 100,
        "totalCallsWithMedia": 80,
        "totalGoodQualityCallsWithMedia": 60,
    },
}


@pytest.fixture(params=["memory:", "sqlite:///"])
def url(request, tmp_path):
    """A new store each time it is asked for."""
    numbers = count()

    def make() -> str:
        name = tmp_path / f"hub {next(numbers)}.db"
        return request.param + (str(name) if request.param != "memory:" else "")

    return make


@pytest.fixture
def hub(url):
    with ph.connect(url()) as hub:
        yield hub


@pytest.fixture
def take(tmp_path, hub):
    """Writes a file and takes it in."""

    def take(name, content, **options):
        path = tmp_path / name
        if isinstance(content, str):
            path.write_text(content, "utf-8")
        else:
            path.write_bytes(content)
        (outcome,) = hub.ingest(path, region="US", **options)
        return outcome

    return take


def rows(usage):
    return {
        (who, place): {key: int(column[at]) for key, column in usage.counts.items()}
        for at, (who, place) in enumerate(
            zip(usage.organization.tolist(), usage.location.tolist(), strict=True)
        )
    }


def details(hub, **options):
    """What the range has, without the columns that only statistics tell."""
    found = rows(hub.calling.details(START, END, **options).usage)
    keys = EXPECTED[ACME, "Oslo"]
    return {
        place: {k: v for k, v in n.items() if k in keys} for place, n in found.items()
    }


# --- call records ---------------------------------------------------------------------


@pytest.mark.parametrize("media_first", [True, False])
def test_forty_legs_from_files_give_the_numbers_counted_by_hand(take, hub, media_first):
    files = [("cdr.csv", cdr(FORTY)), ("media.csv", media(FORTY))]
    for name, content in reversed(files) if media_first else files:
        outcome = take(name, content)
        assert (outcome.problems, outcome.unchanged) == ((), 0)
        waits = any("loaded yet" in notice for notice in outcome.notices)
        assert waits == (media_first and name == "media.csv")
    assert details(hub) == EXPECTED
    page = hub.calling.engagement(at=AT)
    assert [row[:6] for row in page.usage.rows()] == [
        (BOLT, BOLT, 2, 3, 3, 2),
        (ACME, ACME, 14, 22, 19, 3),
    ]
    assert page.trend["poor"].tolist() == [-1] * 6 + [2, 2]
    assert page.endpoints["rated"].tolist()[:3] == [5, 1, 1]
    assert [row[2:5] for row in page.quality.rows()] == [(22, 6, 2), (3, 1, 0)]
    assert (
        dict(zip(page.features["feature"], page.features["calls"], strict=True))[
            "Call queue"
        ]
        == 2
    )
    assert "2 customers from call records" in page.notes


def test_taking_files_again_changes_nothing(take, hub):
    for again in (False, True):
        for name, content in (("cdr.csv", cdr(FORTY)), ("media.csv", media(FORTY))):
            outcome = take(name, content)
            assert (outcome.taken == 0) == again
            assert outcome.taken + outcome.unchanged == outcome.rows
        assert details(hub) == EXPECTED


def test_a_corrected_record_wins_and_an_older_one_does_not(take, hub):
    take("cdr.csv", cdr(FORTY, minute=1))
    take("media.csv", media(FORTY))
    longer = [attrs.evolve(leg, duration_s=6000) for leg in FORTY[:3]]
    assert take("older.csv", cdr(longer, minute=0)).taken == 0
    assert details(hub) == EXPECTED
    assert take("newer.csv", cdr(longer, minute=2)).taken == 3
    found = details(hub)[ACME, "Oslo"]
    assert found["call_minutes"] == (1138 - 149 + 3 * 6000 + 30) // 60
    # The quality that was known of the calls stays with them.
    assert found["total_poor_call_quality"] == 2


def test_of_records_written_at_once_the_first_counts_however_files_are_cut(take, hub):
    leg = FORTY[0]
    longer = attrs.evolve(leg, duration_s=600)
    next_day = attrs.evolve(leg, start=leg.start.replace(day=17))
    for name, legs in (("one", (leg, longer)), ("two", (longer, leg))):
        take(f"{name}.csv", written(record(0, each) for each in legs))
    assert hub.calling.usage(at=AT)["minutes"].tolist() == [1]
    # A call that is told to begin on another day is another record.
    rows = written(record(1, each) for each in (leg, next_day))
    assert take("days.csv", rows).taken == 2
    assert take("day.csv", written([record(1, next_day)])).taken == 0


@pytest.mark.parametrize("order", [1, -1])
def test_any_cut_and_order_of_files_gives_the_same(take, hub, order):
    parts = [(n, FORTY[n : n + 9]) for n in range(0, 40, 9)]
    for first, legs in parts[::order]:
        take(f"part {first}.csv", cdr(legs, first=first))
    take("media.csv", media(FORTY))
    assert details(hub) == EXPECTED


def test_json_lines_zip_and_parquet_are_taken_alike(take, hub, tmp_path):
    records = [record(number, leg) for number, leg in enumerate(FORTY)]
    lines = "\n".join(map(json.dumps, records[:10]))
    take("a.jsonl", lines)
    take("b.json", json.dumps({"items": records[10:20]}))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("c.csv", written(records[20:30]))
    hub.ingest(tmp_path / "c.zip", region="US")
    polars = pytest.importorskip("polars")
    polars.DataFrame(records[30:]).write_parquet(tmp_path / "d.parquet")
    (outcome,) = hub.ingest(tmp_path / "d.parquet", region="US")
    assert (outcome.template, outcome.taken) == ("call-records", 10)
    take("media.csv", media(FORTY))
    assert details(hub) == EXPECTED


def test_a_bad_row_is_named_and_the_others_are_taken(take, hub):
    rows = [record(number, leg) for number, leg in enumerate(FORTY)]
    rows[3]["Start time"] = "yesterday"
    rows[7]["Call type"] = "SIP_MARS"
    outcome = take("cdr.csv", written(rows))
    (problem,) = outcome.problems
    assert str(problem) == (
        "no time; write it as 2026-11-16T09:00:00.000Z ('yesterday') "
        "@ cdr.csv:5:Start time"
    )
    assert (outcome.rows, outcome.taken) == (40, 39)
    assert any("SIP_MARS" in notice for notice in outcome.notices)


@pytest.mark.parametrize("shape", ["lines", "answer"])
def test_a_torn_record_of_a_feed_is_named_and_the_others_are_taken(take, hub, shape):
    feed = [json.dumps(record(number, leg)) for number, leg in enumerate(FORTY)]
    feed[7] = feed[7][:100]
    begin, between, end = (
        ("", "\n", "") if shape == "lines" else ('{"items":[', ",", "]}")
    )
    outcome = take("feed.json", begin + between.join(feed) + end)
    assert (outcome.rows, outcome.taken) == (40, 39)
    (problem,) = outcome.problems
    assert (problem.line, problem.message.partition(":")[0]) == (8, "torn JSON")


def test_records_of_the_partner_itself_and_of_another_region_are_left_out(
    url, tmp_path
):
    path = tmp_path / "cdr.csv"
    path.write_text(cdr(FORTY), "utf-8")
    ours = sum(leg.organization == BOLT for leg in FORTY)
    with ph.connect(url(), partner=BOLT) as hub:
        (outcome,) = hub.ingest(path, region="US")
        assert (outcome.left_out, outcome.taken) == (ours, 40 - ours)
        (outcome,) = hub.ingest(path, region="EU")
        assert outcome.taken == 0
        assert len(outcome.problems) == 40 - ours
        assert "lies in region US" in outcome.problems[0].message
        assert len(hub.calling.usage(region="EU", at=AT)) == 0


# --- two sources, one result --------------------------------------------------------------


def test_each_customer_has_its_best_source(take, hub):
    take("Calling Usage Details_a_2026-11-22.csv", USAGE)
    take("Subscription Details_a_2026-11-20.csv", LICENSES)
    page = hub.calling.engagement(at=AT)
    table = {row[0]: row for row in page.usage.rows()}
    assert table["Cid Ltd"][2:6] == (4, 10, 50, None)
    # An active Calling line, and no call data: blank, and not 0.
    assert table["Silent"][2:6] == (None, None, None, None)
    assert page.notes[1:] == (
        "2 customers from usage details exports",
        "1 customers without call data of that week",
        "no call queue statistics",
    )

    take("cdr.csv", cdr(FORTY))
    take("media.csv", media(FORTY))
    table = {row[0]: row for row in hub.calling.usage(at=AT).rows()}
    assert table["Bolt"][2:6] == (2, 3, 3, 2)
    assert table["Cid Ltd"][2:6] == (4, 10, 50, None)
    assert (table["Bolt"][-1], table["Cid Ltd"][-1]) == (
        "call records",
        "usage details exports",
    )
    both = hub.calling.details(START, END)
    assert both.source == {
        ACME: Source.RECORDS,
        BOLT: Source.RECORDS,
        CID: Source.EXPORTS,
    }
    assert details(hub) == EXPECTED | {
        (CID, "Oslo"): dict.fromkeys(EXPECTED[ACME, "Oslo"], -1)
        | {
            "total_calls": 4,
            "total_call_legs": 10,
            "total_poor_call_quality": 1,
            "call_minutes": 50,
        }
    }
    report = hub.reports.table("calling-usage-details", START, END)
    assert report.columns[:33] == CALLING_USAGE_DETAILS.columns
    assert len(report) == 5
    assert report["total_calls"].sum() == 4 + 14 + 2


@pytest.mark.parametrize("kind", [UserKind.CALL_QUEUE, UserKind.USER])
def test_records_that_do_not_count_are_a_source_all_the_same(url, tmp_path, kind):
    """Else the page would show exports where the report shows records."""
    leg = attrs.evolve(FORTY[0], endpoint=EndpointType.ANALOG, user_kind=kind)
    policy = EngagementPolicy(scope=EngagementScope(excluded_from="all"))
    with ph.connect(url(), engagement_policy=policy) as hub:
        for name, content in (("cdr.csv", cdr([leg])), ("usage.csv", USAGE)):
            path = tmp_path / name
            path.write_text(content.replace(CID, ACME), "utf-8")
            hub.ingest(path, region="US", start=START, end=END)
        page, details = hub.calling.engagement(at=AT), hub.calling.details(START, END)
    row = page.facts.organization.tolist().index(ACME)
    assert page.facts.source[row].tolist() == [0] * 8 + [Source.RECORDS]
    assert page.facts.last("legs")[row] == 0
    assert details.source[ACME] is Source.RECORDS


def test_daily_exports_that_tile_a_week_are_one(take, hub):
    for day in range(15, 22):
        on = f"2026-11-{day}"
        take(
            f"day {day}.csv",
            USAGE.replace(",4,10,1,50", f",{day},10,1,5"),
            start=on,
            end=on,
        )
    found = hub.calling.usage(at=AT)
    assert found["calls"][found["customer_id"] == CID].tolist() == [sum(range(15, 22))]
    assert (
        rows(hub.calling.details("2026-11-15", "2026-11-16").usage)[CID, "Oslo"][
            "total_calls"
        ]
        == 31
    )


def test_a_customer_without_a_call_is_0_where_its_week_was_loaded(take, hub):
    take("Subscription Details_a_2026-11-20.csv", LICENSES)
    take("cdr.csv", cdr(FORTY), customer=DEE, start=START, end=END)
    table = {row[0]: row for row in hub.calling.usage(at=AT).rows()}
    assert table["Silent"][2:6] == (0, 0, 0, 0)
    assert hub.calling.details(START, END).source[DEE] is Source.RECORDS
    # Not of the week before, which nobody loaded.
    table = {row[0]: row for row in hub.calling.usage(week="2026-11-10").rows()}
    assert DEE not in table


# --- statistics -------------------------------------------------------------------------


def test_queue_statistics_fill_the_page_and_the_report(take, hub):
    take("cdr.csv", cdr(FORTY))
    outcome = take("queues.csv", QUEUES, customer=ACME, start=START, end=END)
    assert (outcome.template, outcome.taken) == ("call-queue-stats", 2)
    assert take("q2.csv", QUEUES, customer=ACME, start=START, end=END).unchanged == 2
    queues = hub.calling.queues(at=AT)
    assert (queues.calls, queues.answer_s) == (12, 230 / 9)
    assert (queues.abandoned_wait_s, queues.abandoned_ratio) == (130 / 3, 3 / 12)
    assert len(queues.queues_of(ACME)) == 2
    report = hub.reports.table("calling-usage-details", START, END)
    oslo = (report["org_id"] == ACME) & (report["location"] == "Oslo")
    for key, number in (
        ("call_queue_timed_out_calls", 2),
        ("call_queue_overflowed_calls", 1),
        ("call_queue_transferred_calls", 3),
        ("call_queue_abandoned_calls", 2),
    ):
        assert report[key][oslo].tolist() == [number]
    assert report["call_queue_abandoned_calls"][report["org_id"] == BOLT].tolist() == [
        -1
    ]
    assert hub.calling.queues(week="2026-11-10") is None


def test_statistics_do_not_say_whose_they_are(take):
    outcome = take("queues.csv", QUEUES, start=START, end=END)
    assert outcome.refused
    assert "--customer" in outcome.problems[0].message
    outcome = take("queues.csv", QUEUES, customer=ACME)
    assert "--from" in outcome.problems[0].message


def test_hunt_groups_and_auto_attendants_are_kept_too(take, hub):
    hunt = "Hunt Group,Location,Calls Answered,Calls Abandoned,Total Wait Mins\nA,Oslo,3,1,2\n"
    attendant = (
        "Auto Attendant,Location,Total Calls,Answered,Unanswered,Busy\nB,Rome,9,7,1,1\n"
    )
    for name, content in (
        ("hunt-group-stats", hunt),
        ("auto-attendant-stats", attendant),
    ):
        outcome = take(f"{name}.csv", content, customer=ACME, start=START, end=END)
        assert (outcome.template, outcome.taken) == (name, 1)
    store = hub._context.store
    days = np.datetime64(START).item(), np.datetime64(END).item()
    assert store.service_stats("hunt-group-stats", *days).column("wait_s").tolist() == [
        120
    ]
    assert store.service_stats("auto-attendant-stats", *days).column(
        "busy"
    ).tolist() == [1]


def test_the_services_own_statistics_are_calls_and_kept_apart(take, hub):
    outcome = take("stats.json", json.dumps(QUALITY), customer=ACME)
    assert (outcome.template, outcome.taken) == ("call-quality-statistics", 1)
    assert take("again.json", json.dumps(QUALITY), customer=ACME).unchanged == 1
    assert take("stats.json", json.dumps(QUALITY)).refused
    table = hub.calling.statistics(at=AT)
    assert next(table.rows())[5:9] == (100, 80, 60, 0.25)
    assert hub.calling.quality(at=AT)["rated"].sum() <= 0
    assert len(hub.calling.statistics(week="2026-11-10")) == 0


# --- asking -----------------------------------------------------------------------------


def test_a_week_is_named_by_any_of_its_days(take, hub):
    take("cdr.csv", cdr(FORTY))
    week = hub.calling.engagement(week="2026-11-15").week
    assert week == hub.calling.engagement(week="2026-11-21").week
    assert week == hub.calling.engagement(at=AT).week
    assert hub.calling.engagement(week=AT).week[0].day == 22
    with pytest.raises(InvalidValue, match="week"):
        hub.calling.usage(week=AT, at=AT)
    with pytest.raises(InvalidValue):
        hub.calling.details(END, START)


@pytest.mark.parametrize("day", ["0001-01-03", "9999-12-31"])
def test_a_week_too_far_away_is_no_week(hub, day):
    for options in ({"week": day}, {"at": day}):
        with pytest.raises(InvalidValue, match="too far away"):
            hub.calling.usage(**options)
    assert not hub.calling.details("0001-01-01", "9999-12-31").usage


def test_a_table_reads_the_weeks_it_shows_and_once(take, hub, monkeypatch):
    take("cdr.csv", cdr(FORTY))
    asked, legs = [], CallReads.legs

    def told(store, first, last, scope):
        asked.append((last - first).days + 1)
        return legs(store, first, last, scope)

    monkeypatch.setattr(CallReads, "legs", told)
    assert hub.calling.queues(at=AT) is None
    for table in ("usage", "quality", "endpoints", "features"):
        assert len(getattr(hub.calling, table)(at=AT))
    assert asked == [14]
    for table in ("trend", "alerts", "engagement", "usage"):
        getattr(hub.calling, table)(at=AT)
    assert asked == [14, 63]
    assert len(hub.calling.engagement(trend_weeks=1, at=AT).trend) == 1
    take("more.csv", cdr(FORTY[:1], first=999))
    assert hub.calling.usage(at=AT)["legs"].sum() == 26
    assert asked == [14, 63, 14]


def test_a_region_is_needed_where_data_lie_in_several(hub, tmp_path):
    for region, part in (("US", FORTY[:32]), ("EU", FORTY[30:])):
        legs = [leg for leg in part if (leg.organization == ACME) == (region == "US")]
        path = tmp_path / f"{region}.csv"
        path.write_text(cdr(legs, first=100 * len(region + part[0].location)), "utf-8")
        hub.ingest(path, region=region)
    with pytest.raises(RegionRequired):
        hub.calling.usage(at=AT)
    assert hub.calling.usage(region="EU", at=AT)["customer_id"].tolist() == [BOLT]
    assert len(hub.calling.usage(region="*", at=AT)) == 2
    assert len(hub.reports.table("calling-usage-details", START, END, region="EU")) == 1


def test_what_is_poor_is_policy(url, tmp_path):
    policy = EngagementPolicy(thresholds=QualityThresholds(inclusive=True))
    with ph.connect(url(), engagement_policy=policy) as hub:
        for name, content in (("cdr.csv", cdr(FORTY)), ("media.csv", media(FORTY))):
            path = tmp_path / name
            path.write_text(content, "utf-8")
            hub.ingest(path, region="US")
        assert details(hub)[ACME, "Oslo"]["total_poor_call_quality"] == 3
        assert hub.calling.trend(at=AT)["poor"][-1] == 3


def test_alerts_name_who_got_worse(take, hub):
    good = next(leg for leg in FORTY if leg.audio_jitter_ms == 20.0 and not leg.video)
    poor = attrs.evolve(good, audio_jitter_ms=200.0)
    before = good.start.replace(day=9)
    legs = [good] * 70 + [poor] * 30
    legs += [attrs.evolve(leg, start=before) for leg in [good] * 90 + [poor] * 10]
    take("cdr.csv", cdr(legs))
    take("media.csv", media(legs))
    assert hub.calling.alerts(at=AT)["customer_id"].tolist() == [ACME]
    assert hub.calling.alerts(locations=True, at=AT)["location"].tolist() == ["Oslo"]
