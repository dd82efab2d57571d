"""The nodes of a filter, and how they print.

A filter is one of five nodes::

    Term              a field has a value that passes a test
    And, Or, Not      of other filters
    OneSubscription   one and the same subscription passes a whole filter

`OneSubscription` is a node of its own and no kind of `Term`: it changes whose values
the terms inside it are about, so a term's values are never filters themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any, Final, NoReturn, cast

import attrs

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.fields import Field, Kind, Level, field_named
from partnerhub.domain.filters.values import Value, text_of

MOST_LEVELS: Final = 50
"""How deep filters may be nested."""

BARE: Final = "text"
"""The field that a bare word asks for."""
KNOWN: Final = "known"
MISSING: Final = "missing"
SAVED: Final = "saved"
"""What names a saved filter; the text form knows it, and no node."""

_PLAIN: Final = re.compile(r"[\w.@+&/'][\w.@+&/'%-]*")
_WORDS_OF_THE_LANGUAGE: Final = frozenset({"and", "or", "not"})


class Operator(Enum):
    """What a term asks of the values of its field, as the text form writes it."""

    IS = ":"
    """Any of the term's values."""
    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="
    BETWEEN = ".."
    """From the first of the term's values to the second, both included."""
    KNOWN = "known:"
    """There is a value."""
    MISSING = "missing:"
    """There is none."""


COMPARISONS: Final = (
    Operator.BELOW,
    Operator.AT_MOST,
    Operator.ABOVE,
    Operator.AT_LEAST,
)


def _depth(node: Any) -> int:
    parts = node.parts if isinstance(node, And | Or) else (node.part,)
    return 1 + max((part.depth for part in parts), default=0)


def _bounded(_: object, __: object, depth: int) -> None:
    if depth > MOST_LEVELS:
        raise InvalidValue("filter", "...", f"nested deeper than {MOST_LEVELS} levels")


def _depth_field() -> int:
    """How deep the filter is nested; worked out once, bounded, and not compared."""
    return attrs.field(
        init=False,
        eq=False,
        repr=False,
        default=attrs.Factory(_depth, takes_self=True),
        validator=_bounded,
    )


class _Node:
    """What all nodes can do."""

    __slots__ = ()

    def __and__(self, other: Filter) -> Filter:
        return all_of((cast("Filter", self), other))

    def __or__(self, other: Filter) -> Filter:
        return any_of((cast("Filter", self), other))

    def __invert__(self) -> Filter:
        return self.part if isinstance(self, Not) else Not(cast("Filter", self))

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "a filter is neither true nor false: join filters with & | ~ in place of "
            "and, or, not, and ask matches(filter, customer, at=...) of a customer"
        )


@attrs.frozen
class Term(_Node):
    """A field has a value that passes a test; a missing value passes none.

    Attributes:
        field: Name of the field.
        operator: The test.
        values: What it compares with: any number for `IS`, two for `BETWEEN`, none
            for `KNOWN` and `MISSING`, else one.
    """

    field: str
    operator: Operator
    values: tuple[Value, ...] = ()

    @property
    def depth(self) -> int:
        """How deep it is nested."""
        return 1

    def __str__(self) -> str:
        field = field_named(self.field)
        texts = [_written(field, value) for value in self.values]
        match self.operator:
            case Operator.KNOWN | Operator.MISSING:
                return f"{self.operator.value}{self.field}"
            case Operator.BETWEEN:
                return f"{self.field}:{'..'.join(texts)}"
            case Operator.IS if self.field == BARE and len(texts) == 1:
                return texts[0]
            case Operator.IS if field.kind is Kind.COUNT and len(texts) > 1:
                # With a comma it could be one number with its thousands apart.
                return f"{self.field}:({' OR '.join(texts)})"
            case _:
                return f"{self.field}{self.operator.value}{','.join(texts)}"


def _flat(kind: type[And | Or], parts: Iterable[Filter]) -> Iterator[Filter]:
    for part in parts:
        if isinstance(part, kind):
            yield from part.parts
        else:
            yield part


def _flat_and(parts: Iterable[Filter]) -> tuple[Filter, ...]:
    return tuple(_flat(And, parts))


def _flat_or(parts: Iterable[Filter]) -> tuple[Filter, ...]:
    return tuple(_flat(Or, parts))


def _several(_: object, __: object, parts: tuple[Filter, ...]) -> None:
    if len(parts) == 1:
        raise InvalidValue("part", str(parts[0]), "there is nothing to join it with")


def _some(_: object, __: object, parts: tuple[Filter, ...]) -> None:
    if len(parts) < len(("either", "or")):
        raise InvalidValue("parts", parts, "there is nothing to choose from")


@attrs.frozen
class And(_Node):
    """All parts hold; without any part it holds of everything. Never holds an And."""

    parts: tuple[Filter, ...] = attrs.field(converter=_flat_and, validator=_several)
    depth: int = _depth_field()

    def __str__(self) -> str:
        return " ".join(map(_within, self.parts))


@attrs.frozen
class Or(_Node):
    """Any part holds. Never holds an Or."""

    parts: tuple[Filter, ...] = attrs.field(converter=_flat_or, validator=_some)
    depth: int = _depth_field()

    def __str__(self) -> str:
        return " OR ".join(map(_within, self.parts))


@attrs.frozen
class Not(_Node):
    """The part does not hold; of a subscription's field: it holds of none."""

    part: Filter
    depth: int = _depth_field()

    def __str__(self) -> str:
        inner = str(self.part)
        return f"-({inner})" if isinstance(self.part, And | Or | Not) else f"-{inner}"


def _bindable(_: object, __: object, part: Filter) -> None:
    for node in nodes(part):
        if isinstance(node, OneSubscription):
            raise InvalidValue("part of subscription(...)", str(node), "one is enough")
        if isinstance(node, Term):
            check_bound(field_named(node.field))


@attrs.frozen
class OneSubscription(_Node):
    """The customer holds a subscription or trial of which the whole part holds."""

    part: Filter = attrs.field(validator=_bindable)
    depth: int = _depth_field()

    def __str__(self) -> str:
        return f"subscription({self.part})"


Filter = And | Or | Not | Term | OneSubscription
"""A condition on customers: what `where` builds and `parse_filter` reads."""

EVERYTHING: Final = And(())
"""The filter that holds of every customer; as text it is empty."""


def all_of(filters: Iterable[Filter], /) -> Filter:
    """Holds where all of them do; of everything when there are none."""
    parts = _flat_and(filters)
    return parts[0] if len(parts) == 1 else And(parts)


def any_of(filters: Iterable[Filter], /) -> Filter:
    """Holds where any of them does; of nothing when there are none."""
    parts = _flat_or(filters)
    if not parts:
        return Not(EVERYTHING)
    return parts[0] if len(parts) == 1 else Or(parts)


def nodes(node: Filter, /) -> Iterator[Filter]:
    """The node and all below it."""
    yield node
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from nodes(part)
    elif isinstance(node, Not | OneSubscription):
        yield from nodes(node.part)


def check_bound(field: Field, /) -> None:
    """Refuses a field of customers inside `subscription(...)`.

    Raises:
        InvalidValue: It is one.
    """
    if field.level is Level.CUSTOMER:
        hint = "; did you mean subscription_status?" if field.name == "status" else ""
        raise InvalidValue(
            "field of a subscription",
            field.name,
            f"it is the customer's, so write it outside subscription(...){hint}",
        )


# --- how nodes print ---------------------------------------------------------------


def _within(node: Filter) -> str:
    """A node as a part of And and Or, which are never mixed without parentheses."""
    return f"({node})" if isinstance(node, And | Or) else str(node)


def _written(field: Field, value: Value) -> str:
    text = text_of(field, value)
    return quoted(text) if isinstance(value, str) else text


def quoted(text: str, /) -> str:
    r"""`text` as one word of the text form, in quotes where it needs them.

    Examples:
        >>> quoted("vip"), quoted('a "b"'), quoted("OR")
        ('vip', '"a \\"b\\""', '"OR"')
    """
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS_OF_THE_LANGUAGE:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
