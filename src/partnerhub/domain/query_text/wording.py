"""What the errors of a query text say."""

from __future__ import annotations

from typing import Final

from partnerhub.domain.fields import Field
from partnerhub.domain.filters.nodes import Filter, all_of, any_of
from partnerhub.domain.query_text import scanning

_LONGEST_READING: Final = 200


def two_readings(groups: list[list[Filter]]) -> str:
    """Groups of parts joined by AND, themselves joined by OR, read either way."""
    or_first: list[list[Filter]] = [[]]
    for group in groups:
        or_first[-1].append(group[0])
        or_first.extend([part] for part in group[1:])
    one, other = any_of(map(all_of, groups)), all_of(map(any_of, or_first))
    texts = [scanning.on_one_line(str(reading)) for reading in (one, other)]
    if max(map(len, texts)) > _LONGEST_READING:
        texts = ["(a AND b) OR c", "a AND (b OR c)"]
    return f"AND and OR are mixed; write {' or '.join(texts)}"


def unexpected(character: str) -> str:
    """That this character cannot stand where it does."""
    if character == ")":
        return "the parenthesis was never opened"
    return f"{character!r} is not expected here; put it in quotes if it is meant"


def missing_before(text: str, place: int) -> str:
    """That no condition stands at a place where there must be one."""
    rest = text[place:].lstrip()
    if rest[:1] in {"", ")"} or scanning.OR.match(rest) or scanning.AND.match(rest):
        return "a condition is missing"
    return unexpected(rest[0])


def no_value(field: Field) -> str:
    """That a field's value is missing, and which there are."""
    return f"a value of {field.name!r} is missing ({_some_values(field)})"


def _some_values(field: Field) -> str:
    if field.choices:
        return "valid: " + ", ".join(field.choices)
    return "for example " + ", ".join(field.examples)
