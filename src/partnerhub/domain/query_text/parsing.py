"""Reading the text form of a filter.

::

    filter     = nothing | parts joined by AND (or a space), or all by OR
    part       = { "-" | "NOT" } ( "(" filter ")" | "subscription(" filter ")" | term )
    term       = field ":" values | field comparison value | word | "quoted words"
    values     = value { "," value } | "(" value { OR value } ")" | low ".." high
    comparison = "<" | "<=" | ">" | ">=", with or without a ":" before it
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from partnerhub.domain.errors import FilterError
from partnerhub.domain.fields import FIELDS, Field, Kind, field_named
from partnerhub.domain.filters.building import term
from partnerhub.domain.filters.nodes import (
    BARE,
    EVERYTHING,
    KNOWN,
    MISSING,
    MOST_LEVELS,
    SAVED,
    Filter,
    Not,
    OneSubscription,
    Operator,
    all_of,
    any_of,
    check_bound,
)
from partnerhub.domain.query_text import scanning, wording
from partnerhub.domain.query_text.scanning import LONGEST, Scanner

_COMPARISONS: Final = {
    "<": Operator.BELOW,
    "<=": Operator.AT_MOST,
    ">": Operator.ABOVE,
    ">=": Operator.AT_LEAST,
}
_PRESENCE: Final = {KNOWN: Operator.KNOWN, MISSING: Operator.MISSING}


def parse_filter(
    text: str, /, *, saved: Callable[[str], Filter] | None = None
) -> Filter:
    """The filter that a text describes; of everything when it is blank.

    Args:
        text: The text.
        saved: Gives what `saved:name` stands for, and raises `NotFound` where nothing
            has that name. Without it such a term is refused.

    Raises:
        FilterError: The text cannot be understood; it says where and why.

    Examples:
        >>> parse_filter("status:expired -tag:vip") == parse_filter(
        ...     "status:(expired) AND NOT tag:vip"
        ... )
        True
        >>> str(parse_filter('product:"Webex Calling" (ends<90d OR renews<4w) "acme"'))
        'product:calling (ends<90d OR renews<28d) acme'
        >>> parse_filter("status:expird")
        Traceback (most recent call last):
        ...
        partnerhub.domain.errors.FilterError: 'expird' is no status; ...
          status:expird
                 ^
    """
    if len(text) > LONGEST:
        raise FilterError(
            f"the query has {len(text):,} characters, {LONGEST:,} are the most",
            text=scanning.on_one_line(text),
            position=LONGEST,
        )
    return _Parser(text, saved).filter()


class _Parser:
    """Reads one text."""

    def __init__(self, text: str, saved: Callable[[str], Filter] | None) -> None:
        self._at = Scanner(text)
        self._saved = saved
        self._open = 0
        self._bound = False

    def filter(self) -> Filter:
        """The whole text."""
        found = self._filter()
        if not self._at.ended():
            self._at.fail(wording.unexpected(self._at.text[self._at.place]))
        return found

    def _filter(self) -> Filter:
        """Parts up to a closing parenthesis or the end."""
        at = self._at
        at.skip_space()
        if at.ended() or at.sees(scanning.CLOSE):
            return EVERYTHING
        start = at.place
        groups = [[self._part()]]
        joints: dict[str, int] = {}
        while True:
            at.skip_space()
            here = at.place
            if at.ended() or at.sees(scanning.CLOSE):
                break
            if at.take(scanning.OR):
                joints.setdefault("OR", here)
                groups.append([])
            else:
                at.take(scanning.AND)
                joints.setdefault("AND", here)
            at.skip_space()
            groups[-1].append(self._part())
        if len(joints) > 1:
            at.fail(wording.two_readings(groups), max(joints.values()))
        return at.checked(start, lambda: any_of(map(all_of, groups)))

    def _part(self) -> Filter:
        at = self._at
        start = at.place
        negations = 0
        while at.take(scanning.MINUS) or at.take(scanning.NOT):
            negations += 1
        found = self._primary()
        for _ in range(negations):
            found = at.checked(start, partial(Not, found))
        return found

    def _primary(self) -> Filter:
        at = self._at
        start = at.place
        if at.take(scanning.OPEN):
            return self._closed(start)
        if at.take(scanning.BINDING):
            return self._one_subscription(start)
        if (found := at.take(scanning.FIELD)) is not None:
            return self._field_term(start, found[1], found[2].strip())
        return self._bare_term(start)

    def _closed(self, start: int) -> Filter:
        """What stands in parentheses, the first of which is passed already."""
        at = self._at
        self._open += 1
        if self._open > MOST_LEVELS:
            at.fail(f"nested deeper than {MOST_LEVELS} levels", start)
        found = self._filter()
        if not at.take(scanning.CLOSE):
            at.fail("the parenthesis is never closed", at.text.index("(", start))
        self._open -= 1
        return found

    def _one_subscription(self, start: int) -> Filter:
        at = self._at
        if self._bound:
            at.fail("subscription(...) cannot stand inside subscription(...)", start)
        self._bound = True
        found = self._closed(start)
        self._bound = False
        return at.checked(start, partial(OneSubscription, found))

    # terms

    def _bare_term(self, start: int) -> Filter:
        at = self._at
        text = at.take_quoted()
        if text is None:
            word = at.take(scanning.WORD)
            if word is None or word[0] in {"AND", "OR", "NOT"}:
                at.fail(wording.missing_before(at.text, start), start)
            text = word[0]
        return at.checked(start, partial(term, FIELDS[BARE], Operator.IS, [text]))

    def _field_term(self, start: int, name: str, sign: str) -> Filter:
        at = self._at
        if sign == "=":
            at.fail(f"write {name}:value; = is not used", at.place - 1)
        if sign == ":" and name.casefold() in _PRESENCE:
            return self._presence(_PRESENCE[name.casefold()])
        if sign == ":" and name.casefold() == SAVED:
            return self._saved_filter(start)
        field = self._field(start, name)
        if sign == ":":
            return self._values(start, field)
        operator = _COMPARISONS[sign.lstrip(":").strip()]
        self._no_thousands(field, listed=False)
        place, given = self._value(field)
        return at.checked(
            start if not field.ordered else place,
            partial(term, field, operator, [given]),
        )

    def _field(self, start: int, name: str) -> Field:
        field = self._at.checked(start, partial(field_named, name))
        if self._bound:
            self._at.checked(start, partial(check_bound, field))
        return field

    def _presence(self, operator: Operator) -> Filter:
        at = self._at
        start = at.place
        name = at.take(scanning.WORD)
        if name is None:
            at.fail("the name of a field is missing")
        return at.checked(start, partial(term, self._field(start, name[0]), operator))

    def _saved_filter(self, start: int) -> Filter:
        at, saved = self._at, self._saved
        if saved is None:
            at.fail("a saved filter cannot be named here: ask a hub", start)
        place = at.place
        name = at.take_quoted()
        if name is None:
            word = at.take(scanning.VALUE)
            if word is None:
                at.fail("the name of a saved filter is missing", place)
            name = word[0]
        return at.checked(place, partial(saved, name))

    def _values(self, start: int, field: Field) -> Filter:
        """What stands after `field:`."""
        at = self._at
        if at.take(scanning.OPEN):
            return self._list(start, field)
        self._no_thousands(field, listed=True)
        is_range = field.ordered and not at.sees(scanning.QUOTED)
        place, given = self._value(field)
        if is_range and ".." in given:
            low, _, high = given.partition("..")
            return at.checked(place, _range(field, low, high))
        return self._any_of(field, place, given, self._after_comma)

    def _no_thousands(self, field: Field, *, listed: bool) -> None:
        """Refuses `1,000`: where a list may stand it would be one of two numbers."""
        at = self._at
        found = at.matches(scanning.THOUSANDS) if field.kind is Kind.COUNT else None
        if found is not None:
            as_list = f" or {field.name}:({found[1].replace(',', ' OR ')})"
            listed = listed and found.start(1) == found.start()
            why = f"write {found[1].replace(',', '')}{as_list if listed else ''}"
            at.fail(f"{found[1]!r} has a comma: {why}", found.start(1))

    def _list(self, start: int, field: Field) -> Filter:
        at = self._at
        at.skip_space()
        found = self._any_of(field, *self._value(field), self._after_or)
        at.skip_space()
        if not at.take(scanning.CLOSE):
            if at.ended():
                at.fail("the parenthesis is never closed", at.text.index("(", start))
            at.fail("write OR between the values of a list")
        return found

    def _any_of(
        self, field: Field, place: int, given: str, goes_on: Callable[[], bool]
    ) -> Filter:
        """A term with one value or several."""
        at = self._at
        values: list[str] = [given]
        found = at.checked(place, partial(term, field, Operator.IS, values))
        while goes_on():
            place, given = self._value(field)
            at.checked(place, partial(term, field, Operator.IS, [given]))
            values.append(given)
        return found if len(values) == 1 else term(field, Operator.IS, values)

    def _after_comma(self) -> bool:
        return self._at.take(scanning.COMMA) is not None

    def _after_or(self) -> bool:
        at = self._at
        if at.take(scanning.COMMA):
            return True
        at.skip_space()
        if not at.take(scanning.OR):
            return False
        at.skip_space()
        return True

    def _value(self, field: Field) -> tuple[int, str]:
        """The value that stands here, and its place."""
        at = self._at
        place = at.place
        quoted = at.take_quoted()
        if quoted is not None:
            return place, quoted
        value = at.take(scanning.VALUE)
        if value is None:
            at.fail(wording.no_value(field), place)
        return place, value[0]


def _range(field: Field, low: str, high: str) -> Callable[[], Filter]:
    """`low..high`, of which one end may be open."""
    ends: Sequence[str]
    if not high:
        operator, ends = Operator.AT_LEAST, [low]
    elif not low:
        operator, ends = Operator.AT_MOST, [high]
    else:
        operator, ends = Operator.BETWEEN, [low, high]
    return partial(term, field, operator, ends)
