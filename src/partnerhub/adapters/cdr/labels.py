"""Classes of legs, worked out once for texts that occur and not once a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from partnerhub.adapters.cdr.pieces import Piece
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Ints
from partnerhub.domain.calls import (
    DIRECTIONS,
    ENDPOINT_TYPES,
    USER_KINDS,
    classify_endpoint,
    classify_features,
)


def by_label(column: TextColumn, code: Callable[[str], int], blank: int) -> Ints:
    """A number for every row, worked out once a label that occurs."""
    table = np.full(len(column.labels) + 1, blank, np.int64)
    for at in _occurring(column):
        table[at] = code(column.labels[at])
    found: Ints = table[column.codes]
    return found


def _occurring(column: TextColumn) -> list[int]:
    met = np.zeros(len(column.labels) + 1, np.bool_)
    met[column.codes] = True
    return np.flatnonzero(met[:-1]).tolist()


def endpoints(piece: Piece, good: Array, clients: TextColumn) -> Array:
    """The endpoint code of each leg, uint8 `(n,)`."""
    keys = ("model", "os_type", "sub_client")
    columns = [clients, *(piece.coded(key).take(good) for key in keys)]

    def code(texts: list[str]) -> int:
        client, *more = texts
        options = dict(zip(keys, more, strict=True))
        return ENDPOINT_TYPES.index(classify_endpoint(client, **options))

    return by_labels(columns, code).astype(np.uint8)


def features(piece: Piece, good: Array, kind: Ints, direction: Ints) -> Array:
    """The feature bits of each leg, uint16 `(n,)`."""
    marks = (
        piece.present("recording")[good],
        piece.present("recall")[good],
        (piece.present("transfer_id") | piece.present("transfer_time"))[good],
    )
    of_leg = (kind * len(DIRECTIONS) + direction) * 8
    for bit, mark in enumerate(marks):
        of_leg += mark.astype(np.int64) << bit

    def code(texts: list[str], of_leg: int) -> int:
        who, flags = divmod(of_leg, 8)
        user_kind, way = divmod(who, len(DIRECTIONS))
        return classify_features(
            texts[0],
            user_kind=USER_KINDS[user_kind],
            direction=DIRECTIONS[way],
            recorded=bool(flags & 1),
            recalled=bool(flags & 2),
            transferred=bool(flags & 4),
        ).value

    reasons = piece.coded("reason").take(good)
    return by_labels([reasons], code, of_leg).astype(np.uint16)


def by_labels(
    columns: list[TextColumn],
    code: Callable[..., int],
    more: Ints | None = None,
) -> Ints:
    """A number for every row, worked out once for texts that occur together."""
    if not len(columns[0]):
        return np.empty(0, np.int64)
    joint = np.zeros(len(columns[0]), np.int64) if more is None else more.copy()
    widths = [len(column.labels) + 1 for column in columns]
    for column, width in zip(columns, widths, strict=True):
        joint *= width
        joint += column.codes + 1
    distinct, rows = np.unique(joint, return_inverse=True)
    found = np.empty(len(distinct), np.int64)
    for at, value in enumerate(distinct.tolist()):
        texts, rest = [], value
        for column, width in zip(reversed(columns), reversed(widths), strict=True):
            rest, label = divmod(rest, width)
            texts.append(column.labels[label - 1] if label else "")
        extra: tuple[Any, ...] = () if more is None else (rest,)
        found[at] = code(texts[::-1], *extra)
    values: Ints = found[rows]
    return values
