"""Searching many short texts at once: they are folded and joined into one.

A part of a text is searched in the joined bytes, by `bytes.find` while finds are few
and by numpy once they are many, so that no needle is slow.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

from partnerhub.columns.unknown import Array, Bools
from partnerhub.domain.filters import TextTest, folded

_END: Final = "\n"  # folded texts hold no line break
_FEW: Final = 2_000
"""Finds after which looking at every place at once is faster."""


class Corpus:
    """Texts, ready to be searched.

    Examples:
        >>> corpus = Corpus(["Acmé", "", "Beta ac"])
        >>> corpus.where(TextTest(("ac",), within=True)).tolist()
        [True, False, True]
        >>> corpus.where(TextTest(("acme",))).tolist()
        [True, False, False]
    """

    def __init__(self, texts: Iterable[str]) -> None:
        plain = [folded(text) for text in texts]
        self._joined = _bytes(_END.join(["", *plain, ""]))
        self._each = np.frombuffer(self._joined, np.uint8)
        ends = np.flatnonzero(self._each == ord(_END))
        self._starts = ends[: len(plain)] + 1
        self._size = len(plain)
        self._often = np.bincount(self._each, minlength=256)
        self._lengths = np.diff(ends)[: len(plain)] - 1

    def where(self, test: TextTest) -> Bools:
        """Which texts pass, bool `(texts,)`."""
        if test.wanted is None:
            known: Bools = self._lengths > 0
            return known
        found = np.zeros(self._size, np.bool_)
        for wanted in test.wanted:
            needle = wanted if test.within else f"{_END}{wanted}{_END}"
            places = self._places(_bytes(needle)) + (not test.within)
            found[np.searchsorted(self._starts, places, side="right") - 1] = True
        return found

    def _places(self, needle: bytes) -> npt.NDArray[np.intp]:
        """Where the needle stands in the joined bytes; of many, all of them."""
        often = self._often[list(needle)]
        if not often.all():
            return np.empty(0, np.intp)
        if often.min() > _FEW:
            return self._all_places(needle, int(often.argmin()))
        places: list[int] = []
        place = self._joined.find(needle)
        while place >= 0 and len(places) < _FEW:
            places.append(place)
            place = self._joined.find(needle, place + 1)
        if place >= 0:
            return self._all_places(needle, int(often.argmin()))
        return np.array(places, np.intp)

    def _all_places(self, needle: bytes, rarest: int) -> npt.NDArray[np.intp]:
        """The same, beginning with the needle's rarest byte."""
        places = np.flatnonzero(self._each == needle[rarest]) - rarest
        inside = (places >= 0) & (places <= len(self._each) - len(needle))
        places = places[inside]
        for offset, byte in enumerate(needle):
            if offset != rarest:
                places = places[self._each[places + offset] == byte]
        return places


def _bytes(text: str) -> bytes:
    # Lone surrogates may be searched for, too.
    return text.encode("utf-8", "surrogatepass")


def corpus_of(texts: Array) -> Corpus:
    """The corpus of an object column, None where not known."""
    return Corpus(text or "" for text in texts)
