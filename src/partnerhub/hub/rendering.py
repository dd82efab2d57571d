"""One report as one file: what schedules, and repeated runs, make of a request."""

from __future__ import annotations

from typing import BinaryIO

import attrs

from partnerhub.domain.errors import InvalidValue, NotFound
from partnerhub.domain.regions import ALL, label
from partnerhub.domain.report_runs import ReportRun
from partnerhub.domain.report_specs import ReportRequest
from partnerhub.domain.weeks import Period, last_complete_week
from partnerhub.domain.windows import window_days
from partnerhub.hub.context import Context
from partnerhub.hub.reports import TEMPLATES, Reports
from partnerhub.reports.csv_writer import write_csv
from partnerhub.reports.naming import file_name


@attrs.frozen(kw_only=True)
class Rendered:
    """What a file holds.

    Attributes:
        rows: How many rows, without the heading.
        warning: What to know of it; blank when nothing.
    """

    rows: int
    warning: str = ""


def regions_of(context: Context, request: ReportRequest, /) -> tuple[str, ...]:
    """The regions of the files of a request, one a file.

    Raises:
        RegionRequired: Data lie in several regions and none was chosen.
    """
    if request.per_region:
        held = context.any_region(ALL).regions
        return tuple(map(label, held)) or (ALL,)
    return (label(context.one_region(request.region).region),)


def check(request: ReportRequest, /) -> None:
    """Refuses a request that no run could fulfil.

    Raises:
        NotFound: There is no such template.
        InvalidValue: A range of days is asked of a report of one day.
    """
    layout = TEMPLATES.get(request.template)
    if layout is None:
        why = f"there are {', '.join(TEMPLATES)}"
        raise NotFound("report template", request.template, why, choices=TEMPLATES)
    if request.window is not None and not layout.ranged:
        why = f"{layout.name} is of one day"
        raise InvalidValue("range of days for this report", request.window, why)


def days_of(context: Context, request: ReportRequest, /) -> Period | None:
    """The days that a request covers; None of a report of one day."""
    layout = TEMPLATES.get(request.template)
    if layout is None or not layout.ranged:
        return None
    if request.start is not None and request.end is not None:
        return request.start, request.end
    day = context.day(request.at)
    if request.window is not None:
        return window_days(request.window, day)
    return last_complete_week(day)


def file_of(context: Context, run: ReportRun, /) -> str:
    """The name of a scheduled run's file: the same for whoever makes it."""
    request = run.request
    layout = TEMPLATES[request.template]
    name = layout.french if request.locale == "fr" else layout.name
    return file_name(name, [run.key], context.day(request.at), suffix=request.suffix)


def render(context: Context, request: ReportRequest, file: BinaryIO, /) -> Rendered:
    """Writes a report for one region, or for all in one file.

    Raises:
        NotFound: There is no such template, or region.
        RegionRequired: Data lie in several regions and none was chosen.
        FileNotWritten: No permission, no space.
    """
    days = days_of(context, request) or (None, None)
    table = Reports(context).table(
        request.template, *days, region=request.region, at=request.at
    )
    rows = write_csv(table, file, locale=request.locale or "en", safety=request.safety)
    region = request.region or context.region
    return Rendered(rows=rows, warning="" if rows else f"no data in region {region}")
