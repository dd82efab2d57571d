"""Call records of a few customers, their media quality, and a call queue, as tables.

Nine weeks, so that the trend is full; of one customer the last week is poor on
purpose, so that there is an alert to see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

import attrs
import numpy as np

from partnerhub.adapters.cdr.layouts import CALL_QUEUE_STATS, MEDIA_QUALITY
from partnerhub.columns.table import Table
from partnerhub.columns.unknown import Array, Bools, Days, Ints
from partnerhub.columns.values import Values
from partnerhub.domain.layouts import Column, Layout
from partnerhub.domain.quality import MEASURES
from partnerhub.domain.weeks import Period, last_complete_weeks
from partnerhub.sample.inventory import Places, calling_users, location_count
from partnerhub.sample.snapshots import Snapshot
from partnerhub.sample.texts import coded, texts

CUSTOMERS: Final = 4
"""Customers of a region that have call records; the others have exports."""

_WEEKS: Final = 9
_A_WEEK: Final = 80
"""Records of a customer and week."""

_MOST_CALLERS: Final = 8
_WEEKDAYS: Final = (1, 6, 6, 6, 6, 6, 1)
_MADE: Final = 0.6
_QUEUED: Final = 0.06
_MADE_TYPES: Final = (
    *("SIP_ENTERPRISE", "SIP_NATIONAL", "SIP_MOBILE"),
    *("SIP_INTERNATIONAL", "SIP_TOLLFREE", "SIP_MEETING"),
)
_MADE_WEIGHTS: Final = (38, 40, 12, 4, 3, 3)
_TAKEN_TYPES: Final = ("SIP_INBOUND", "SIP_ENTERPRISE")
_TAKEN_WEIGHTS: Final = (65, 35)
_CLIENTS: Final = (
    ("WXC_DEVICE", "Cisco 8845", ""),
    ("WXC_DEVICE", "Cisco Room Kit", ""),
    ("WXC_CLIENT", "", "Windows"),
    ("WXC_CLIENT", "", "iOS"),
    ("WXC_THIRD_PARTY", "", ""),
)
_CLIENT_WEIGHTS: Final = (45, 8, 30, 14, 3)
_THIRD_PARTY: Final = 4
_REASONS: Final = ("", "CallForwardBusy", "CallPark", "ConsultativeTransfer")
_REASON_WEIGHTS: Final = (92, 4, 2, 2)
_USUALLY_POOR: Final = 0.04
_BAD_WEEK: Final = 0.3
_HEADINGS: Final = (
    *("Start time", "Duration", "Location", "Direction", "Call type"),
    *("Client type", "OS type", "Model", "Answered", "Related reason"),
    *("User type", "Call ID", "User UUID", "Org UUID", "Report ID", "Report time"),
)


@attrs.frozen(kw_only=True, eq=False)
class _Calls:
    """Who calls when: arrays, one element a record.

    Attributes:
        on: The day of the files.
        customer: Position of the customer.
        week: Weeks back from the last complete one.
        number: Number of the record in its customer and week.
    """

    on: Snapshot
    customer: Ints
    week: Ints
    number: Ints

    @property
    def key(self) -> tuple[Ints, Ints, Ints]:
        """What the dice are asked with."""
        return self.on.of.index[self.customer], self.week, self.number

    @property
    def made(self) -> Bools:
        """Records of the side that called."""
        made = self.on.of.setting.dice.chance(_MADE, "leg made", *self.key)
        return made & ~self.of_queue

    @property
    def of_queue(self) -> Bools:
        """Records of a call queue, and not of a user."""
        return self.on.of.setting.dice.chance(_QUEUED, "leg of queue", *self.key)

    @property
    def client(self) -> Ints:
        """Position in `_CLIENTS`."""
        return self.on.of.setting.dice.pick(_CLIENT_WEIGHTS, "client", *self.key)

    @property
    def call_ids(self) -> Array:
        """The SIP call id of each."""
        numbers = zip(*(part.tolist() for part in self.key), strict=True)
        return texts([f"SSE{who}-{week}-{n}@192.0.2.1" for who, week, n in numbers])


def weeks(until: dt.date, /) -> tuple[Period, ...]:
    """The weeks that the files cover, oldest first."""
    return last_complete_weeks(until, _WEEKS)


def callers(on: Snapshot, /) -> Ints:
    """Positions of the customers that have call records."""
    found: Ints = np.flatnonzero(calling_users(on) > 0)[:CUSTOMERS]
    return found


def call_records(on: Snapshot, /) -> Table:
    """The call records of nine weeks."""
    calls, dice = _calls(on), on.of.setting.dice
    index, *_ = calls.key
    client, of_queue = calls.client, calls.of_queue
    location = dice.below(location_count(on.of)[calls.customer], "place", *calls.key)
    places = Places(of=on.of, customer=calls.customer, location=location)
    person = dice.below(_people(on)[calls.customer], "caller", *calls.key)
    made_type = coded(dice.pick(_MADE_WEIGHTS, "type", *calls.key), _MADE_TYPES)
    taken_type = coded(dice.pick(_TAKEN_WEIGHTS, "type", *calls.key), _TAKEN_TYPES)
    starts = _starts(calls)
    answered = dice.chance(0.9, "answered", *calls.key)
    seconds = dice.below(900, "duration", *calls.key) * answered
    values: dict[str, Values] = {
        "Start time": _instants(starts),
        "Duration": _counts(seconds),
        "Location": places.names,
        "Direction": coded(calls.made * 1, ("TERMINATING", "ORIGINATING")),
        "Call type": np.where(calls.made, made_type.texts(), taken_type.texts()),
        **{
            heading: np.where(of_queue, "", coded(client, part).texts())
            for heading, part in zip(
                ("Client type", "Model", "OS type"),
                zip(*_CLIENTS, strict=True),
                strict=True,
            )
        },
        "Answered": coded(answered * 1, ("false", "true")),
        "Related reason": coded(
            dice.pick(_REASON_WEIGHTS, "reason", *calls.key), _REASONS
        ),
        "User type": coded(of_queue * 1, ("User", "CallCenterStandard")),
        "Call ID": calls.call_ids,
        "User UUID": dice.uuids("caller", index, person),
        "Org UUID": coded(calls.customer, on.of.ids),
        "Report ID": dice.uuids("report", *calls.key),
        "Report time": _instants(starts + np.timedelta64(1, "h")),
    }
    columns = tuple(Column(key=h, heading=h, french=h) for h in _HEADINGS)
    return Table(
        title="Calling Detailed Call History",
        columns=columns,
        values={heading: values[heading] for heading in _HEADINGS},
    )


def media_quality(on: Snapshot, /) -> Table:
    """The media quality of the records that have any."""
    every, dice = _calls(on), on.of.setting.dice
    has_media = ~every.of_queue & (every.client != _THIRD_PARTY)
    rows = np.flatnonzero(has_media)
    calls = _Calls(
        on=on,
        customer=every.customer[rows],
        week=every.week[rows],
        number=every.number[rows],
    )
    is_bad = (calls.customer == callers(on)[-1]) & (calls.week == 0)
    share = np.where(is_bad, _BAD_WEEK, _USUALLY_POOR)
    poor = dice.share("poor leg", *calls.key) < share
    spread = {key: dice.share(key, *calls.key) for key in MEASURES[:3]}
    values: dict[str, Values] = {
        "call_id": calls.call_ids,
        "caller": coded(calls.made * 1, ("false", "true")),
        "audio_jitter_ms": _decimals(spread["audio_jitter_ms"] * 40 + poor * 160),
        "audio_latency_ms": _decimals(spread["audio_latency_ms"] * 180 + 20),
        "audio_loss_pct": _decimals(spread["audio_loss_pct"] * 2),
    }
    return _plain_table(MEDIA_QUALITY, values)


def call_queue_stats(on: Snapshot, /) -> Table:
    """Call queues of the first of those customers in the last week."""
    dice = on.of.setting.dice
    queues, who = np.arange(2), callers(on)[0]
    key = (on.of.index[who], queues)
    calls = 20 + dice.below(60, "queue calls", *key)
    abandoned = calls * dice.below(20, "abandoned", *key) // 100
    places = Places(of=on.of, customer=np.full(2, who), location=np.zeros(2, np.int64))
    values: dict[str, Values] = {
        "name": coded(queues, ("Sales", "Support")),
        "location": places.names,
    }
    counts = {
        "wait_s": (calls - abandoned) * (8 + dice.below(30, "queue wait", *key)),
        "answered": calls - abandoned,
        "abandoned": abandoned,
        "abandoned_wait_s": abandoned * (20 + dice.below(60, "given up", *key)),
        "calls": calls,
        "overflowed": dice.below(3, "overflowed", *key),
        "timed_out": dice.below(3, "timed out", *key),
        "transferred": dice.below(5, "transferred", *key),
    }
    values |= {name: _counts(numbers) for name, numbers in counts.items()}
    return _plain_table(CALL_QUEUE_STATS, values)


def _calls(on: Snapshot) -> _Calls:
    who = callers(on)
    customer = np.repeat(who, _WEEKS * _A_WEEK)
    week = np.tile(np.repeat(np.arange(_WEEKS), _A_WEEK), len(who))
    number = np.tile(np.arange(_A_WEEK), len(who) * _WEEKS)
    return _Calls(on=on, customer=customer, week=week, number=number)


def _people(on: Snapshot) -> Ints:
    return np.clip(calling_users(on), 1, _MOST_CALLERS)


def _starts(calls: _Calls) -> Days:
    """When each call began, within office hours."""
    dice, (sunday, _) = calls.on.of.setting.dice, weeks(calls.on.on)[-1]
    day = dice.pick(_WEEKDAYS, "weekday", *calls.key) - 7 * calls.week
    second = 8 * 3600 + dice.below(9 * 3600, "second", *calls.key)
    begun = np.datetime64(sunday.isoformat(), "s") + day.astype("m8[D]")
    starts: Days = begun + second.astype("m8[s]")
    return starts


def _instants(moments: Days) -> Array:
    return texts([f"{text}.000Z" for text in np.datetime_as_string(moments)])


def _decimals(numbers: Array) -> Array:
    return texts([f"{number:.1f}" for number in numbers.tolist()])


def _plain_table(layout: Layout, values: Mapping[str, Values]) -> Table:
    """A table with the headings of a layout, whose cells are texts already."""
    columns = tuple(
        Column(key=key, heading=layout.column(key).heading, french="") for key in values
    )
    return Table(title=layout.name, columns=columns, values=values)


def _counts(numbers: Ints) -> Array:
    return texts(numbers.astype(str).tolist())
