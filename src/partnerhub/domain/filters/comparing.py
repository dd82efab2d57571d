"""Comparing the texts, days and licenses of rows with what a term asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import reduce
from operator import ge, gt, le, lt, or_
from typing import Any, Final

import pendulum

from partnerhub.domain import rules
from partnerhub.domain.days import EARLIEST, LATEST
from partnerhub.domain.fields import Field, Kind
from partnerhub.domain.filters.nodes import Operator, Term
from partnerhub.domain.filters.rows import Rows, TextTest
from partnerhub.domain.filters.values import Days, Percent, folded
from partnerhub.domain.rules import UNKNOWN_READS, DayBounds, Rule, View, not_

_WHOLE: Final = 100 * 100
"""100 % in the unit of `Percent.hundredths`."""


def passes(term: Term, field: Field, rows: Rows) -> Any:
    """Rows with a value of the field that passes the term's test.

    Args:
        term: The term; it does not ask for what is missing.
        field: Its field, which is none of states.
        rows: The rows.
    """
    match field.kind:
        case Kind.DAY:
            return _on_day(term, field, rows)
        case Kind.COUNT:
            return _counted(term, field, rows)
        case _:
            return rows.text(field.name, _text_test(term, field))


def _text_test(term: Term, field: Field) -> TextTest:
    wanted = tuple(map(str, term.values))
    exact = field.kind is Kind.CODE
    if term.operator is Operator.KNOWN:
        return TextTest(field.choices or None, exact=exact)
    if exact:
        return TextTest(wanted, exact=True)
    return TextTest(tuple(map(folded, wanted)), within=field.kind is Kind.PART)


# --- days ---------------------------------------------------------------------------


def _ends_for_good(s: View, d: DayBounds) -> Any:
    return not_(rules.renews(s, d))


_DAYS: Final[Mapping[str, tuple[str, Rule | None]]] = {
    "ends": ("ends_on", _ends_for_good),
    "renews": ("ends_on", rules.renews),
    "added": ("added_on", None),
    "last_sign_in": ("last_admin_sign_in", None),
}
"""Field -> the column its day is kept in, and of which rows that column tells it."""

_Span = tuple[int, int]
"""The first and the last of consecutive whole numbers; none when they are crossed."""


def _on_day(term: Term, field: Field, rows: Rows) -> Any:
    name, tells = _DAYS[field.name]
    column = getattr(rows.view, name)
    # What an unknown day reads as lies outside of every span.
    unknown = UNKNOWN_READS[name]
    lowest = EARLIEST.toordinal() + (unknown == EARLIEST)
    highest = LATEST.toordinal() - (unknown == LATEST)

    def in_span(span: _Span) -> Any:
        first, last = max(span[0], lowest), min(span[1], highest)
        if first > last:
            first, last = highest, lowest
        low, high = map(dt.date.fromordinal, (first, last))
        if low == EARLIEST:
            return column <= rows.native(high)
        if high == LATEST:
            return column >= rows.native(low)
        return (column >= rows.native(low)) & (column <= rows.native(high))

    found = reduce(or_, map(in_span, _day_spans(term, field, rows.at)))
    return found if tells is None else found & tells(rows.view, rows.d)


def _day_spans(term: Term, field: Field, at: pendulum.Date) -> list[_Span]:
    """The days that pass, as ordinals."""
    lowest, highest = EARLIEST.toordinal(), LATEST.toordinal()
    counts = [value.count for value in term.values if isinstance(value, Days)]
    days = [day.toordinal() for day in term.values if isinstance(day, dt.date)]
    if not counts:
        return _spans(term.operator, days, lowest, highest)
    today = at.toordinal()
    distances = _spans(term.operator, counts, 0, highest)
    if field.ahead:
        spans = [(today + near, today + far) for near, far in distances]
    else:
        spans = [(today - far, today - near) for near, far in distances]
    # Only a list has both: `ends:90d,2027-01-01`.
    return spans + [(day, day) for day in days]


def _spans(
    operator: Operator, values: list[int], lowest: int, highest: int
) -> list[_Span]:
    """The whole numbers between lowest and highest that pass."""
    match operator:
        case Operator.IS:
            return [(value, value) for value in values]
        case Operator.BELOW:
            return [(lowest, values[0] - 1)]
        case Operator.AT_MOST:
            return [(lowest, values[0])]
        case Operator.ABOVE:
            return [(values[0] + 1, highest)]
        case Operator.AT_LEAST:
            return [(values[0], highest)]
        case Operator.BETWEEN:
            return [(values[0], values[1])]
        case Operator.KNOWN | Operator.MISSING:
            return [(lowest, highest)]


# --- licenses -----------------------------------------------------------------------


_COMPARES: Final[Mapping[Operator, Callable[[Any, Any], Any]]] = {
    Operator.BELOW: lt,
    Operator.AT_MOST: le,
    Operator.ABOVE: gt,
    Operator.AT_LEAST: ge,
}


def _counted(term: Term, field: Field, rows: Rows) -> Any:
    count = rows.count(field.name)
    if term.operator is Operator.KNOWN:
        return count >= 0
    numbers = [value for value in term.values if not isinstance(value, Percent)]
    shares = [value.hundredths for value in term.values if isinstance(value, Percent)]
    found = []
    if numbers:
        found.append((count >= 0) & _compared(term.operator, count, numbers))
    if shares:
        part, whole = rows.share(field.name)
        bounds = [whole * share for share in shares]
        found.append((whole > 0) & _compared(term.operator, part * _WHOLE, bounds))
    return reduce(or_, found)


def _compared(operator: Operator, column: Any, values: list[Any]) -> Any:
    if operator is Operator.BETWEEN:
        return (column >= values[0]) & (column <= values[1])
    if operator is Operator.IS:
        return reduce(or_, (column == value for value in values))
    return _COMPARES[operator](column, values[0])
