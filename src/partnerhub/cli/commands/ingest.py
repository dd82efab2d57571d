"""`partnerhub ingest`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

import partnerhub
from partnerhub.cli import options
from partnerhub.cli.errors import PROBLEMS, NotUnderstood
from partnerhub.cli.output import counted, print_json, print_line, progress, say, warn
from partnerhub.cli.stores import legs_folder, urls_of

if TYPE_CHECKING:
    from partnerhub.adapters.exports import Problem
    from partnerhub.adapters.importing import FileOutcome

SHOWN_PROBLEMS: Final = 20
"""How many problems of a file are named; `--json` has all of them."""


@click.command(
    short_help="Take in files of Partner Hub.",
    epilog=options.examples(
        'partnerhub ingest --region US "Subscription Details_a1b2_2026-11-22.csv"',
        "partnerhub ingest --region EU --map 'Seats=meetings_total' downloads/*.zip",
        "partnerhub ingest --region EU cdr-2026-11-16.csv media-2026-11-16.csv",
        "partnerhub ingest --customer c8b0e0d2-... --from 2026-11-15 \\",
        "  --to 2026-11-21 'Call Queue Stats.csv'",
    ),
)
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
)
@click.option(
    "--region",
    metavar="REGION",
    help="Where their customers' data are kept: US, CA, EU, UAE. The files do not say.",
)
@click.option(
    "--partial",
    is_flag=True,
    help="What the files leave out of a customer is still there.",
)
@click.option(
    "--as-of",
    type=options.DayType(),
    help="The day of files that tell none, in their rows or their name.",
)
@options.start
@options.end
@click.option(
    "--customer",
    metavar="ORG_ID",
    help="Whose the statistics are: of call queues and the like, of call quality.",
)
@click.option(
    "--map",
    "headings",
    multiple=True,
    type=options.HeadingType(),
    metavar="'HEADING=COLUMN'",
    help="What a heading not foreseen stands for; may be repeated.",
)
@click.option(
    "--dates",
    type=click.Choice(["auto", "dmy", "mdy"]),
    default="auto",
    show_default=True,
    help="How 03/04/2026 reads; auto is dmy unless that cannot be.",
)
@click.option("--partner", metavar="ORG_ID", help="Your own organization: no customer.")
@options.as_json
@options.store
@click.pass_context
def ingest(
    context: click.Context,
    /,
    *,
    files: tuple[Path, ...],
    region: str | None,
    partial: bool,
    as_of: dt.date | None,
    start: dt.date | None,
    end: dt.date | None,
    customer: str | None,
    headings: tuple[tuple[str, str], ...],
    dates: Literal["auto", "dmy", "mdy"],
    partner: str | None,
    as_json: bool,
) -> None:
    """Take in files that Partner Hub lets you download, and facts files.

    FILE is a CSV, JSON or Parquet file, a ZIP of them, or a folder of these. What it
    is is told from its headings, in English or French, not from its name. A bad row
    is named on stderr and left out; the others are taken. A file taken twice changes
    nothing.

    Call records (CDR) and media quality are taken too, and statistics of call
    queues, hunt groups, auto attendants and call quality. Statistics do not say
    whose they are (--customer) nor, but for call quality, of which days.

    --from and --to are the days that statistics and Calling Usage Details cover;
    without them it is the last complete week before the day of the file. For call
    records they say that these days are complete, so that no call means none.

    Records go into the store, or into the folder that PARTNERHUB_LEGS names.
    """
    from partnerhub.hub.ingest import IngestReport, files_of

    # Before the store is opened, which may make it.
    paths = list(files_of(files))
    if not paths:
        raise NotUnderstood("there is no CSV, ZIP or JSON file in these folders")
    outcomes: list[FileOutcome] = []
    told: set[str] = set()
    urls, legs = urls_of(context.obj), legs_folder()
    with partnerhub.connect(urls, partner=partner, legs=legs) as hub:
        try:
            for path in paths:
                with progress() as show:
                    report = hub.ingest(
                        path,
                        region=region,
                        partial=partial,
                        as_of=as_of,
                        start=start,
                        end=end,
                        customer=customer,
                        headings=dict(headings),
                        dates=dates,
                        progress=lambda file, rows: show(f"{file}: {rows:,} rows"),
                    )
                for outcome in report:
                    _tell(outcome, told=told, result=not as_json)
                outcomes.extend(report)
        finally:
            # Of the files before the one that failed, too.
            if as_json:
                print_json(IngestReport(tuple(outcomes)).to_dict())
    if len(outcomes) > 1 and not as_json:
        print_line(summary(outcomes))
    if any(outcome.problems for outcome in outcomes):
        context.exit(PROBLEMS)


def _tell(outcome: FileOutcome, *, told: set[str], result: bool) -> None:
    """Says what became of a file: the result on stdout, the rest on stderr.

    Args:
        outcome: What became of it.
        told: Notices already given, of whatever file; each is given once.
        result: Whether to print the result; else only the problems.
    """
    if result:
        print_line(result_line(outcome))
    for line in problem_lines(outcome):
        warn(line)
    for notice in outcome.notices if result else ():
        if notice not in told:
            say(f"{outcome.file}: {notice}")
            told.add(notice)


def result_line(outcome: FileOutcome, /) -> str:
    """What became of one file, in a line."""
    what = "refused" if outcome.refused else outcome.template
    return f"{outcome.file}: {what}, {_counts([outcome])}"


def problem_lines(outcome: FileOutcome, /) -> Iterator[str]:
    """Its problems, one a line; so many that they can be read."""
    yield from map(_problem_line, outcome.problems[:SHOWN_PROBLEMS])
    more = len(outcome.problems) - SHOWN_PROBLEMS
    if more > 0:
        yield f"{outcome.file}: and {more:,} more (see --json)"


def summary(outcomes: Sequence[FileOutcome], /) -> str:
    """What became of several files, in a line."""
    return f"{len(outcomes)} files: {_counts(outcomes)}"


def _counts(outcomes: Sequence[FileOutcome]) -> str:
    def total(of: str) -> int:
        return sum(getattr(outcome, of) for outcome in outcomes)

    text = (
        f"{counted(total('rows'), 'row')}: {total('taken'):,} taken, "
        f"{total('unchanged'):,} unchanged"
    )
    if own := total("left_out"):
        text += f", {own:,} of the partner itself"
    if problems := sum(len(outcome.problems) for outcome in outcomes):
        text += f", {counted(problems, 'problem')}"
    return text


def _problem_line(problem: Problem) -> str:
    """As compilers write it: `file:line:column: message (value)`."""
    place = [problem.file]
    if problem.line:
        place.append(str(problem.line))
    if problem.column:
        place.append(problem.column)
    value = f" ({problem.value})" if problem.value else ""
    return f"{':'.join(place)}: {problem.message}{value}"
