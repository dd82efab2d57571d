"""Call legs as the files that the service would write of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from partnerhub.domain.calls import (
    CallLeg,
    Direction,
    EndpointType,
    Feature,
    UserKind,
)
from partnerhub.domain.quality import MEASURES

_CLIENTS = {
    EndpointType.DESK_PHONE: ("WXC_DEVICE", "8851-3PCC", ""),
    EndpointType.ROOM_DEVICE: ("WXC_DEVICE", "Cisco Room Bar", ""),
    EndpointType.APP_DESKTOP: ("WXC_CLIENT", "", "Windows"),
    EndpointType.APP_MOBILE: ("WXC_CLIENT", "", "Android 16"),
    EndpointType.THIRD_PARTY: ("WXC_THIRD_PARTY", "", ""),
    EndpointType.ANALOG: ("WXC_DEVICE", "ATA192-MPP", ""),
    EndpointType.UNKNOWN: ("", "", ""),
}
_USERS = {
    UserKind.USER: "User",
    UserKind.HUNT_GROUP: "HuntGroup",
    UserKind.AUTO_ATTENDANT: "AutomatedAttendantVideo",
    UserKind.CALL_QUEUE: "CallCenterStandard",
    UserKind.SERVICE: "VoiceMailRetrieval",
}


def written(rows: Iterable[Mapping[str, Any]]) -> str:
    rows = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def record(number: int, leg: CallLeg, *, minute: int = 0) -> dict[str, str]:
    client, model, system = _CLIENTS[leg.endpoint]
    features = leg.features if leg.user_kind is UserKind.USER else Feature.NONE
    return {
        "Start time": f"{leg.start:%Y-%m-%dT%H:%M:%S}.000Z",
        "Duration": "" if leg.duration_s is None else str(leg.duration_s),
        "Answered": "NA" if leg.answered is None else str(leg.answered),
        "Direction": leg.direction.value or "NA",
        "Call type": str(leg.call_type),
        "Client type": client,
        "Model": model,
        "OS type": system,
        "User type": _USERS[leg.user_kind],
        "User UUID": leg.user,
        "Org UUID": leg.organization,
        "Report ID": f"report-{number}",
        "Report time": f"2026-11-23T00:{minute:02}:00.000Z",
        "Call ID": f"call-{number}@10.0.0.1",
        "Location": leg.location,
        "Related reason": ("CallForwardBusy" if Feature.FORWARDING & features else ""),
        "Call Recording Result": (
            "successful" if Feature.RECORDING & features else "NA"
        ),
        "Transfer related call ID": "call-x" if Feature.TRANSFER & features else "",
        **_addresses(leg),
    }


def _addresses(leg: CallLeg) -> dict[str, str]:
    """That of the leg's own device, and of another that uses the other kind."""
    told = ("2001:db8::1", "192.0.2.1")
    own, other = told if leg.ipv6 else reversed(told)
    is_taken = leg.direction is Direction.TERMINATING
    return {
        "Public Calling IP Address": other if is_taken else own,
        "Public Called IP Address": own if is_taken else other,
    }


def cdr(legs: Iterable[CallLeg], *, minute: int = 0, first: int = 0) -> str:
    """A file of call records; each leg's number is its report id."""
    return written(
        record(number, leg, minute=minute)
        for number, leg in enumerate(legs, start=first)
    )


def media(legs: Iterable[CallLeg]) -> str:
    """The media quality of the legs that have any."""
    return written(
        {
            "Call ID": f"call-{number}@10.0.0.1",
            "Caller": str(leg.direction is Direction.ORIGINATING),
            "Video duration": "" if leg.video_s is None else str(leg.video_s),
            **{
                name.replace("_", " ")
                .replace(" ms", "")
                .replace("loss pct", "packet loss"): (
                    "" if (value := getattr(leg, name)) is None else repr(value)
                )
                for name in MEASURES
            },
        }
        for number, leg in enumerate(legs)
        if leg.audio is not None
    )


QUEUES = """\
Call Queue,Location,Total Wait Time,Answered Calls,Abandoned Calls,Total Abandoned Time,\
Total Calls,Calls Overflowed,Calls Timed Out,Calls Transferred
Sales,Oslo,0:03:20,8,2,90,10,1,2,3
Help,Rome,0:00:30,1,1,0:00:40,2,0,0,0
"""
