"""The command and its subcommands. What is heavy is imported when one of them runs."""

from __future__ import annotations

import io
import os
import sys
from typing import Any, Final

import click

from partnerhub import __version__
from partnerhub.cli import options
from partnerhub.cli.commands.admins import admins
from partnerhub.cli.commands.attention import attention
from partnerhub.cli.commands.calling import calling
from partnerhub.cli.commands.changes import changes
from partnerhub.cli.commands.customers import customers
from partnerhub.cli.commands.demo import demo
from partnerhub.cli.commands.explain import explain
from partnerhub.cli.commands.filters import filters
from partnerhub.cli.commands.ingest import ingest
from partnerhub.cli.commands.kpis import kpis
from partnerhub.cli.commands.moving import backup, copy, migrate
from partnerhub.cli.commands.overview import overview
from partnerhub.cli.commands.reconcile import reconcile
from partnerhub.cli.commands.region import region
from partnerhub.cli.commands.report import report
from partnerhub.cli.commands.run_due import run_due, runs
from partnerhub.cli.commands.schedule import schedule
from partnerhub.cli.commands.tag import tag
from partnerhub.cli.commands.template import template
from partnerhub.cli.commands.trend import forecast, trend
from partnerhub.cli.commands.trial import trial
from partnerhub.cli.errors import PIPE_CLOSED, silence_stdout, told_plainly

_COMMANDS: Final = (
    ingest,
    overview,
    kpis,
    trend,
    forecast,
    reconcile,
    customers,
    attention,
    changes,
    calling,
    explain,
    filters,
    tag,
    region,
    trial,
    admins,
    report,
    template,
    copy,
    backup,
    migrate,
    schedule,
    run_due,
    runs,
    demo,
)


_TOUR: Final = """What Webex Partner Hub shows, at your shell.

Take in the files that Partner Hub lets you download, then ask:

\b
  partnerhub ingest --region US "Subscription Details_a1b2_2026-11-22.csv"
  partnerhub overview                 the headline KPIs of today
  partnerhub customers                all of them, with their statuses
  partnerhub attention                who needs attention first, and why
  partnerhub explain Acme             all about one of them
  partnerhub report subscription-details --out reports

No files at hand? `partnerhub demo` makes those of a sample partner.

Each command has --help, and the reading ones --json for programs. Exit codes:
0 done; 1 done with problems, such as a bad row, or the store failed; 2 the
command was not understood, or needs something more.
"""


class _Commands(click.Group):
    """Subcommands in the order of a first visit, whose errors are told plainly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        del ctx
        return [name for command in _COMMANDS if (name := command.name)]

    def invoke(self, ctx: click.Context) -> Any:
        """Runs one of them."""
        with told_plainly():
            return super().invoke(ctx)


@click.group(cls=_Commands, commands=_COMMANDS, help=_TOUR)
@click.option(
    "--store",
    metavar="URL",
    envvar=options.STORE_VARIABLE,
    default=options.DEFAULT_STORE,
    show_default=True,
    show_envvar=True,
    help="Where the data are kept.",
)
@click.version_option(
    __version__, prog_name="partnerhub", message="%(prog)s %(version)s"
)
@click.pass_context
def app(context: click.Context, store: str) -> None:
    """The command, before one of its subcommands."""
    context.obj = store
    if os.environ.get("NO_COLOR"):
        context.color = False


def run() -> None:
    """Runs the command and exits."""
    for stream in (sys.stdout, sys.stderr):
        # No terminal or pipe is too old for the name of a customer.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="partnerhub")
    finally:
        _flush()


def _flush() -> None:
    """Writes what is left; Python would complain of a closed pipe once more."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        silence_stdout()
        sys.exit(PIPE_CLOSED)
    except OSError:
        silence_stdout()
