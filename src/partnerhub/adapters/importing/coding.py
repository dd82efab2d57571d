"""Columns as codes into their distinct values, so that each is looked at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import attrs
import numpy as np
import numpy.typing as npt

from partnerhub.columns.unknown import Array, Ints


@attrs.frozen(eq=False)
class Coded:
    """A column of texts, coded.

    Attributes:
        code: Place of each row's text among the distinct ones, int64 `(n,)`.
        values: The distinct texts, in order of appearance.
    """

    code: Ints
    values: tuple[str, ...]

    @classmethod
    def of(cls, column: Array) -> Self:
        """Codes a column.

        By a dict: sorting objects, as `np.unique` does, takes several times as long.

        Examples:
            >>> Coded.of(np.array(["b", "a", "b"], object)).code.tolist()
            [0, 1, 0]
        """
        listed = column.tolist()
        values = tuple(dict.fromkeys(listed))
        place = {value: at for at, value in enumerate(values)}
        code = np.fromiter(map(place.__getitem__, listed), np.int64, len(listed))
        return cls(code, values)

    def each(self, read: Callable[[str], Any], dtype: npt.DTypeLike) -> Array:
        """What `read` makes of each row's text, asked once a distinct text, `(n,)`.

        Examples:
            >>> Coded.of(np.array(["b", "a", "b"], object)).each(ord, np.int64).tolist()
            [98, 97, 98]
        """
        read_values: Array = np.empty(len(self.values), dtype)
        read_values[:] = [read(value) for value in self.values]
        found: Array = read_values[self.code]
        return found
