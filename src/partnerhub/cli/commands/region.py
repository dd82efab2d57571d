"""`partnerhub region`."""

from __future__ import annotations

import click

from partnerhub.cli import options
from partnerhub.cli.commands.admins import customer_id
from partnerhub.cli.output import print_json, print_table, say
from partnerhub.cli.stores import read_hub


@click.group(
    short_help="The region of a customer: correct it, list corrections.",
    epilog=options.examples(
        'partnerhub region set "Acme Corp" CA --why "loaded with the wrong --region"',
        "partnerhub region list",
    ),
)
def region() -> None:
    """The region in which a customer's data are kept."""


@region.command("set", short_help="Correct it, over what files have told.")
@click.argument("customer")
@click.argument("new", metavar="REGION")
@click.option("--why", metavar="TEXT", default="", help="The reason, kept with it.")
@options.store
@click.pass_obj
def set_region(store: str, /, *, customer: str, new: str, why: str) -> None:
    """Corrects the region of CUSTOMER, an id or a name, over what files have told."""
    from partnerhub.domain.regions import KNOWN

    with read_hub(store) as hub:
        known = {*KNOWN, *hub.regions}
        made = hub.customers.set_region(customer_id(hub, customer), new, why=why)
        alone = made.after not in known
    say(f"{customer}: {made.before or 'unspecified'} -> {made.after}")
    if alone:
        say(f"no other customer lies in {made.after}: is that spelled as it should be?")


@region.command("list", short_help="The regions that were corrected.")
@options.as_json
@options.store
@click.pass_obj
def list_corrections(store: str, /, *, as_json: bool) -> None:
    """The regions that were corrected, when, by whom and why."""
    with read_hub(store) as hub:
        found = hub.customers.region_corrections()
        names = {each.id: each.name for each in hub.customers.find()}
    keys = ("customer", "before", "after", "why", "by", "on")
    rows = [
        (made.customer, made.before, made.after, made.why, made.by, str(made.on))
        for made in found
    ]
    if as_json:
        print_json([dict(zip(keys, row, strict=True)) for row in rows])
    else:
        shown = [(names.get(row[0]) or row[0], *row[1:]) for row in rows]
        print_table([key.capitalize() for key in keys], shown)
