"""`partnerhub customers`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from partnerhub.cli import options
from partnerhub.cli.output import Row, counted, print_json, print_table, say
from partnerhub.cli.stores import read_hub
from partnerhub.cli.tables import rows_of, show_table

if TYPE_CHECKING:
    from partnerhub.hub import CustomerList, CustomerRow
    from partnerhub.kpis import Exclusions


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
        "partnerhub customers 'renews<90d' --columns customer,renews_on --csv due.csv",
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
@click.option(
    "--columns",
    metavar="KEYS",
    help="Columns of the table or file, such as customer,region,total,renews_on; a "
    "wrong one lists them all.",
)
@click.option(
    "--csv",
    "file",
    metavar="FILE",
    type=options.NewPathType(dir_okay=False),
    help="Write all of them to this CSV file.",
)
@options.exclusions
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
    columns: str | None,
    file: str | None,
    exclude: Exclusions | None,
    at: dt.date | None,
    region: str | None,
    product: str | None,
    as_json: bool,
) -> None:
    """Which customers there are, each with its status and why, ordered by name.

    QUERY narrows them: field:value terms, and words of the name. A term that begins
    with - takes away; saved:name is a saved filter.

    The statuses are trial, subscription, expiring_soon, license_overage,
    no_recent_activity, ready_for_order_setup, suspended, expired.
    """
    keys = [key.strip() for key in columns.split(",")] if columns else None
    with read_hub(store) as hub:
        found = hub.customers.find(
            _query(query, product), at=at, region=region, exclude=exclude
        )
        if file is not None:
            written = found.write_csv(file, columns=keys)
            say(f"{counted(len(found), 'customer')} on {found.at} written to {written}")
            return
        shown = found.head(limit)
        if as_json:
            as_dicts = (
                shown.to_dicts() if keys is None else rows_of(shown.to_table(keys))
            )
            print_json(as_dicts)
        else:
            _print(shown, keys)
            said = f"{counted(len(found), 'customer')} on {found.at}"
            if exclude:
                said += f", {len(found.excluded)} more are excluded"
            say(said)
            if not found.loaded.size:
                say("no customer is known on that day")
        if len(shown) < len(found):
            say(f"{len(found) - len(shown)} of them are not shown (--limit)")


def _print(shown: CustomerList, keys: list[str] | None) -> None:
    if keys is not None:
        show_table(shown.to_table(keys))
    elif len(shown):
        headings = ["Customer", "Region", "Status", "Why", "Also"]
        print_table(headings, list(_rows(shown)))


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
