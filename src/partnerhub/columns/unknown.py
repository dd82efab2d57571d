"""How an unknown value stands in a column.

Numpy has no missing integer, so every column type has one value that means
"not known". Nothing outside this module spells these values out.

| column | dtype | unknown |
| --- | --- | --- |
| counts | int32 or int64 | -1 |
| flags | int8: 0, 1 | -1 |
| codes into labels | int32 | -1 |
| days | datetime64[D] | NaT |
| decimals | float64 | NaN |
| texts | object | None or blank |
"""

from __future__ import annotations

from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

COUNT: Final = -1
FLAG: Final = -1
CODE: Final = -1
DAY: Final = np.datetime64("NaT", "D")

Array = npt.NDArray[Any]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Days = npt.NDArray[np.datetime64]


@attrs.frozen(kw_only=True, eq=False)
class RuleColumns:
    """Columns that rules read.

    Attributes:
        read: Name -> the column as rules have read it, for the next who asks.
    """

    read: dict[str, Array] = attrs.field(factory=dict, init=False, repr=False)
    _counts: dict[str, Array] = attrs.field(factory=dict, init=False, repr=False)

    def counts(self, name: str, /) -> Array:
        """A column of counts in 32 bits where all of them fit, kept for the next."""
        if name not in self._counts:
            column: Array = getattr(self, name)
            fits = column.max(initial=0) < np.iinfo(np.int32).max
            self._counts[name] = column.astype(np.int32, copy=False) if fits else column
        return self._counts[name]


def is_unknown(column: Array) -> Bools:
    """Where a column has no known value: bool `(n,)`.

    Examples:
        >>> is_unknown(np.array([3, -1, 0])).tolist()
        [False, True, False]
    """
    if column.dtype.kind == "M":
        return np.isnat(column)
    if column.dtype.kind == "f":
        return np.isnan(column)
    if column.dtype.kind == "O":
        return np.fromiter((not text for text in column), np.bool_, len(column))
    if column.dtype.kind == "b":
        return np.zeros(len(column), dtype=np.bool_)
    below: Bools = column < 0
    return below


def filled(column: Array, fill: object) -> Array:
    """A column in which unknown reads as `fill`; the same array where none is."""
    missing = is_unknown(column)
    if not missing.any():
        return column
    return np.where(missing, np.asarray(fill, dtype=column.dtype), column)
