"""Forty call legs made by hand, of two customers, counted by hand in the tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from partnerhub.domain.calls import (
    CallLeg,
    CallType,
    Direction,
    EndpointType,
    Feature,
    UserKind,
)

ACME = "aaaaaaaa-0000-4000-8000-000000000001"
BOLT = "bbbbbbbb-0000-4000-8000-000000000002"
NAMES = {ACME: "Acme", BOLT: "Bolt"}

MADE, TAKEN = Direction.ORIGINATING, Direction.TERMINATING
LAST = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
"""A Monday of the week of 15 to 21 November 2026."""
BEFORE = LAST - dt.timedelta(weeks=1)

GOOD: dict[str, Any] = {
    "audio": True,
    "video": False,
    "video_s": 0,
    "audio_jitter_ms": 20.0,
    "audio_latency_ms": 100.0,
    "audio_loss_pct": 0.5,
}
EDGE = GOOD | {
    "audio_jitter_ms": 150.0,
    "audio_latency_ms": 400.0,
    "audio_loss_pct": 5.0,
}
"""On every bound, and above none."""
JITTER = GOOD | {"audio_jitter_ms": 150.1}
VIDEO = GOOD | {"video": True, "video_s": 60, "video_jitter_ms": 30.0}
VIDEO_LOSS = VIDEO | {"video_loss_pct": 5.5, "video_s": 90}

DESK, ROOM = EndpointType.DESK_PHONE, EndpointType.ROOM_DEVICE
DESKTOP, MOBILE = EndpointType.APP_DESKTOP, EndpointType.APP_MOBILE
FOREIGN, ANALOG = EndpointType.THIRD_PARTY, EndpointType.ANALOG


def leg(who: str, place: str, user: str, direction: Direction, **known: Any) -> CallLeg:
    return CallLeg(
        **{
            "organization": who,
            "location": place,
            "user": user,
            "direction": direction,
            "start": LAST,
            "duration_s": 60,
            "endpoint": DESK,
            "answered": True,
        }
        | known
    )


def service(who: str, place: str, kind: UserKind, direction: Direction) -> CallLeg:
    mark = {
        UserKind.CALL_QUEUE: Feature.CALL_QUEUE,
        UserKind.HUNT_GROUP: Feature.HUNT_GROUP,
        UserKind.AUTO_ATTENDANT: Feature.AUTO_ATTENDANT,
    }.get(kind, Feature.NONE)
    return leg(
        who,
        place,
        f"{kind}-1",
        direction,
        user_kind=kind,
        call_type=CallType.INBOUND,
        features=mark if direction is TAKEN else Feature.NONE,
        endpoint=EndpointType.UNKNOWN,
    )


INTERNAL = {"call_type": CallType.INTERNAL}
NATIONAL = {"call_type": CallType.NATIONAL}
INBOUND = {"call_type": CallType.INBOUND}

FORTY = (
    # Acme, Oslo: two internal calls between Ann and Bob, two legs each.
    leg(ACME, "Oslo", "ann", MADE, **INTERNAL, **GOOD),
    leg(ACME, "Oslo", "bob", TAKEN, **INTERNAL, **GOOD, features=Feature.FORWARDING),
    leg(ACME, "Oslo", "ann", MADE, **INTERNAL, **JITTER, duration_s=29),
    leg(ACME, "Oslo", "bob", TAKEN, **INTERNAL, **EDGE, duration_s=29),
    # Ann calls out, once of each type.
    leg(ACME, "Oslo", "ann", MADE, call_type=CallType.TOLL_FREE),
    leg(ACME, "Oslo", "ann", MADE, call_type=CallType.PREMIUM),
    leg(ACME, "Oslo", "ann", MADE, call_type=CallType.INTEGRATED_AUDIO, endpoint=ROOM),
    leg(ACME, "Oslo", "ann", MADE, **NATIONAL, **VIDEO, endpoint=ROOM),
    leg(ACME, "Oslo", "ann", MADE, call_type=CallType.OPERATOR),
    leg(ACME, "Oslo", "ann", MADE, call_type=CallType.SHORT_CODE),
    leg(ACME, "Oslo", "ann", MADE, call_type=CallType.INTERNATIONAL),
    leg(ACME, "Oslo", "ann", MADE, call_type=CallType.MOBILE, endpoint=MOBILE),
    leg(ACME, "Oslo", "ann", MADE, call_type=CallType.EMERGENCY),
    leg(ACME, "Oslo", "ann", MADE, call_type=CallType.UNKNOWN),
    # Types without a column.
    leg(ACME, "Oslo", "ann", MADE, call_type="SIP_URI"),
    leg(ACME, "Oslo", "ann", MADE, call_type="SIP_MOON"),
    # Bob is called from outside: once unanswered, once with a poor video stream.
    leg(ACME, "Oslo", "bob", TAKEN, **INBOUND, duration_s=0, answered=False),
    leg(ACME, "Oslo", "bob", TAKEN, **INBOUND, **VIDEO_LOSS, endpoint=DESKTOP),
    # Endpoints without quality data, though a measure is there.
    leg(ACME, "Oslo", "bob", TAKEN, **INBOUND, **JITTER, endpoint=FOREIGN),
    leg(ACME, "Oslo", "bob", TAKEN, **INBOUND, **JITTER, endpoint=ANALOG),
    leg(ACME, "Oslo", "bob", TAKEN, **INBOUND, **JITTER, ipv6=True),
    # Services: each call has one terminating record, and an originating one.
    service(ACME, "Oslo", UserKind.HUNT_GROUP, TAKEN),
    service(ACME, "Oslo", UserKind.HUNT_GROUP, MADE),
    service(ACME, "Oslo", UserKind.AUTO_ATTENDANT, TAKEN),
    service(ACME, "Oslo", UserKind.CALL_QUEUE, TAKEN),
    service(ACME, "Oslo", UserKind.CALL_QUEUE, TAKEN),
    service(ACME, "Oslo", UserKind.CALL_QUEUE, MADE),
    service(ACME, "Oslo", UserKind.SERVICE, TAKEN),
    # Acme, Rome: a service only, and no user.
    service(ACME, "Rome", UserKind.HUNT_GROUP, TAKEN),
    # Acme, no location: length unknown, direction unknown.
    leg(ACME, "", "cid", Direction.UNKNOWN, **NATIONAL, duration_s=None),
    # Bolt, one location; recording and transfer on one leg.
    leg(
        BOLT,
        "Oslo",
        "dan",
        MADE,
        **NATIONAL,
        **GOOD,
        features=Feature.RECORDING | Feature.TRANSFER,
    ),
    leg(BOLT, "Oslo", "dan", TAKEN, **INBOUND, audio=False, video=False),
    # The week before: Acme less, Bolt more.
    leg(ACME, "Oslo", "ann", MADE, **NATIONAL, **GOOD, start=BEFORE),
    leg(ACME, "Oslo", "ann", MADE, **NATIONAL, **JITTER, start=BEFORE),
    leg(BOLT, "Oslo", "dan", MADE, **NATIONAL, **GOOD, start=BEFORE),
    leg(BOLT, "Oslo", "eva", MADE, **NATIONAL, **GOOD, start=BEFORE),
    leg(BOLT, "Oslo", "eva", TAKEN, **INBOUND, **GOOD, start=BEFORE),
    leg(BOLT, "Oslo", "eva", TAKEN, **INBOUND, **JITTER, start=BEFORE),
    # The first instant of the last week, and the first after it.
    leg(
        BOLT,
        "Oslo",
        "eva",
        MADE,
        **NATIONAL,
        start=dt.datetime(2026, 11, 15, tzinfo=dt.UTC),
    ),
    leg(
        BOLT,
        "Oslo",
        "eva",
        MADE,
        **NATIONAL,
        start=dt.datetime(2026, 11, 22, tzinfo=dt.UTC),
    ),
)
assert len(FORTY) == 40
