"""`partnerhub customers`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from partnerhub.cli import options
from partnerhub.cli.output import Row, print_json, print_table, say
from partnerhub.cli.stores import read_hub

if TYPE_CHECKING:
    from partnerhub.hub import CustomerList, CustomerRow


def _no_typing_errors(
    context: click.Context, _: click.Parameter, terms: tuple[str, ...]
) -> tuple[str, ...]:
    """A term may begin with `-`, so click lets unknown options through as terms."""
    for term in terms:
        if term.startswith("--"):
            raise click.NoSuchOption(term, ctx=context)
    return terms


@click.command(
    short_help="Which customers there are, their status, and why.",
    epilog=options.examples(
        "partnerhub customers status:expiring_soon --product calling",
        "partnerhub customers 'status:license_overage -tag:vip \"acme corp\"' --json",
    ),
    context_settings={"ignore_unknown_options": True},
)
@click.argument("query", metavar="[QUERY]...", nargs=-1, callback=_no_typing_errors)
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    help="Show so many at most.  [default: all]",
)
@options.at
@options.region
@options.product
@options.as_json
@options.store
@click.pass_obj
def customers(
    store: str,
    /,
    *,
    query: tuple[str, ...],
    limit: int | None,
    at: dt.date | None,
    region: str | None,
    product: str | None,
    as_json: bool,
) -> None:
    """Which customers there are, each with its status and why, ordered by name.

    QUERY narrows them: field:value terms, and words of the name. A term that begins
    with - takes away.


    The statuses are trial, subscription, expiring_soon, license_overage,
    no_recent_activity, ready_for_order_setup, suspended, expired.
    """
    with read_hub(store) as hub:
        found = hub.customers.find(_query(query, product), at=at, region=region)
        shown = found.head(limit)
        if as_json:
            print_json(shown.to_dicts())
        else:
            rows = list(_rows(shown))
            if rows:
                print_table(["Customer", "Region", "Status", "Why", "Also"], rows)
            say(f"{len(found)} customers on {found.at}")
        if len(shown) < len(found):
            say(f"{len(found) - len(shown)} of them are not shown (--limit)")


def _query(terms: tuple[str, ...], product: str | None) -> str:
    query = " ".join(terms)
    if product is None:
        return query
    # In parentheses, so that an OR stays what it is.
    return f"({query}) product:{product}" if query.strip() else f"product:{product}"


def _rows(found: CustomerList) -> Iterator[Row]:
    for customer, why in zip(found, found.reasons(), strict=True):
        shown = customer.primary_status
        yield (
            shown_name(customer),
            customer.region,
            None if shown is None else shown.label,
            None if why is None else why.text,
            ", ".join(s.label for s in customer.statuses if s is not shown) or None,
        )


def shown_name(customer: CustomerRow) -> str:
    """Its name; its id, where no file has told the name yet."""
    return customer.name or customer.id
