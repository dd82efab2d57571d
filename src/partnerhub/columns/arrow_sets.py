"""Column sets to Arrow: all that a store takes and gives as columns is a data frame.

`polars.DataFrame(portfolio.lines)`, and the same with pandas, DuckDB and PyArrow.
Integers, decimals and moments keep their memory; the Arrow type of a column depends
on its numpy type only: int8 is a flag, days are days, texts are texts, and what is
not known is null.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import attrs
import numpy as np

from partnerhub.columns import arrow
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array


class ArrowColumns(ABC):
    """A column set that any Arrow library reads, by the names of its attributes."""

    __slots__ = ()

    @abstractmethod
    def __len__(self) -> int:
        """Rows."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The columns for any library that reads the Arrow PyCapsule interface.

        Raises:
            MissingExtra: The extra `columnar` is not installed.
        """
        return arrow.capsule(list(self.arrow_columns()), len(self), requested_schema)

    def arrow_columns(self) -> Iterator[tuple[str, Array | TextColumn]]:
        """Name and values of every column that goes out, in order."""
        kind: Any = type(self)
        for field in attrs.fields(kind):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray | TextColumn):
                yield field.name, value


def labelled(codes: Array, labels: tuple[object, ...], /) -> TextColumn:
    """Codes into some texts as a column of texts."""
    texts = np.empty(len(labels), dtype=object)
    texts[:] = list(map(str, labels))
    return TextColumn(codes.astype(np.int32), texts)
