"""`partnerhub explain`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from partnerhub.cli import options
from partnerhub.cli.output import (
    Row,
    print_heading,
    print_json,
    print_line,
    print_table,
)
from partnerhub.cli.stores import read_hub

if TYPE_CHECKING:
    from partnerhub.domain.reasons import Reason
    from partnerhub.domain.status import CustomerStatus
    from partnerhub.domain.subscriptions import Subscription
    from partnerhub.hub import Explanation

_TOLD: Final = ("id", "type", "is_trial", "auto_renews", "paid", "provisioned", "gone")
_DAYS: Final = ("day", "starts_on", "ends_on")
_COUNTS: Final = ("total", "assigned", "used_7d", "used_3m", "used_ever")


@click.command(
    short_help="All about one customer, and why it has its statuses.",
    epilog=options.examples(
        'partnerhub explain "Acme Corp"',
        "partnerhub explain c8b0e0d2-0000-4000-8000-000000000001 --at 2026-11-22 --json",
    ),
)
@click.argument("customer")
@options.at
@options.region
@options.product
@options.as_json
@options.store
@click.pass_obj
def explain(
    store: str,
    /,
    *,
    customer: str,
    at: dt.date | None,
    region: str | None,
    product: str | None,
    as_json: bool,
) -> None:
    """Why one customer has the statuses it has, what is not known, what it holds.

    CUSTOMER is its id, its name, or a part of the name that no other has. --region
    looks only there; --product lists only the subscriptions that have it. Statuses
    look at all products.
    """
    with read_hub(store, region=region) as hub:
        found = hub.customers.explain(customer, at=at)
    held = [
        subscription
        for subscription in found.customer.subscriptions
        if product is None or product in {p.value for p in subscription.products}
    ]
    if as_json:
        print_json(
            {**found.to_dict(), "subscriptions": [_to_dict(each) for each in held]}
        )
    else:
        _show(found, held)


def _show(found: Explanation, held: list[Subscription]) -> None:
    from partnerhub.domain.regions import label

    who, told = found.customer, found.statuses
    shown = told.primary
    print_line(who.name or who.id)
    print_line(f"{who.id}, region {label(who.region)}, on {told.at}")
    if who.tags:
        print_line(f"tags: {', '.join(who.tags)}")
    print_heading(f"Status: {'none' if shown is None else shown.label}")
    if told.reasons:
        print_table(["Status", "Because", "Subscription"], list(_why(told.reasons)))
    else:
        print_line("it never had a subscription or trial")
    if told.not_known:
        print_heading("Cannot be told")
        print_table(
            ["Status", "What is missing", "Subscription"], list(_why(told.not_known))
        )
    if held:
        print_heading("Subscriptions and trials")
        print_table(
            ["Subscription", "Type", "Starts", "Ends", "Renews itself"],
            [_term(each) for each in held],
        )
    if licenses := [row for each in held for row in _lines(each)]:
        print_heading("Licenses")
        print_table(
            ["Subscription", "License", "Total", "Assigned", "Used 7 d", "Used ever"],
            licenses,
        )


def _why(reasons: Mapping[CustomerStatus, tuple[Reason, ...]]) -> Iterator[Row]:
    for status, found in reasons.items():
        for reason in found:
            yield status.label, reason.text, reason.subscription


def _term(held: Subscription) -> Row:
    renews = {True: "yes", False: "no", None: None}[held.auto_renews]
    return (
        held.id,
        held.type or ("trial" if held.is_trial else None),
        _day(held.starts_on),
        _day(held.ends_on),
        "gone" if held.gone else renews,
    )


def _lines(held: Subscription) -> Iterator[Row]:
    """One row a license that it has or had."""
    for line in held.lines:
        if line.existed:
            yield (
                held.id,
                line.license,
                line.total,
                line.assigned,
                line.used_7d,
                line.used_ever,
            )


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _to_dict(held: Subscription) -> dict[str, Any]:
    return {
        **{key: getattr(held, key) for key in _TOLD},
        **{key: _day(getattr(held, key)) for key in _DAYS},
        "lines": [
            {key: getattr(line, key) for key in ("license", *_COUNTS)}
            for line in held.lines
        ],
    }
