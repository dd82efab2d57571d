"""What may come next in a query text: for the tools people type it into."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

import attrs

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.fields import FIELDS, Field, Level, field_named
from partnerhub.domain.filters.nodes import KNOWN, MISSING, SAVED, quoted
from partnerhub.domain.filters.values import folded
from partnerhub.domain.query_text.scanning import LONGEST

_VALUE: Final = r'(?:"(?:[^"\\]|\\.)*"|[^\s(),"]*)'
_TERM: Final = re.compile(
    rf"(?<!\w)(?<!\w-)([^\W\d][\w-]*)(:?[<>]=?|:)"
    rf"(\(?(?:{_VALUE}(?:,|\s+OR\s+))*)([^\s(),\"]*)\Z",
    re.DOTALL,
)
_WORD: Final = re.compile(r"(?<!\w)(?<!\w-)[^\W\d][\w-]*\Z|\Z")
_REST_OF_FIELD: Final = re.compile(r"[\w-]*(?::?[<>]=?|:)?")
_REST_OF_VALUE: Final = re.compile(r'[^\s(),"]*')
_REST_IN_QUOTES: Final = re.compile(r'(?:[^"\\]|\\.)*"?', re.DOTALL)
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)("|\Z)', re.DOTALL)
_PARENTHESIS: Final = re.compile(r"(subscription)?\(|\)", re.IGNORECASE)
_NOTHING: Final[Mapping[str, Iterable[str]]] = MappingProxyType({})


@attrs.frozen(kw_only=True)
class Completion:
    """One thing that may be typed at a place.

    Attributes:
        text: What it reads in full.
        start: Where it begins.
        end: Where the word ends that the cursor is in: `text[start:end]` is what it
            replaces.
        help: What it asks for, for people; blank for a value.
    """

    text: str
    start: int
    end: int
    help: str = ""


def suggest(
    text: str,
    position: int | None = None,
    /,
    *,
    values: Mapping[str, Iterable[str]] = _NOTHING,
) -> list[Completion]:
    """Completions of the field or value that the cursor is in.

    What stands before the cursor says what is offered, and the whole word that it is
    in is what gives way.

    Args:
        text: The query text, finished or not; nothing is offered where it is longer
            than a query may be.
        position: Where the cursor is; the end when not given.
        values: Field -> values that are known of it (the partner's tags), to offer
            besides those that every partner has; "saved" has the names of saved
            filters.

    Examples:
        >>> [completion.text for completion in suggest("-prod")]
        ['product:']
        >>> [each.text for each in suggest("status:expired,ex")]
        ['expiring_soon', 'expired']
        >>> [each.text for each in suggest("tag:v", values={"tag": ["VIP", "a b"]})]
        ['vip', 'VIP']
        >>> suggest("stat:expired", 2)[0].text, suggest("stat:expired", 2)[0].end
        ('status:', 5)
    """
    if len(text) > LONGEST:
        return []
    before = text if position is None else text[: max(position, 0)]
    cursor = len(before)
    if (opened := _open_quote(before)) is not None:
        found = _TERM.search(before[: opened.start()])
        if found is None or found[4]:
            return []
        end = _end_of(_REST_IN_QUOTES, text, cursor)
        place = _Place(start=opened.start(), end=end)
        return list(_values(found, opened[1], place, values))
    if found := _TERM.search(before):
        place = _Place(start=found.start(4), end=_end_of(_REST_OF_VALUE, text, cursor))
        return list(_values(found, found[4], place, values))
    word = _WORD.search(before)
    start = word.start() if word else cursor
    end = _end_of(_REST_OF_FIELD, text, cursor) if start < cursor else cursor
    place = _Place(start=start, end=end)
    bound = _is_bound(before)
    offered = list(_fields(before[start:], place, bound=bound))
    if values.get(SAVED) and not bound and SAVED.startswith(before[start:].casefold()):
        offered.append(place.completion(f"{SAVED}:", "a saved filter"))
    return offered


@attrs.frozen
class _Place:
    start: int
    end: int

    def completion(self, text: str, told: str = "") -> Completion:
        return Completion(text=text, start=self.start, end=self.end, help=told)


def _end_of(rest: re.Pattern[str], text: str, cursor: int) -> int:
    found = rest.match(text, cursor)
    return cursor if found is None else found.end()


def _values(
    found: re.Match[str],
    begun: str,
    place: _Place,
    known: Mapping[str, Iterable[str]],
) -> Iterator[Completion]:
    name, sign, typed = found[1], found[2], folded(begun)
    if sign == ":" and name.casefold() in {KNOWN, MISSING}:
        for field in FIELDS.values():
            if field.name.startswith(typed):
                yield place.completion(field.name, field.help)
        return
    if name.casefold() == SAVED:
        offered = [*known.get(SAVED, ())]
    else:
        try:
            field = field_named(name)
        except InvalidValue:
            return
        offered = [*(field.choices or field.examples), *known.get(field.name, ())]
    for value in dict.fromkeys(offered):
        if folded(value).startswith(typed):
            yield place.completion(quoted(value))


def _fields(typed: str, place: _Place, *, bound: bool) -> Iterator[Completion]:
    def offered(field: Field) -> bool:
        fits = field.name.startswith(typed.casefold())
        return fits and not (bound and field.level is Level.CUSTOMER)

    for field in filter(offered, FIELDS.values()):
        yield place.completion(f"{field.name}:", field.help)
    if not bound and "subscription(".startswith(typed.casefold()):
        told = "binds what it encloses to one and the same subscription"
        yield place.completion("subscription(", told)
    for word, told in ((KNOWN, "has a value"), (MISSING, "has no value")):
        if word.startswith(typed.casefold()):
            yield place.completion(f"{word}:", f"a field {told}")


def _open_quote(text: str) -> re.Match[str] | None:
    """What stands in quotes that are not closed by the end of the text."""
    return next((found for found in _QUOTED.finditer(text) if not found[2]), None)


def _is_bound(text: str) -> bool:
    """Whether the end of the text lies inside `subscription(...)`."""
    inside: list[bool] = []
    for found in _PARENTHESIS.finditer(_QUOTED.sub("", text)):
        if found[0] != ")":
            inside.append(found[1] is not None)
        elif inside:
            inside.pop()
    return any(inside)
