"""Making a list of customers."""

from __future__ import annotations

import datetime as dt

import numpy as np

from partnerhub.domain.filters import Filter
from partnerhub.hub.context import Context
from partnerhub.hub.customers.listed import CustomerList
from partnerhub.hub.customers.querying import Excluding, exclusions_of, filter_of
from partnerhub.kpis.exclusions import customers_out


def listed(
    context: Context,
    query: str | Filter,
    /,
    *,
    at: dt.date | str | None,
    region: str | None,
    exclude: Excluding | None = None,
) -> CustomerList:
    """The customers that a query asks for, ordered by name.

    Raises:
        FilterError: The query cannot be understood.
        NotFound: The region is not published and holds no data.
    """
    node = filter_of(context, query)
    day, choice = context.day(at), context.any_region(region)
    loaded = context.loaded_for(day, choice, node)
    found = loaded.mask(node)
    out = np.zeros(len(found), np.bool_)
    if exclude is not None:
        without = exclusions_of(context, exclude, loaded)
        out = found & customers_out(loaded.portfolio, without)
    return CustomerList(
        loaded=loaded,
        rows=loaded.by_name(found & ~out),
        excluded_rows=loaded.by_name(out),
        policy=context.status_policy,
    )
