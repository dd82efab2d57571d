"""`partnerhub kpis`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import click

from partnerhub.cli import options
from partnerhub.cli.errors import NotUnderstood
from partnerhub.cli.output import print_json, print_line
from partnerhub.cli.stores import read_hub
from partnerhub.cli.tables import rows_of, show_table

if TYPE_CHECKING:
    from partnerhub.kpis import Exclusions, Page

_SECTIONS: Final = (
    "recently-added",
    "nearing-expiration",
    "nearing-renewal",
    "low-assignment",
    "over-limit",
)
_BEFORE_RENEWAL: Final = "unassigned-before-renewal"
_TRUE_FORWARD: Final = "true-forward"


@click.command(
    short_help="A section of the subscription page: its KPIs and its table.",
    epilog=options.examples(
        "partnerhub kpis nearing-expiration --region EU --product calling",
        "partnerhub kpis unassigned-before-renewal --region all --term annual --csv",
    ),
)
@click.argument(
    "section",
    metavar="SECTION",
    type=click.Choice([*_SECTIONS, _BEFORE_RENEWAL, _TRUE_FORWARD]),
)
@options.term
@options.exclusions
@options.at
@options.region
@options.product
@options.as_json
@options.as_csv
@options.store
@click.pass_obj
def kpis(
    store: str,
    /,
    *,
    section: str,
    term: str | None,
    exclude: Exclusions | None,
    at: dt.date | None,
    region: str | None,
    product: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """A section of the page "Subscriptions": its KPIs, and the rows behind them.

    SECTION is recently-added, nearing-expiration, nearing-renewal, low-assignment or
    over-limit. unassigned-before-renewal lists licenses that nobody has and that renew
    soon; true-forward lists enterprise agreements that grew beyond their room, of all
    products and customers.
    """
    narrowed = product or term or exclude
    if section == _TRUE_FORWARD and narrowed:
        why = "it takes no --product, --term or --exclude"
        raise NotUnderstood(f"true-forward is of all products and customers: {why}")
    with read_hub(store) as hub:
        if section == _TRUE_FORWARD:
            table = hub.kpis.true_forward(region=region, at=at)
            show_table(table, as_json=as_json, as_csv=as_csv)
            return
        page = hub.kpis.page(
            product=product,
            region=region,
            at=at,
            term=term,
            exclude=exclude,
            weekly=section != _BEFORE_RENEWAL,
        )
        if section == _BEFORE_RENEWAL:
            table = page.unassigned_before_renewal()
            show_table(table, as_json=as_json, as_csv=as_csv)
        else:
            _show(page, section.replace("-", "_"), as_json=as_json, as_csv=as_csv)
        if not (as_json or as_csv):
            print_line()
            for note in page.coverage.notes:
                print_line(note)


def _rounded(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def _show(page: Page, name: str, *, as_json: bool, as_csv: bool) -> None:
    """A section."""
    from partnerhub.domain.cells import percent
    from partnerhub.kpis import CATALOGUE
    from partnerhub.kpis.catalog import Unit

    section = getattr(page, name)
    if as_json:
        coverage = list(section.coverage.notes)
        rows = rows_of(section.table)
        print_json({**section.to_dict(), "coverage": coverage, "rows": rows})
        return
    if not as_csv:
        print_line(f"{section.title} on {section.at}")
        print_line()
        for kpi in CATALOGUE:
            if kpi.part == name:
                value = getattr(section, kpi.name)
                if value is None:
                    told = "not known" if kpi.unit is Unit.LICENSES else "none"
                else:
                    told = percent(value) if kpi.unit is Unit.RATIO else _rounded(value)
                print_line(f"{kpi.label}: {told}")
        print_line()
    show_table(section.table, as_csv=as_csv)
