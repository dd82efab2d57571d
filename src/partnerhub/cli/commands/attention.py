"""`partnerhub attention`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from partnerhub.cli import options
from partnerhub.cli.output import Row, counted, print_json, print_table, say
from partnerhub.cli.stores import read_hub

if TYPE_CHECKING:
    from partnerhub.kpis import Exclusions
    from partnerhub.kpis.findings import CustomerAttention


@click.command(
    short_help="Which customers need attention first, why, and the days left.",
    epilog=options.examples(
        "partnerhub attention --limit 20",
        "partnerhub attention --only unassigned --exclude tag:vip --json",
        "partnerhub attention --exclude-license 'Webex Go' --exclude saved:mine",
    ),
)
@click.option(
    "--only",
    metavar="CONCERN",
    multiple=True,
    help="Only this concern, such as expiring_soon or overage; several times for more.",
)
@options.exclusions
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    help="Show so many customers at most.  [default: all]",
)
@options.at
@options.region
@options.as_json
@options.store
@click.pass_obj
def attention(
    store: str,
    /,
    *,
    only: tuple[str, ...],
    exclude: Exclusions | None,
    limit: int | None,
    at: dt.date | None,
    region: str | None,
    as_json: bool,
) -> None:
    """Which customers need attention, the most pressing first, why, and the days left.

    What ends stands apart from what renews by itself. Licenses that could be dropped
    before a renewal are counted.
    """
    with read_hub(store) as hub:
        found = hub.customers.attention(
            at=at, region=region, concerns=only or None, exclude=exclude
        )
        shown = found.top(len(found) if limit is None else limit)
        if as_json:
            print_json([customer.to_dict() for customer in shown])
        elif shown:
            headings = [
                "Customer",
                "Concern",
                "Days",
                "Licenses",
                "Subscription",
                "Why",
            ]
            print_table(headings, list(_rows(shown)))
        said = f"{counted(len(found), 'customer')} in need of attention on {found.at}"
        say(f"{said}, {len(found.excluded)} more are excluded" if exclude else said)
        if len(shown) < len(found):
            say(f"{len(found) - len(shown)} of them are not shown (--limit)")


def _rows(customers: tuple[CustomerAttention, ...]) -> Iterator[Row]:
    """One row a concern; the name stands in a customer's first."""
    for customer in customers:
        name: str | None = customer.name or customer.id
        for finding in customer.findings:
            yield (
                name,
                finding.concern.label,
                finding.days,
                finding.amount,
                finding.subscription,
                finding.text,
            )
            name = None
