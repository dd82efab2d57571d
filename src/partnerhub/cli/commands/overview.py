"""`partnerhub overview`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from partnerhub.cli import options
from partnerhub.cli.output import print_json, print_line, print_table
from partnerhub.cli.stores import read_hub

if TYPE_CHECKING:
    from partnerhub.kpis import Exclusions, Overview


@click.command(
    short_help="The headline KPIs of a day.",
    epilog=options.examples(
        "partnerhub overview --region EU --exclude tag:internal",
        "partnerhub overview --region all --product calling --at 2026-11-22 --json",
    ),
)
@options.term
@options.exclusions
@options.at
@options.region
@options.product
@options.as_json
@options.store
@click.pass_obj
def overview(
    store: str,
    /,
    *,
    term: str | None,
    exclude: Exclusions | None,
    at: dt.date | None,
    region: str | None,
    product: str | None,
    as_json: bool,
) -> None:
    """The five headline KPIs of a day, and what they rest on.

    Each is a number of customers. A region is needed where data lie in several; any
    past day works, as far back as your files go.
    """
    with read_hub(store) as hub:
        found = hub.kpis.overview(
            product=product,
            region=region,
            at=at,
            term=term,
            exclude=exclude,
        )
        if as_json:
            print_json({**found.to_dict(), "coverage": list(found.coverage.notes)})
        else:
            _show(found)


def _show(found: Overview) -> None:
    from partnerhub.domain.regions import label
    from partnerhub.kpis.headline import KPIS

    products = " and ".join(p.value.capitalize() for p in found.coverage.products)
    regions = ", ".join(map(label, found.regions)) or "no region"
    print_line(f"{found.table.title}: {products}, {regions}")
    print_line()
    print_table(
        ["KPI", "Customers"],
        [(label, int(getattr(found, key))) for key, label in KPIS.items()],
    )
    print_line()
    for note in found.coverage.notes:
        print_line(note)
