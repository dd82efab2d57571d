"""`partnerhub report`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from partnerhub.cli import options
from partnerhub.cli.output import counted, print_json, print_line, say
from partnerhub.cli.stores import read_hub

if TYPE_CHECKING:
    from partnerhub.domain.report_specs import ReportRequest


@click.command(
    short_help="Write a report as a file.",
    epilog=options.examples(
        "partnerhub report subscription-details --out reports --region EU",
        "partnerhub report calling-usage-details --out reports --region all \\",
        "  --from 2026-11-15 --to 2026-11-21 --locale fr",
        "partnerhub report devices --out reports --each-region --compress zip",
        "partnerhub report over-limit --out reports --format xlsx --product calling",
    ),
)
@click.argument("template")
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=options.NewPathType(path_type=Path, file_okay=False),
    help="The folder it is written to, made where there is none.",
)
@options.start
@options.end
@options.report_options
@options.at
@options.as_json
@options.store
@click.pass_obj
def report(
    store: str,
    /,
    *,
    template: str,
    out: Path,
    start: dt.date | None,
    end: dt.date | None,
    at: dt.date | None,
    request: Callable[..., ReportRequest],
    as_json: bool,
) -> None:
    """Write a report, with the columns that Partner Hub gives it, or your own.

    TEMPLATE is subscription-details, calling-usage-details, devices,
    telephone-numbers or webex-app-version; customers, or a section of the KPIs
    (recently-added, nearing-expiration, nearing-renewal, low-assignment, over-limit,
    unassigned-before-renewal); or the name of one of your own (`partnerhub template`).
    Calling usage is of the days --from .. --to, or --window, or else of the last
    complete week; the others are of one day. A region is needed where data lie in
    several.
    """
    asked = request(template=template, start=start, end=end, at=at)
    with read_hub(store) as hub:
        files = hub.reports.make(asked, to=out)
    if as_json:
        made = [file.to_dict() for file in files]
        print_json(made if asked.per_region else made[0])
        return
    for file in files:
        print_line(f"{file.path}: {counted(file.rows, 'row')}")
        for told in (file.warning, *file.sources):
            if told:
                say(told)
    for note in dict.fromkeys(file.note for file in files if file.note):
        say(note)
