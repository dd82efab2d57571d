"""The catalogue names what there is, and all of it."""

from __future__ import annotations

from partnerhub import kpis
from partnerhub.columns.objects import portfolio_of
from partnerhub.columns.timeline import timeline_of
from partnerhub.kpis.catalog import Unit
from partnerhub.kpis.results import Count
from tests.kpis.test_sections import AT, DOZEN

PAGE = kpis.page(DOZEN, at=AT, product="calling")


def test_every_kpi_is_there_and_of_its_unit():
    for kpi in kpis.CATALOGUE:
        value = getattr(getattr(PAGE, kpi.part), kpi.name)
        match kpi.unit:
            case Unit.CUSTOMERS:
                assert isinstance(value, Count), kpi.key
            case Unit.LICENSES:
                assert type(value) is int, kpi.key
            case _:
                assert isinstance(value, float), kpi.key
        assert kpi.name.endswith("_ratio") == (kpi.unit is Unit.RATIO)


def test_every_kpi_of_the_page_is_in_it():
    named = {kpi.key for kpi in kpis.CATALOGUE}
    asked = {"at", "region", "product", "term", "usage"}
    for part, numbers in PAGE.to_dict().items():
        assert {f"{part}.{name}" for name in numbers.keys() - asked} <= named


def test_a_series_has_every_kpi_under_its_name():
    found = kpis.series(
        timeline_of([portfolio_of(DOZEN, at=AT)]), [AT], product="calling"
    )
    for kpi in kpis.CATALOGUE:
        expected = getattr(getattr(PAGE, kpi.part), kpi.name)
        assert found[kpi.series] == [expected], kpi.key
    headings = [column.heading for column in found.table.columns]
    assert len(headings) == len(set(headings))


def test_it_is_a_table():
    table = kpis.catalogue()
    assert len(table) == len(kpis.CATALOGUE)
    assert len(set(table["key"])) == len(table)
