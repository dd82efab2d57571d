"""What is shown of a day: seen when, added when, in which order; and over time."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
import pytest

from partnerhub.columns.datasets import CUSTOMERS, LICENSES, SUBSCRIPTIONS
from partnerhub.columns.portfolio import PRODUCTS
from partnerhub.columns.timeline import LINE_FIELDS, SUBSCRIPTION_FIELDS
from partnerhub.domain.products import (
    CALLING_PROFESSIONAL,
    MEETINGS_LICENSE,
    Product,
)
from partnerhub.ports import OrganizationFacts, Scope, Store
from partnerhub.testing import worlds
from partnerhub.testing.comparing import plain
from partnerhub.testing.contract.base import ContractBase
from partnerhub.testing.worlds import Row

_A, _B, _C = worlds.CUSTOMERS_KNOWN
_COUNTED: Final = tuple(name for name in LINE_FIELDS if name != "gone")
"""What a line shows of itself; a portfolio adds what became of its subscription."""

_ON: Final = [dt.date(2026, 11, day) for day in range(1, 31)]


def _regions(store: Store, **told: str) -> None:
    with store.writing() as writer:
        writer.put_organizations(
            OrganizationFacts(id=who, region=told.get(name), day=_ON[0])
            for name, who in (("a", _A), ("b", _B), ("c", _C))
        )


def _put(
    store: Store,
    dataset: Any,
    day: int,
    who: str,
    *names: str,
    full: bool = True,
    parent: str | None = None,
    **values: Any,
) -> None:
    """Things of a customer, in a full picture of it or added to what is known."""
    rows = [Row(who, name, parent, _ON[day], values) for name in names]
    pictures = worlds.pictures_of([who], _ON[day]) if full else None
    with store.writing() as writer:
        writer.put_records(
            worlds.records(dataset, rows, pictures=pictures, only=set(values))
        )


def _column(store: Store, day: int, name: str) -> list[Any]:
    found: list[Any] = plain(getattr(store.portfolio(_ON[day]).subscriptions, name))
    return found


class PortfoliosContract(ContractBase):
    """A day shows what was known of it, and the days together the same."""

    def test_what_is_shown_says_when_it_was_seen_last(self, store: Store) -> None:
        """In a full picture or by itself, at or before the day that is asked for."""
        for day in (1, 4, 8):
            _put(store, SUBSCRIPTIONS, day, _A, "s", "t", type="x")
        _put(store, SUBSCRIPTIONS, 6, _A, "s", type="x", full=False)
        _put(store, SUBSCRIPTIONS, 2, _B, "u", type="x")
        shown = {day: _column(store, day, "day") for day in (1, 3, 4, 7, 9)}
        assert shown == {
            1: [str(_ON[1]), str(_ON[1])],
            3: [str(_ON[1]), str(_ON[1]), str(_ON[2])],
            4: [str(_ON[4]), str(_ON[4]), str(_ON[2])],
            7: [str(_ON[6]), str(_ON[4]), str(_ON[2])],
            9: [str(_ON[8]), str(_ON[8]), str(_ON[2])],
        }
        assert _column(store, 9, "first_seen") == [str(_ON[1])] * 2 + [str(_ON[2])]

    @pytest.mark.parametrize("dataset", worlds.INVENTORIES, ids=lambda each: each.name)
    def test_inventories_say_when_each_was_seen_last(
        self, store: Store, dataset: Any
    ) -> None:
        """And are in order of customer."""
        name = dataset.field_names[0]
        for day, who, items in ((4, _B, "b"), (1, _A, "ac"), (3, _A, "a")):
            for item in items:
                _put(store, dataset, day, who, item, full=False, **{name: item})
            pictures = worlds.pictures_of([who], _ON[day])
            with store.writing() as writer:
                rows = [Row(who, item, None, _ON[day], {name: item}) for item in items]
                writer.put_records(
                    worlds.records(dataset, rows, pictures=pictures, only={name})
                )
        for day, expected in (
            (2, [("a", 1), ("c", 1)]),
            (3, [("a", 3)]),
            (9, [("a", 3), ("b", 4)]),
        ):
            found = store.inventory(dataset, _ON[day])
            seen = zip(plain(found.fields[name]), plain(found.day), strict=True)
            assert list(seen) == [(item, str(_ON[on])) for item, on in expected]
            owners = found.customers.id[found.customer].tolist()
            assert owners == [_B if item == "b" else _A for item, _ in expected]

    def test_facts_of_customers_hold_from_their_day_on(self, store: Store) -> None:
        """Each until another is told."""
        _regions(store)
        _put(store, CUSTOMERS, 8, _A, "", full=False, managed_by="external")
        _put(store, CUSTOMERS, 3, _A, "", full=False, managed_by="partner")
        shown = [plain(store.portfolio(d).customers.managed_by)[0] for d in _ON[:10]]
        assert shown == [None] * 3 + ["partner"] * 5 + ["external"] * 2

    def test_a_subscription_was_added_when_it_starts(self, store: Store) -> None:
        """Or on the first day it was seen, where its region was seen before without it."""
        _regions(store, a="US", b="US", c="EU")
        _put(store, SUBSCRIPTIONS, 1, _A, "first", type="x")
        _put(store, SUBSCRIPTIONS, 4, _A, "first", "later", type="x")
        _put(store, SUBSCRIPTIONS, 2, _B, "next", type="x")
        _put(store, SUBSCRIPTIONS, 3, _C, "elsewhere", type="x")
        _put(store, SUBSCRIPTIONS, 5, _B, "told", full=False, starts_on="2026-01-01")
        added = [None, str(_ON[4]), str(_ON[2]), "2026-01-01", None]
        assert _column(store, 9, "added_on") == added

    def test_a_region_is_seen_from_the_day_of_its_first_full_picture(
        self, store: Store
    ) -> None:
        """Rows that only add do not show what there is besides them."""
        _regions(store)
        _put(store, SUBSCRIPTIONS, 1, _A, "a", type="x", full=False)
        _put(store, SUBSCRIPTIONS, 3, _B, "b", type="x")
        _put(store, SUBSCRIPTIONS, 4, _C, "c", type="x", full=False)
        assert _column(store, 9, "added_on") == [None, None, str(_ON[4])]

    def test_lines_tell_their_product_and_share_what_became_of_their_subscription(
        self, store: Store
    ) -> None:
        """A subscription with a line of Webex Calling that ever existed has Calling."""
        _put(store, SUBSCRIPTIONS, 1, _A, "s", "t", "u", type="x")
        told = (("s", CALLING_PROFESSIONAL, 1), ("t", CALLING_PROFESSIONAL, 0))
        for held, name, existed in (
            *told,
            ("u", MEETINGS_LICENSE, 1),
            ("u", "Slido", 1),
        ):
            _put(
                store,
                LICENSES,
                1,
                _A,
                name,
                full=False,
                parent=held,
                existed=existed,
                total=1,
            )
        _put(store, SUBSCRIPTIONS, 5, _A, "t", "u", type="x")
        found = store.portfolio(_ON[6])
        lines = found.lines
        assert found.subscriptions.gone.tolist() == [True, False, False]
        assert found.subscriptions.has_calling.tolist() == [True, False, False]
        assert lines.subscription.tolist() == [0, 1, 2, 2]
        assert lines.gone.tolist() == [True, False, False, False]
        assert lines.existed.tolist() == [True, False, True, True]
        products = [PRODUCTS[code] for code in lines.product.tolist()]
        assert products[:2] == [Product.CALLING] * 2
        names = lines.license.texts().tolist()
        assert names[2:] == sorted([MEETINGS_LICENSE, "Slido"])
        assert products[2 + names[2:].index(MEETINGS_LICENSE)] is Product.MEETINGS
        assert products[2 + names[2:].index("Slido")] is Product.OTHER

    def test_all_days_together_tell_what_each_of_them_shows(self, store: Store) -> None:
        """Of subscriptions and lines, with what ended, came back and came late."""
        _regions(store, a="US", b="US")
        files = (
            *((1, "aZ\U0001f600", 1), (8, "a\U0001f600", 2)),
            *((5, "\uffee", 1), (12, "Z\uffee", 3)),
        )
        for day, names, ends in files:
            values: dict[str, Any] = {
                "ends_on": f"2027-01-0{ends}",
                "auto_renews": ends % 2,
                "is_trial": 0,
                "source_expired": ends % 2,
                "commitment_term": f"{ends} years",
            }
            _put(store, SUBSCRIPTIONS, day, _A, *names, **values)
            for name in names:
                counts = {"total": day, "assigned": 1, "used_7d": ends, "used_ever": 9}
                for license_ in ("\U0001f600", "\uffee", "a", "Z"):
                    _put(
                        store,
                        LICENSES,
                        day,
                        _A,
                        license_,
                        full=False,
                        parent=name,
                        existed=1,
                        **counts,
                    )
        _put(store, SUBSCRIPTIONS, 6, _B, "b", starts_on="2026-02-02")
        _put(store, SUBSCRIPTIONS, 6, _B, "c", full=False, is_trial=1)
        for scope in (Scope(), Scope(regions=("US",))):
            shown = {
                day: _of_portfolio(store.portfolio(_ON[day], scope))
                for day in (0, 1, 4, 5, 6, 8, 12, 20)
            }
            for last in (4, 12, 20):
                timeline = store.timeline(_ON[last], scope)
                for day in filter(last.__ge__, shown):
                    assert _of_timeline(timeline, _ON[day]) == shown[day], (last, day)
                assert timeline.subscriptions.since.max() <= np.datetime64(_ON[last])


def _of_portfolio(portfolio: Any) -> tuple[list[Any], list[Any]]:
    held, lines = portfolio.subscriptions, portfolio.lines
    owners = portfolio.customers.id[held.customer].tolist()
    fields = [
        plain(getattr(held, name)) for name in (*SUBSCRIPTION_FIELDS, "commitment_term")
    ]
    counts = [plain(getattr(lines, name)) for name in _COUNTED]
    names = zip(
        lines.subscription.tolist(), lines.license.texts().tolist(), strict=True
    )
    return (
        list(zip(owners, *fields, strict=True)),
        list(zip(names, *counts, strict=True)),
    )


def _of_timeline(timeline: Any, day: dt.date) -> tuple[list[Any], list[Any]]:
    """The newest version of each thing on a day, as a portfolio shows them."""
    held, lines = timeline.subscriptions, timeline.lines
    rows = _newest(held.subscription, held.since, day)
    of_lines = _newest(lines.line, lines.since, day)
    owners = timeline.customers.id[timeline.customer[held.subscription[rows]]].tolist()
    place = {code: row for row, code in enumerate(held.subscription[rows].tolist())}
    fields = [
        plain(getattr(held, name).take(rows))
        for name in (*SUBSCRIPTION_FIELDS, "commitment_term")
    ]
    counts = [plain(getattr(lines, name)[of_lines]) for name in _COUNTED]
    holders = timeline.holder[lines.line[of_lines]].tolist()
    licenses = timeline.license.take(lines.line[of_lines]).texts().tolist()
    names = zip([place[code] for code in holders], licenses, strict=True)
    return (
        list(zip(owners, *fields, strict=True)),
        list(zip(names, *counts, strict=True)),
    )


def _newest(thing: Any, since: Any, day: dt.date) -> Any:
    """Rows of the last version of each thing that began by a day."""
    begun = np.flatnonzero(since <= np.datetime64(day))
    last = {
        code: row
        for row, code in zip(begun.tolist(), thing[begun].tolist(), strict=True)
    }
    return np.array([last[code] for code in sorted(last)], np.int64)
