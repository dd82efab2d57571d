"""`partnerhub run-due` and `partnerhub runs`."""

from __future__ import annotations

import json
import shlex
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from partnerhub.cli import options
from partnerhub.cli.deliveries import LONGEST_S, RUN_KEY, CommandDelivery
from partnerhub.cli.errors import PROBLEMS
from partnerhub.cli.output import (
    counted,
    print_json,
    print_line,
    print_table,
    say,
    warn,
)
from partnerhub.cli.stores import read_hub
from partnerhub.cli.tables import instant

if TYPE_CHECKING:
    from partnerhub.domain.report_runs import ReportRun
    from partnerhub.hub import Hub


class DeliveryType(click.ParamType[Any]):
    """A name and the command that it stands for: `NAME=COMMAND`."""

    name = "name=command"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The name and the command."""
        name, _, command = value.partition("=")
        if not (name.strip() and command.strip()):
            self.fail(f"{value!r} is not of the form 'NAME=COMMAND'", param, ctx)
        try:
            shlex.split(command)
        except ValueError:
            self.fail(f"a quotation in {command!r} does not end", param, ctx)
        return name.strip(), command


@click.command(
    "run-due",
    short_help="Run the schedules that are due.",
    help=f"""Run the schedules that are due, or only those NAMEd.

    It runs them once and ends; with --watch it goes on until it is told to stop
    (Ctrl-C or SIGTERM), and finishes the report it is at. Any number of these may run
    at the same time, on any number of machines that share the store and the folders:
    the file of each due run appears exactly once, whole, whoever dies in between.

    A delivery is a command: it gets the file as its last argument, the facts of the
    run as JSON on its input, and the key of the run as {RUN_KEY}. It may be
    called twice for a run when a process dies at the wrong moment; the key is the
    same then. What fails is tried again, later each time, and is seen in
    `partnerhub schedule list`.
    """,
    epilog=options.examples(
        "partnerhub run-due",
        "partnerhub run-due --watch --every 60 --deliver 'mail=./send-report'",
    ),
)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--watch", is_flag=True, help="Go on, and look again and again.")
@click.option(
    "--every",
    metavar="SECONDS",
    type=click.FloatRange(min=0.1),
    default=30,
    show_default=True,
    help="How often --watch looks.",
)
@click.option(
    "--deliver",
    "deliveries",
    multiple=True,
    type=DeliveryType(),
    metavar="'NAME=COMMAND'",
    help="What a delivery of the schedules stands for; may be repeated.",
)
@click.option(
    "--delivery-limit",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    default=LONGEST_S,
    show_default=True,
    help="End a delivery that takes longer; it has failed.",
)
@options.as_json
@options.store
@click.pass_context
def run_due(
    context: click.Context,
    /,
    *,
    names: tuple[str, ...],
    watch: bool,
    every: float,
    deliveries: tuple[tuple[str, str], ...],
    delivery_limit: float,
    as_json: bool,
) -> None:
    """Runs what is due; the help is above."""
    stop = threading.Event()
    hooks = {
        name: CommandDelivery(command, longest_s=delivery_limit)
        for name, command in deliveries
    }
    told: list[ReportRun] = []

    def progress(run: ReportRun) -> None:
        if not watch:
            told.append(run)
        if not as_json:
            print_line(line_of(run))
        elif watch:
            # One object a line: nobody knows when the list would end.
            click.echo(json.dumps(run.to_dict()))
        if run.error:
            warn(f"{run.schedule}: {run.error}")

    def look(hub: Hub) -> None:
        hub.schedules.run_due(
            *names,
            deliveries=hooks,
            stopped=stop.is_set,
            progress=progress,
        )

    with read_hub(context.obj) as hub, stopping(stop):
        look(hub)
        if watch:
            _go_on(hub, look, stop, every)
    if as_json and not watch:
        print_json([run.to_dict() for run in told])
    if any(run.error for run in told):
        context.exit(PROBLEMS)


def _go_on(hub: Hub, look: Any, stop: threading.Event, every: float) -> None:
    from partnerhub.domain.errors import StoreError

    while not stop.wait(every):
        try:
            look(hub)
        except StoreError as error:
            warn(f"{error}; it is tried again")
    say("stopped")


@contextmanager
def stopping(stop: threading.Event, /) -> Iterator[None]:
    """Lets SIGINT and SIGTERM stop the work cleanly; a second one at once."""
    before: dict[int, Any] = {}

    def told(number: int, _: object) -> None:
        stop.set()
        signal.signal(number, before[number])

    for number in (signal.SIGINT, signal.SIGTERM):
        before[number] = signal.signal(number, told)
    try:
        yield
    finally:
        for caught, handler in before.items():
            signal.signal(caught, handler)


def line_of(run: ReportRun, /) -> str:
    """What became of a run, in a line."""
    when = "" if run.slot is None else f" of {instant(run.slot)}"
    what = run.state.value
    if run.file is not None:
        rows = "" if run.file.rows is None else f", {counted(run.file.rows, 'row')}"
        what = f"{what}{rows}: {run.path}"
    return f"{run.schedule or run.request.template}{when}, {run.region}: {what}"


@click.group(
    invoke_without_command=True,
    short_help="The history of reports.",
    epilog=options.examples(
        "partnerhub runs --limit 20",
        "partnerhub runs --schedule weekly --json",
        "partnerhub runs repeat 54f13760 --out again",
    ),
)
@click.option("--schedule", metavar="NAME", help="Only those of this schedule.")
@click.option("--template", metavar="TEMPLATE", help="Only those of this report.")
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="Show so many at most.",
)
@options.as_json
@options.store
@click.pass_context
def runs(
    context: click.Context,
    /,
    *,
    schedule: str | None,
    template: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """The reports that were written, by schedules and by people, the newest first."""
    if context.invoked_subcommand is not None:
        return
    with read_hub(context.obj) as hub:
        found = hub.runs.list(schedule=schedule, template=template, limit=limit)
    if as_json:
        print_json([run.to_dict() for run in found])
        return
    headings = ["Run", "Asked", "Schedule", "Report", "Region", "State", "Rows"]
    print_table([*headings, "File", "Error"], [_row(run) for run in found])


def _from_here(path: str) -> str:
    """A path as it is typed here; a file elsewhere keeps its whole path."""
    here = Path.cwd()
    inside = path and Path(path).is_relative_to(here)
    return str(Path(path).relative_to(here)) if inside else path


def _row(run: ReportRun) -> tuple[str | int | None, ...]:
    return (
        run.key[:8],
        instant(run.slot or run.asked),
        run.schedule,
        run.request.template,
        run.region,
        "removed" if run.removed is not None else run.state.value,
        None if run.file is None else run.file.rows,
        "" if run.removed is not None else _from_here(run.path),
        run.error,
    )


@runs.command(short_help="Make a run again, as of its own day.")
@click.argument("run")
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=options.NewPathType(path_type=Path, file_okay=False),
    help="The folder of the new file, made where there is none.",
)
@options.as_json
@options.store
@click.pass_obj
def repeat(store: str, /, *, run: str, out: Path, as_json: bool) -> None:
    """Make RUN again, as of its own day: its key, or the beginning of it.

    The bytes are the same if nothing was taken in since; else what was is named.
    """
    with read_hub(store) as hub:
        again = hub.runs.repeat(run, to=out)
    if as_json:
        print_json(again.to_dict())
        return
    print_line(f"{again.run.path}: {'the same' if again.same else 'other bytes'}")
    for note in again.imports:
        say(f"since then: {note.file}, {note.taken:,} of {note.rows:,} rows new")
