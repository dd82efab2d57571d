"""`partnerhub tag`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from partnerhub.cli import options
from partnerhub.cli.output import (
    counted,
    print_json,
    print_table,
    progress,
    say,
    warn,
)
from partnerhub.cli.stores import read_hub

if TYPE_CHECKING:
    from partnerhub.hub.tagging import BulkTagging

_QUERY = click.option(
    "--customers",
    "query",
    metavar="QUERY",
    required=True,
    help="Which customers, as in `partnerhub customers`; '' for all.",
)


@click.group(
    short_help="Tags on customers: list, add, remove, replace.",
    epilog=options.examples(
        "partnerhub tag list",
        "partnerhub tag add vip north --customers 'product:calling total>=500'",
        "partnerhub tag remove vip --customers status:expired",
    ),
)
def tag() -> None:
    """The partner's own tags on customers.

    A tag has at most 25 characters, and a customer at most five tags.
    """


@tag.command("list", short_help="The tags in use.")
@options.as_json
@options.store
@click.pass_obj
def list_tags(store: str, /, *, as_json: bool) -> None:
    """The tags in use, and how many customers and subscriptions have each."""
    with read_hub(store) as hub:
        found = hub.tags.list()
    rows = [(each.name, each.customers, each.subscriptions) for each in found]
    if as_json:
        keys = ("name", "customers", "subscriptions")
        print_json([dict(zip(keys, row, strict=True)) for row in rows])
    else:
        print_table(["Tag", "Customers", "Subscriptions"], rows)


def _bulk(verb: str, text: str) -> click.Command:
    """A command that edits the tags of what a query finds."""

    @click.argument("tags", metavar="TAG...", nargs=-1, required=verb != "replace")
    @_QUERY
    @options.at
    @options.as_json
    @options.store
    @click.pass_obj
    def edit(
        store: str, /, *, tags: tuple[str, ...], query: str, at: Any, as_json: bool
    ) -> None:
        with read_hub(store) as hub:
            found = hub.customers.find(query, at=at)
            with progress() as show:
                outcome: BulkTagging = getattr(hub.tags, verb)(
                    found,
                    tags,
                    progress=lambda done, of: show(f"{done:,} of {of:,} customers"),
                )
        if as_json:
            print_json(
                {
                    "changed": list(outcome.changed),
                    "unchanged": list(outcome.unchanged),
                    "at_limit": list(outcome.at_limit),
                    "conflicted": list(outcome.conflicted),
                    "refused": outcome.refused,
                }
            )
        names = {customer.id: customer.name for customer in found}
        for customer, why in outcome.refused.items():
            warn(f"{names.get(customer) or customer}: {why}")
        say(
            f"{counted(len(outcome.changed), 'customer')} changed, {len(outcome.unchanged)} not, "
            f"{len(outcome.refused)} refused"
        )
        if outcome.refused:
            raise click.exceptions.Exit(1)

    return tag.command(verb, short_help=text, help=text)(edit)


add = _bulk("add", "Give tags to customers, next to those they have.")
remove = _bulk("remove", "Take tags from customers; the others stay.")
replace = _bulk("replace", "Give customers these tags in place of all; none clears.")
