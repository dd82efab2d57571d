"""One report as one file: what people, schedules and repeated runs make of a request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

import attrs

from partnerhub.domain.regions import ALL, RegionChoice, label
from partnerhub.domain.report_runs import ReportRun
from partnerhub.domain.report_specs import Compression, ReportRequest
from partnerhub.domain.weeks import Period
from partnerhub.hub.context import Context
from partnerhub.hub.customers.querying import filter_of
from partnerhub.hub.reports.plans import Plan
from partnerhub.reports.naming import file_name
from partnerhub.reports.writing import write_tables


@attrs.frozen(kw_only=True)
class Rendered:
    """What a file holds.

    Attributes:
        rows: How many rows, without the heading.
        warning: What to know of it; blank when nothing.
        sources: Where its numbers come from, in words.
    """

    rows: int
    warning: str = ""
    sources: tuple[str, ...] = ()


def regions_of(context: Context, request: ReportRequest, /) -> tuple[str, ...]:
    """The regions of the files of a request, one a file.

    Raises:
        RegionRequired: Data lie in several regions and none was chosen.
    """
    if request.per_region:
        held = context.any_region(ALL).regions
        return tuple(map(label, held)) or (ALL,)
    return (label(context.one_region(request.region).region),)


def check(context: Context, request: ReportRequest, /) -> None:
    """Refuses a request that no run could fulfil.

    Raises:
        NotFound: There is no such template.
        InvalidValue: A range of days is asked of a report of one day, or a product of
            one that knows none.
        FilterError: The query, or the template's, names a filter that is not saved.
    """
    for query in Plan.of(context, request).queries:
        filter_of(context, query)


def days_of(context: Context, request: ReportRequest, /) -> Period | None:
    """The days that a request covers; None of a report of one day."""
    return Plan.of(context, request).days(context)


def file_of(context: Context, run: ReportRun, /) -> str:
    """The name of a scheduled run's file: the same for whoever makes it."""
    return name_of(context, run.request, [run.key])


def name_of(context: Context, request: ReportRequest, key: Iterable[str], /) -> str:
    """The name of a file: the template's name, what tells it apart, and its day."""
    day = context.day(request.at)
    plan = Plan.of(context, request)
    return file_name(plan.name, key, day, suffix=request.suffix)


def render(
    context: Context, request: ReportRequest, file: BinaryIO, /, *, name: str
) -> Rendered:
    """Writes a report for one region, or for all in one file.

    Args:
        context: The hub.
        request: What is written.
        file: Where to.
        name: The file's name when it was first made, which the one inside a ZIP has
            too.

    Raises:
        NotFound: There is no such template, or region.
        RegionRequired: Data lie in several regions and none was chosen.
        FileNotWritten: No permission, no space.
        MissingExtra: The format needs an extra that is not installed.
    """
    plan, choice = Plan.of(context, request), context.one_region(request.region)
    unpacked = attrs.evolve(request, compression=Compression.NONE)
    table = plan.table(context, choice)
    filled = write_tables(
        [table],
        file,
        format=request.format,
        compression=request.compression,
        locale=plan.locale,
        safety=request.safety,
        title=plan.name,
        member=name.removesuffix(request.suffix) + unpacked.suffix,
        day=context.day(request.at),
    )
    return Rendered(
        rows=filled.rows,
        warning=_warning(plan, choice, filled.rows, filled.cut),
        sources=table.notes,
    )


def _warning(plan: Plan, choice: RegionChoice, rows: int, cut: int) -> str:
    if not rows:
        where = (
            "any region" if choice.region == ALL else f"region {label(choice.region)}"
        )
        found = " of customers that the filter finds" if plan.queries else ""
        return f"no data in {where}{found}"
    if cut:
        return f"{cut} texts are cut, since a cell holds 32,767 characters"
    return ""
