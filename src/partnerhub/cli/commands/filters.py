"""`partnerhub filter`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from partnerhub.cli import options
from partnerhub.cli.output import counted, print_json, print_line, print_table, say
from partnerhub.cli.stores import read_hub

if TYPE_CHECKING:
    from partnerhub.domain.saved_filters import SavedFilter


@click.group(
    "filter",
    short_help="Saved filters: save, list, show, remove.",
    epilog=options.examples(
        "partnerhub filter save 'EU renewals' 'region:EU renews<90d'",
        "partnerhub customers 'saved:\"EU renewals\" -tag:vip'",
        "partnerhub filter list",
    ),
)
def filters() -> None:
    """Filters that the partner's administrators keep under a name and share.

    saved:NAME stands for one of them in every query.
    """


@filters.command(short_help="Keep a filter under a name.")
@click.argument("name")
@click.argument("query")
@click.option("--about", metavar="TEXT", default="", help="What it is for.")
@click.option("--replace", is_flag=True, help="Take the place of the one of that name.")
@options.store
@click.pass_obj
def save(store: str, /, *, name: str, query: str, about: str, replace: bool) -> None:
    """Keep QUERY under NAME. QUERY is what `partnerhub customers` takes."""
    with read_hub(store) as hub:
        kept = hub.customers.filters.save(name, query, help=about, replace=replace)
    say(f"saved {kept.name!r}: {kept.query}")


@filters.command("list", short_help="The saved filters.")
@options.as_json
@options.store
@click.pass_obj
def list_filters(store: str, /, *, as_json: bool) -> None:
    """The saved filters, what each asks for, and who saved it."""
    with read_hub(store) as hub:
        found = hub.customers.filters.list()
    if as_json:
        print_json([_as_json(each) for each in found])
        return
    print_table(
        ["Name", "Query", "For", "Saved by", "On"],
        [
            (
                each.name,
                each.query,
                each.help or None,
                each.by or None,
                None if each.on is None else str(each.on),
            )
            for each in found
        ],
    )


@filters.command(short_help="One saved filter, and whom it finds.")
@click.argument("name")
@options.at
@options.as_json
@options.store
@click.pass_obj
def show(store: str, /, *, name: str, at: dt.date | None, as_json: bool) -> None:
    """One saved filter, and how many customers it finds."""
    with read_hub(store) as hub:
        kept = hub.customers.filters.get(name)
        found = hub.customers.filters.run(name, at=at)
        count = len(found)
    if as_json:
        print_json({**_as_json(kept), "customers": count})
        return
    print_line(kept.query)
    if kept.help:
        print_line(kept.help)
    say(f"{counted(count, 'customer')} on {found.at}")


@filters.command(short_help="Remove a saved filter.")
@click.argument("name")
@options.store
@click.pass_obj
def remove(store: str, /, *, name: str) -> None:
    """Remove the filter with that name."""
    with read_hub(store) as hub:
        hub.customers.filters.remove(name)
    say(f"removed {name!r}")


def _as_json(kept: SavedFilter) -> dict[str, Any]:
    return {
        "name": kept.name,
        "query": kept.query,
        "help": kept.help,
        "by": kept.by,
        "on": None if kept.on is None else str(kept.on),
    }
