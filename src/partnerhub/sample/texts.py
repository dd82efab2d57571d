"""Texts of many rows as arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Bools


def texts(
    given: Sequence[str | None] | Array, /, *, blank: Bools | None = None
) -> Array:
    """The texts as a new object array, None where `blank` is true.

    Examples:
        >>> texts(["a", "b"], blank=np.array([False, True]))
        array(['a', None], dtype=object)
    """
    array: Array = np.empty(len(given), dtype=object)
    array[:] = given
    if blank is not None:
        array[blank] = None
    return array


def coded(codes: Array, labels: Sequence[str] | Array, /) -> TextColumn:
    """Rows that each have one of some different texts: its position, negative for none.

    Examples:
        >>> coded(np.array([1, -1, 0]), ["US", "EU"]).texts().tolist()
        ['EU', None, 'US']
    """
    return TextColumn(codes.astype(np.int32), texts(labels))
