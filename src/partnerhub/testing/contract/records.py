"""Dated rows: full pictures, additions, every value there and back, usage."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerhub.columns.datasets import (
    APP_VERSIONS,
    DATASETS,
    DEVICES,
    LICENSES,
    NUMBERS,
    SUBSCRIPTIONS,
    Kind,
)
from partnerhub.columns.records import DatedRecords
from partnerhub.columns.usage import USAGE_COUNTS, UsageColumns
from partnerhub.domain.errors import InvalidValue
from partnerhub.ports import OrganizationFacts, Scope, Store
from partnerhub.testing import worlds
from partnerhub.testing.comparing import plain, snapshot
from partnerhub.testing.contract.base import ContractBase
from partnerhub.testing.worlds import Row

_A, _B, _ = worlds.CUSTOMERS_KNOWN
_ON = [dt.date(2026, 11, day) for day in range(1, 31)]
_BLANK: dict[Kind, Any] = {Kind.TEXT: "", Kind.FLAG: -1, Kind.COUNT: -1, Kind.DAY: None}


def _nothing(dataset: Any) -> dict[str, Any]:
    return {field.name: _BLANK[field.kind] for field in dataset.fields}


def _held(day: dt.date, *names: str, who: str = _A, **values: Any) -> DatedRecords:
    """A full picture of one customer: it holds these subscriptions."""
    values = {**_nothing(SUBSCRIPTIONS), **values}
    return worlds.records(
        SUBSCRIPTIONS,
        [Row(who, name, None, day, values) for name in names],
        pictures=worlds.pictures_of([who], day),
    )


def _line(day: dt.date, name: str, subscription: str, **values: Any) -> DatedRecords:
    values = {**_nothing(LICENSES), **values}
    return worlds.records(LICENSES, [Row(_A, name, subscription, day, values)])


def _put(store: Store, *records: DatedRecords) -> list[bool]:
    """Records of customers that are known from the first day."""
    told: list[bool] = []
    with store.writing() as writer:
        writer.put_organizations(
            OrganizationFacts(id=uuid, day=_ON[0]) for uuid in (_A, _B)
        )
        for each in records:
            told += writer.put_records(each).tolist()
    return told


def _shown(store: Store, day: dt.date) -> list[tuple[str, bool]]:
    """Subscription and whether it is gone."""
    found = store.portfolio(day).subscriptions
    return list(zip(found.id.tolist(), found.gone.tolist(), strict=True))


class RecordsContract(ContractBase):
    """History is kept, and any past day can be read."""

    def test_a_past_day_shows_what_was_known_then(self, store: Store) -> None:
        """Neither more nor less."""
        _put(store, _held(_ON[1], "s", users_total=1))
        _put(store, _held(_ON[8], "s", users_total=2))
        counts = [store.portfolio(d).subscriptions.users_total.tolist() for d in _ON]
        assert counts == [[]] + [[1]] * 7 + [[2]] * 22
        assert store.first_day() == _ON[1]

    def test_rows_tell_of_their_customer_too(self, store: Store) -> None:
        """Also where nothing else does, and from their earliest day."""
        with store.writing() as writer:
            writer.put_records(_held(_ON[8], "s"))
            writer.put_records(_held(_ON[3], "s"))
        assert [len(store.portfolio(d).customers) for d in _ON[2:4]] == [0, 1]
        assert _shown(store, _ON[3]) == [("s", False)]

    def test_what_a_full_picture_leaves_out_is_gone(self, store: Store) -> None:
        """From that day; what another customer holds is not touched."""
        _put(store, _held(_ON[1], "s", "t"), _held(_ON[1], "u", who=_B))
        _put(store, _held(_ON[8], "s"))
        assert _shown(store, _ON[7]) == [("s", False), ("t", False), ("u", False)]
        assert _shown(store, _ON[8]) == [("s", False), ("t", True), ("u", False)]

    def test_every_full_picture_is_remembered(self, store: Store) -> None:
        """Also an older one, for files that are read after it and are older still."""
        for day, names in ((_ON[5], ""), (_ON[8], ""), (_ON[3], "t")):
            _put(store, _held(day, *names))
        shown = [_shown(store, _ON[day]) for day in (4, 5, 8)]
        assert shown == [[("t", False)], [("t", True)], [("t", True)]]

    def test_rows_that_are_no_full_picture_only_add(self, store: Store) -> None:
        """Fields that they do not name keep their values."""
        _put(store, _held(_ON[1], "s", "t", type="x", users_total=1))
        told = worlds.records(
            SUBSCRIPTIONS,
            [Row(_A, "s", None, _ON[8], {"users_total": 5})],
            only={"users_total"},
        )
        _put(store, told)
        found = store.portfolio(_ON[8]).subscriptions
        assert found.users_total.tolist() == [5, 1]
        assert found.type.texts().tolist() == ["x", "x"]
        assert not found.gone.any()

    def test_rows_say_whether_they_were_news(self, store: Store) -> None:
        """Of rows that repeat what is known nothing is stored."""
        assert _put(store, _held(_ON[1], "s", "t")) == [True, True]
        assert _put(store, _held(_ON[1], "s", "t")) == [False, False]
        assert _put(store, _held(_ON[8], "s", "t", type="x")) == [True, True]
        assert _put(store, _held(_ON[8], "s", "t", type="x")) == [False, False]

    def test_lines_belong_to_their_subscription(self, store: Store) -> None:
        """Lines of one name on two subscriptions are two lines."""
        _put(
            store,
            _held(_ON[1], "s", "t"),
            _line(_ON[1], "Meetings", "t", total=2),
            _line(_ON[1], "Meetings", "s", total=1),
        )
        found = store.portfolio(_ON[1])
        names = found.subscriptions.id[found.lines.subscription].tolist()
        assert list(zip(names, found.lines.total.tolist(), strict=True)) == [
            ("s", 1),
            ("t", 2),
        ]

    @given(st.data())
    @settings(
        max_examples=20,
        deadline=None,
        suppress_health_check=[HealthCheck.differing_executors],
    )
    def test_every_value_comes_back(self, data: st.DataObject) -> None:
        """Unknown ones as unknown, large numbers and far days exactly."""
        values = data.draw(worlds.values_of(SUBSCRIPTIONS))
        with self.make() as store:
            _put(store, _held(_ON[1], "s", **values))
            found = store.portfolio(_ON[1]).subscriptions
            for name, value in values.items():
                (back,) = plain(getattr(found, name))
                assert back == (None if value == "" else value), name

    def test_texts_that_look_alike_are_told_apart(self, store: Store) -> None:
        """By case, accents, how they are composed, and blanks at the end; however long."""
        alike = ("a", "A", "\u00e1", "a\u0301", "a ", "a" * 70_000, "a" * 70_001)
        told = [_held(_ON[1], *alike)] + [
            worlds.records(
                SUBSCRIPTIONS,
                [Row(_A, text, None, _ON[1], {"type": text})],
                only={"type"},
            )
            for text in alike
        ]
        _put(store, *told)
        found = store.portfolio(_ON[1]).subscriptions
        assert found.id.tolist() == sorted(alike)
        assert found.type.texts().tolist() == sorted(alike)

    def test_a_subscription_is_as_old_as_the_oldest_file_that_has_it(
        self, store: Store
    ) -> None:
        """In whatever order they are read, and as new as the newest picture says."""
        for day in (_ON[8], _ON[3], _ON[5]):
            _put(store, _held(day, "s", type=str(day)))
        found = store.portfolio(_ON[9]).subscriptions
        assert plain(found.first_seen) == [str(_ON[3])]
        _put(store, _held(_ON[6]))
        shown = [_shown(store, _ON[day]) for day in (5, 6, 7, 8)]
        assert shown == [[("s", gone)] for gone in (False, True, True, False)]

    @pytest.mark.parametrize("dataset", [DEVICES, NUMBERS, APP_VERSIONS])
    def test_inventories_leave_out_what_is_gone(
        self, store: Store, dataset: Any
    ) -> None:
        """Unlike subscriptions, of which ended ones are still shown."""
        values = _nothing(dataset)
        for day, names in ((_ON[1], "ab"), (_ON[8], "b")):
            rows = [Row(_A, name, None, day, values) for name in names]
            pictures = worlds.pictures_of([_A], day)
            _put(store, worlds.records(dataset, rows, pictures=pictures))
        sizes = [len(store.inventory(dataset, day)) for day in (_ON[0], _ON[1], _ON[9])]
        assert sizes == [0, 2, 1]

    @pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
    def test_nothing_to_put_is_put(self, store: Store, dataset: Any) -> None:
        """No rows, and a full picture of a customer that has nothing."""
        assert _put(store, worlds.records(dataset, [])) == []
        pictures = worlds.pictures_of([_A], _ON[1])
        if dataset.parent is None:
            assert _put(store, worlds.records(dataset, [], pictures=pictures)) == []
        assert len(store.portfolio(_ON[1]).subscriptions) == 0

    def test_a_text_with_nul_is_refused(self, store: Store) -> None:
        """As an identity and as a value; nothing of the call stays."""
        for told in (_held(_ON[1], "s\0"), _held(_ON[1], "s", type="a\0b")):
            with pytest.raises(InvalidValue):
                _put(store, told)
        assert store.regions() == ()

    def test_subscriptions_have_tags_of_their_own(self, store: Store) -> None:
        """Beside those of the customer."""
        _put(store, _held(_ON[1], "s", "t"))
        with store.writing() as writer:
            writer.set_tags(_A, ("mine",), day=_ON[1])
            writer.set_tags(_A, ("b", "a"), day=_ON[1], subscription="t")
        assert store.tags() == {_A: ("mine",)}
        assert store.subscription_tags() == {(_A, "t"): ("b", "a")}

    def test_a_scope_narrows_what_is_read(self, store: Store) -> None:
        """Subscriptions, lines and usage of other customers are not there."""
        _put(store, _held(_ON[1], "s"), _held(_ON[1], "u", who=_B))
        _put(store, _line(_ON[1], "Meetings", "s", total=1))
        found = snapshot(store, _ON[1], Scope(organizations=(_B,)))["portfolio"]
        assert found["subscriptions"]["id"] == ["u"]
        assert found["lines"]["license"] == []

    # calling usage

    def test_usage_is_kept_by_customer_location_and_days(self, store: Store) -> None:
        """The same days again replace it, other days are other rows."""
        assert _put_usage(store, 2, {("", 1): 5, ("HQ", 1): -1}) == [True, True]
        assert _put_usage(store, 2, {("", 1): 6, ("HQ", 1): -1}) == [True, False]
        assert _put_usage(store, 3, {("HQ", 1): 7}) == [True]
        found = store.usage(_ON[1], _ON[2])
        assert found.location.tolist() == ["", "HQ"]
        assert found.counts[USAGE_COUNTS[0]].tolist() == [6, -1]
        assert set(found.counts) == set(USAGE_COUNTS)
        assert store.usage(_ON[1], _ON[3]).location.tolist() == ["HQ"]
        assert len(store.usage(_ON[1], _ON[4])) == 0
        assert len(store.usage(_ON[1], _ON[2], Scope(organizations=(_B,)))) == 0

    def test_usage_is_in_code_point_order_of_locations(self, store: Store) -> None:
        """Not by language, case, or the halves of UTF-16; large counts are exact."""
        places = ["", "Z", "a", "\u00c9", "\uffee", "\U0001f600"]
        told = {(place, 1): 2**53 + 1 for place in reversed(places)}
        assert all(_put_usage(store, 2, told))
        found = store.usage(_ON[1], _ON[2])
        assert found.location.tolist() == places
        assert set(found.counts[USAGE_COUNTS[0]].tolist()) == {2**53 + 1}


def _put_usage(store: Store, last: int, told: dict[tuple[str, int], int]) -> list[bool]:
    usage = UsageColumns(
        organization=worlds.objects(_A for _ in told),
        location=worlds.objects(place for place, _ in told),
        first=np.array([_ON[first] for _, first in told], "datetime64[D]"),
        last=np.array([_ON[last]] * len(told), "datetime64[D]"),
        counts={USAGE_COUNTS[0]: np.array(list(told.values()), np.int64)},
    )
    with store.writing() as writer:
        writer.put_organizations([OrganizationFacts(id=_A, day=_ON[0])])
        found: list[bool] = writer.put_usage(usage).tolist()
    return found
