"""`partnerhub report`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

import click

from partnerhub.cli import options
from partnerhub.cli.output import print_json, print_line, say
from partnerhub.cli.stores import read_hub


@click.command(
    short_help="Write a report as a CSV file.",
    epilog=options.examples(
        "partnerhub report subscription-details --out reports --region EU",
        "partnerhub report calling-usage-details --out reports --region all \\",
        "  --from 2026-11-15 --to 2026-11-21 --locale fr",
    ),
)
@click.argument("template")
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder it is written to, made where there is none.",
)
@options.start
@options.end
@click.option(
    "--locale",
    type=click.Choice(["en", "fr"]),
    default="en",
    show_default=True,
    help="Language of the headings.",
)
@click.option(
    "--raw",
    is_flag=True,
    help="Leave cells as they are that a spreadsheet would run as formulas.",
)
@options.at
@options.region
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
    locale: Literal["en", "fr"],
    raw: bool,
    at: dt.date | None,
    region: str | None,
    as_json: bool,
) -> None:
    """Write a report as a CSV file with the columns that Partner Hub gives it.

    TEMPLATE is subscription-details, calling-usage-details, devices,
    telephone-numbers or webex-app-version. Calling usage is of the days --from ..
    --to, or else of the last complete week; the others are of one day. A region is
    needed where data lie in several.
    """
    from partnerhub.domain.cells import CellSafety

    with read_hub(store) as hub:
        written = hub.reports.write(
            template,
            start,
            end,
            to=out,
            region=region,
            at=at,
            locale=locale,
            safety=CellSafety.RAW if raw else CellSafety.SAFE,
        )
    if as_json:
        print_json(
            {
                "path": str(written.path),
                "template": written.template,
                "rows": written.rows,
                "region": written.region,
                "warning": written.warning,
            }
        )
    else:
        print_line(f"{written.path}: {written.rows:,} rows")
        if written.warning:
            say(written.warning)
