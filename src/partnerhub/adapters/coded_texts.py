"""A Polars series of texts as codes into its distinct texts (extra `columnar`)."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from partnerhub.columns.unknown import Array


def coded_texts(series: Any, pl: ModuleType, /) -> tuple[Array, Any]:
    """Codes, and a series of the distinct texts that they stand for, in any order.

    Args:
        series: Texts without nulls.
        pl: Polars.
    """
    # To code them takes five times as long as to see that it would be for nothing.
    if series.n_unique() == len(series):
        return np.arange(len(series)), series
    # Categories of its own, which are in no memory any more once it is coded.
    coded = series.cast(pl.Categorical(pl.Categories.random()))
    distinct = coded.unique()
    place = np.empty(len(distinct), np.intp)
    place[distinct.to_physical().to_numpy()] = np.arange(len(distinct))
    return place[coded.to_physical().to_numpy()], distinct.cast(pl.String)
