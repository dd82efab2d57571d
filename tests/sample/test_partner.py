import csv
import datetime as dt
import hashlib
from collections import defaultdict

import numpy as np
import pytest

from partnerhub.adapters.exports import read_exports
from partnerhub.domain import rules
from partnerhub.domain.cells import unguard
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.layouts import (
    CALLING_USAGE_DETAILS,
    LAYOUTS,
    SUBSCRIPTION_DETAILS,
    SUBSCRIPTION_FACTS,
)
from partnerhub.domain.products import KPI_PRODUCTS
from partnerhub.domain.status import CustomerStatus, statuses
from partnerhub.sample import SamplePartner, write_subscription_details
from partnerhub.sample.names import SPECIAL_NAMES

REGIONS = ("US", "EU", "CA")


@pytest.fixture(scope="module")
def partner():
    return SamplePartner()


@pytest.fixture(scope="module")
def files(partner, tmp_path_factory):
    return partner.write_exports(tmp_path_factory.mktemp("exports"))


def rows_of(file):
    with file.path.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def digest(files):
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.path.name.encode() + file.path.read_bytes())
    return whole.hexdigest()


def test_same_arguments_give_the_same_bytes(partner, files, tmp_path):
    again = SamplePartner().write_exports(tmp_path)
    assert digest(again) == digest(files)


@pytest.mark.parametrize("other", [{"seed": 2}, {"until": dt.date(2026, 11, 15)}])
def test_other_arguments_give_other_bytes(tmp_path, other):
    one = SamplePartner(customers=10, weeks=2).write_exports(tmp_path / "one")
    two = SamplePartner(customers=10, weeks=2, **other).write_exports(tmp_path / "two")
    assert digest(one) != digest(two)


def test_a_customer_is_the_same_in_a_larger_partner(partner):
    day = partner.until
    larger = {c.id: c for c in SamplePartner(customers=9_000).at(day)}
    assert all(larger[customer.id] == customer for customer in partner.at(day))


def test_twelve_weeks_of_three_regions(partner, files):
    weekly = [file for file in files if file.layout == SUBSCRIPTION_DETAILS.key]
    assert len(weekly) == 36
    assert [file.region for file in weekly[:3]] == list(REGIONS)
    assert {file.day for file in weekly} == set(partner.days)
    assert {file.day.isoweekday() for file in weekly} == {7}
    last = [file.layout for file in files if file.day == partner.until]
    assert sorted(last) == sorted(3 * [layout.key for layout in LAYOUTS])
    assert len({file.path for file in files}) == len(files)


def test_every_special_name_is_there(files, partner):
    names = {
        unguard(row["Customer name"])
        for file in files
        if file.layout == SUBSCRIPTION_DETAILS.key and file.day == partner.until
        for row in rows_of(file)
    }
    assert set(SPECIAL_NAMES) <= names


def test_names_never_start_a_formula(files):
    for file in files:
        text = file.path.read_text(encoding="utf-8-sig")
        assert ",=Equal" not in text
        assert ";=Equal" not in text
        assert ",@home" not in text


@pytest.mark.parametrize("size", [1, 2, 10])
def test_small_partners(tmp_path, size):
    partner = SamplePartner(customers=size)
    files = partner.write_exports(tmp_path)
    assert {file.region for file in files} == set(REGIONS[:size])
    assert len(list(partner.at(partner.until))) == size


@pytest.mark.parametrize("region", REGIONS)
def test_every_status_in_every_region(partner, region):
    flags = CustomerStatus(0)
    for customer in partner.at(partner.until):
        if customer.region == region:
            flags |= statuses(customer, at=partner.until).flags
    assert flags == CustomerStatus(255)


@pytest.mark.parametrize("product", KPI_PRODUCTS)
@pytest.mark.parametrize("region", REGIONS)
def test_every_headline_kpi_in_every_region(partner, region, product):
    d = rules.day_bounds(partner.until)
    found, rates = defaultdict(int), []
    for customer in partner.at(partner.until):
        if customer.region != region:
            continue
        assigned = total = 0
        for held in customer.subscriptions:
            view = rules.with_state(rules.object_view(held), d)
            for line in held.lines:
                if line.product is not product:
                    continue
                line_view = rules.object_view(line)
                line_view.active = view.active
                found["customers"] += 1
                found["expiration"] += rules.nearing_expiration(view, d)
                found["renewal"] += rules.nearing_renewal(view, d)
                found["over"] += rules.over_limit(line_view, d)
                if view.active and line.total is not None:
                    assigned, total = assigned + line.assigned, total + line.total
        if total:
            rates.append(assigned / total)
    low = sum(np.array(rates) < min(np.quantile(rates, 0.25), 1.0))
    assert min(*found.values(), low) > 0
    assert len(found) == 4


def test_customers_and_subscriptions_come_and_go(partner):
    first = {c.id: c for c in partner.at(partner.days[0])}
    last = {c.id: c for c in partner.at(partner.until)}
    assert first.keys() - last.keys()
    assert last.keys() - first.keys()
    held = [
        (len(first[i].subscriptions), len(last[i].subscriptions))
        for i in first
        if i in last
    ]
    assert any(before > after for before, after in held)
    assert any(before < after for before, after in held)


def test_numbers_of_a_line_fit_each_other(partner):
    changed = set()
    for day in partner.days:
        for customer in partner.at(day):
            for held in customer.subscriptions:
                for line in held.lines:
                    if line.total is not None:
                        assert line.assigned >= line.used_ever >= line.used_3m
                        assert line.used_3m >= line.used_7d >= 0
                        changed.add((held.id, line.license, line.assigned))
    lines = {(held, license_) for held, license_, _ in changed}
    assert len(changed) > 1.5 * len(lines)


def test_calling_usage_adds_up(files):
    heading = {c.key: c.heading for c in CALLING_USAGE_DETAILS.columns}
    made = (
        *("internal", "toll_free", "premium", "integrated_audio", "national"),
        *("operator", "spark", "short_code", "international", "mobile"),
        *("emergency", "unknown"),
    )
    rows = [
        {key: int(row[h]) if row[h].isdigit() else None for key, h in heading.items()}
        for file in files
        if file.layout == CALLING_USAGE_DETAILS.key
        for row in rows_of(file)
    ]
    assert any(row["total_calls"] == 0 for row in rows)
    for row in rows:
        assert len(row) == 33
        legs = row["total_call_legs"]
        internal, inbound = row["total_internal_calls"], row["total_inbound_calls"]
        assert row["total_calls"] == sum(row[f"total_{kind}_calls"] for kind in made)
        assert legs == row["total_calls"] + internal + inbound
        assert legs >= row["call_legs_audio"] >= row["call_legs_video"]
        assert row["call_minutes"] >= row["call_minutes_video"]
        assert (row["total_poor_call_quality"] is None) == (legs == 0)
        assert (row["total_poor_call_quality"] or 0) <= row["call_legs_audio"]
        devices = ("desk_phone", "room_device", "other_devices")
        assert legs >= sum(row[f"call_legs_{device}"] for device in devices)
        queue = ("timed_out", "overflowed", "transferred", "abandoned")
        assert row["call_queue_total_calls"] >= sum(
            row[f"call_queue_{outcome}_calls"] for outcome in queue
        )


def test_first_week_of_the_eu_is_french(files):
    file = next(f for f in files if f.region == "EU")
    heading, first = file.path.read_bytes().decode().splitlines()[:2]
    assert heading.startswith("\ufeffDate de calcul;Nom du client;")
    assert first.startswith("06/09/2026;")
    assert ";Actif;" in first
    assert ";VRAI;" in first


def test_subscription_details_of_any_length(tmp_path):
    for rows in (1, 2, 999, 20_000):
        path = tmp_path / "many.csv"
        write_subscription_details(path, rows=rows)
        assert path.read_bytes().count(b"\r\n") == rows + 1


@pytest.mark.parametrize(
    "arguments",
    [{"customers": 0}, {"weeks": 0}, {"regions": ()}, {"regions": ("EU", "EU")}],
)
def test_arguments_are_checked(arguments):
    with pytest.raises(InvalidValue):
        SamplePartner(**arguments)
    with pytest.raises(InvalidValue):
        write_subscription_details("never.csv", rows=0)


def read(path):
    (export,) = read_exports(path)
    batches = list(export.batches())
    problems = [problem for batch in batches for problem in batch.problems]
    return export, sum(map(len, batches)), problems


def test_every_file_is_recognized_and_sound(files):
    for file in files:
        export, rows, problems = read(file.path)
        assert export.layout.key == file.layout
        assert problems == []
        # Facts that the reports carry already are left out of the facts files.
        assert (export.notices == []) == (file.layout != SUBSCRIPTION_FACTS.key)
        assert rows > 0
    assert {file.layout for file in files} == {layout.key for layout in LAYOUTS}


def test_two_rows_of_the_damaged_file_are_problems(partner, files, tmp_path):
    file = partner.write_damaged(tmp_path)
    _, rows, problems = read(file.path)
    assert rows == 8
    assert [problem.line for problem in problems] == [10, 11]
    assert [problem.column for problem in problems] == [
        "Org ID",
        "Meeting license (available)",
    ]
    whole = [
        f for f in files if (f.region, f.day, f.layout) == ("US", file.day, file.layout)
    ]
    assert rows_of(file)[:8] == rows_of(whole[0])[:8]
