"""Which customers a query means, and which one a name means."""

from __future__ import annotations

import numpy as np

from partnerhub.columns.portfolio import Portfolio
from partnerhub.domain.errors import InvalidValue, NotFound, nearest
from partnerhub.domain.filters import Filter, folded
from partnerhub.domain.ids import uuid_of
from partnerhub.domain.query_text import parse_filter
from partnerhub.hub.context import Context
from partnerhub.hub.customers.saved import saved_filters
from partnerhub.hub.loaded import Loaded
from partnerhub.kpis.exclusions import NOTHING, Exclusions

Excluding = Exclusions | Filter | str
"""What does not count: licenses, tags and a filter together, or a filter alone."""


def filter_of(context: Context, query: str | Filter, /) -> Filter:
    """The filter that a query means, in which saved ones are put in place.

    Raises:
        FilterError: It cannot be understood, or names a filter that is not saved.
    """
    if not isinstance(query, str):
        return query
    return parse_filter(query, saved=saved_filters(context.store).filter)


def exclusions_of(
    context: Context, exclude: Excluding | None, loaded: Loaded, /
) -> Exclusions:
    """Licenses and customers, in place of tags and filters."""
    if exclude is None:
        return NOTHING
    if not isinstance(exclude, Exclusions):
        exclude = Exclusions(filter=exclude)
    if exclude.tags:
        exclude = exclude.with_tags(loaded.tags)
    if exclude.filter is not None:
        found = loaded.mask(filter_of(context, exclude.filter))
        exclude = exclude.with_customers(loaded.portfolio.customers.id[found].tolist())
    return exclude


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
        customer: Its id in either form, or its name, as filters compare texts; a part of
            the name serves where only one customer has it.

    Raises:
        NotFound: No customer, or more than one, has that name.
    """
    who, wanted = portfolio.customers, uuid_or_none(customer)
    if wanted is None:
        return _row_named(portfolio, customer)
    rows = np.flatnonzero(who.id == wanted)
    if not len(rows):
        why = f"none of that id is known on {portfolio.at}"
        raise NotFound("customer", customer, why)
    return int(rows[0])


def _row_named(portfolio: Portfolio, name: str) -> int:
    wanted = folded(name)
    names = [folded(text) for text in portfolio.customers.name]
    rows = [row for row, text in enumerate(names) if text == wanted]
    if not rows:
        rows = [row for row, text in enumerate(names) if wanted and wanted in text]
    if len(rows) == 1:
        return rows[0]
    if not rows:
        known = portfolio.customers.name.tolist()
        why = "" if nearest(name, known) else f"none has that name on {portfolio.at}"
        raise NotFound("customer", name, why, choices=known)
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
