"""What Calling Usage Details counts, and the cells in which it is counted first.

Each leg falls into one cell of two small tables beside its place; the report's sums
are sums over cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from partnerhub.columns.aggregates import cell_sums
from partnerhub.columns.unknown import Bools, Ints
from partnerhub.domain.calls import (
    CALL_TYPES,
    USER_KINDS,
    CallType,
    EndpointType,
    UserKind,
)

TYPE_COLUMNS: Final = {
    CallType.INTERNAL: "total_internal_calls",
    CallType.TOLL_FREE: "total_toll_free_calls",
    CallType.PREMIUM: "total_premium_calls",
    CallType.INTEGRATED_AUDIO: "total_integrated_audio_calls",
    CallType.NATIONAL: "total_national_calls",
    CallType.INBOUND: "total_inbound_calls",
    CallType.OPERATOR: "total_operator_calls",
    CallType.SHORT_CODE: "total_short_code_calls",
    CallType.INTERNATIONAL: "total_international_calls",
    CallType.MOBILE: "total_mobile_calls",
    CallType.EMERGENCY: "total_emergency_calls",
    CallType.UNKNOWN: "total_unknown_calls",
}
"""Call type -> column of the report; the other types have none."""

ROUTED_COLUMNS: Final = {
    UserKind.HUNT_GROUP: "calls_hunt_group",
    UserKind.AUTO_ATTENDANT: "calls_auto_attendant",
    UserKind.CALL_QUEUE: "call_queue_total_calls",
}
"""Service -> column that counts the calls routed to it."""

ENDPOINT_COLUMNS: Final = {
    EndpointType.DESK_PHONE: "call_legs_desk_phone",
    EndpointType.ROOM_DEVICE: "call_legs_room_device",
    EndpointType.THIRD_PARTY: "call_legs_other_devices",
}

SUMS: Final = (
    "records",
    "total_calls",
    "total_call_legs",
    "rated",
    "total_poor_call_quality",
    "seconds",
    "seconds_unknown",
    "video_seconds",
    "video_seconds_zero",
    "media_neither",
    "call_legs_audio",
    "call_legs_video",
    *ENDPOINT_COLUMNS.values(),
    *ROUTED_COLUMNS.values(),
    *TYPE_COLUMNS.values(),
)
"""What is summed for each place."""

# The route of a leg, 5 bits: in a user's the call type, and 16 when it originates;
# a terminating record of a service takes one of the codes that are free.
ORIGINATES: Final = np.uint8(16)
NO_COLUMN: Final = len(TYPE_COLUMNS)
ROUTED: Final = NO_COLUMN  # + 1, 2, 3: the code of the user kind
IGNORED: Final = np.uint8(ORIGINATES + NO_COLUMN + 1)
OUTSIDE: Final = np.uint8(IGNORED + 1)  # a leg that does not count at all
ROUTES: Final = 32
# The rest of it, 6 bits: 2 for the endpoint, 2 for its quality, 2 for audio and video.
REST: Final = 64
RATED, POOR, AUDIO, VIDEO = (np.uint8(bit) for bit in (4, 8, 16, 32))
ENDPOINT: Final = 3
OF_SERVICE: Final = POOR  # no leg is poor and not rated, so the code is free


def _route_cells() -> dict[str, Bools]:
    """The cells of the table of routes that each sum is over, bool `(ROUTES,)`."""
    code = np.arange(ROUTES)
    user_type = np.where(code < ORIGINATES, code, code - ORIGINATES)
    is_made = (code >= ORIGINATES) & (user_type <= NO_COLUMN)
    found = {"records": code != OUTSIDE, "total_calls": is_made}
    for each, key in ROUTED_COLUMNS.items():
        found[key] = code == ROUTED + USER_KINDS.index(each)
    for call_type, key in TYPE_COLUMNS.items():
        found[key] = user_type == CALL_TYPES.index(call_type)
    found[TYPE_COLUMNS[CallType.INTERNAL]] &= is_made
    return found


def _rest_cells() -> dict[str, Bools]:
    """The cells of the table of the rest that each sum is over, bool `(REST,)`."""
    code = np.arange(REST)
    found = {
        "total_call_legs": code >= 0,
        "rated": (code & RATED) != 0,
        "total_poor_call_quality": (code & POOR) != 0,
        "call_legs_audio": (code & AUDIO) != 0,
        "call_legs_video": (code & VIDEO) != 0,
    }
    for number, key in enumerate(ENDPOINT_COLUMNS.values(), start=1):
        found[key] = code & ENDPOINT == number
    return {key: cells & (code != OF_SERVICE) for key, cells in found.items()}


_ROUTE_CELLS: Final = _route_cells()
_REST_CELLS: Final = _rest_cells()
_MORE: Final = (
    "seconds",
    "seconds_unknown",
    "video_seconds",
    "video_seconds_zero",
    "media_neither",
)


def sums_of(routes: Ints, rest: Ints, more: Sequence[Ints]) -> Ints:
    """The sums of each place, int64 `(places, len(SUMS))`."""
    found = np.empty((len(routes), len(SUMS)), np.int64)
    for cells, table in ((_ROUTE_CELLS, routes), (_REST_CELLS, rest)):
        found[:, [SUMS.index(key) for key in cells]] = cell_sums(table, cells.values())
    for key, numbers in zip(_MORE, more, strict=True):
        found[:, SUMS.index(key)] = numbers
    return found
