"""`partnerhub trend` and `partnerhub forecast`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, Literal

import click

from partnerhub.cli import options
from partnerhub.cli.output import print_json, print_line, say
from partnerhub.cli.stores import read_hub
from partnerhub.cli.tables import show_table

if TYPE_CHECKING:
    from partnerhub.kpis import Exclusions

_WEEKS: Final = 12


@click.command(
    short_help="Licenses purchased, assigned and used over time.",
    epilog=options.examples(
        "partnerhub trend --region US --from 2026-01-04 --every month",
        "partnerhub trend --region all --all-kpis --csv",
    ),
)
@options.start
@options.end
@click.option(
    "--every",
    type=click.Choice(["day", "week", "month"]),
    default="week",
    show_default=True,
    help="How far days are apart.",
)
@click.option("--all-kpis", is_flag=True, help="Every number of the page.")
@options.term
@options.exclusions
@options.region
@options.product
@options.as_json
@options.as_csv
@options.store
@click.pass_obj
def trend(
    store: str,
    /,
    *,
    start: dt.date | None,
    end: dt.date | None,
    every: Literal["day", "week", "month"],
    all_kpis: bool,
    term: str | None,
    exclude: Exclusions | None,
    region: str | None,
    product: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Licenses purchased, assigned and used over time: the license distribution trend.

    The last twelve weeks, or the days --from .. --to. Days before the first data are
    shown as they were counted: as nothing.
    """
    from partnerhub.hub.clock import utc_today
    from partnerhub.kpis import TREND

    with read_hub(store) as hub:
        last = end or utc_today()
        found = hub.kpis.series(
            start or last - dt.timedelta(weeks=_WEEKS - 1),
            last,
            every=every,
            product=product,
            region=region,
            term=term,
            exclude=exclude,
            only=None if all_kpis else TREND,
        )
    if as_json:
        print_json(found.to_dict())
        return
    show_table(found.table, as_csv=as_csv)
    if found.known_from is None:
        say("nothing is known of these days")
    elif found.known_from > found.days[0]:
        say(f"data begin on {found.known_from}")


@click.command(
    short_help="Where a number of the page is heading.",
    epilog=options.examples(
        "partnerhub forecast total_overage 2027-01-31 --region US",
        "partnerhub forecast nearing_renewal 2027-01-31 --product calling --json",
    ),
)
@click.argument("number")
@click.argument("day", type=options.DayType())
@click.option(
    "--weeks",
    type=click.IntRange(min=6),
    default=26,
    show_default=True,
    help="How many weeks it rests on, at most.",
)
@click.option(
    "--confidence",
    type=float,
    default=0.8,
    show_default=True,
    help="How sure the interval is.",
)
@options.term
@options.exclusions
@options.at
@options.region
@options.product
@options.as_json
@options.store
@click.pass_obj
def forecast(
    store: str,
    /,
    *,
    number: str,
    day: dt.date,
    weeks: int,
    confidence: float,
    term: str | None,
    exclude: Exclusions | None,
    at: dt.date | None,
    region: str | None,
    product: str | None,
    as_json: bool,
) -> None:
    """Where a number of the page is heading: a straight line, and how far it may be off.

    NUMBER is one that `trend --all-kpis --json` shows, such as total_overage; DAY is a
    day to come. It takes six weeks of data.
    """
    with read_hub(store) as hub:
        found = hub.kpis.forecast(
            number,
            day,
            weeks=weeks,
            confidence=confidence,
            product=product,
            region=region,
            at=at,
            term=term,
            exclude=exclude,
        )
    if as_json:
        print_json(None if found is None else found.to_dict())
    elif found is None:
        say("fewer than six weeks are known: no forecast")
    else:
        share = f"{found.confidence:.0%}"
        print_line(
            f"{number} on {found.day}: {found.expected:,.1f}, "
            f"{share} between {found.low:,.1f} and {found.high:,.1f}"
        )
        say(f"a straight line through {found.points} weeks")
