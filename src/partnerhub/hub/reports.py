"""The reports of a hub: built from its store, written as files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import attrs
import pendulum

from partnerhub.columns.datasets import APP_VERSIONS, DEVICES, NUMBERS, Dataset
from partnerhub.columns.table import Table
from partnerhub.domain import layouts
from partnerhub.domain.capabilities import Capability
from partnerhub.domain.cells import CellSafety
from partnerhub.domain.days import as_day
from partnerhub.domain.errors import InvalidValue, NotFound
from partnerhub.domain.layouts import Layout, Locale
from partnerhub.domain.regions import RegionChoice, label
from partnerhub.domain.report_specs import ReportRequest
from partnerhub.domain.weeks import last_complete_week
from partnerhub.hub.calling import calling_details
from partnerhub.hub.context import Context, scope_of
from partnerhub.hub.noting import written
from partnerhub.hub.permissions import reads
from partnerhub.reports.csv_writer import write_csv
from partnerhub.reports.files import whole_file
from partnerhub.reports.inventories import inventory_table
from partnerhub.reports.naming import file_name
from partnerhub.reports.subscription_details import subscription_details
from partnerhub.reports.usage_details import usage_details

TEMPLATES: Final = {layout.key: layout for layout in layouts.REPORTS}
"""Key -> layout of the reports that can be written."""

_INVENTORIES: Final[dict[str, Dataset]] = {
    layouts.DEVICES.key: DEVICES,
    layouts.TELEPHONE_NUMBERS.key: NUMBERS,
    layouts.WEBEX_APP_VERSION.key: APP_VERSIONS,
}


@attrs.frozen(kw_only=True)
class Written:
    """A report file.

    Attributes:
        path: Where it is.
        template: Key of its template.
        rows: How many rows it has, without the heading.
        region: The region it is of; `*` for all.
        warning: What to know of it; blank when nothing.
    """

    path: Path
    template: str
    rows: int
    region: str | None
    warning: str = ""


class Reports:
    """The reports of a hub (specification, "Reports")."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @reads(Capability.PARTNER_ANALYTICS)
    def table(
        self,
        template: str,
        start: dt.date | str | None = None,
        end: dt.date | str | None = None,
        /,
        *,
        region: str | None = None,
        at: dt.date | str | None = None,
    ) -> Table:
        """A report as a table.

        Args:
            template: Key of the report: `subscription-details`, ...
            start: First day, for a report that covers days.
            end: Last day, included.
            region: A region, or `*` for all of them. Needed where data lie in several.
            at: The day of a report of one day; today where it is left out.

        Raises:
            NotFound: There is no such template, or region.
            InvalidValue: Days were given to a report of one day.
            RegionRequired: Data lie in several regions and none was chosen.
        """
        choice = self._context.one_region(region)
        return self._table(_template(template), choice, start, end, at)

    @reads(Capability.PARTNER_ANALYTICS)
    def write(
        self,
        template: str,
        start: dt.date | str | None = None,
        end: dt.date | str | None = None,
        /,
        *,
        to: str | Path,
        region: str | None = None,
        at: dt.date | str | None = None,
        locale: Locale = "en",
        safety: CellSafety = CellSafety.SAFE,
    ) -> Written:
        """Writes a report as a CSV file, which appears whole or not at all.

        Args:
            template: Key of the report.
            start: First day, for a report that covers days.
            end: Last day, included.
            to: The folder, made where there is none.
            region: A region, or `*` for all of them.
            at: The day of a report of one day; today where it is left out.
            locale: Language of the headings.
            safety: Whether text cells that a spreadsheet would take for a formula
                are guarded.

        Raises:
            NotFound: There is no such template, or region.
            RegionRequired: Data lie in several regions and none was chosen.
            FileNotWritten: No permission, no space, or no such place.
        """
        layout = _template(template)
        choice = self._context.one_region(region)
        table = self._table(layout, choice, start, end, at)
        day = self._context.day(at)
        name = layout.french if locale == "fr" else layout.name
        key = (label(choice.region), locale, str(safety), str(start), str(end))
        path = Path(to) / file_name(name, key, day)
        days = _days(start, end, day) if layout.ranged else None

        def write() -> tuple[int, str]:
            with whole_file(path) as file:
                rows = write_csv(table, file, locale=locale, safety=safety)
            return rows, "" if rows else f"no data in region {label(choice.region)}"

        request = ReportRequest(
            template=layout.key,
            start=days and days[0],
            end=days and days[1],
            region=label(choice.region),
            at=day,
            locale=locale,
            safety=safety,
        )
        run = written(self._context, request, path, write, days=days)
        rows, warning = (run.file.rows or 0, run.file.warning) if run.file else (0, "")
        return Written(
            path=path,
            template=layout.key,
            rows=rows,
            region=choice.region,
            warning=warning,
        )

    def _table(
        self,
        layout: Layout,
        choice: RegionChoice,
        start: dt.date | str | None,
        end: dt.date | str | None,
        at: dt.date | str | None,
    ) -> Table:
        context, day, scope = self._context, self._context.day(at), scope_of(choice)
        if layout.ranged:
            first, last = _days(start, end, day)
            usage = calling_details(context, first, last, choice).usage
            return usage_details(usage, context.portfolio(last, choice).customers)
        if start is not None or end is not None:
            raise InvalidValue(
                "range of days for this report",
                f"{start}..{end}",
                f"{layout.name} is of one day: give `at=`",
            )
        dataset = _INVENTORIES.get(layout.key)
        if dataset is not None:
            return inventory_table(context.store.inventory(dataset, day, scope))
        return subscription_details(context.portfolio(day, choice))


def _template(key: str) -> Layout:
    layout = TEMPLATES.get(key)
    if layout is None:
        why = f"there are {', '.join(TEMPLATES)}"
        raise NotFound("report template", key, why, choices=TEMPLATES)
    return layout


def _days(
    start: dt.date | str | None, end: dt.date | str | None, day: pendulum.Date
) -> tuple[pendulum.Date, pendulum.Date]:
    """The days of a report; the last complete week where none are given."""
    if start is None and end is None:
        return last_complete_week(day)
    if start is None or end is None:
        raise InvalidValue("range of days", f"{start}..{end}", "give both ends")
    first, last = as_day(start), as_day(end)
    if last < first:
        raise InvalidValue("range of days", f"{first}..{last}", "it ends too early")
    return first, last
