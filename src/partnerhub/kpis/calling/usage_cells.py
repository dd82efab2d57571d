"""What Calling Usage Details counts, and the cells in which it is counted first.

Each leg falls into one cell of two small tables beside its place; the report's sums
are sums over cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from partnerhub.columns.unknown import Ints
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
ROUTES: Final = 32
# The rest of it, 6 bits: 2 for the endpoint, 2 for its quality, 2 for audio and video.
REST: Final = 64
RATED, POOR, AUDIO, VIDEO = (np.uint8(bit) for bit in (4, 8, 16, 32))
ENDPOINT: Final = 3
OF_SERVICE: Final = POOR  # no leg is poor and not rated, so the code is free


def sums_of(routes: Ints, rest: Ints, more: Sequence[Ints]) -> Ints:
    """The sums of each place, in the order of `SUMS`."""
    code = np.arange(REST)

    rest[:, OF_SERVICE] = 0

    def having(bit: np.uint8) -> Ints:
        found: Ints = rest[:, (code & bit) != 0].sum(axis=1)
        return found

    by_type = routes[:, :ORIGINATES] + routes[:, ORIGINATES:]
    originating = routes[:, ORIGINATES : ORIGINATES + NO_COLUMN + 1]
    columns: dict[str, Ints] = {
        "records": routes.sum(axis=1),
        "total_calls": originating.sum(axis=1),
        "total_call_legs": rest.sum(axis=1),
        "rated": having(RATED),
        "total_poor_call_quality": having(POOR),
        "seconds": more[0],
        "seconds_unknown": more[1],
        "video_seconds": more[2],
        "video_seconds_zero": more[3],
        "media_neither": more[4],
        "call_legs_audio": having(AUDIO),
        "call_legs_video": having(VIDEO),
    }
    for number, key in enumerate(ENDPOINT_COLUMNS.values(), start=1):
        columns[key] = rest[:, code & ENDPOINT == number].sum(axis=1)
    for each, key in ROUTED_COLUMNS.items():
        columns[key] = routes[:, ROUTED + USER_KINDS.index(each)]
    for call_type, key in TYPE_COLUMNS.items():
        columns[key] = by_type[:, CALL_TYPES.index(call_type)]
    internal = originating[:, CALL_TYPES.index(CallType.INTERNAL)]
    columns[TYPE_COLUMNS[CallType.INTERNAL]] = internal
    return np.column_stack([columns[key] for key in SUMS])
