"""Walking through a query text, one thing at a time, with its place for errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NoReturn, TypeVar

from partnerhub.domain.errors import FilterError, InvalidValue, NotFound

_T = TypeVar("_T")

LONGEST: Final = 10_000
"""The most characters a query text may have."""

SPACE: Final = re.compile(r"\s*")
OPEN: Final = re.compile(r"\(")
CLOSE: Final = re.compile(r"\)")
COMMA: Final = re.compile(r"\s*,\s*")
MINUS: Final = re.compile(r"-\s*")
AND: Final = re.compile(r"AND(?![^\s()\"])")
OR: Final = re.compile(r"OR(?![^\s()\"])")
NOT: Final = re.compile(r"NOT(?![^\s()\"])\s*")
BINDING: Final = re.compile(r"subscription\(", re.IGNORECASE)
FIELD: Final = re.compile(r"([^\W\d][\w-]*)(\s*:?\s*(?:<=|>=|<|>)\s*|:|=)")
QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
# Typographic quotes and signs are refused: looked for as text they would find nobody.
WORD: Final = re.compile(r'[^\s(),":<>=“”„≤≥]+')
VALUE: Final = re.compile(r'[^\s(),"“”„]+')
THOUSANDS: Final = re.compile(r"(?:[0-9]+\.\.)?([0-9]{1,3}(?:,[0-9]{3})+)(?![0-9])")

_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
# One character each, so that the caret stays where it belongs.
_BREAKS: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")


def on_one_line(text: str, /) -> str:
    """`text` as an error shows it above the caret: as long, and without breaks."""
    return _BREAKS.sub(" ", text)


class Scanner:
    """A text and the place reached in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def skip_space(self) -> None:
        """Goes on to the next thing."""
        self.take(SPACE)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What stands here, if it is that; goes past it."""
        found = self.matches(pattern)
        if found:
            self.place = found.end()
        return found

    def matches(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What stands here, if it is that; stays before it."""
        return pattern.match(self.text, self.place)

    def sees(self, pattern: re.Pattern[str]) -> bool:
        """Whether that stands here; stays before it."""
        return self.matches(pattern) is not None

    def ended(self) -> bool:
        """Whether nothing is left."""
        return self.place == len(self.text)

    def take_quoted(self) -> str | None:
        """The text in quotes that stands here, without them."""
        if not self.text.startswith('"', self.place):
            return None
        found = self.take(QUOTED)
        if found is None:
            self.fail("the quote is never closed")
        return _ESCAPED.sub(r"\1", found[1])

    def fail(self, why: str, place: int | None = None) -> NoReturn:
        """Refuses the text.

        Raises:
            FilterError: Always, with the caret at `place`, or here.
        """
        position = self.place if place is None else place
        raise FilterError(why, text=on_one_line(self.text), position=position)

    def checked(self, place: int, make: Callable[[], _T]) -> _T:
        """What `make` gives.

        Raises:
            FilterError: It was refused; the caret is at `place`.
        """
        try:
            return make()
        except (InvalidValue, NotFound) as error:
            self.fail(str(error), place)
