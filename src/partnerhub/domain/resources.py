"""Resources & Help: links that partners need, and a search over them.

>>> [found.title for found in search_resources("attendant trial")]
['Start a Webex Attendant Console trial']
>>> [found.title for found in search_resources(topic="support")][0]
'Partner support for Webex Calling'
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.products import Product, parse_product
from partnerhub.domain.resources_data import RESOURCES, Resource, Shelf, Topic


def search_resources(
    text: str = "",
    /,
    *,
    topic: Topic | str | None = None,
    product: Product | str | None = None,
    shelf: Shelf | str | None = None,
    among: Iterable[Resource] = RESOURCES,
) -> tuple[Resource, ...]:
    """The links that have all the words, those with more of them in the title first.

    Args:
        text: Words, or beginnings of words, in any case; blank finds all.
        topic: Only what is about this.
        product: Only what is about this product, or about all.
        shelf: Only quick links, or what is featured.
        among: The links to search; those of the library where it is left out.

    Raises:
        InvalidValue: There is no such topic, product or shelf.
    """
    topic = None if topic is None else _choice(Topic, "topic", topic)
    shelf = None if shelf is None else _choice(Shelf, "shelf", shelf)
    if product is not None and not isinstance(product, Product):
        product = parse_product(product)
    words = text.casefold().split()
    found = [
        each
        for each in among
        if (topic is None or each.topic is topic)
        and (shelf is None or shelf in each.shelves)
        and (product is None or not each.products or product in each.products)
        and _hits(words, f"{each.title} {each.summary} {each.topic}") == len(words)
    ]
    return tuple(sorted(found, key=lambda each: -_hits(words, each.title)))


_Choice = TypeVar("_Choice", Topic, Shelf)


def _choice(kind: type[_Choice], what: str, text: str) -> _Choice:
    plain = "_".join(text.casefold().replace("-", " ").split())
    try:
        return kind(plain)
    except ValueError as error:
        choices = [each.value for each in kind]
        raise InvalidValue(what, text, choices=choices) from error


def _hits(words: list[str], text: str) -> int:
    """How many of the words begin a word of the text."""
    there = re.findall(r"\w+", text.casefold())
    return sum(any(each.startswith(word) for each in there) for word in words)
