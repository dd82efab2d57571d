"""`partnerhub schedule`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from partnerhub.cli import options
from partnerhub.cli.errors import NotUnderstood
from partnerhub.cli.output import print_json, print_line, print_table, say
from partnerhub.cli.stores import read_hub
from partnerhub.cli.tables import instant

if TYPE_CHECKING:
    from pendulum import DateTime

    from partnerhub.domain.report_specs import ReportRequest
    from partnerhub.domain.schedules import Rule, Schedule
    from partnerhub.hub.schedules.schedules import ScheduleState


@click.group(
    short_help="Reports that are written again and again.",
    epilog=options.examples(
        "partnerhub schedule add weekly subscription-details --weekly mon \\",
        "  --time 06:30 --zone Europe/Paris --region all --out reports",
        "partnerhub schedule add usage calling-usage-details --monthly 1 \\",
        "  --time 02:00 --window last-month --each-region --out reports --keep 12",
        "partnerhub schedule list",
        "partnerhub run-due --watch",
    ),
)
def schedule() -> None:
    """Reports that are written again and again, each due one once.

    A schedule says what, on which days and at which local time; `partnerhub run-due`
    runs what is due. Call that from cron or a timer, or leave it running with
    --watch, in as many places as you like: the file of each due run appears once.

    A local time that the clocks skip runs right after the gap; one that they show
    twice runs once, the first time. Day 31 is the last day of a shorter month, or
    --skip-short-months.
    """


@schedule.command(
    short_help="Add a schedule.",
    epilog=options.examples(
        "partnerhub schedule add night devices --daily --time 02:30 \\",
        "  --zone America/New_York --each-region --out reports",
        "partnerhub schedule add quarter over-limit --monthly 31 --every 3 \\",
        "  --time 18:00 --start 2026-12-31 --region US --out reports",
    ),
)
@click.argument("name")
@click.argument("template")
@click.option("--daily", is_flag=True, help="Every day.")
@click.option(
    "--weekly", metavar="DAYS", help="On these days of the week: mon, or mon,thu."
)
@click.option(
    "--monthly", metavar="DAY", type=click.IntRange(1, 31), help="On this day."
)
@click.option(
    "--every",
    metavar="N",
    type=click.IntRange(min=1),
    default=1,
    help="Every N days, weeks or months, counted from --start.",
)
@click.option(
    "--skip-short-months",
    is_flag=True,
    help="Do not run in months without that day, rather than on their last.",
)
@click.option("--time", required=True, metavar="HH:MM", help="The local time.")
@click.option(
    "--zone",
    default="UTC",
    show_default=True,
    metavar="ZONE",
    help="The time zone of it, such as Europe/Paris.",
)
@click.option(
    "--start", type=options.DayType(), help="The first day.  [default: today]"
)
@click.option(
    "--since",
    type=options.DayType(),
    help="Run what was due from this day on, too.  [default: from now on]",
)
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=options.NewPathType(path_type=Path, file_okay=False),
    help="The folder of its files, made where there is none.",
)
@options.report_options
@click.option(
    "--missed",
    type=click.Choice(["once", "all"]),
    default="once",
    show_default=True,
    help="Of runs missed while nothing looked, run the newest, or each.",
)
@click.option(
    "--deliver",
    "deliveries",
    metavar="NAME",
    multiple=True,
    help="Hand each file on to what `run-due --deliver NAME=COMMAND` says.",
)
@click.option(
    "--keep", metavar="N", type=click.IntRange(min=1), help="Keep the newest N runs."
)
@click.option(
    "--keep-days",
    metavar="DAYS",
    type=click.IntRange(min=1),
    help="Keep files so many days.",
)
@options.as_json
@options.store
@click.pass_obj
def add(
    store: str,
    /,
    *,
    name: str,
    template: str,
    daily: bool,
    weekly: str | None,
    monthly: int | None,
    every: int,
    skip_short_months: bool,
    time: str,
    zone: str,
    start: dt.date | None,
    since: dt.date | None,
    out: Path,
    request: Callable[..., ReportRequest],
    missed: str,
    deliveries: tuple[str, ...],
    keep: int | None,
    keep_days: int | None,
    as_json: bool,
) -> None:
    """Add a schedule NAME for the report TEMPLATE, as `partnerhub report` knows it.

    Give one of --daily, --weekly and --monthly. A report that covers days takes a
    --window, such as last-month; without one it is the last complete week. Its day is
    that of each run, in UTC. What was due before it is added is not run, but --since.
    """
    rule = _rule(daily, weekly, monthly, every=every, skip=skip_short_months)
    with read_hub(store) as hub:
        hub.schedules.add(
            name,
            request(template=template),
            rule,
            time=time,
            to=out,
            zone=zone,
            start=start or since,
            missed=missed,
            deliveries=deliveries,
            keep=keep,
            keep_days=keep_days,
            at=since,
        )
        state = hub.schedules.get(name)
    if as_json:
        print_json(_told(state))
    else:
        print_line(f"{state.schedule.key}: {in_words(state.schedule)}")
        print_line(f"next run {instant(state.next) or 'never'}")


def _rule(
    daily: bool, weekly: str | None, monthly: int | None, *, every: int, skip: bool
) -> Rule:
    from partnerhub.domain.schedules import Daily, Monthly, ShortMonth, Weekly

    if [daily, weekly is not None, monthly is not None].count(True) != 1:
        raise NotUnderstood("give one of --daily, --weekly and --monthly")
    if monthly is not None:
        short = ShortMonth.SKIP if skip else ShortMonth.LAST_DAY
        return Monthly(day=monthly, short=short, every=every)
    if skip:
        raise NotUnderstood("--skip-short-months goes with --monthly")
    if weekly is not None:
        return Weekly(weekdays=weekly.split(","), every=every)
    return Daily(every=every)


@schedule.command("list", short_help="The schedules, and how they fare.")
@options.as_json
@options.store
@click.pass_obj
def list_schedules(store: str, /, *, as_json: bool) -> None:
    """The schedules: when each runs next, and what became of its newest run."""
    with read_hub(store) as hub:
        states = hub.schedules.list()
    if as_json:
        print_json([_told(state) for state in states])
        return
    headings = ["Schedule", "Report", "When", "Next run", "Last run", "State", "Error"]
    print_table(headings, [_row(state) for state in states])
    failing = sum(bool(state.error) for state in states)
    if failing:
        say(f"{failing} of {len(states)} schedules have trouble")


def _row(state: ScheduleState) -> tuple[str, ...]:
    kept, last = state.schedule, state.last
    return (
        kept.key,
        kept.request.template,
        in_words(kept),
        "paused" if kept.paused else instant(state.next),
        "" if last is None else instant(_local(last.slot, kept)),
        "" if last is None else last.state.value,
        state.error,
    )


def _local(slot: DateTime | None, kept: Schedule) -> DateTime | None:
    return None if slot is None else slot.in_timezone(kept.zone)


@schedule.command(short_help="Let nothing of a schedule run.")
@click.argument("name")
@options.store
@click.pass_obj
def pause(store: str, /, *, name: str) -> None:
    """Let nothing of the schedule NAME run until it is resumed."""
    with read_hub(store) as hub:
        kept = hub.schedules.pause(name)
    say(f"{kept.key} is paused")


@schedule.command(short_help="Let a paused schedule run again.")
@click.argument("name")
@options.store
@click.pass_obj
def resume(store: str, /, *, name: str) -> None:
    """Let the schedule NAME run again; what was due in the pause is not run."""
    with read_hub(store) as hub:
        hub.schedules.resume(name)
        state = hub.schedules.get(name)
    print_line(f"next run {instant(state.next) or 'never'}")


@schedule.command(short_help="Remove a schedule; its files stay.")
@click.argument("name")
@options.store
@click.pass_obj
def remove(store: str, /, *, name: str) -> None:
    """Remove the schedule NAME; its files and its history stay."""
    with read_hub(store) as hub:
        hub.schedules.remove(name)
    say(f"{name} is removed")


@schedule.command("next", short_help="The next runs of a schedule.")
@click.argument("name")
@click.option(
    "--count",
    metavar="N",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="How many.",
)
@options.as_json
@options.store
@click.pass_obj
def next_runs(store: str, /, *, name: str, count: int, as_json: bool) -> None:
    """The next runs of the schedule NAME, in its time zone."""
    with read_hub(store) as hub:
        found = hub.schedules.next_runs(name, count)
    if as_json:
        print_json([slot.isoformat() for slot in found])
    else:
        for slot in found:
            print_line(instant(slot))


@schedule.command(short_help="A schedule as a line of cron.")
@click.argument("name")
@options.as_json
@options.store
@click.pass_obj
def cron(store: str, /, *, name: str, as_json: bool) -> None:
    """When the schedule NAME runs, as cron writes it, where cron can say it.

    For those who run reports from outside; what cron does otherwise is said.
    """
    with read_hub(store) as hub:
        line = hub.schedules.cron(name)
    if as_json:
        notes = list(line.notes)
        print_json({"zone": line.zone, "cron": line.expression, "notes": notes})
        return
    print_line(f"CRON_TZ={line.zone}")
    print_line(line.expression)
    for note in line.notes:
        say(note)


def in_words(kept: Schedule, /) -> str:
    """On which days and when a schedule runs."""
    from partnerhub.domain.schedules import Daily, Monthly, ShortMonth, Weekly

    rule = kept.rule
    match rule:
        case Daily():
            days, unit = "daily", "days"
        case Weekly():
            days, unit = " ".join(rule.weekdays), "weeks"
        case Monthly():
            days, unit = f"day {rule.day}", "months"
            if rule.short is ShortMonth.SKIP:
                days += " where there is one"
    every = f", every {rule.every} {unit}" if rule.every > 1 else ""
    time = kept.time.isoformat("seconds" if kept.time.second else "minutes")
    return f"{days}{every} at {time} {kept.zone}"


def _told(state: ScheduleState) -> dict[str, Any]:
    kept, request = state.schedule, state.schedule.request
    return {
        "name": kept.key,
        "template": request.template,
        "region": request.region,
        "per_region": request.per_region,
        "window": request.window,
        "filter": request.filter,
        "when": in_words(kept),
        "start": kept.start.isoformat(),
        "missed": kept.missed.value,
        "paused": kept.paused,
        "folder": kept.folder,
        "deliveries": list(kept.deliveries),
        "keep": kept.keep,
        "keep_days": kept.keep_days,
        "next": None if state.next is None else state.next.isoformat(),
        "open": state.open,
        "last": None if state.last is None else state.last.to_dict(),
    }
