"""The partner's own tags, on customers and on subscriptions (design 5.32).

A tag is 1 to 25 characters, and a customer, or a subscription, has at most five.
Nobody but the partner sees them. Letter case does not tell two tags apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from partnerhub.domain.errors import InvalidValue

LONGEST: Final = 25
"""Characters of a tag."""

MOST: Final = 5
"""Tags of one customer, and of one subscription."""


def parse_tag(text: str, /) -> str:
    """A tag as it is kept.

    Raises:
        InvalidValue: It is blank, too long, or holds a comma or a control character.

    Examples:
        >>> parse_tag("  key   account ")
        'key account'
    """
    plain = " ".join(text.split())
    if not plain:
        raise InvalidValue("tag", text, "it is blank")
    if len(plain) > LONGEST:
        why = f"it has {len(plain)} characters, and a tag has at most {LONGEST}"
        raise InvalidValue("tag", text, why)
    if "," in plain:
        why = "it holds a comma, which separates tags where the service searches them"
        raise InvalidValue("tag", text, why)
    if not plain.isprintable():
        raise InvalidValue("tag", text, "it holds a character that cannot be printed")
    return plain


def parse_tags(texts: str | Iterable[str], /) -> tuple[str, ...]:
    """Tags as they are kept, each once, in their order; a lone text is one tag.

    Raises:
        InvalidValue: One of them is no tag.

    Examples:
        >>> parse_tags(["vip", "North ", "VIP"])
        ('vip', 'North')
    """
    given = (texts,) if isinstance(texts, str) else texts
    kept: dict[str, str] = {}
    for tag in map(parse_tag, given):
        kept.setdefault(tag.casefold(), tag)
    return tuple(kept.values())


def assigned(texts: str | Iterable[str], /) -> tuple[str, ...]:
    """The tags that replace all those there were.

    Raises:
        InvalidValue: One of them is no tag, or there are more than five.
    """
    return _within_limit(parse_tags(texts))


def added(held: Iterable[str], more: str | Iterable[str], /) -> tuple[str, ...]:
    """The tags held with more at the end; one that is there stays as it is.

    Raises:
        InvalidValue: One of them is no tag, or there would be more than five.

    Examples:
        >>> added(["vip"], ["VIP", "north"])
        ('vip', 'north')
    """
    kept = {tag.casefold(): tag for tag in held}
    before = len(kept)
    for tag in parse_tags(more):
        kept.setdefault(tag.casefold(), tag)
    # More than five can have come from a file: they stay until somebody edits them.
    return _within_limit(tuple(kept.values())) if len(kept) > before else tuple(held)


def removed(held: Iterable[str], fewer: str | Iterable[str], /) -> tuple[str, ...]:
    """The tags held without some; one that is not there does not matter.

    Examples:
        >>> removed(["vip", "north"], "VIP")
        ('north',)
    """
    texts = (fewer,) if isinstance(fewer, str) else fewer
    gone = {" ".join(text.split()).casefold() for text in texts}
    return tuple(tag for tag in held if tag.casefold() not in gone)


def has_any(held: Iterable[str], wanted: Iterable[str], /) -> bool:
    """Whether any of the tags wanted is among those held.

    Examples:
        >>> has_any(["VIP"], ["vip", "north"])
        True
    """
    asked = {" ".join(text.split()).casefold() for text in wanted}
    return any(tag.casefold() in asked for tag in held)


def _within_limit(tags: tuple[str, ...]) -> tuple[str, ...]:
    if len(tags) > MOST:
        why = f"there are {len(tags)}, and at most {MOST} fit"
        raise InvalidValue("list of tags", ", ".join(tags), why)
    return tags
