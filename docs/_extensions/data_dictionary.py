"""Writes the data dictionary from the layouts, so that the two cannot differ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from partnerhub.domain.layouts import LAYOUTS, Column, Layout
from partnerhub.hub.reports.data import DATA_SETS, DataSet
from partnerhub.kpis.catalog import CATALOGUE

TARGET = Path(__file__).parents[1] / "_generated" / "data-dictionary.md"


def write() -> None:
    """Writes the page that `reference/data-dictionary.md` includes."""
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text("\n".join(_page()), encoding="utf-8")


def _page() -> Iterator[str]:
    for layout in LAYOUTS:
        yield from _section(layout)
    layouts = {layout.key for layout in LAYOUTS}
    for data in DATA_SETS.values():
        if data.key not in layouts:
            yield from _section(data)
    yield from _kpis()


def _kpis() -> Iterator[str]:
    yield "## Subscription KPIs"
    yield ""
    yield "T, A and U are the total, assigned and used licenses of a license line."
    yield ""
    yield "| KPI | French | key | unit | formula | population |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for kpi in CATALOGUE:
        cells = (
            kpi.label,
            kpi.french,
            f"`{kpi.key}`",
            kpi.unit.value,
            kpi.formula,
            kpi.population,
        )
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield ""


def _section(layout: Layout | DataSet) -> Iterator[str]:
    yield f"## {layout.name}"
    yield ""
    yield f"`{layout.key}`, in French *{layout.french}*."
    yield ""
    if layout.note:
        yield f"{layout.note} *{layout.french_note}*"
        yield ""
    yield "| column | French | key | type | meaning | blank |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for column in layout.columns:
        yield _row(column)
    yield ""


def _row(column: Column) -> str:
    needed = " **required**" if column.required else ""
    cells = (
        column.heading,
        column.french,
        f"`{column.key}`{needed}",
        str(column.cell),
        column.meaning,
        column.blank,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
