"""`partnerhub changes`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from partnerhub.cli import options
from partnerhub.cli.output import counted, print_json, print_table, say
from partnerhub.cli.stores import read_hub

if TYPE_CHECKING:
    from partnerhub.domain.status import CustomerStatus


@click.command(
    short_help="Whose status changed between two days, and why.",
    epilog=options.examples(
        "partnerhub changes --since 2026-11-15",
        "partnerhub changes --since 2026-10-01 --at 2026-11-01 --region EU --json",
    ),
)
@click.option(
    "--since",
    type=options.DayType(),
    required=True,
    help="The first day.",
)
@options.at
@options.region
@options.as_json
@options.store
@click.pass_obj
def changes(
    store: str,
    /,
    *,
    since: dt.date,
    at: dt.date | None,
    region: str | None,
    as_json: bool,
) -> None:
    """The customers whose statuses differ between two days, and why.

    The second day is --at.
    """
    with read_hub(store) as hub:
        found = hub.customers.changes(since, at=at, region=region)
        if as_json:
            print_json(found.to_dicts())
        elif len(found):
            print_table(
                ["Customer", "Now", "No more", "Why"],
                [
                    (
                        change.customer.label,
                        _labels(change.gained),
                        _labels(change.lost),
                        change.why,
                    )
                    for change in found
                ],
            )
        if not len(found.old.customers):
            say(f"no customer is known on {found.old.at}: all are new")
        changed = counted(len(found), "customer")
        say(f"{changed} changed from {found.old.at} to {found.new.at}")


def _labels(flags: CustomerStatus) -> str:
    return ", ".join(status.label for status in flags)
