"""Which customers a query means, and which one a name means."""

from __future__ import annotations

import numpy as np

from partnerhub.columns.filters import CustomerLabels, Prepared
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.unknown import Bools
from partnerhub.domain.capabilities import Access, Capability
from partnerhub.domain.errors import InvalidValue, NotFound
from partnerhub.domain.filters import Filter, Term, nodes
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.query_text import parse_filter
from partnerhub.hub.context import Context
from partnerhub.hub.people import administrators
from partnerhub.kpis.selection import Exclusions


def mask_of(context: Context, query: str | Filter, portfolio: Portfolio, /) -> Bools:
    """The customers that a query asks for, bool `(customers,)`."""
    node = parse_filter(query) if isinstance(query, str) else query
    prepared = Prepared(
        portfolio,
        labels=_labels(context, node),
        policy=context.status_policy,
    )
    return prepared.mask(node)


def _labels(context: Context, node: Filter) -> CustomerLabels:
    """The labels that a filter asks for."""
    store = context.store
    asked = [term for term in nodes(node) if isinstance(term, Term)]
    emails: dict[str, tuple[str, ...]] = {}
    for address in {
        str(value) for term in asked if term.field == "email" for value in term.values
    }:
        for uuid in store.find_by_email(address):
            emails[uuid] = (*emails.get(uuid, ()), address)
    fields = {term.field for term in asked}
    admins: dict[str, tuple[str, ...]] = {}
    if "admin" in fields:
        context.demand(Capability.CUSTOMERS_OF_ADMIN, Access.READ)
        for person in administrators(store).all():
            for uuid in person.customers:
                admins[uuid] = (*admins.get(uuid, ()), person.email)
    tags = store.tags() if "tag" in fields else {}
    return CustomerLabels(tag=tags, email=emails, admin=admins)


def exclusions_of(
    context: Context,
    exclude: Exclusions | str | Filter | None,
    portfolio: Portfolio,
    /,
) -> Exclusions:
    """Licenses and customers, in place of tags and queries."""
    if exclude is None:
        return Exclusions()
    if isinstance(exclude, Exclusions):
        return exclude.with_tags(context.store.tags())
    out = portfolio.customers.id[mask_of(context, exclude, portfolio)]
    return Exclusions(customers=out.tolist())


def uuid_or_none(customer: str, /) -> str | None:
    """The uuid that a text is, in either form; None where it is a name."""
    try:
        return uuid_of(customer)
    except InvalidValue:
        return None


def row_of(portfolio: Portfolio, customer: str, /) -> int:
    """The row of a customer.

    Args:
        portfolio: The customers looked at.
        customer: Its id in either form, or its name in any case; a part of the name
            serves where only one customer has it.

    Raises:
        NotFound: No customer, or more than one, has that name.
    """
    who, wanted = portfolio.customers, uuid_or_none(customer)
    if wanted is None:
        return _row_named(portfolio, customer)
    rows = np.flatnonzero(who.id == wanted)
    if not len(rows):
        raise NotFound("customer", customer)
    return int(rows[0])


def _row_named(portfolio: Portfolio, name: str) -> int:
    wanted = name.strip().casefold()
    folded = [text.casefold() for text in portfolio.customers.name]
    rows = [row for row, text in enumerate(folded) if text == wanted]
    if not rows:
        rows = [row for row, text in enumerate(folded) if wanted and wanted in text]
    if len(rows) == 1:
        return rows[0]
    if not rows:
        raise NotFound("customer", name, choices=portfolio.customers.name.tolist())
    several = [
        f"{portfolio.customers.name[row]} ({portfolio.customers.id[row]})"
        for row in rows[:5]
    ]
    more = f" and {len(rows) - 5} more" if len(rows) > len(several) else ""
    raise NotFound(
        "single customer",
        name,
        why=f"{', '.join(several)}{more} have that name: give the id",
    )
