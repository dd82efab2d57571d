"""Devices, telephone numbers and app versions of some customers, as tables."""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np

from partnerhub.columns.table import Table
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.columns.values import Values, pick
from partnerhub.domain.layouts import DEVICES, TELEPHONE_NUMBERS, WEBEX_APP_VERSION
from partnerhub.sample.customers import Customers, wholesale_ids
from partnerhub.sample.names import location_names, user_emails
from partnerhub.sample.snapshots import Snapshot
from partnerhub.sample.subscriptions import CALLING, numbered
from partnerhub.sample.tables import report
from partnerhub.sample.texts import coded, texts

_MOST_PEOPLE: Final = 40
"""People of one customer that the inventory lists; enough to see, few to write."""

_DEVICES: Final = (
    *("Cisco 8845", "Cisco 8865", "Cisco 9861", "Cisco ATA 192"),
    *("Cisco Desk Pro", "Cisco Room Kit", "Cisco Board Pro 55"),
)
_DEVICE_WEIGHTS: Final = (30, 15, 25, 5, 12, 9, 4)
_PHONES: Final = 4
"""The first devices are phones; the others run RoomOS."""
_FIRMWARE: Final = ("12.0.6", "12.0.5", "RoomOS 11.24", "RoomOS 11.20")
_COUNTRIES: Final = {"US": "US", "CA": "CA", "EU": "FR", "UAE": "AE"}
_DIAL: Final = {"US": "+1555", "CA": "+1555", "EU": "+33199", "UAE": "+97159"}
_OTHER_COUNTRY: Final = "ZZ"
_OTHER_DIAL: Final = "+8835"
_PSTN: Final = ("Cisco Calling Plan", "Premises-based PSTN", "Cloud Connected PSTN")
_USER_TYPES: Final = ("People", "Auto attendant", "Hunt group", "Virtual line")
_NUMBER_TYPES: Final = ("Primary", "Secondary")

_CLIENTS: Final = (
    ("Desktop", "Windows", "45.10.0.33021", "Windows 11"),
    ("Desktop", "Windows", "45.8.0.32875", "Windows 10"),
    ("Desktop", "macOS", "45.10.0.33021", "macOS 15"),
    ("Desktop", "Linux", "45.10.0.33021", "Ubuntu 24.04"),
    ("Mobile", "iOS", "45.10", "iOS 19"),
    ("Mobile", "Android", "45.9.1", "Android 16"),
)
_CLIENT_SHARES: Final = (0.45, 0.08, 0.22, 0.01, 0.3, 0.25)


@attrs.frozen(kw_only=True, eq=False)
class Places:
    """Rows that each belong to a customer and one of its locations.

    Attributes:
        of: Who the customers are.
        customer: Position of each row's customer.
        location: Number of the location in the customer.
    """

    of: Customers
    customer: Ints
    location: Ints

    @property
    def names(self) -> Array:
        """The name of each row's location: object array."""
        cities = [location_names(region) for region in self.of.setting.regions]
        first = self.of.index[self.customer]  # so that not all start in one city
        region = self.of.region[self.customer].tolist()
        numbers = (first + self.location).tolist()
        return texts(
            [
                cities[r][at % len(cities[r])]
                for r, at in zip(region, numbers, strict=True)
            ]
        )

    @property
    def ids(self) -> Array:
        """The uuid of each row's location: object array."""
        index = self.of.index[self.customer]
        return self.of.setting.dice.uuids("location", index, self.location)

    def identity(self) -> dict[str, Values]:
        """The columns that the inventory files begin with."""
        return {
            "external_id": wholesale_ids(self.of)[self.customer],
            "customer_name": self.of.names[self.customer],
            "org_id": coded(self.customer, self.of.ids),
            "location_id": self.ids,
            "location_name": self.names,
        }


def calling_users(on: Snapshot, /) -> Ints:
    """Users of each customer that have an active Webex Calling license."""
    calling = np.maximum(on.assigned[:, CALLING], 0).sum(axis=1)
    calling[on.expired | (on.held.starts > 0)] = 0
    users = np.bincount(on.held.customer, weights=calling, minlength=len(on.of))
    return users.astype(np.int64)


def location_count(of: Customers, /) -> Ints:
    """Locations of each customer: large ones have more."""
    return 1 + (of.users > 30) + (of.users > 150) + (of.users > 600)  # noqa: PLR2004 - sizes of customers


def devices(on: Snapshot, /) -> Table:
    """The Devices of one day: one for two of three people who call."""
    places, person = _people(on)
    dice, key = on.of.setting.dice, (on.of.index[places.customer], person)
    has = dice.chance(0.66, "has device", *key)
    places, person = _only(places, has), person[has]
    key = (key[0][has], person)
    product = dice.pick(_DEVICE_WEIGHTS, "device", *key)
    firmware = np.where(product < _PHONES, 0, 2) + dice.below(2, "firmware", *key)
    unseen = dice.chance(0.03, "not yet activated", *key)
    macs = dice.below(1 << 40, "mac", *key).tolist()
    values: dict[str, Values] = {
        **places.identity(),
        "product": coded(product, _DEVICES),
        "mac": texts([f"02{mac:010X}" for mac in macs], blank=unseen),
        "firmware": coded(np.where(unseen, -1, firmware), _FIRMWARE),
        "phone_number": _numbers(places, person),
        "extension": _extensions(person),
        "user_id": texts(user_emails(dice, *key)),
        "user_uuid": dice.uuids("user", *key),
    }
    return report(DEVICES, values)


def telephone_numbers(on: Snapshot, /) -> Table:
    """The Telephone Numbers of one day.

    People have a number or an extension alone; the last of each customer belongs to
    a feature or to nobody.
    """
    places, person = _people(on)
    dice, key = on.of.setting.dice, (on.of.index[places.customer], person)
    is_last = np.append(places.customer[1:] != places.customer[:-1], True)[
        : len(person)
    ]
    is_extension = ~is_last & dice.chance(0.25, "extension", *key)
    free = is_last & dice.chance(0.5, "free", *key)
    feature = 1 + dice.below(len(_USER_TYPES) - 1, "feature", *key)
    second = dice.chance(0.08, "secondary", *key).astype(np.int64)
    country = [
        _COUNTRIES.get(region, _OTHER_COUNTRY) for region in on.of.setting.regions
    ]
    pstn = dice.below(len(_PSTN), "pstn", on.of.index)[places.customer]
    is_person = ~is_last
    values: dict[str, Values] = {
        **places.identity(),
        "country": coded(on.of.region[places.customer], country),
        "phone_number": texts(_numbers(places, person), blank=is_extension),
        "extension": texts(_extensions(person), blank=~is_extension),
        "pstn_connection": coded(np.where(is_extension, -1, pstn), _PSTN),
        "active": np.where(dice.chance(0.97, "active", *key), 1, 0).astype(np.int8),
        "user_type": coded(
            np.where(free, -1, np.where(is_person, 0, feature)), _USER_TYPES
        ),
        "number_type": coded(np.where(is_extension | free, -1, second), _NUMBER_TYPES),
        "user_id": texts(user_emails(dice, *key), blank=~is_person),
        "user_uuid": texts(dice.uuids("user", *key), blank=free),
    }
    return report(TELEPHONE_NUMBERS, values)


def webex_app_versions(on: Snapshot, /) -> Table:
    """The Webex App Version of one day: the clients of each customer listed."""
    of = on.of
    shares = of.setting.dice.between(
        0.5, 1.0, "clients", of.index[:, None], np.arange(len(_CLIENTS))
    )
    users = (of.users[:, None] * shares * _CLIENT_SHARES).astype(np.int64)
    listed = np.bincount(on.held.customer, minlength=len(of)) > 0
    customer, client = np.nonzero((users > 0) & listed[:, None])
    values: dict[str, Values] = {
        "customer_name": of.names[customer],
        "org_id": coded(customer, of.ids),
        "users": users[customer, client],
    }
    for at, key in enumerate(("application_type", "platform", "version", "os_version")):
        values[key] = texts([row[at] for row in _CLIENTS])[client]
    return report(WEBEX_APP_VERSION, values)


def _people(on: Snapshot) -> tuple[Places, Ints]:
    """One row a person who calls, and the number of that person in its customer."""
    customer, person = numbered(np.minimum(calling_users(on), _MOST_PEOPLE))
    location = person % location_count(on.of)[customer]
    return Places(of=on.of, customer=customer, location=location), person


def _only(places: Places, rows: Bools) -> Places:
    return attrs.evolve(
        places, customer=places.customer[rows], location=places.location[rows]
    )


def _numbers(places: Places, person: Ints) -> Array:
    """Telephone numbers nobody has: `+`, a prefix not in use, seven digits."""
    of = places.of
    dial = [_DIAL.get(region, _OTHER_DIAL) for region in of.setting.regions]
    index = of.index[places.customer]
    serial = (index * _MOST_PEOPLE + person) * 6_180_339 % 10_000_000
    prefixes = pick(np.array(dial, dtype=object), of.region[places.customer], blank="")
    return texts([f"{p}{n:07}" for p, n in zip(prefixes, serial.tolist(), strict=True)])


def _extensions(person: Ints) -> Array:
    return texts([f"{1000 + number}" for number in person.tolist()])
