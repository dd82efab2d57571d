"""Text columns: int32 codes into a list of labels, since most texts repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import Self

import attrs
import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.unknown import Array, Bools, Codes, Ints


@attrs.frozen(eq=False)
class TextColumn:
    """A text column, read-only.

    Attributes:
        codes: Place of each row's text in `labels`; -1 where not known, `(n,)`.
        labels: The distinct texts, object `(labels,)`.
    """

    codes: Codes
    labels: Array

    @classmethod
    def of(cls, texts: Iterable[str | None]) -> Self:
        """The column of these texts, None where not known.

        Examples:
            >>> column = TextColumn.of(["a", None, "a"])
            >>> column.codes.tolist(), column.texts().tolist()
            ([0, -1, 0], ['a', None, 'a'])
        """
        listed = list(texts)
        # All by functions in C: a comprehension takes four times as long.
        distinct = dict.fromkeys(listed)
        distinct.pop(None, None)
        place: dict[str | None, int] = dict(zip(distinct, count(), strict=False))
        place[None] = unknown.CODE
        codes = np.fromiter(map(place.__getitem__, listed), np.int32, len(listed))
        return cls(codes, np.array(list(distinct), object))

    @classmethod
    def of_keys(cls, keys: Array, texts: Callable[[Ints], list[str]]) -> Self:
        """The column of texts that somebody knows by keys.

        Args:
            keys: Their keys, below 0 where not known, `(n,)`.
            texts: Gives the texts of distinct keys, in the same order.

        Examples:
            >>> names = ["a", "b", "c"]
            >>> keys = np.array([2, -1, 0])
            >>> of = lambda wanted: [names[key] for key in wanted]
            >>> TextColumn.of_keys(keys, of).texts().tolist()
            ['c', None, 'a']
        """
        distinct, codes = np.unique(keys, return_inverse=True)
        missing = int(len(distinct) > 0 and distinct[0] < 0)
        labels = np.empty(len(distinct) - missing, dtype=object)
        labels[:] = texts(distinct[missing:])
        return cls((codes - missing).astype(np.int32), labels)

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: Array) -> TextColumn:
        """The chosen rows, in the order given."""
        return TextColumn(self.codes[rows], self.labels)

    def texts(self) -> Array:
        """The texts themselves, object `(n,)`, None where not known."""
        if not len(self.labels):
            return np.full(len(self.codes), None, dtype=object)
        found: Array = self.labels[self.codes]
        missing = self.codes < 0
        if missing.any():
            found[missing] = None
        return found

    def ranks(self) -> Ints:
        """A number for each row that sorts like its text, by code point, `(n,)`.

        All texts must be known.
        """
        rank = np.empty(len(self.labels), np.int64)
        rank[np.argsort(self.labels)] = np.arange(len(rank))
        return rank[self.codes]

    def where(self, test: Callable[[str], bool]) -> Bools:
        """Rows whose text makes `test(text)` true, asked once a distinct text."""
        holds = np.array([bool(test(text)) for text in self.labels], np.bool_)
        if not len(holds):
            return np.zeros(len(self.codes), np.bool_)
        return holds[self.codes] & (self.codes >= 0)
