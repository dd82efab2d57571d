"""A hub over a store: regions, days, files in, tables and reports out."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pendulum
import pytest

import partnerhub as ph
from partnerhub.domain.errors import InvalidValue, NotFound, RegionRequired
from partnerhub.domain.policies import StatusPolicy
from partnerhub.domain.status import CustomerStatus
from partnerhub.hub import Hub

from .conftest import DAY


def test_an_empty_hub_answers_everything_with_nothing(empty: ph.Hub) -> None:
    assert empty.regions == ()
    assert len(empty.customers.find()) == 0
    assert empty.kpis.overview().total_customers == 0
    assert len(empty.reports.table("subscription-details")) == 0


def test_the_regions_with_data_are_listed_in_the_specifications_order(hub) -> None:
    assert hub.regions == ("US", "CA", "EU")


@pytest.mark.parametrize(
    "call",
    [
        lambda hub: hub.kpis.overview(at=DAY),
        lambda hub: hub.reports.table("subscription-details", at=DAY),
    ],
    ids=["overview", "report"],
)
def test_kpis_and_reports_need_a_region_where_data_lie_in_several(hub, call) -> None:
    with pytest.raises(RegionRequired, match="US, CA, EU") as caught:
        call(hub)
    assert caught.value.regions == ("US", "CA", "EU")


def test_all_regions_together_are_the_sum_of_each(hub) -> None:
    everywhere = hub.kpis.overview(at=DAY, region="*")
    apart = [hub.kpis.overview(at=DAY, region=region) for region in hub.regions]
    for kpi in ("total_customers", "nearing_expiration", "low_license_assignment"):
        assert getattr(everywhere, kpi) == sum(getattr(one, kpi) for one in apart)


def test_a_kpi_opens_to_the_rows_it_counted(hub) -> None:
    found = hub.kpis.overview(region="EU", at=DAY).nearing_expiration
    assert found > 0
    assert len(set(found.rows["customer_id"])) == found
    days = found.rows["days"]
    assert ((days >= 0) & (days <= 90)).all()


def test_a_region_without_data_is_empty_and_an_unknown_one_an_error(hub) -> None:
    assert hub.kpis.overview(region="UAE", at=DAY).total_customers == 0
    with pytest.raises(NotFound, match="no region 'APA': data lie in US, CA, EU"):
        hub.kpis.overview(region="APA", at=DAY)


def test_the_customer_list_spans_all_regions_and_a_region_narrows_it(hub) -> None:
    everywhere, one = (
        hub.customers.find(at=DAY),
        hub.customers.find(at=DAY, region="EU"),
    )
    assert {customer.region for customer in everywhere} == {"US", "CA", "EU"}
    assert {customer.region for customer in one} == {"EU"}
    assert 0 < len(one) < len(everywhere)


def test_the_customer_list_is_ordered_by_name_and_ready_for_json(hub) -> None:
    found = hub.customers.find(at=DAY)
    names = [customer.name for customer in found]
    assert names == sorted(names)
    first = json.loads(json.dumps(found.to_dicts()))[0]
    assert list(first) == ["id", "name", "region", "statuses", "primary_status"]
    assert len(found.table) == len(found)


def test_all_eight_statuses_are_in_the_sample(hub) -> None:
    seen = CustomerStatus(0)
    for customer in hub.customers.find(at=DAY):
        seen |= customer.statuses
    assert seen == ~CustomerStatus(0)


def test_explain_agrees_with_the_list_for_every_customer(hub) -> None:
    for customer in list(hub.customers.find(at=DAY))[::7]:
        explained = hub.customers.explain(customer.id, at=DAY)
        assert explained.statuses.flags == customer.statuses
        assert set(explained.statuses.reasons) == set(customer.statuses)
        json.dumps(explained.to_dict())


def test_explain_finds_a_customer_by_name_in_any_case_and_by_a_part_of_it(hub) -> None:
    by_name: dict[str, list[str]] = {}
    for customer in hub.customers.find(at=DAY):
        by_name.setdefault(customer.name.casefold(), []).append(customer.id)
    name, (uuid,) = next((n, ids) for n, ids in by_name.items() if n and len(ids) == 1)
    assert hub.customers.explain(name.upper(), at=DAY).customer.id == uuid


def test_explain_names_the_candidates_where_several_have_the_name(hub) -> None:
    with pytest.raises(NotFound, match="have that name: give the id"):
        hub.customers.explain("e", at=DAY)
    with pytest.raises(NotFound, match="no customer 'Zzyzx Nobody'"):
        hub.customers.explain("Zzyzx Nobody", at=DAY)


def test_before_the_first_file_nobody_is_there(hub) -> None:
    assert len(hub.customers.find(at="2020-01-01")) == 0
    assert hub.kpis.overview(region="*", at="2020-01-01").total_customers == 0


def test_the_day_is_that_of_the_clock_where_none_is_given(sample_url) -> None:
    from partnerhub.adapters.opening import open_store

    day = pendulum.date(2026, 11, 8)
    with Hub(open_store(sample_url), clock=lambda: day) as hub:
        assert hub.customers.find().at == day
        assert hub.kpis.overview(region="*").at == day


def test_policies_change_the_statuses(sample_url) -> None:
    soon = CustomerStatus.EXPIRING_SOON
    counts = []
    for days in (0, 30, 90):
        policy = StatusPolicy(expiring_within=days)
        with ph.connect(sample_url, status_policy=policy) as hub:
            found = hub.customers.find(at=DAY)
            counts.append(sum(bool(c.statuses & soon) for c in found))
    assert counts == sorted(counts)
    assert counts[0] < counts[2]


def test_a_missing_file_stops_before_any_is_taken(empty, sample_files) -> None:
    with pytest.raises(FileNotFoundError, match=r"no such file: nowhere\.csv"):
        empty.ingest(sample_files[0].path, "nowhere.csv")
    assert empty.regions == ()


def test_a_folder_stands_for_the_files_in_it(empty, sample_files) -> None:
    report = empty.ingest(sample_files[0].path.parent, region="US")
    assert len(report.files) == len(sample_files)


@pytest.mark.parametrize(
    "template",
    [
        "subscription-details",
        "devices",
        "telephone-numbers",
        "webex-app-version",
        "calling-usage-details",
    ],
)
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_every_report_read_back_tells_the_store_nothing(
    hub, tmp_path: Path, template: str, locale
) -> None:
    written = hub.reports.write(
        template, to=tmp_path, region="EU", at=DAY, locale=locale
    )
    assert written.rows > 0
    (outcome,) = hub.ingest(written.path, region="EU")
    assert (outcome.template, outcome.problems) == (template, ())
    assert (outcome.taken, outcome.unchanged) == (0, written.rows)


def test_the_report_of_a_past_day_read_back_tells_nothing_either(hub, tmp_path) -> None:
    written = hub.reports.write(
        "subscription-details", to=tmp_path, region="US", at="2026-11-12"
    )
    (outcome,) = hub.ingest(written.path, region="US")
    assert (outcome.taken, outcome.unchanged) == (0, written.rows)


def test_a_report_of_one_day_refuses_a_range(hub, tmp_path) -> None:
    with pytest.raises(InvalidValue, match="is of one day"):
        hub.reports.write("devices", DAY, DAY, to=tmp_path, region="EU")


def test_an_unknown_template_is_named_with_the_nearest(hub, tmp_path) -> None:
    with pytest.raises(NotFound, match="did you mean 'devices'"):
        hub.reports.write("device", to=tmp_path, region="EU")


def test_a_report_of_a_region_without_data_has_headings_and_a_warning(
    hub, tmp_path
) -> None:
    written = hub.reports.write("devices", to=tmp_path, region="UAE", at=DAY)
    assert written.rows == 0
    assert "UAE" in written.warning
    assert written.path.read_text().startswith("External ID,Customer,Org ID")


def test_tables_show_themselves_in_a_notebook(hub) -> None:
    for shown in (
        hub.customers.find(at=DAY, region="EU"),
        hub.kpis.overview(region="EU", at=DAY),
        hub.reports.table("devices", region="EU", at=DAY),
    ):
        assert shown._repr_html_().startswith("<")


def test_a_date_time_becomes_its_utc_date(hub) -> None:
    late = dt.datetime(2026, 11, 21, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
    assert hub.customers.find(at=late).at == DAY


def test_a_row_is_dated_by_a_file_that_told_of_it_even_where_facts_come_later(
    empty, sample_files
) -> None:
    days = sorted({file.day for file in sample_files})
    for file in sample_files:
        if file.region == "US" and file.day in {days[0], days[-1]}:
            empty.ingest(file.path, region="US")
    between = days[0] + dt.timedelta(days=3)
    table = empty.reports.table("subscription-details", at=between)
    assert set(table["calculation_date"].astype(str)) == {str(days[0])}
