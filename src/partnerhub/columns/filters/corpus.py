"""Searching many short texts at once: they are folded and joined into one.

A part of a text is searched in the joined bytes, by `bytes.find` while finds are few
and by numpy once they are many, so that no needle is slow.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from partnerhub.columns.unknown import Array, Bools
from partnerhub.domain.filters import TextTest, folded

Places = npt.NDArray[np.intp]

_END: Final = "\n"  # folded texts hold no line break
_FEW: Final = 2_000
"""Finds after which looking at every place at once is faster."""

_UNTIDY: Final = re.compile(r"[^\S\n ]| (?:[ \n]|\Z)|(?:\A|\n) ")
"""Spaces that folding would take away, in texts joined by line breaks."""


class Corpus:
    """Texts, ready to be searched.

    Examples:
        >>> corpus = Corpus(["Acmé", "", "Beta ac"])
        >>> corpus.where(TextTest(("ac",), within=True)).tolist()
        [True, False, True]
        >>> corpus.where(TextTest(("acme",))).tolist()
        [True, False, False]
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._joined = _bytes(f"{_END}{_all_folded(texts)}{_END}")
        self._each = np.frombuffer(self._joined, np.uint8)
        ends = np.flatnonzero(self._each == ord(_END))[: len(texts) + 1]
        self._starts, self._ends = ends[:-1] + 1, ends[1:]
        self._often = np.bincount(self._each, minlength=256)

    def where(self, test: TextTest) -> Bools:
        """Which texts pass, bool `(texts,)`."""
        if test.wanted is None:
            known: Bools = self._ends > self._starts
            return known
        found = np.zeros(len(self._starts), np.bool_)
        for wanted in test.wanted:
            needle = wanted if test.within else f"{_END}{wanted}{_END}"
            places = self._places(_bytes(needle)) + (not test.within)
            self._mark(found, places)
        return found

    def _mark(self, found: Bools, places: Places) -> None:
        """Sets the texts in which one of the places, sorted, lies."""
        if len(places) < len(found):
            found[np.searchsorted(self._starts, places, side="right") - 1] = True
            return
        after = np.searchsorted(places, self._starts)
        found |= np.append(places, len(self._each))[after] < self._ends

    def _places(self, needle: bytes) -> Places:
        """Where the needle stands in the joined bytes, sorted."""
        often = self._often[list(needle)]
        if not often.all():
            return np.empty(0, np.intp)
        places: list[int] = []
        place = self._joined.find(needle)
        while place >= 0:
            if len(places) == _FEW:
                rarest_first = np.argsort(often, kind="stable").tolist()
                return self._all_places(needle, rarest_first)
            places.append(place)
            place = self._joined.find(needle, place + 1)
        return np.array(places, np.intp)

    def _all_places(self, needle: bytes, offsets: list[int]) -> Places:
        """The same, of a needle that stands in many places.

        Args:
            needle: What is searched for.
            offsets: Its bytes in the order in which they are looked at.
        """
        size = max(len(self._each) - len(needle) + 1, 0)

        def where(offset: int) -> Bools:
            found: Bools = self._each[offset : offset + size] == needle[offset]
            return found

        first, *others = offsets
        mask = where(first)
        # The last byte tells ids apart that begin alike.
        mask &= where(len(needle) - 1)
        places = np.flatnonzero(mask)
        for offset in others:
            places = places[self._each[places + offset] == needle[offset]]
        return places


def _bytes(text: str) -> bytes:
    # Lone surrogates may be searched for, too.
    return text.encode("utf-8", "surrogatepass")


def _all_folded(texts: Sequence[str]) -> str:
    """The folded texts, joined by line breaks; plain ones all at once."""
    joined = _END.join(texts)
    is_plain = joined.isascii() and not _UNTIDY.search(joined)
    if is_plain and joined.count(_END) == max(len(texts) - 1, 0):
        return joined.casefold()
    return _END.join(map(folded, texts))


def corpus_of(texts: Array) -> Corpus:
    """The corpus of an object column, None where not known."""
    return Corpus([text or "" for text in texts.tolist()])
