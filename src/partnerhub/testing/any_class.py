"""Random objects of any class of `partnerhub.domain`, made from its attributes.

Customers and what they hold have strategies of their own, in
`partnerhub.testing.strategies`; every other class is built of what its attributes are
declared to be, and combinations that its constructor refuses are left out.
"""

from __future__ import annotations

import datetime as dt
import enum
import types
import typing
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Final, TypeVar

import attrs
import pendulum
from hypothesis import reject
from hypothesis import strategies as st

from partnerhub.domain import (
    customers,
    ids,
    organizations,
    policies,
    subscriptions,
)
from partnerhub.domain.errors import PartnerHubError
from partnerhub.domain.fields import FIELDS, Field
from partnerhub.domain.filters.building import Where, where
from partnerhub.domain.filters.nodes import And, Not, OneSubscription, Or, Term
from partnerhub.domain.query_text import parse_filter
from partnerhub.domain.regions import CA, EU, US
from partnerhub.testing import strategies

T = TypeVar("T")

_NODES: Final = (And, Not, OneSubscription, Or, Term)
QUERIES: Final = (
    "status:expired",
    "product:calling -tag:vip",
    'total>=5 OR name:"Acme"',
    "subscription(renews<90d product:calling)",
    "NOT (tag:vip OR status:trial)",
)
"""Queries that the nodes of filters are taken from."""

_KNOWN: Final[Mapping[type, Callable[[], st.SearchStrategy[Any]]]] = {
    ids.WebexId: strategies.webex_ids,
    organizations.Organization: strategies.organizations,
    organizations.PartnerOrganization: strategies.partner_organizations,
    subscriptions.LicenseLine: strategies.license_lines,
    subscriptions.Subscription: strategies.subscriptions,
    customers.Customer: strategies.customers,
    policies.StatusPolicy: strategies.status_policies,
    Field: lambda: st.sampled_from(tuple(FIELDS.values())),
    Where: lambda: st.sampled_from(sorted(FIELDS)).map(where),
}

_NAMED: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    "organization": strategies.uuids(),
    "customer": strategies.uuids(),
    "uuid": strategies.uuids(),
    "email": st.sampled_from(("ana@partner.example", "bo@partner.example")),
    "admin_email": st.sampled_from(("kim@acme.example", "lee@bolt.example")),
    "region": st.none() | st.sampled_from((US, CA, EU)),
    "zone": st.sampled_from(("UTC", "Europe/Paris", "America/New_York")),
    "time_zone": st.sampled_from(("Europe/Paris", "America/New_York")),
    "filter": st.sampled_from(("", *QUERIES)),
    "query": st.sampled_from(QUERIES),
    "template": st.sampled_from(("subscription-details", "customers")),
    "base": st.sampled_from(("subscription-details", "customers")),
    "expression": st.sampled_from(("0 6 * * 1", "30 7 1 * *")),
    "columns": st.just(("customer",)),
    "column": st.just("customer"),
}
"""What an attribute of that name holds, where its type does not say enough."""


@cache
def instances(kind: type[T], /) -> st.SearchStrategy[T]:
    """Objects of a class of the domain, with all that can be unknown.

    Args:
        kind: A public class of `partnerhub.domain`: made by attrs, or an enumeration.

    Examples:
        >>> from partnerhub.domain.trials import Trial
        >>> trials = instances(Trial)
    """
    if kind in _KNOWN:
        return typing.cast("st.SearchStrategy[T]", _KNOWN[kind]())
    if issubclass(kind, enum.Enum):
        return typing.cast("st.SearchStrategy[T]", _members(kind))
    if kind in _NODES:
        return _nodes(kind)
    return _built(kind)


def _nodes(kind: type[T]) -> st.SearchStrategy[T]:
    """Nodes of filters, found in queries: what each may hold depends on its field."""
    found = [
        node
        for text in QUERIES
        for node in _walk(parse_filter(text))
        if isinstance(node, kind)
    ]
    return st.sampled_from(found)


def _walk(node: Any) -> list[Any]:
    parts = getattr(node, "parts", None) or [getattr(node, "part", None)]
    below = [each for part in parts if part is not None for each in _walk(part)]
    return [node, *below]


def _members(kind: type[enum.Enum]) -> st.SearchStrategy[Any]:
    if not issubclass(kind, enum.Flag):
        return st.sampled_from(kind)
    return st.sets(st.sampled_from(list(kind))).map(
        lambda chosen: kind(sum(each.value for each in chosen))
    )


@st.composite
def _built(draw: st.DrawFn, kind: type[T]) -> T:
    """An object made of values of the declared types."""
    attributes: Any = attrs.fields(typing.cast("Any", attrs.resolve_types(kind)))  # type: ignore[type-var]
    told = {}
    for attribute in attributes:
        if not attribute.init:
            continue
        is_object = isinstance(attribute.type, type) and attrs.has(attribute.type)
        strategy = None if is_object else _NAMED.get(attribute.name)
        if attribute.default is not attrs.NOTHING and draw(st.booleans()):
            continue
        if strategy is None:
            strategy = _values(attribute.type)
        told[attribute.alias] = draw(strategy)
    try:
        return kind(**told)
    except (PartnerHubError, ValueError, TypeError):
        reject()


def _values(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a declared type."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin in {typing.Union, types.UnionType}:
        return st.one_of(*map(_values, inside))
    if origin is typing.Literal:
        return st.sampled_from(inside)
    if origin is tuple:
        return st.lists(_values(inside[0]), max_size=3, unique=True).map(tuple)
    if origin is frozenset:
        return st.frozensets(_values(inside[0]), max_size=3)
    if origin is Mapping:
        return st.dictionaries(*map(_values, inside), max_size=2)
    if isinstance(kind, type) and (attrs.has(kind) or issubclass(kind, enum.Enum)):
        return instances(kind)
    return st.none()


_PLAIN: Final[Mapping[Any, st.SearchStrategy[Any]]] = {
    type(None): st.none(),
    Any: strategies.days(),
    str: strategies.names(),
    int: st.integers(1, 100),
    float: st.floats(0, 1),
    bool: st.booleans(),
    Decimal: st.integers(0, 100).map(Decimal),
    dt.date: strategies.days(),
    dt.time: st.integers(0, 23).map(dt.time),
    dt.datetime: strategies.days().map(
        lambda day: dt.datetime.combine(day, dt.time(9), dt.UTC)
    ),
    pendulum.Date: strategies.days().map(
        lambda day: pendulum.date(day.year, day.month, day.day)
    ),
    pendulum.DateTime: strategies.days().map(
        lambda day: pendulum.datetime(day.year, day.month, day.day, 9)
    ),
}
