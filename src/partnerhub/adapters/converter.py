"""Between frozen objects and what JSON can hold."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from functools import cache
from typing import Any, get_args

import cattrs
import pendulum

from partnerhub.domain.days import as_day
from partnerhub.domain.instants import as_instant


@cache
def converter() -> cattrs.Converter:
    """The converter of documents and typed rows; what is default is left out."""
    made = cattrs.Converter(omit_if_default=True)
    for kind, read in (
        (pendulum.Date, as_day),
        (pendulum.DateTime, as_instant),
        (dt.time, dt.time.fromisoformat),
    ):
        _as_text(made, kind, read)
    made.register_unstructure_hook_func(_is_set, _sorted_texts)
    return made


def _as_text(made: cattrs.Converter, kind: type, read: Any) -> None:
    """Values of exactly that class are ISO texts."""

    def is_kind(told: Any) -> bool:
        return told is kind

    made.register_unstructure_hook_func(is_kind, lambda value: value.isoformat())
    made.register_structure_hook_func(is_kind, lambda text, _: read(text))


def _is_set(kind: Any) -> bool:
    return getattr(kind, "__origin__", None) is frozenset and bool(get_args(kind))


def _sorted_texts(values: frozenset[str]) -> list[str]:
    """In a fixed order, so that equal objects are equal documents."""
    return sorted(v.value if isinstance(v, Enum) else v for v in values)
