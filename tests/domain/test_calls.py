"""Every text of the service, and texts that nobody has met."""

from __future__ import annotations

import pytest

from partnerhub.domain.calls import (
    CALL_TYPES,
    FEATURES,
    CallType,
    Direction,
    EndpointType,
    Feature,
    UserKind,
    classify_call_type,
    classify_direction,
    classify_endpoint,
    classify_features,
    classify_user,
    is_known_client,
    is_known_user,
)
from partnerhub.kpis.calling.usage_cells import TYPE_COLUMNS


@pytest.mark.parametrize("call_type", CallType)
def test_each_call_type_is_met_however_it_is_written(call_type):
    assert classify_call_type(call_type.value) is call_type
    assert classify_call_type(call_type.value.lower().replace("_", " ")) is call_type


def test_a_call_type_that_nobody_has_met_is_none_and_a_blank_one_unknown():
    assert classify_call_type("SIP_MOON") is None
    assert classify_call_type(" ") is CallType.UNKNOWN


def test_types_with_a_column_come_first():
    assert tuple(TYPE_COLUMNS) == CALL_TYPES[: len(TYPE_COLUMNS)]


@pytest.mark.parametrize(
    ("client", "model", "system", "expected"),
    [
        ("WXC_CLIENT", "", "Windows 11", EndpointType.APP_DESKTOP),
        ("WXC_CLIENT", "", "iOS 26", EndpointType.APP_MOBILE),
        ("TEAMS_WXC_CLIENT", "", "android", EndpointType.APP_MOBILE),
        ("WXC_DEVICE", "8851-3PCC", "na", EndpointType.DESK_PHONE),
        ("WXC_DEVICE", "DMS Cisco 9861", "", EndpointType.DESK_PHONE),
        ("WXC_DEVICE", "", "", EndpointType.DESK_PHONE),
        ("WXC_DEVICE", "Cisco Board Pro 75", "", EndpointType.ROOM_DEVICE),
        ("CLOUD_AWARE_SIP", "", "", EndpointType.ROOM_DEVICE),
        ("WXC_DEVICE", "ATA191", "", EndpointType.ANALOG),
        ("WXC_THIRD_PARTY", "VG400", "", EndpointType.ANALOG),
        ("WXC_THIRD_PARTY", "Yealink T58", "", EndpointType.THIRD_PARTY),
        ("WXC_THIRD_PARTY", "8851-3PCC", "", EndpointType.THIRD_PARTY),
        ("WXC_SIP_GW", "", "", EndpointType.SIP_GATEWAY),
        ("SIP", "8851-3PCC", "", EndpointType.DESK_PHONE),
        ("SIP", "", "", EndpointType.UNKNOWN),
        ("SIP_TOLLFREE", "", "", EndpointType.UNKNOWN),
        ("", "", "", EndpointType.UNKNOWN),
    ],
)
def test_endpoints(client, model, system, expected):
    assert classify_endpoint(client, model=model, os_type=system) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("User", UserKind.USER),
        ("Place", UserKind.USER),
        ("VirtuaLline", UserKind.USER),
        ("Martian", UserKind.USER),
        ("HuntGroup", UserKind.HUNT_GROUP),
        ("AutomatedAttendantVideo", UserKind.AUTO_ATTENDANT),
        ("CallCenterStandard", UserKind.CALL_QUEUE),
        ("VoiceMailRetrieval", UserKind.SERVICE),
        ("VoiceXML", UserKind.SERVICE),
    ],
)
def test_users(text, expected):
    assert classify_user(text) is expected
    assert is_known_user(text) == (text != "Martian")


def test_clients_that_are_described():
    assert is_known_client("WXC_CLIENT")
    assert is_known_client("")
    assert not is_known_client("HOLOGRAM")


def test_directions():
    assert classify_direction(" terminating ") is Direction.TERMINATING
    assert classify_direction("sideways") is Direction.UNKNOWN


def test_a_service_counts_on_its_terminating_record_alone():
    queue = {"user_kind": UserKind.CALL_QUEUE}
    taken = classify_features("CallQueue", **queue, direction=Direction.TERMINATING)
    made = classify_features("CallQueue", **queue, direction=Direction.ORIGINATING)
    assert (taken, made) == (Feature.CALL_QUEUE, Feature.NONE)
    assert classify_features("CallQueue") is Feature.NONE  # the leg of an agent


def test_a_leg_can_use_several_features():
    found = classify_features("CalllPark", recorded=True, transferred=True)
    assert found == Feature.PARK | Feature.RECORDING | Feature.TRANSFER
    assert classify_features("", recalled=True) is Feature.PARK


def test_bits_of_features_fit_a_column():
    assert [feature.value for feature in FEATURES] == [1 << bit for bit in range(11)]
