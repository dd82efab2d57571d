"""Searching many short texts at once: they are folded and joined into one.

A needle is looked for in the joined bytes by its rarest and its last byte, everywhere
at once; what is left is looked at more closely. Over a few megabytes that is twice as
fast as `bytes.find`, and a needle that stands everywhere is not slower by much.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from partnerhub.columns.unknown import Bools
from partnerhub.domain.filters import TextTest, folded

_END: Final = "\n"  # folded texts hold no line break

_UNTIDY: Final = ("  ", " \n", "\n ", *"\t\r\v\f\x1c\x1d\x1e\x1f")
"""Spaces that folding would take away, in texts between line breaks."""


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
        self._each = np.frombuffer(_bytes(_all_folded(texts)), np.uint8)
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
            if test.within:
                self._mark(found, _bytes(wanted), begins=0)
            else:
                self._mark(found, _bytes(f"{_END}{wanted}{_END}"), begins=1)
        return found

    def _mark(self, found: Bools, needle: bytes, *, begins: int) -> None:
        """Sets the texts in which the needle stands, from its byte `begins` on."""
        often = self._often[list(needle)]
        if not often.all() or len(needle) > len(self._each):
            return
        # The last byte tells ids apart that begin alike.
        rarest, last = (
            int(often[:-1].argmin()) if len(needle) > 1 else 0,
            len(needle) - 1,
        )
        size = len(self._each) - last
        there = np.zeros(len(self._each), np.bool_)
        np.equal(self._each[rarest : rarest + size], needle[rarest], out=there[:size])
        there[:size] &= self._each[last:] == needle[last]
        if last <= 1:
            found |= np.logical_or.reduceat(there, self._starts)
            return
        places = np.flatnonzero(there)
        for offset in np.argsort(often).tolist():
            places = places[self._each[places + offset] == needle[offset]]
        found[np.searchsorted(self._starts, places + begins, side="right") - 1] = True


def _bytes(text: str) -> bytes:
    # Lone surrogates may be searched for, too.
    return text.encode("utf-8", "surrogatepass")


def _all_folded(texts: Sequence[str]) -> str:
    """The folded texts, each between line breaks; plain ones all at once."""
    joined = _between_breaks(texts)
    is_plain = joined.isascii() and not any(space in joined for space in _UNTIDY)
    if is_plain and joined.count(_END) == len(texts) + 1:
        return joined.casefold()
    return _between_breaks(map(folded, texts))


def _between_breaks(texts: Iterable[str]) -> str:
    return _END.join(["", *texts, ""])
