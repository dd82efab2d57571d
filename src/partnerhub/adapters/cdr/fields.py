"""Which columns of call records are read, and which are known at all.

Headings are compared folded: letter case differs between the service's JSON, its
description and its CSV.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from partnerhub.adapters.exports.headings import folded
from partnerhub.adapters.exports.problems import shown
from partnerhub.domain.errors import ColumnMissing, nearest

REQUIRED: Final = {
    "org_id": "Org UUID",
    "report_id": "Report ID",
    "start": "Start time",
}
_READ: Final = {
    **REQUIRED,
    "location": "Location",
    "user": "User UUID",
    "duration": "Duration",
    "answered": "Answered",
    "direction": "Direction",
    "call_type": "Call type",
    "client_type": "Client type",
    "sub_client": "Sub client type",
    "os_type": "OS type",
    "model": "Model",
    "user_type": "User type",
    "reason": "Related reason",
    "report_time": "Report time",
    "call_id": "Call ID",
    "recording": "Call Recording Result",
    "recall": "Recall type",
    "transfer_id": "Transfer related call ID",
    "transfer_time": "Call transfer time",
    "calling_ip": "Public Calling IP Address",
    "called_ip": "Public Called IP Address",
}
"""Key -> heading of what is read."""

_NOT_READ: Final = """
Answer indicator|Answer reason|Answer time|Answered elsewhere
Auto Attendant Key Pressed|Authorization code|Call outcome|Call outcome reason
Call Recording Platform Name|Call Recording Trigger|Called line ID|Called number
Caller ID number|Caller Reputation Score|Caller Reputation Score Reason
Caller Reputation Service Result|Calling line ID|Calling number|Client version
Correlation ID|Department ID|Device MAC|Device owner UUID|Dialed digits|ELIN
Emergency number source|External caller ID number|External customer ID
Final local SessionID|Final remote SessionID|Hold duration|Inbound trunk
Interaction ID|International country|Local call ID|Local SessionID|Network call ID
Original called party UUID|Original reason|Outbound trunk|PSTN legal entity
PSTN provider ID|PSTN vendor name|PSTN vendor org ID
Queue type|Redirect reason|Redirecting number|Redirecting party UUID|Related call ID
Release time|Releasing party|Remote call ID|Remote SessionID|Ring duration
Route group|Route list calls overage|Site main number|Site timezone|Site UUID
Transfer type|Transfer type context|User|User number|WxCC consult merge status
"""

_KEYS: Final = {folded(heading): key for key, heading in _READ.items()}
KNOWN: Final = frozenset(_KEYS) | {
    folded(heading)
    for line in _NOT_READ.strip().split("\n")
    for heading in line.split("|")
}
"""Folded headings of the 87 columns that the service is known to write."""

_ENOUGH: Final = 8
"""Known headings from which a file is one of call records, whatever it lacks."""


@attrs.frozen(kw_only=True)
class CdrMatch:
    """The headings of a file of call records, understood.

    Attributes:
        positions: Key -> positions of its headings; of several, as letter case
            differs, the first that is not blank counts.
        unknown: Heading -> position, of columns that nobody has met.
    """

    positions: Mapping[str, tuple[int, ...]]
    unknown: Mapping[str, int]


def match_records(headings: Sequence[str], /, *, file: str) -> CdrMatch | None:
    """What the headings mean; None when the file is not one of call records.

    Raises:
        ColumnMissing: It is, and lacks a column that every record needs.
    """
    names = [folded(heading) for heading in headings]
    positions: dict[str, tuple[int, ...]] = {}
    for position, name in enumerate(names):
        if name in _KEYS:
            key = _KEYS[name]
            positions[key] = (*positions.get(key, ()), position)
    lack = [key for key in REQUIRED if key not in positions]
    if lack:
        if len(KNOWN.intersection(names)) < _ENOUGH:
            return None
        parts = []
        for key in lack:
            hint = nearest(folded(REQUIRED[key]), [n for n in names if n not in KNOWN])
            near = (
                f" (nearest heading {shown(headings[names.index(hint)])!r})"
                if hint
                else ""
            )
            parts.append(f"{REQUIRED[key]!r}{near}")
        raise ColumnMissing(
            file, f"it holds call records but has no column {', '.join(parts)}"
        )
    return CdrMatch(
        positions=positions,
        unknown={
            heading: position
            for position, heading in enumerate(headings)
            if names[position] not in KNOWN and heading.strip()
        },
    )
