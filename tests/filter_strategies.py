"""Random filters: every node, field, operator and kind of value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from hypothesis import strategies as st

from partnerhub.domain.days import as_day
from partnerhub.domain.fields import FIELDS, Field, Kind, Level
from partnerhub.domain.filters import (
    EVERYTHING,
    Days,
    Filter,
    Not,
    OneSubscription,
    Operator,
    Percent,
    all_of,
    any_of,
)
from partnerhub.domain.filters.building import term
from partnerhub.domain.filters.nodes import COMPARISONS
from partnerhub.domain.filters.values import place_of
from tests.strategies import AT, OFFSETS, names

TAGS = ("VIP", "vip", "Café", "two words")
ADDRESSES = ("kim@acme.example", "Kim@Acme.example", "lé@b.example")

_TEXTS = {
    "tag": st.sampled_from(TAGS),
    "industry": st.sampled_from(("Retail", "RETAIL", "Health")),
    "region": st.sampled_from(("US", "ca", "APAC")),
    "subscription": st.sampled_from(("Sub1", "SUB2", "Enterprise Trial")),
    "id": st.integers(0, 3).map(lambda n: f"00000000-0000-4000-8000-{n:012x}"),
    "email": st.sampled_from(ADDRESSES),
    "admin": st.sampled_from(ADDRESSES),
}
_ANY_TEXT = names().filter(lambda text: bool("".join(text.split())))


def _values(field: Field) -> st.SearchStrategy:
    match field.kind:
        case Kind.DAY:
            dates = st.sampled_from(OFFSETS).map(lambda n: AT + dt.timedelta(n))
            counts = st.sampled_from([abs(offset) for offset in OFFSETS])
            return dates.map(as_day) | counts.map(Days)
        case Kind.COUNT if field.share_of_total:
            shares = st.sampled_from(("0", "50", "33.33", "100", "150")).map(Percent)
            return st.integers(0, 12) | shares
        case Kind.COUNT:
            return st.integers(0, 12)
        case Kind.PART:
            return st.sampled_from(("a", "sub", "0", "é")) | _readable(field)
        case Kind.TEXT | Kind.CODE if field.name in _TEXTS:
            return _TEXTS[field.name]
        case _:
            return st.sampled_from(field.choices)


def _readable(field: Field) -> st.SearchStrategy[str]:
    def is_value(text: str) -> bool:
        try:
            term(field, Operator.IS, [text])
        except ValueError:
            return False
        return True

    return _ANY_TEXT.filter(is_value)


@st.composite
def terms(
    draw: st.DrawFn, *, among: Collection[str] = FIELDS, bound: bool = False
) -> Filter:
    """Terms of any of these fields that may stand there."""
    asked = [field for field in FIELDS.values() if field.name in among]
    fitting = [f for f in asked if not (bound and f.level is Level.CUSTOMER)]
    field = draw(st.sampled_from(fitting))
    values = _values(field)
    operators = [Operator.IS, Operator.IS, Operator.KNOWN, Operator.MISSING]
    if field.ordered:
        operators += [*COMPARISONS, *COMPARISONS, Operator.BETWEEN, Operator.BETWEEN]
    operator = draw(st.sampled_from(operators))
    match operator:
        case Operator.KNOWN | Operator.MISSING:
            return term(field, operator)
        case Operator.IS:
            return term(field, operator, draw(st.lists(values, min_size=1, max_size=3)))
        case Operator.BETWEEN:
            low = draw(values)
            high = draw(values.filter(lambda value: type(value) is type(low)))
            return term(field, operator, sorted((low, high), key=place_of))
        case _:
            return term(field, operator, [draw(values)])


def _combined(leaves: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    def joined(parts: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
        several = st.lists(parts, min_size=2, max_size=3)
        return several.map(all_of) | several.map(any_of) | parts.map(Not)

    return st.recursive(leaves, joined, max_leaves=5)


def filters(among: Collection[str] = FIELDS) -> st.SearchStrategy[Filter]:
    """Filters of customers that ask of these fields."""
    everything = st.just(EVERYTHING)
    inside = terms(among=among, bound=True)
    bound = _combined(inside | inside | everything).map(OneSubscription)
    outside = terms(among=among)
    return _combined(outside | outside | bound | everything)
