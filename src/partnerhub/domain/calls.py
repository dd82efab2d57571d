"""Call legs: what one record of the service says, and what kind of thing it is.

The service writes one record a leg, so a call inside an organization gives two. Its
texts are open: a value that nobody has met is kept by whoever reads it, and counts
here as "other" or "unknown". Which client, model or reason makes an endpoint type or
a feature is ours; Partner Hub shows the names and publishes no rule.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from enum import StrEnum
from typing import Final

import attrs


class Direction(StrEnum):
    """Whether the leg made the call or received it."""

    UNKNOWN = ""
    ORIGINATING = "ORIGINATING"
    TERMINATING = "TERMINATING"


class CallType(StrEnum):
    """Where a call went, in the texts of the service.

    The first twelve have a column in Calling Usage Details, in its order.
    """

    INTERNAL = "SIP_ENTERPRISE"
    TOLL_FREE = "SIP_TOLLFREE"
    PREMIUM = "SIP_PREMIUM"
    INTEGRATED_AUDIO = "SIP_MEETING"
    NATIONAL = "SIP_NATIONAL"
    INBOUND = "SIP_INBOUND"
    OPERATOR = "SIP_OPERATOR"
    SHORT_CODE = "SIP_SHORTCODE"
    INTERNATIONAL = "SIP_INTERNATIONAL"
    MOBILE = "SIP_MOBILE"
    EMERGENCY = "SIP_EMERGENCY"
    UNKNOWN = "UNKNOWN"
    URI = "SIP_URI"
    CLICK_TO_CALL = "SIP_CLICKTOCALL"
    ZERO_TOUCH = "ZTN"


class EndpointType(StrEnum):
    """On what the user made or received the call. Ours."""

    UNKNOWN = "unknown"
    DESK_PHONE = "desk_phone"
    ROOM_DEVICE = "room_device"
    APP_DESKTOP = "app_desktop"
    APP_MOBILE = "app_mobile"
    THIRD_PARTY = "third_party"
    ANALOG = "analog"
    SIP_GATEWAY = "sip_gateway"


class UserKind(StrEnum):
    """Whose leg it is: a user's (or a workspace's), or that of a service."""

    USER = "user"
    HUNT_GROUP = "hunt_group"
    AUTO_ATTENDANT = "auto_attendant"
    CALL_QUEUE = "call_queue"
    SERVICE = "service"
    """Voice mail, VoiceXML, paging, single number reach, contact center."""


class Feature(enum.Flag):
    """The advanced features that a leg used. Ours, from the reasons of the record."""

    NONE = 0
    CALL_QUEUE = enum.auto()
    HUNT_GROUP = enum.auto()
    AUTO_ATTENDANT = enum.auto()
    FORWARDING = enum.auto()
    PARK = enum.auto()
    PICKUP = enum.auto()
    RECORDING = enum.auto()
    BARGE_IN = enum.auto()
    MULTIPLE_RING = enum.auto()
    """Simultaneous or sequential ring."""
    EXECUTIVE = enum.auto()
    TRANSFER = enum.auto()


DIRECTIONS: Final = tuple(Direction)
CALL_TYPES: Final = tuple(CallType)
ENDPOINT_TYPES: Final = tuple(EndpointType)
USER_KINDS: Final = tuple(UserKind)
FEATURES: Final = tuple(Feature)
"""Place of a member in these tuples is its code, or its bit, in columns."""

UNSUPPORTED: Final = (EndpointType.ANALOG, EndpointType.THIRD_PARTY)
"""Endpoints that have no quality data; those that use IPv6 have none either."""


@attrs.frozen(kw_only=True)
class CallLeg:
    """One leg of a call. A measure that is not known is None.

    Attributes:
        organization: Uuid of the customer.
        location: Name of the location; blank for none.
        user: Uuid of the user, workspace or service; blank when not known.
        report_id: What tells the record apart; of two the newer report counts.
        start: When the call began, UTC.
        duration_s: Length in seconds.
        answered: Whether this leg was answered.
        direction: Whether it made the call or received it.
        call_type: Where the call went, as the service writes it.
        user_kind: Whose leg it is.
        endpoint: On what the call was held.
        features: Advanced features it used.
        ipv6: Its endpoint uses IPv6.
        audio: It used audio.
        video: It used video.
        video_s: Seconds with video on.
        audio_jitter_ms: Jitter of the audio stream, and so on.
        audio_latency_ms: Latency.
        audio_loss_pct: Packets lost, in percent.
        video_jitter_ms: Of the video stream.
        video_latency_ms: Of the video stream.
        video_loss_pct: Of the video stream.
    """

    organization: str
    location: str = ""
    user: str = ""
    report_id: str = ""
    start: dt.datetime
    duration_s: int | None = None
    answered: bool | None = None
    direction: Direction = Direction.UNKNOWN
    call_type: str = CallType.UNKNOWN
    user_kind: UserKind = UserKind.USER
    endpoint: EndpointType = EndpointType.UNKNOWN
    features: Feature = Feature.NONE
    ipv6: bool = False
    audio: bool | None = None
    video: bool | None = None
    video_s: int | None = None
    audio_jitter_ms: float | None = None
    audio_latency_ms: float | None = None
    audio_loss_pct: float | None = None
    video_jitter_ms: float | None = None
    video_latency_ms: float | None = None
    video_loss_pct: float | None = None

    @property
    def unsupported(self) -> bool:
        """Its endpoint is of a kind that has no quality data."""
        return self.ipv6 or self.endpoint in UNSUPPORTED


def plain(text: str, /) -> str:
    """A text of the service without case, spaces and punctuation.

    Examples:
        >>> plain("Call-Center Standard"), plain("SIP_NATIONAL") == plain("sip national")
        ('callcenterstandard', True)
    """
    return "".join(c for c in text.casefold() if c.isalnum())


_DIRECTIONS: Final = {plain(each): each for each in Direction}
_TYPES: Final = {plain(each): each for each in CallType}
_GROUPS: Final = {
    "huntgroup": UserKind.HUNT_GROUP,
    "automatedattendant": UserKind.AUTO_ATTENDANT,
    "autoattendant": UserKind.AUTO_ATTENDANT,
    "callcenter": UserKind.CALL_QUEUE,
    "callqueue": UserKind.CALL_QUEUE,
    "voicemail": UserKind.SERVICE,
    "voicexml": UserKind.SERVICE,
    "grouppaging": UserKind.SERVICE,
    "broadworksanywhere": UserKind.SERVICE,
    "routepoint": UserKind.SERVICE,
    "anchor": UserKind.SERVICE,
}
_PEOPLE: Final = frozenset({"", "user", "place", "virtualline", "localgateway"})
_CLIENTS: Final = {
    "wxcclient": EndpointType.APP_DESKTOP,
    "teamswxcclient": EndpointType.APP_DESKTOP,
    "teamsclient": EndpointType.APP_DESKTOP,
    "wxcdevice": EndpointType.DESK_PHONE,
    "teamsdevice": EndpointType.DESK_PHONE,
    "cloudawaresip": EndpointType.ROOM_DEVICE,
    "wxcthirdparty": EndpointType.THIRD_PARTY,
    "wxcsipgw": EndpointType.SIP_GATEWAY,
    "sip": EndpointType.UNKNOWN,
    "teamsshare": EndpointType.UNKNOWN,
    "": EndpointType.UNKNOWN,
}
_BY_MODEL: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), endpoint)
    for pattern, endpoint in (
        (r"\bATA ?-?\d|\bVG ?-?\d", EndpointType.ANALOG),
        (
            r"\b(room|board|codec|desk|quad)\b|\b(SX|MX|DX) ?-?\d",
            EndpointType.ROOM_DEVICE,
        ),
        (r"\b(DP-?)?(68|78|88|98)\d\d\b|\bDBS|\b8[46]0\b", EndpointType.DESK_PHONE),
    )
)
_MOBILE_SYSTEMS: Final = ("android", "ios", "iphone", "ipad")
_REASONS: Final = {
    "callforwardalways": Feature.FORWARDING,
    "callforwardbusy": Feature.FORWARDING,
    "callforwardnoanswer": Feature.FORWARDING,
    "callforwardnotreachable": Feature.FORWARDING,
    "callforwardselective": Feature.FORWARDING,
    "callforwardmodebased": Feature.FORWARDING,
    "callpark": Feature.PARK,
    "calllpark": Feature.PARK,  # as the service's own description has it
    "callparkretrieve": Feature.PARK,
    "callretrieve": Feature.PARK,
    "callpickup": Feature.PICKUP,
    "directedcallpickup": Feature.PICKUP,
    "callrecording": Feature.RECORDING,
    "bargein": Feature.BARGE_IN,
    "ccmonitoringbi": Feature.BARGE_IN,
    "sequentialring": Feature.MULTIPLE_RING,
    "simultaneousringpersonal": Feature.MULTIPLE_RING,
    "executive": Feature.EXECUTIVE,
    "executiveforward": Feature.EXECUTIVE,
    "executiveassistantinitiatecall": Feature.EXECUTIVE,
    "executiveassistantdivert": Feature.EXECUTIVE,
    "executiveassistantcallpush": Feature.EXECUTIVE,
    "consultativetransfer": Feature.TRANSFER,
}
_SERVICES: Final = {
    UserKind.CALL_QUEUE: Feature.CALL_QUEUE,
    UserKind.HUNT_GROUP: Feature.HUNT_GROUP,
    UserKind.AUTO_ATTENDANT: Feature.AUTO_ATTENDANT,
}


def classify_direction(text: str, /) -> Direction:
    """The direction that a record names; `UNKNOWN` for any other text."""
    return _DIRECTIONS.get(plain(text), Direction.UNKNOWN)


def classify_call_type(text: str, /) -> CallType | None:
    """The call type that a record names; None for one that nobody has met.

    Examples:
        >>> classify_call_type("SIP NATIONAL").name, classify_call_type("SIP_MOON")
        ('NATIONAL', None)
    """
    return _TYPES.get(plain(text)) if text.strip() else CallType.UNKNOWN


def is_known_user(text: str, /) -> bool:
    """Whether a user type is one that the service describes."""
    name = plain(text)
    return name in _PEOPLE or name.startswith(tuple(_GROUPS))


def classify_user(text: str, /) -> UserKind:
    """Whose leg it is, by the user type; one that nobody has met is a user.

    Examples:
        >>> classify_user("CallCenterStandard").value, classify_user("Place").value
        ('call_queue', 'user')
    """
    name = plain(text)
    for start, kind in _GROUPS.items():
        if name.startswith(start):
            return kind
    return UserKind.USER


def is_known_client(text: str, /) -> bool:
    """Whether a client type is one that the service describes."""
    return plain(text) in _CLIENTS


def classify_endpoint(
    client_type: str, /, *, model: str = "", os_type: str = "", sub_client: str = ""
) -> EndpointType:
    """On what a call was held. The model decides where it says something.

    Args:
        client_type: Client type of the record.
        model: Device model.
        os_type: Operating system of an app.
        sub_client: Sub client type.

    Examples:
        >>> classify_endpoint("WXC_DEVICE", model="Cisco Room Bar").value
        'room_device'
        >>> classify_endpoint("WXC_CLIENT", os_type="Android 16").value
        'app_mobile'
        >>> classify_endpoint("WXC_DEVICE", model="ATA192-MPP").value
        'analog'
    """
    client = _CLIENTS.get(plain(client_type), EndpointType.UNKNOWN)
    if client is EndpointType.APP_DESKTOP:
        system = plain(os_type)
        on_mobile = system.startswith(_MOBILE_SYSTEMS) or "mobile" in plain(sub_client)
        return EndpointType.APP_MOBILE if on_mobile else client
    if client is EndpointType.SIP_GATEWAY:
        return client
    for pattern, endpoint in _BY_MODEL:
        if model and pattern.search(model):
            is_foreign = client is EndpointType.THIRD_PARTY
            return client if is_foreign and endpoint in _CISCO else endpoint
    return client


_CISCO: Final = (EndpointType.DESK_PHONE, EndpointType.ROOM_DEVICE)


def classify_features(
    reason: str,
    /,
    *,
    user_kind: UserKind = UserKind.USER,
    direction: Direction = Direction.UNKNOWN,
    recorded: bool = False,
    recalled: bool = False,
    transferred: bool = False,
) -> Feature:
    """The features that a leg used.

    Call queue, hunt group and auto attendant count on their own terminating record,
    of which a call has one each. Every other feature counts on the legs of users.

    Args:
        reason: Related reason of the record.
        user_kind: Whose leg it is.
        direction: Whether it made the call or received it.
        recorded: It has a recording result.
        recalled: It is the recall of a parked call.
        transferred: It names a transfer.

    Examples:
        >>> classify_features("CallForwardBusy", recorded=True).name
        'FORWARDING|RECORDING'
    """
    if user_kind is not UserKind.USER:
        if direction is not Direction.TERMINATING:
            return Feature.NONE
        return _SERVICES.get(user_kind, Feature.NONE)
    found = _REASONS.get(plain(reason), Feature.NONE)
    for holds, feature in (
        (recorded, Feature.RECORDING),
        (recalled, Feature.PARK),
        (transferred, Feature.TRANSFER),
    ):
        if holds:
            found |= feature
    return found
