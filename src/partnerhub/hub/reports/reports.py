"""The reports of a hub: built from its store, written as files."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import attrs

from partnerhub.columns.table import Table
from partnerhub.domain import layouts
from partnerhub.domain.capabilities import Capability
from partnerhub.domain.cells import CellSafety
from partnerhub.domain.layouts import Locale
from partnerhub.domain.products import Product
from partnerhub.domain.regions import parse_region
from partnerhub.domain.report_specs import Compression, FileFormat, ReportRequest
from partnerhub.hub.context import Context
from partnerhub.hub.noting import written
from partnerhub.hub.permissions import reads
from partnerhub.hub.reports.plans import Plan
from partnerhub.hub.reports.rendering import check, name_of, regions_of, render
from partnerhub.hub.reports.templates import ReportTemplates
from partnerhub.reports.files import whole_file

TEMPLATES: Final = {layout.key: layout for layout in layouts.REPORTS}
"""Key -> layout of Partner Hub's own reports."""


@attrs.frozen(kw_only=True)
class Written:
    """A report file.

    Attributes:
        path: Where it is.
        template: Key of its report, or name of its template.
        rows: How many rows it has, without the heading.
        region: The region it is of; `*` for all; None where nobody has told it.
        warning: What to know of it; blank when nothing.
        note: How fresh such reports are, for people; blank when there is nothing to
            say.
        sources: Where its numbers come from, in words, for a report that may have
            several sources.
        size: Bytes.
        checksum: SHA-256, in hexadecimal.
        safety: Whether texts that a spreadsheet would run are guarded in it.
        run: Key of the run in the history (`hub.runs`).
    """

    path: Path
    template: str
    rows: int
    region: str | None
    warning: str = ""
    note: str = ""
    sources: tuple[str, ...] = ()
    size: int = 0
    checksum: str = ""
    safety: CellSafety = CellSafety.SAFE
    run: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The same, ready for JSON."""
        return attrs.asdict(self) | {"path": str(self.path), "safety": str(self.safety)}


class Reports:
    """The reports of a hub (specification, "Reports").

    A report is one of Partner Hub's five (`subscription-details`, ...), another data
    set (`customers`, `over-limit`, ...), or a template of one's own.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    @cached_property
    def templates(self) -> ReportTemplates:
        """The partner's own templates."""
        return ReportTemplates(self._context)

    @reads(Capability.PARTNER_ANALYTICS)
    def table(
        self,
        template: str,
        start: dt.date | str | None = None,
        end: dt.date | str | None = None,
        /,
        *,
        window: str | None = None,
        region: str | None = None,
        at: dt.date | str | None = None,
        filter: str = "",  # noqa: A002 - as the template says it
        product: Product | str | None = None,
    ) -> Table:
        """A report as a table.

        Args:
            template: Key of the report, or name of a template of one's own.
            start: First day, for a report that covers days; without any day it is the
                last complete week.
            end: Last day, included.
            window: Named range in place of the two: `last-month`, `last-30-days`.
            region: A region, or `*` for all of them, which adds a column with it.
                Needed where data lie in several.
            at: The day of a report of one day; today where it is left out.
            filter: Query text: only rows of customers that it finds.
            product: Only what concerns Calling, or Meetings.

        Raises:
            NotFound: There is no such template, or region.
            InvalidValue: Days were given to a report of one day, or a product to one
                that does not tell products apart.
            RegionRequired: Data lie in several regions and none was chosen.
            FilterError: The query cannot be understood.
        """
        request = ReportRequest(
            template=template,
            start=start,
            end=end,
            window=window,
            region=region,
            at=at,
            filter=filter,
            product=product,
        )
        plan = Plan.of(self._context, request)
        return plan.table(self._context, self._context.one_region(region))

    @reads(Capability.PARTNER_ANALYTICS)
    def write(
        self,
        template: str,
        start: dt.date | str | None = None,
        end: dt.date | str | None = None,
        /,
        *,
        to: str | Path,
        window: str | None = None,
        region: str | None = None,
        at: dt.date | str | None = None,
        locale: Locale | None = None,
        safety: CellSafety = CellSafety.SAFE,
        format: FileFormat | str = FileFormat.CSV,  # noqa: A002 - as the request says
        compression: Compression | str = Compression.NONE,
        filter: str = "",  # noqa: A002 - as the template says it
        product: Product | str | None = None,
    ) -> Written:
        """Writes a report as one file, which appears whole or not at all.

        Args:
            template: Key of the report, or name of a template of one's own.
            start: First day, for a report that covers days.
            end: Last day, included.
            to: The folder, made where there is none.
            window: Named range in place of the two: `last-month`, `last-30-days`.
            region: A region, or `*` for all of them, which adds a column with it.
            at: The day of a report of one day; today where it is left out.
            locale: Language of the headings; the template's, else English.
            safety: Whether text cells that a spreadsheet would take for a formula
                are guarded, in CSV.
            format: `csv`, `parquet` or `xlsx`.
            compression: `none`, `gzip` or `zip`, for CSV.
            filter: Query text: only rows of customers that it finds.
            product: Only what concerns Calling, or Meetings.

        Raises:
            NotFound: There is no such template, or region.
            InvalidValue: Days were given to a report of one day, or a product to one
                that does not tell products apart.
            RegionRequired: Data lie in several regions and none was chosen.
            FilterError: The query cannot be understood.
            FileNotWritten: No permission, no space, or no such place.
            MissingExtra: The format needs an extra that is not installed.
        """
        request = ReportRequest(
            template=template,
            start=start,
            end=end,
            window=window,
            region=region,
            at=at,
            locale=locale,
            safety=safety,
            format=format,
            compression=compression,
            filter=filter,
            product=product,
        )
        (made,) = self.make(request, to=to)
        return made

    @reads(Capability.PARTNER_ANALYTICS)
    def make(self, request: ReportRequest, /, *, to: str | Path) -> tuple[Written, ...]:
        """Writes the files of a request: one, or with `per_region` one a region.

        Args:
            request: What is asked for.
            to: The folder, made where there is none.

        Raises:
            NotFound: There is no such template, or region.
            RegionRequired: Data lie in several regions and none was chosen.
            FileNotWritten: No permission, no space, or no such place.
        """
        check(self._context, request)
        return tuple(
            self._one(attrs.evolve(request, region=region, per_region=False), Path(to))
            for region in regions_of(self._context, request)
        )

    def _one(self, request: ReportRequest, folder: Path) -> Written:
        context = self._context
        plan = Plan.of(context, request)
        days = plan.days(context)
        exact = attrs.evolve(
            request,
            at=context.day(request.at),
            window=None,
            start=days and days[0],
            end=days and days[1],
            locale=plan.locale,
        )
        key = (
            *(str(exact.region), plan.locale, str(exact.safety)),
            *(str(exact.start), str(exact.end), exact.filter, str(exact.product)),
        )
        path = folder / name_of(context, exact, key)

        sources: tuple[str, ...] = ()

        def write() -> tuple[int, str]:
            nonlocal sources
            with whole_file(path) as file:
                filled = render(context, exact, file, name=path.name)
            sources = filled.sources
            return filled.rows, filled.warning

        run = written(context, exact, path, write, days=days)
        assert run.file is not None  # noqa: S101 - it was just written
        return Written(
            path=path,
            template=request.template,
            rows=run.file.rows or 0,
            region=_region(exact.region),
            warning=run.file.warning,
            note=plan.data.note_in(plan.locale),
            sources=sources,
            size=run.file.size,
            checksum=run.file.checksum,
            safety=request.safety,
            run=run.key,
        )


def _region(asked: str | None) -> str | None:
    return asked if asked == "*" else parse_region(asked)
