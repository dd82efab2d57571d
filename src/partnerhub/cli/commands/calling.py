"""`partnerhub calling`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from partnerhub.cli import options
from partnerhub.cli.output import (
    Cell,
    Row,
    print_json,
    print_line,
    print_table,
    say,
)
from partnerhub.cli.stores import read_hub
from partnerhub.cli.tables import rows_of

if TYPE_CHECKING:
    from partnerhub.columns.table import Table
    from partnerhub.domain.weeks import Period
    from partnerhub.kpis.calling import EngagementPage, QueueAnalytics

    _Command = tuple[str, str, str, Callable[[EngagementPage], Table], int | None]

_NOT_SHOWN: Final = frozenset({"customer_id", "week_end"})
"""Columns that only `--json` has: ids, and what another column says already."""

_week = click.option(
    "--week",
    type=options.DayType(),
    help="Any day of the week, which begins on Sunday, UTC.  [default: the last one]",
)


class _Asked(NamedTuple):
    """What every command here is asked."""

    store: str
    week: dt.date | None
    at: dt.date | None
    region: str | None
    as_json: bool

    def page(self, trend_weeks: int | None = None) -> EngagementPage:
        """The page of that week; all weeks of the trend where none are told."""
        with read_hub(self.store) as hub:
            return hub.calling.engagement(
                trend_weeks=trend_weeks, week=self.week, at=self.at, region=self.region
            )


def _options(command: Callable[..., None]) -> Callable[..., None]:
    @wraps(command)
    def called(
        store: str,
        /,
        *,
        week: dt.date | None,
        at: dt.date | None,
        region: str | None,
        as_json: bool,
        **others: Any,
    ) -> None:
        command(_Asked(store, week, at, region, as_json), **others)

    made: Callable[..., None] = called
    for option in (options.store, options.as_json, options.region, options.at, _week):
        made = option(made)
    return click.pass_obj(made)


@click.group(
    short_help="Calling engagement: usage, quality, features, call queues.",
    epilog=options.examples(
        "partnerhub calling usage --region EU",
        "partnerhub calling trend --region all --week 2026-11-16",
        "partnerhub calling alerts --region all --locations",
        "partnerhub calling queues --region US --json",
    ),
)
def calling() -> None:
    """What the "Calling engagement" page shows, for any week.

    From call records where there are any, else from Calling Usage Details exports
    that cover the week exactly; what neither tells is blank. `partnerhub ingest`
    takes both, media quality, and Call Queue Stats.
    """


_TABLES: Final[tuple[_Command, ...]] = (
    (
        "usage",
        "Customers and usage, those whose usage fell first.",
        "Calls, legs, minutes and active users of each customer, and the change.",
        lambda page: page.usage,
        1,
    ),
    (
        "quality",
        "Customers and call quality, the worst first.",
        "Rated and poor legs of each customer, and its share of the week before.",
        lambda page: page.quality,
        1,
    ),
    (
        "trend",
        "Call quality of eight weeks.",
        "Rated and poor legs of eight weeks, oldest first.",
        lambda page: page.trend,
        None,
    ),
    (
        "endpoints",
        "Call quality by endpoint type.",
        "Legs and their quality on desk phones, room devices, the Webex App, others.",
        lambda page: page.endpoints,
        1,
    ),
    (
        "features",
        "Calls that used each advanced feature.",
        "Calls that used each advanced feature, and by how many customers.",
        lambda page: page.features,
        1,
    ),
)
"""Name of a command, its two helps, the table that it shows, weeks of the trend."""


def _add(
    name: str,
    short: str,
    text: str,
    table_of: Callable[[EngagementPage], Table],
    trend_weeks: int | None,
) -> None:
    @calling.command(name, short_help=short, help=text)
    @_options
    def _(asked: _Asked, /) -> None:
        page = asked.page(trend_weeks)
        _show_table(page, table_of(page), as_json=asked.as_json)


for _told in _TABLES:
    _add(*_told)


@calling.command(short_help="Customers whose call quality fell beyond chance.")
@click.option("--locations", is_flag=True, help="Look at each location by itself.")
@_options
def alerts(asked: _Asked, /, *, locations: bool) -> None:
    """Customers whose share of poor legs rose against their own eight weeks before."""
    page = asked.page()
    table = page.location_alerts if locations else page.alerts
    _show_table(page, table, as_json=asked.as_json)


@calling.command(short_help="Call queues: answer times and abandoned calls.")
@_options
def queues(asked: _Asked, /) -> None:
    """Answer time, wait before abandonment and abandoned rate, by customer and queue."""
    from partnerhub.kpis.calling import queue_notes

    with read_hub(asked.store) as hub:
        period = hub.calling.week(asked.week, at=asked.at)
        found = hub.calling.queues(week=asked.week, at=asked.at, region=asked.region)
    notes = queue_notes(period, found)
    if asked.as_json:
        told = None if found is None else _queues(found)
        print_json(_week_of(period, notes) | {"queues": told})
        return
    if found is not None:
        _show_queues(found)
    for note in notes:
        say(note)


@calling.command(short_help="The service's own statistics, in calls.")
@_options
def statistics(asked: _Asked, /) -> None:
    """Call-quality statistics that begin in the week. They count calls, not legs."""
    with read_hub(asked.store) as hub:
        table = hub.calling.statistics(
            week=asked.week, at=asked.at, region=asked.region
        )
    if asked.as_json:
        print_json({"rows": rows_of(table)})
    else:
        _show(table)
        say("these count calls; everything else counts call legs")


def _show_table(page: EngagementPage, table: Table, *, as_json: bool) -> None:
    if as_json:
        print_json(_week_of(page.week, page.notes) | {"rows": rows_of(table)})
        return
    _show(table)
    for note in page.notes:
        say(note)


def _week_of(period: Period, notes: Iterable[str]) -> dict[str, Any]:
    first, last = period
    return {
        "week": {"first": first.isoformat(), "last": last.isoformat()},
        "notes": list(notes),
    }


def _show_queues(found: QueueAnalytics) -> None:
    for label, number in (
        ("Average answer time (s)", found.answer_s),
        ("Average wait before abandonment (s)", found.abandoned_wait_s),
    ):
        print_line(f"{label}: {'' if number is None else f'{number:.1f}'}")
    print_line(f"Abandoned call rate: {_percent(found.abandoned_ratio)}")
    print_line()
    _show(found.queues)


def _queues(found: QueueAnalytics) -> dict[str, Any]:
    return {
        "calls": found.calls,
        "answer_s": found.answer_s,
        "abandoned_wait_s": found.abandoned_wait_s,
        "abandoned_ratio": found.abandoned_ratio,
        "customers": rows_of(found.customers),
        "queues": rows_of(found.queues),
    }


def _show(table: Table) -> None:
    from partnerhub.columns.values import NUMBERS

    columns = [column for column in table.columns if column.key not in _NOT_SHOWN]
    shown = table.select(column.key for column in columns)
    numbers = [place for place, each in enumerate(columns) if each.cell in NUMBERS]
    headings = [column.heading for column in columns]
    print_table(headings, list(_rows(shown)), numbers=numbers)


def _rows(table: Table) -> Iterator[Row]:
    from partnerhub.domain.layouts import CellType

    are_ratios = [column.cell is CellType.RATIO for column in table.columns]
    for row in table.rows():
        yield [
            _percent(cell) if is_ratio else _cell(cell)
            for cell, is_ratio in zip(row, are_ratios, strict=True)
        ]


def _cell(cell: Any) -> Cell:
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return f"{cell:.1f}" if isinstance(cell, float) else cell


def _percent(ratio: Any) -> Cell:
    from partnerhub.domain.cells import percent

    return None if ratio is None else percent(ratio)
