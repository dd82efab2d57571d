"""How Python writes a filter: `where("ends").lt("90d")`, `subscription(...)`."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.fields import Field, field_named
from partnerhub.domain.filters.nodes import (
    COMPARISONS,
    Filter,
    OneSubscription,
    Operator,
    Term,
    all_of,
)
from partnerhub.domain.filters.values import (
    Days,
    Given,
    Percent,
    Value,
    place_of,
    text_of,
    value_of,
)


@attrs.frozen
class Where:
    """A field, waiting for what is asked of it. Made by `where`."""

    _field: Field

    def eq(self, value: Given, /) -> Term:
        """It has this value."""
        return term(self._field, Operator.IS, (value,))

    def any_of(self, *values: Given) -> Term:
        """It has any of these values."""
        return term(self._field, Operator.IS, values)

    def lt(self, value: Given, /) -> Term:
        """It is below this value."""
        return term(self._field, Operator.BELOW, (value,))

    def le(self, value: Given, /) -> Term:
        """It is this value or below."""
        return term(self._field, Operator.AT_MOST, (value,))

    def gt(self, value: Given, /) -> Term:
        """It is above this value."""
        return term(self._field, Operator.ABOVE, (value,))

    def ge(self, value: Given, /) -> Term:
        """It is this value or above."""
        return term(self._field, Operator.AT_LEAST, (value,))

    def between(self, low: Given, high: Given, /) -> Term:
        """It lies between these two, both included."""
        return term(self._field, Operator.BETWEEN, (low, high))

    def is_known(self) -> Term:
        """It has a value."""
        return term(self._field, Operator.KNOWN)

    def is_missing(self) -> Term:
        """It has no value."""
        return term(self._field, Operator.MISSING)


def where(field: str, /) -> Where:
    """What a filter in Python begins with.

    Args:
        field: Name of the field, one of `partnerhub.domain.fields.FIELDS`.

    Raises:
        InvalidValue: There is no such field.

    Examples:
        >>> str(where("status").eq("expired") & ~where("tag").eq("vip"))
        'status:expired -tag:vip'
        >>> str(where("product").any_of("calling", "meetings") | where("name").eq("a b"))
        'product:calling,meetings OR name:"a b"'
    """
    return Where(field_named(field))


def subscription(*filters: Filter) -> Filter:
    """One and the same subscription or trial of the customer passes all of these.

    Raises:
        InvalidValue: A field inside is not one of subscriptions.

    Examples:
        >>> trial = where("type").eq("trial") & where("ends").lt("30d")
        >>> str(subscription(trial))
        'subscription(type:trial ends<30d)'
    """
    return OneSubscription(all_of(filters))


def term(field: Field, operator: Operator, given: Sequence[Given] = (), /) -> Term:
    """The term with these values, checked.

    Raises:
        InvalidValue: The field has no such comparison, or no such value.
    """
    if operator in {*COMPARISONS, Operator.BETWEEN} and not field.ordered:
        raise InvalidValue(
            "ordered field", field.name, f"write {field.name}:value, without < or >"
        )
    values = tuple(value_of(field, each) for each in given)
    if operator is Operator.BETWEEN:
        _check_range(field, *values)
    if operator is Operator.IS:
        values = tuple(dict.fromkeys(values))
        if not values:
            raise InvalidValue(f"list of values of {field.name!r}", "()", "it is empty")
    return Term(field.name, operator, values)


def _check_range(field: Field, low: Value, high: Value) -> None:
    begin, end = text_of(field, low), text_of(field, high)
    what, given = f"range of {field.name!r}", f"{begin}..{end}"
    relative = isinstance(low, Days | Percent) or isinstance(high, Days | Percent)
    if relative and type(low) is not type(high):
        raise InvalidValue(what, given, "its two ends differ in kind")
    if place_of(high) < place_of(low):
        why = f"it ends before it begins: write {end}..{begin}"
        raise InvalidValue(what, given, why)
