"""Call legs as columns: what every formula of Calling engagement reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from partnerhub.columns import unknown
from partnerhub.columns.arrow_sets import ArrowColumns, labelled
from partnerhub.columns.registers import Register, RegisterBuilder
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Bools, Codes
from partnerhub.domain.calls import (
    CALL_TYPES,
    DIRECTIONS,
    ENDPOINT_TYPES,
    UNSUPPORTED,
    USER_KINDS,
    CallLeg,
    classify_call_type,
)
from partnerhub.domain.quality import MEASURES, View

Small = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

MOST_TYPES: Final = 256
"""Call types that a column tells apart; any more share the last code."""

_UNSUPPORTED_CODES: Final = tuple(ENDPOINT_TYPES.index(each) for each in UNSUPPORTED)


@attrs.frozen(kw_only=True, eq=False)
class LegColumns(ArrowColumns):
    """Call legs, one record each, no record twice.

    Attributes:
        places: The locations that `place` names.
        users: The users that `user` names.
        other_types: Texts of the call types that nobody has met; their codes follow
            those of `CALL_TYPES`.
        place: Location of the leg, int32 `(n,)`; also says whose leg it is.
        user: User, workspace or service, int32; -1 where not known.
        start: When the call began, UTC, datetime64[s].
        duration_s: Length in seconds, int32; -1 where not known.
        answered: int8: 1, 0, -1 where not known.
        direction: Code in `DIRECTIONS`, uint8.
        call_type: Code in `CALL_TYPES`, or after them, uint8.
        user_kind: Code in `USER_KINDS`, uint8.
        endpoint: Code in `ENDPOINT_TYPES`, uint8.
        features: Bits of `Feature`, uint16.
        ipv6: The endpoint uses IPv6, bool.
        audio: int8: 1, 0, -1 where not known.
        video: int8.
        video_s: Seconds with video on, int32; -1 where not known.
        audio_jitter_ms: float32, NaN where not known; so are the other five measures.
    """

    places: Register
    users: Register
    other_types: tuple[str, ...] = ()
    place: Codes
    user: Codes
    start: Array
    duration_s: Codes
    answered: Array
    direction: Small
    call_type: Small
    user_kind: Small
    endpoint: Small
    features: npt.NDArray[np.uint16]
    ipv6: Bools
    audio: Array
    video: Array
    video_s: Codes
    audio_jitter_ms: Floats
    audio_latency_ms: Floats
    audio_loss_pct: Floats
    video_jitter_ms: Floats
    video_latency_ms: Floats
    video_loss_pct: Floats

    def __len__(self) -> int:
        return len(self.place)

    def arrow_columns(self) -> Iterator[tuple[str, Array | TextColumn]]:
        """Its columns; places, users and codes by what they stand for."""
        labels = {
            "direction": DIRECTIONS,
            "call_type": self.type_names(),
            "user_kind": USER_KINDS,
            "endpoint": ENDPOINT_TYPES,
        }
        yield "organization", self.places.owners()[self.place]
        yield "location", self.places.text[self.place]
        yield "user", TextColumn(self.user, self.users.text)
        for name in ROW_COLUMNS:
            values: Array = getattr(self, name)
            if name in labels:
                yield name, labelled(values, labels[name])
            elif name not in {"place", "user"}:
                yield name, values

    def take(self, rows: Array | slice, /) -> LegColumns:
        """The chosen rows, in the order given; of a slice, without a copy."""
        return attrs.evolve(
            self, **{name: getattr(self, name)[rows] for name in ROW_COLUMNS}
        )

    def type_names(self) -> tuple[str, ...]:
        """The text of every code of `call_type`."""
        return (*(each.value for each in CALL_TYPES), *self.other_types)


_SHARED: Final = frozenset({"places", "users", "other_types"})
ROW_COLUMNS: Final = tuple(
    field.name for field in attrs.fields(LegColumns) if field.name not in _SHARED
)
"""The columns that have one value a leg."""


def quality_view(legs: LegColumns, rows: slice, /) -> View:
    """The row view of some legs that the quality rules are applied to.

    A measure that is not known stays NaN, which no bound is below.
    """
    view = SimpleNamespace(**{name: getattr(legs, name)[rows] for name in MEASURES})
    view.measured = measured(legs, rows)
    view.unsupported = unsupported(legs, rows)
    return view


def measured(legs: LegColumns, rows: slice, /) -> Bools:
    """Legs of which any measure is known, bool."""
    first, second, *others = (getattr(legs, name)[rows] for name in MEASURES)
    most = np.fmax(first, second)  # NaN only where both are
    for column in others:
        np.fmax(most, column, out=most)
    found: Bools = most == most  # noqa: PLR0124 - NaN is not itself
    return found


def unsupported(legs: LegColumns, rows: slice, /) -> Bools:
    """Legs on endpoints that have no quality data, bool (design 5.28)."""
    endpoint = legs.endpoint[rows]
    found: Bools = legs.ipv6[rows].copy()
    for code in _UNSUPPORTED_CODES:
        found |= endpoint == code
    return found


class TypeCodes:
    """Gives a code to every text of a call type, met before or not."""

    def __init__(self) -> None:
        self._other: dict[str, int] = {}

    def code(self, text: str) -> int:
        """The code of a text."""
        met = classify_call_type(text)
        if met is not None:
            return CALL_TYPES.index(met)
        free = len(CALL_TYPES) + len(self._other)
        return self._other.setdefault(text.strip(), free) if free < MOST_TYPES else 255

    @property
    def other_types(self) -> tuple[str, ...]:
        """The texts that nobody had met, in order of their codes."""
        return tuple(self._other)


def legs_of(legs: Iterable[CallLeg], /) -> LegColumns:
    """The columns of these legs, in their order.

    Examples:
        >>> import datetime as dt
        >>> leg = CallLeg(organization="acme", location="Oslo", start=dt.datetime(2026, 11, 16))
        >>> columns = legs_of([leg, leg])
        >>> columns.place.tolist(), columns.places.text.tolist()
        ([0, 0], ['Oslo'])
    """
    legs = tuple(legs)
    types, places, users = TypeCodes(), RegisterBuilder(), RegisterBuilder()
    customers = TextColumn.of(leg.organization for leg in legs)
    names = TextColumn.of(leg.location for leg in legs)
    people = TextColumn.of(leg.user or None for leg in legs)

    def column(values: Iterable[Any], dtype: npt.DTypeLike, blank: Any = -1) -> Array:
        known = [blank if value is None else value for value in values]
        return np.array(known, dtype)

    columns: dict[str, Array] = {
        "place": places.codes(customers, names),
        "user": users.codes(customers, people),
        "start": np.array([_utc(leg.start) for leg in legs], "datetime64[s]"),
        "duration_s": column((leg.duration_s for leg in legs), np.int32),
        "answered": column((leg.answered for leg in legs), np.int8),
        "direction": column((DIRECTIONS.index(leg.direction) for leg in legs), "u1"),
        "call_type": column((types.code(leg.call_type) for leg in legs), "u1"),
        "user_kind": column((USER_KINDS.index(leg.user_kind) for leg in legs), "u1"),
        "endpoint": column((ENDPOINT_TYPES.index(leg.endpoint) for leg in legs), "u1"),
        "features": column((leg.features.value for leg in legs), np.uint16),
        "ipv6": column((leg.ipv6 for leg in legs), np.bool_),
        "audio": column((leg.audio for leg in legs), np.int8),
        "video": column((leg.video for leg in legs), np.int8),
        "video_s": column((leg.video_s for leg in legs), np.int32),
    }
    for name in MEASURES:
        told = (getattr(leg, name) for leg in legs)
        columns[name] = column(told, np.float32, np.nan)
    return LegColumns(
        places=places.register(),
        users=users.register(),
        other_types=types.other_types,
        **columns,
    )


def _utc(moment: dt.datetime) -> dt.datetime:
    """Without a zone, as numpy has it."""
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(dt.UTC).replace(tzinfo=None)


def joined(parts: Iterable[LegColumns], /) -> LegColumns:
    """The legs of several sources as one, in their order."""
    parts = tuple(parts)
    first, *others = parts or (legs_of(()),)
    for other in others:
        first = _both(first, other)
    return first


def _both(left: LegColumns, right: LegColumns) -> LegColumns:
    places, place = left.places.united(right.places)
    users, user = left.users.united(right.users)
    types = TypeCodes()
    for text in left.other_types:
        types.code(text)
    renamed = np.array([types.code(text) for text in right.type_names()], np.uint8)
    codes = {
        "place": place[right.place].astype(np.int32),
        "user": np.where(right.user < 0, unknown.CODE, right.user),
        "call_type": renamed[right.call_type],
    }
    if len(user):
        codes["user"] = np.where(right.user < 0, unknown.CODE, user[right.user])
    return LegColumns(
        places=places,
        users=users,
        other_types=types.other_types,
        **{
            name: np.concatenate(
                [getattr(left, name), codes.get(name, getattr(right, name))]
            ).astype(getattr(left, name).dtype, copy=False)
            for name in ROW_COLUMNS
        },
    )
