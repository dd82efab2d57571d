"""Dated rows: full pictures, additions, what is carried over."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import numpy as np
import pytest

from partnerhub.columns.datasets import (
    CUSTOMERS,
    DATASETS,
    LICENSES,
    NUMBERS,
    SUBSCRIPTIONS,
    Kind,
)
from partnerhub.columns.records import DatedRecords, FullPictures
from partnerhub.ports import OrganizationFacts, Store
from partnerhub.testing import worlds
from partnerhub.testing.comparing import plain
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
        _put(store, _held(_ON[1], "s", "t"))
        lines = [
            Row(_A, "Meetings", held, _ON[1], {"total": total})
            for held, total in (("t", 2), ("s", 1))
        ]
        _put(store, worlds.records(LICENSES, lines, only={"total"}))
        found = store.portfolio(_ON[1])
        names = found.subscriptions.id[found.lines.subscription].tolist()
        assert list(zip(names, found.lines.total.tolist(), strict=True)) == [
            ("s", 1),
            ("t", 2),
        ]

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

    @pytest.mark.parametrize("dataset", worlds.INVENTORIES, ids=lambda each: each.name)
    def test_inventories_leave_out_what_is_gone(
        self, store: Store, dataset: Any
    ) -> None:
        """Unlike subscriptions, of which ended ones are still shown."""
        values = _nothing(dataset)
        for day, names in ((_ON[1], "ab"), (_ON[8], "b"), (_ON[5], "abc")):
            rows = [Row(_A, name, None, day, values) for name in names]
            pictures = worlds.pictures_of([_A], day)
            _put(store, worlds.records(dataset, rows, pictures=pictures))
        sizes = [len(store.inventory(dataset, _ON[day])) for day in (0, 1, 5, 7, 8, 9)]
        assert sizes == [0, 2, 3, 3, 1, 1]

    def test_a_full_picture_of_one_thing_is_none_of_another(self, store: Store) -> None:
        """Devices that are counted end no subscription, and the other way round."""
        _put(store, _held(_ON[1], "s"))
        for dataset in worlds.INVENTORIES:
            row = Row(_A, "a", None, _ON[1], _nothing(dataset))
            for day, rows in ((_ON[1], [row]), (_ON[5], [])):
                pictures = worlds.pictures_of([_A], day)
                _put(store, worlds.records(dataset, rows, pictures=pictures))
            assert _shown(store, _ON[8]) == [("s", False)]
            _put(store, worlds.records(dataset, [row]))
        _put(store, _held(_ON[9]))
        assert _shown(store, _ON[9]) == [("s", True)]
        for dataset in worlds.INVENTORIES:
            assert len(store.inventory(dataset, _ON[4])) == 1

    def test_one_call_may_have_pictures_of_several_days_and_customers(
        self, store: Store
    ) -> None:
        """Each leaves out what is gone from its customer on its day."""
        _put(store, _held(_ON[1], "s", "t", "w"), _held(_ON[1], "u", "v", who=_B))
        nothing = _nothing(SUBSCRIPTIONS)
        told = [(_A, "s", 3), (_A, "w", 3), (_A, "s", 5), (_A, "t", 5), (_B, "u", 3)]
        pictures = FullPictures(
            worlds.objects([_A, _A, _B]),
            np.array([_ON[3], _ON[5], _ON[3]], "datetime64[D]"),
        )
        rows = [Row(who, name, None, _ON[day], nothing) for who, name, day in told]
        _put(store, worlds.records(SUBSCRIPTIONS, rows, pictures=pictures))
        gone = {
            day: [name for name, is_gone in _shown(store, _ON[day]) if is_gone]
            for day in (2, 3, 4, 5)
        }
        assert gone == {2: [], 3: ["t", "v"], 4: ["t", "v"], 5: ["w", "v"]}

    def test_a_field_may_be_told_by_some_rows_only(self, store: Store) -> None:
        """In the others it keeps its value."""
        _put(store, _held(_ON[1], "s", "t", type="x"))
        rows = [Row(_A, name, None, _ON[8], {"type": "y"}) for name in "st"]
        told = worlds.records(SUBSCRIPTIONS, rows, only={"type"})
        _put(store, attrs.evolve(told, told={"type": np.array([True, False])}))
        found = store.portfolio(_ON[8]).subscriptions
        assert found.type.texts().tolist() == ["y", "x"]

    def test_a_full_picture_that_knows_a_value_no_more_unsets_it(
        self, store: Store
    ) -> None:
        """Unknown of a newer day; of the same day it says nothing."""
        _put(store, _held(_ON[1], "s", type="x", users_total=1))
        _put(store, _held(_ON[1], "s"))
        _put(store, _held(_ON[8], "s"))
        for day, expected in ((7, ["x"]), (8, [None])):
            found = store.portfolio(_ON[day]).subscriptions
            assert plain(found.type) == expected
        assert store.portfolio(_ON[8]).subscriptions.users_total.tolist() == [-1]

    def test_what_a_newer_row_did_not_tell_is_as_old_files_tell(
        self, store: Store
    ) -> None:
        """Also when these are read after it."""
        _put(store, _held(_ON[1], "s", type="x", users_total=1))
        told = worlds.records(
            SUBSCRIPTIONS,
            [Row(_A, "s", None, _ON[8], {"users_total": 5})],
            only={"users_total"},
        )
        _put(store, told)
        _put(store, _held(_ON[4], "s", type="y", users_total=2))
        found = [store.portfolio(_ON[day]).subscriptions for day in (3, 4, 8)]
        assert [plain(each.type) for each in found] == [["x"], ["y"], ["y"]]
        assert [each.users_total.tolist() for each in found] == [[1], [2], [5]]

    def test_subscriptions_of_one_id_are_each_of_its_customer(
        self, store: Store
    ) -> None:
        """As are lines of one name; what becomes of one does not become of the other."""
        for who, users in ((_A, 1), (_B, 2)):
            line = Row(who, "Meetings", "s", _ON[1], {"total": users})
            _put(store, _held(_ON[1], "s", who=who, users_total=users))
            _put(store, worlds.records(LICENSES, [line], only={"total"}))
        _put(store, _held(_ON[5], who=_A))
        found = store.portfolio(_ON[5])
        held = found.subscriptions
        assert found.customers.id[held.customer].tolist() == [_A, _B]
        assert held.users_total.tolist() == [1, 2]
        assert held.gone.tolist() == [True, False]
        assert found.lines.subscription.tolist() == [0, 1]
        assert found.lines.total.tolist() == [1, 2]

    def test_lines_never_leave_by_themselves(self, store: Store) -> None:
        """They keep their values while their subscription is there; existed stays."""
        _put(
            store,
            _held(_ON[1], "s"),
            _line(_ON[1], "Meetings", "s", total=3, existed=1),
            _line(_ON[1], "Slido", "s", total=0, existed=0),
        )
        later = _line(_ON[5], "Slido", "s", total=7, existed=0)
        again = _line(_ON[6], "Meetings", "s", total=0, existed=0)
        for told in (later, again):
            pictures = worlds.pictures_of([_A], told.day.tolist()[0])
            _put(store, _held(told.day.tolist()[0], "s"))
            _put(store, attrs.evolve(told, pictures=pictures))
        shown = [store.portfolio(_ON[day]).lines for day in (4, 5, 6)]
        assert [each.total.tolist() for each in shown] == [[3, 0], [3, 7], [0, 7]]
        assert [each.existed.tolist() for each in shown] == [[True, False]] * 3
        assert not shown[-1].gone.any()

    def test_the_first_day_is_that_of_anything_dated(self, store: Store) -> None:
        """Of facts of customers and of inventories too."""
        for day, dataset in ((9, SUBSCRIPTIONS), (7, CUSTOMERS), (5, NUMBERS)):
            row = Row(_A, "", None, _ON[day], _nothing(dataset))
            _put(store, worlds.records(dataset, [row]))
            assert store.first_day() == _ON[day]

    @pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
    def test_nothing_to_put_is_put(self, store: Store, dataset: Any) -> None:
        """No rows, and a full picture of a customer that has nothing."""
        assert _put(store, worlds.records(dataset, [])) == []
        pictures = worlds.pictures_of([_A], _ON[1])
        if dataset.parent is None:
            assert _put(store, worlds.records(dataset, [], pictures=pictures)) == []
        assert len(store.portfolio(_ON[1]).subscriptions) == 0
