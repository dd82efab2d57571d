"""Calling Usage Details of one week, as a table whose columns add up.

Call legs are the calls made, the calls received, and internal calls once more, for
their other end. The calls made are the internal ones and every kind that goes out.
Parts of a column, such as legs by device, are never more than the whole.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from partnerhub.columns.table import Table
from partnerhub.columns.unknown import Array, Ints
from partnerhub.columns.values import Values
from partnerhub.domain.layouts import CALLING_USAGE_DETAILS
from partnerhub.sample.inventory import Places, calling_users, location_count
from partnerhub.sample.snapshots import Snapshot
from partnerhub.sample.subscriptions import numbered
from partnerhub.sample.tables import report
from partnerhub.sample.texts import coded

# Key of a column -> its usual share of the column it is part of.
_OF_CALLS_MADE: Final = {
    "total_internal_calls": 0.38,
    "total_toll_free_calls": 0.03,
    "total_premium_calls": 0.004,
    "total_integrated_audio_calls": 0.03,
    "total_operator_calls": 0.005,
    "total_spark_calls": 0.02,
    "total_short_code_calls": 0.02,
    "total_international_calls": 0.04,
    "total_mobile_calls": 0.11,
    "total_emergency_calls": 0.001,
    "total_unknown_calls": 0.003,
}
_NATIONAL: Final = "total_national_calls"
_OF_LEGS: Final = {
    "call_legs_audio": 0.97,
    "call_legs_video": 0.14,
    "call_legs_desk_phone": 0.42,
    "call_legs_room_device": 0.05,
    "call_legs_other_devices": 0.04,
}
_OF_INBOUND: Final = {
    "calls_hunt_group": 0.12,
    "calls_auto_attendant": 0.18,
    "call_queue_total_calls": 0.25,
}
_OF_QUEUES: Final = {
    "call_queue_timed_out_calls": 0.05,
    "call_queue_overflowed_calls": 0.03,
    "call_queue_transferred_calls": 0.04,
    "call_queue_abandoned_calls": 0.09,
}
_QUIET: Final = 0.05
"""Share of the locations whose users made no call."""


def calling_usage_details(on: Snapshot, /) -> Table:
    """The week before a day: one row a location of each customer that calls."""
    of, dice = on.of, on.of.setting.dice
    callers = calling_users(on)
    customer, location = numbered(np.where(callers > 0, location_count(of), 0))
    places = Places(of=of, customer=customer, location=location)
    key = (of.index[customer], location)
    week = (on.on - of.setting.until).days

    def share(usual: float, what: str) -> Array:
        return usual * dice.between(0.7, 1.3, what, *key, week)

    def parts(whole: Ints, shares: dict[str, float]) -> dict[str, Ints]:
        return {
            name: np.minimum(whole, (whole * share(usual, name)).astype(np.int64))
            for name, usual in shares.items()
        }

    busy = ~dice.chance(_QUIET, "quiet location", *key)
    users = -(-callers // location_count(of))[customer]
    made = (users * share(22.0, "calls made")).astype(np.int64) * busy
    by_type = parts(made, _OF_CALLS_MADE)
    inbound = (made * share(0.6, "inbound")).astype(np.int64)
    legs = made + by_type["total_internal_calls"] + inbound
    minutes = (legs * share(3.4, "minutes")).astype(np.int64)
    by_leg = parts(legs, _OF_LEGS)
    routed = parts(inbound, _OF_INBOUND)
    values: dict[str, Values] = {
        "customer_name": of.names[customer],
        "org_id": coded(customer, of.ids),
        "location": places.names,
        "total_calls": made,
        "total_call_legs": legs,
        "total_poor_call_quality": _poor(by_leg["call_legs_audio"], on, customer),
        "call_minutes": minutes,
        "call_minutes_video": (minutes * share(0.12, "video")).astype(np.int64),
        "total_inbound_calls": inbound,
        _NATIONAL: made - sum(by_type.values()),
        **by_type,
        **by_leg,
        **routed,
        **parts(routed["call_queue_total_calls"], _OF_QUEUES),
    }
    return report(CALLING_USAGE_DETAILS, values)


def _poor(legs: Ints, on: Snapshot, customer: Ints) -> Ints:
    """Poor legs: few, but many for one customer in twenty; unknown without legs."""
    dice, index = on.of.setting.dice, on.of.index
    bad = dice.chance(0.05, "bad network", index)
    share = np.where(bad, 0.22, 0.03) * dice.between(0.5, 1.5, "poor", index)
    return np.where(legs > 0, (legs * share[customer]).astype(np.int64), -1)
