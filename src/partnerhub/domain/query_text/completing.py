"""What may come next in a query text: for the tools people type it into."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

import attrs

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.fields import FIELDS, Field, Level, field_named
from partnerhub.domain.filters.nodes import KNOWN, MISSING, quoted
from partnerhub.domain.filters.values import folded

_TERM: Final = re.compile(
    r'([^\W\d][\w-]*)(:?[<>]=?|:)(\(?(?:[^\s()"]*(?:,|\s+OR\s+))*)([^\s(),"]*)\Z'
)
_WORD: Final = re.compile(r"[^\W\d][\w-]*\Z|\Z")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*("|\Z)', re.DOTALL)
_PARENTHESIS: Final = re.compile(r"(subscription)?\(|\)", re.IGNORECASE)
_NOTHING: Final[Mapping[str, Iterable[str]]] = MappingProxyType({})


@attrs.frozen(kw_only=True)
class Completion:
    """One thing that may be typed at a place.

    Attributes:
        text: What it reads in full.
        start: Where it begins; `text[start:position]` is what it replaces.
        help: What it asks for, for people; blank for a value.
    """

    text: str
    start: int
    help: str = ""


def suggest(
    text: str,
    position: int | None = None,
    /,
    *,
    values: Mapping[str, Iterable[str]] = _NOTHING,
) -> list[Completion]:
    """Completions of the field or value that ends at a position.

    Args:
        text: The query text, finished or not.
        position: Where the cursor is; the end when not given.
        values: Field -> values that are known of it (the partner's tags), to offer
            besides those that every partner has.

    Examples:
        >>> [completion.text for completion in suggest("-prod")]
        ['product:']
        >>> [each.text for each in suggest("status:expired,ex")]
        ['expiring_soon', 'expired']
        >>> [each.text for each in suggest("tag:v", values={"tag": ["VIP", "a b"]})]
        ['vip', 'VIP']
    """
    before = text if position is None else text[: max(position, 0)]
    if _in_quotes(before):
        return []
    if found := _TERM.search(before):
        return list(_values(found, values))
    word = _WORD.search(before)
    start = word.start() if word else len(before)
    return list(_fields(before[start:], start, bound=_is_bound(before)))


def _values(
    found: re.Match[str], known: Mapping[str, Iterable[str]]
) -> Iterator[Completion]:
    name, sign, typed, start = found[1], found[2], folded(found[4]), found.start(4)
    if sign == ":" and name.casefold() in {KNOWN, MISSING}:
        for field in FIELDS.values():
            if field.name.startswith(typed):
                yield Completion(text=field.name, start=start, help=field.help)
        return
    try:
        field = field_named(name)
    except InvalidValue:
        return
    offered = [*(field.choices or field.examples), *known.get(field.name, ())]
    for value in dict.fromkeys(offered):
        if folded(value).startswith(typed):
            yield Completion(text=quoted(value), start=start)


def _fields(typed: str, start: int, *, bound: bool) -> Iterator[Completion]:
    def offered(field: Field) -> bool:
        fits = field.name.startswith(typed.casefold())
        return fits and not (bound and field.level is Level.CUSTOMER)

    for field in filter(offered, FIELDS.values()):
        yield Completion(text=f"{field.name}:", start=start, help=field.help)
    if not bound and "subscription(".startswith(typed.casefold()):
        told = "binds what it encloses to one and the same subscription"
        yield Completion(text="subscription(", start=start, help=told)
    for word, told in ((KNOWN, "has a value"), (MISSING, "has no value")):
        if word.startswith(typed.casefold()):
            yield Completion(text=f"{word}:", start=start, help=f"a field {told}")


def _in_quotes(text: str) -> bool:
    return any(not found[1] for found in _QUOTED.finditer(text))


def _is_bound(text: str) -> bool:
    """Whether the end of the text lies inside `subscription(...)`."""
    inside: list[bool] = []
    for found in _PARENTHESIS.finditer(_QUOTED.sub("", text)):
        if found[0] != ")":
            inside.append(found[1] is not None)
        elif inside:
            inside.pop()
    return any(inside)
