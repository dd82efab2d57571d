"""`partnerhub reconcile`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from partnerhub.cli import options
from partnerhub.cli.errors import PROBLEMS
from partnerhub.cli.output import print_heading, print_json, print_line, warn
from partnerhub.cli.stores import read_hub
from partnerhub.cli.tables import rows_of, show_table


@click.command(
    short_help="The lines of an invoice against what customers hold.",
    epilog=options.examples(
        "partnerhub reconcile invoice.csv --region US",
        'partnerhub reconcile invoice.csv --column "Sub Ref=subscription_id" --json',
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--column",
    "columns",
    type=options.HeadingType(),
    multiple=True,
    help="A heading that is not known, and what it is: subscription_id, license or "
    "quantity.",
)
@options.at
@options.region
@options.as_json
@options.store
@click.pass_context
def reconcile(
    context: click.Context,
    /,
    *,
    file: Path,
    columns: tuple[tuple[str, str], ...],
    at: dt.date | None,
    region: str | None,
    as_json: bool,
) -> None:
    """The lines of an invoice against the subscriptions that customers hold.

    FILE is a CSV with the columns Subscription ID and Quantity, and License where it
    charges each license by itself; other columns are not read. Lines are matched by
    subscription and license, trials are left out. The exit code is 1 where a line
    could not be read, or anything differs.
    """
    from partnerhub.adapters.invoices import read_invoice

    invoice = read_invoice(file, headings=dict(columns))
    with read_hub(context.obj) as hub:
        found = hub.kpis.reconcile(invoice.lines, region=region, at=at)
    tables = {
        "different": found.different,
        "only_left": found.only_left,
        "only_right": found.only_right,
    }
    if as_json:
        rows = {name: rows_of(table) for name, table in tables.items()}
        problems = [str(problem) for problem in invoice.problems]
        print_json({"matched": len(found.matched), **rows, "problems": problems})
    else:
        print_line(f"{len(found.matched)} match")
        headings = ("Different", "Held, and on no invoice", "Invoiced, and not held")
        for heading, table in zip(headings, tables.values(), strict=True):
            if len(table):
                print_heading(f"{heading}: {len(table)}")
                show_table(table)
    for problem in invoice.problems:
        warn(str(problem))
    if invoice.problems or not found.agrees:
        context.exit(PROBLEMS)
