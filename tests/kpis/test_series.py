"""KPI series and trends, from stores and from pictures."""

from __future__ import annotations

import datetime as dt

import pytest

import partnerhub as ph
from partnerhub import kpis
from partnerhub.columns.objects import portfolio_of
from partnerhub.columns.timeline import timeline_of
from partnerhub.domain.errors import InvalidValue
from tests.kpis.test_sections import AT, DOZEN, MEETINGS, PRO, held, organization
from tests.properties.test_series import numbers_of

WEEKS = [AT - dt.timedelta(7 * n) for n in (3, 2, 1, 0)]


def picture(week: int) -> list:
    """Two customers whose licenses grow, and one that leaves after two weeks."""
    day = WEEKS[week]
    found = [
        held("Grows", 400, -800, (PRO, 10, 2 * week, week, 1, 1), day=day),
        held("Meets", 10, -800, (MEETINGS, 5, 5, 5, 5, 5), day=day),
    ]
    if week < 2:
        found.append(held("Leaves", 400, -800, (PRO, 7, 7, 7, 7, 7), day=day))
    return found


@pytest.fixture(params=["memory:", "sqlite"])
def hub(request, tmp_path):
    url = request.param
    with ph.connect(url if url == "memory:" else f"sqlite:///{tmp_path}/h.db") as hub:
        for week in range(4):
            hub.put(*picture(week))
        yield hub


def test_a_trend_by_hand(hub):
    found = hub.kpis.trend(WEEKS[0], AT, product="calling")
    assert list(found.days) == WEEKS
    assert found["purchased"] == [17, 17, 17, 17]  # put says nothing of who left
    assert found["assigned"] == [7, 9, 11, 13]
    assert found["used"] == [7, 8, 9, 10]
    assert found.table["used"].tolist() == [7, 8, 9, 10]
    assert "Used licenses" in found._repr_html_()
    assert len(found) == 4


def test_a_trend_of_one_customer(hub):
    one = organization("Grows").id.uuid
    found = hub.kpis.trend(WEEKS[0], AT, customers=[one])
    assert found["assigned"] == [0, 2, 4, 6]


def test_customers_asked_for_keep_their_peers():
    dozen = [
        held(f"Peer{n}", 400, -800, (PRO, 100, 10 * n + 10, n, n, n)) for n in range(6)
    ]
    timeline = timeline_of([portfolio_of(dozen, at=AT)])
    asked = [organization(name).id.uuid for name in ("Peer0", "Peer5")]
    found = kpis.series(timeline, [AT], customers=asked)
    assert found["total_customers"] == [2]
    assert found["low_assignment"] == [1]
    assert found["low_unassigned"] == [90]
    assert found["purchased"] == [200]


def test_what_nobody_knows_is_none_and_not_0():
    unknown = held("Unknown", 400, -800, (PRO, 10, 4, None, None, 7))
    timeline = timeline_of([portfolio_of([unknown], at=AT)])
    assert kpis.series(timeline, [AT], only=kpis.TREND)["used"] == [None]
    assert kpis.series(timeline, [AT], only=kpis.TREND, usage="ever")["used"] == [7]
    assert kpis.series(timeline, [AT], product="meetings")["used"] == [0]


def test_a_series_is_what_the_hub_says_of_each_day(hub):
    start = WEEKS[0] - dt.timedelta(1)
    found = hub.kpis.series(start, AT, every="day")
    assert found["total_customers"][0] == 0  # before the first picture
    for day, numbers in zip(found.days, found.rows, strict=True):
        expected = numbers_of(hub.kpis.page(at=day, weekly=False))
        assert {name: numbers[name] for name in expected} == expected, day


def test_pictures_make_a_timeline_too():
    pictures = [portfolio_of(picture(n), at=day) for n, day in enumerate(WEEKS)]
    found = kpis.series(timeline_of(pictures), WEEKS)
    assert found["total_customers"] == [3, 3, 3, 3]  # one that left is still managed
    assert found["purchased"] == [22, 22, 15, 15]
    assert found["nearing_expiration"] == [1, 1, 1, 1]


def test_exclusions_narrow(hub):
    without = kpis.Exclusions(licenses=[PRO])
    assert hub.kpis.series(AT, AT, exclude=without)["purchased"] == [5]
    named = kpis.Exclusions(customers=[organization("Meets").id.uuid])
    assert hub.kpis.series(AT, AT, exclude=named)["purchased"] == [17]


def test_regions_and_tags_need_a_word():
    timeline = timeline_of([portfolio_of(DOZEN, at=AT)])
    with pytest.raises(InvalidValue, match="with_tags"):
        kpis.series(timeline, [AT], exclude=kpis.Exclusions(tags=["vip"]))
    assert kpis.series(timeline, [AT], region="EU")["total_customers"] == [0]


def test_months_are_counted_back():
    days = kpis.days_between("2026-01-31", "2026-05-31", every="month")
    assert [str(day) for day in days] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
    ]
    with pytest.raises(InvalidValue, match="day, week, month"):
        kpis.days_between("2026-01-31", "2026-05-31", every="year")
    with pytest.raises(InvalidValue, match="ends too early"):
        kpis.days_between("2026-05-31", "2026-01-31")
