"""Organizations: who wins when sources disagree, regions, search."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest

from partnerhub.domain.errors import NotFound
from partnerhub.domain.policies import DEFAULT_STATUS_POLICY
from partnerhub.domain.query_text import parse_filter
from partnerhub.ports import OrganizationFacts, Profile, RegionConflict, Scope, Store
from partnerhub.testing import worlds
from partnerhub.testing.contract.base import ContractBase

_A, _B, _C = worlds.CUSTOMERS_KNOWN
_DAY = dt.date(2026, 11, 10)
_TEXTS = (
    *("Caf\u00e9", "Cafe\u0301", "\U0001f600", "a\nb\tc", " ", "a ", "x" * 300),
    *("'; DROP TABLE x; --", "%s ? :a {b}"),
)


def _facts(uuid: str = _A, day: int = 10, **told: Any) -> OrganizationFacts:
    return OrganizationFacts(id=uuid, day=dt.date(2026, 11, day), **told)


def _put(store: Store, *facts: OrganizationFacts) -> frozenset[str]:
    with store.writing() as writer:
        return writer.put_organizations(facts).changed


def _profile(store: Store, uuid: str = _A) -> Profile:
    found = store.profile(uuid)
    assert found is not None
    return found


class OrganizationsContract(ContractBase):
    """Organizations are kept as the newest file tells them."""

    def test_a_new_store_is_empty(self, store: Store) -> None:
        """Nothing is known, and asking is no error."""
        assert store.regions() == ()
        assert store.first_day() is None
        assert store.tags() == {}
        assert store.subscription_tags() == {}
        assert store.find_by_email("a@x.com") == ()
        assert store.profile(_A) is None
        portfolio = store.portfolio(_DAY)
        assert len(portfolio.customers) == len(portfolio.subscriptions) == 0

    def test_what_was_told_is_known(self, store: Store) -> None:
        """Every field comes back."""
        told = _facts(
            name="Acme",
            region="US",
            industry="Retail",
            external_id="w1",
            user_emails=("b@x.com", "A@x.com"),
            tags=("z", "a"),
        )
        assert _put(store, told) == {_A}
        assert _profile(store) == Profile(
            id=_A,
            name="Acme",
            region="US",
            industry="Retail",
            external_id="w1",
            user_emails=("a@x.com", "b@x.com"),
            tags=("z", "a"),
            version=_profile(store).version,
        )
        assert store.regions() == ("US",)
        assert store.tags() == {_A: ("z", "a")}

    def test_the_same_again_changes_nothing(self, store: Store) -> None:
        """An import run twice is an import."""
        told = _facts(name="Acme", user_emails=("a@x.com",), tags=("a",))
        _put(store, told)
        before = _profile(store)
        assert _put(store, told) == frozenset()
        assert _profile(store) == before

    def test_the_newest_file_wins_in_whatever_order(self, store: Store) -> None:
        """Blank says nothing, and a newer blank does not make an older text newer."""
        told: tuple[dict[str, Any], ...] = (
            {
                "day": 1,
                "name": "Old",
                "industry": "Retail",
                "user_emails": ("o@x.com",),
            },
            {
                "day": 3,
                "name": "New",
                "user_emails": ("a@x.com",),
                "external_id": "w2",
                "industry": "",
            },
            {"day": 5, "industry": "Health", "name": "", "external_id": ""},
            {"day": 2, "external_id": "w1", "name": "Older"},
        )
        orders = list(itertools.permutations(told))
        uuids = [
            f"00000000-0000-4000-8000-{number:012}" for number in range(len(orders))
        ]
        for turn in range(len(told)):
            each = zip(uuids, orders, strict=True)
            _put(store, *(_facts(uuid, **order[turn]) for uuid, order in each))
        for uuid in uuids:
            found = _profile(store, uuid)
            assert (found.name, found.industry) == ("New", "Health")
            assert (found.external_id, found.user_emails) == ("w2", ("a@x.com",))

    def test_of_files_of_one_day_the_last_one_read_counts(self, store: Store) -> None:
        """Of every text, and of addresses."""
        for text in ("a", "b"):
            told: dict[str, Any] = {"name": text, "industry": text, "external_id": text}
            _put(store, _facts(**told, user_emails=(f"{text}@x.com",)))
        found = _profile(store)
        assert (found.name, found.industry, found.external_id) == ("b", "b", "b")
        assert found.user_emails == ("b@x.com",)

    def test_tags_and_addresses_are_each_as_new_as_their_own_file(
        self, store: Store
    ) -> None:
        """Newer tags do not make older addresses wrong, nor the other way round."""
        tags, emails = {"tags": ("a",)}, {"user_emails": ("a@x.com",)}
        for who, first, second in ((_A, tags, emails), (_B, emails, tags)):
            newer: dict[str, Any] = {**first}
            older: dict[str, Any] = {**second}
            _put(store, _facts(who, day=9, **newer))
            _put(store, _facts(who, day=3, **older))
            found = _profile(store, who)
            assert (found.tags, found.user_emails) == (("a",), ("a@x.com",))

    def test_several_rows_of_a_customer_in_one_file_add_up(self, store: Store) -> None:
        """As if they had come one after the other."""
        put = _put(
            store,
            _facts(name="Acme", region="US"),
            _facts(_B),
            _facts(industry="Retail", tags=("a",)),
            _facts(user_emails=("a@x.com", "A@X.com ")),
        )
        found = _profile(store)
        assert put == {_A, _B}
        assert (found.name, found.region, found.industry) == ("Acme", "US", "Retail")
        assert (found.tags, found.user_emails) == (("a",), ("a@x.com",))
        assert store.portfolio(_DAY).customers.id.tolist() == [_A, _B]

    def test_what_has_changed_is_named(self, store: Store) -> None:
        """New customers, those of whom something new is told, and no others."""
        _put(store, _facts(_A, name="a"), _facts(_B, name="b"))
        told = _facts(_A, name="z"), _facts(_B, name="b"), _facts(_C)
        assert _put(store, *told) == {_A, _C}

    def test_a_customer_lies_in_one_region(self, store: Store) -> None:
        """A second region is a conflict that names both; nothing of it is taken."""
        _put(store, _facts(region="US", name="Acme"), _facts(_B, region="US"))
        before = _profile(store), _profile(store, _B)
        other = {"name": "Other", "tags": ("a",), "user_emails": ("a@x.com",)}
        told = [_facts(who, region="EU", day=20, **other) for who in (_A, _B)]
        with store.writing() as writer:
            put = writer.put_organizations([*told, _facts(_C, region="EU")])
        assert put.conflicts == tuple(
            RegionConflict(organization=who, known="US", told="EU") for who in (_A, _B)
        )
        assert put.changed == {_C}
        assert (_profile(store), _profile(store, _B)) == before

    def test_a_region_may_be_told_later(self, store: Store) -> None:
        """By any file, since no other one says where the data are."""
        _put(store, _facts(day=9))
        assert _put(store, _facts(region="US", day=3)) == {_A}
        assert store.regions() == ("US",)

    def test_regions_are_in_order_and_unknown_is_last(self, store: Store) -> None:
        """None stands for customers whose region nobody has told."""
        _put(store, _facts(_A), _facts(_B, region="US"), _facts(_C, region="EU"))
        assert store.regions() == ("US", "EU", None)

    def test_a_region_can_be_corrected(self, store: Store) -> None:
        """What is set stands against what files tell."""
        _put(store, _facts(region="US", name="Acme"))
        before = _profile(store)
        with store.writing() as writer:
            assert writer.set_region(_A, "EU") == before.version + 1
        assert _profile(store).region == "EU"
        assert store.regions() == ("EU",)
        with store.writing() as writer:
            put = writer.put_organizations([_facts(region="US", day=20)])
            assert writer.set_region(_A, "EU") == before.version + 1
        assert [each.known for each in put.conflicts] == ["EU"]
        with pytest.raises(NotFound), store.writing() as writer:
            writer.set_region(_B, "EU")

    def test_candidates_miss_no_customer_that_a_filter_finds(
        self, store: Store
    ) -> None:
        """A store that cannot narrow them down says so."""
        _put(store, _facts(_A, region="US", tags=("vip",)), _facts(_B, region="EU"))
        _put(store, _facts(_C, region="EU", user_emails=("kim@x.com",)))
        asked = {
            "region:EU": {_B, _C},
            "email:kim@x.com": {_C},
            "known:email": {_C},
            f"id:{_A} OR id:{_C}": {_A, _C},
            "-region:EU": {_A},
            "-status:trial -product:calling": {_A, _B, _C},
            "total>5 OR region:US": {_A},
            "tag:vip": {_A},
            "acme": set(),
        }
        for query, expected in asked.items():
            found = store.candidates(
                parse_filter(query), _DAY, policy=DEFAULT_STATUS_POLICY
            )
            assert found is None or expected <= {*found}, query

    def test_customers_are_counted_as_of_a_day(self, store: Store) -> None:
        """Those that a file has told of by then."""
        _put(store, _facts(_A, region="US"), _facts(_B, region="EU", day=20))
        assert store.count(_DAY) == 1
        assert store.count(_DAY + dt.timedelta(90)) == 2
        scope = Scope(regions=("EU",))
        assert store.count(_DAY + dt.timedelta(90), scope) == 1

    def test_addresses_are_found_in_any_case(self, store: Store) -> None:
        """Casefolded, so that scripts with more than two cases work."""
        _put(store, _facts(_B, user_emails=("Straße@x.com",)))
        _put(store, _facts(_A, user_emails=("STRASSE@X.COM", "other@x.com")))
        assert store.find_by_email(" strasse@x.com ") == (_A, _B)
        _put(store, _facts(_A, user_emails=("other@x.com",), day=11))
        assert store.find_by_email("strasse@x.com") == (_B,)
        assert store.find_by_email(None) == (_A, _B)
        _put(store, _facts(_A, user_emails=(), day=12), _facts(_C))
        assert store.find_by_email(None) == (_B,)

    def test_an_address_is_found_whole(self, store: Store) -> None:
        """By no part or pattern of it; and nobody has a blank one."""
        _put(store, _facts(_A, user_emails=("a_b@x.com",)))
        _put(store, _facts(_B, user_emails=("axb@x.com",)))
        assert store.find_by_email("a_b@x.com") == (_A,)
        for text in ("", "b@x.com", "a_b@x", "%", "a?b@x.com", "*"):
            assert store.find_by_email(text) == (), text

    def test_a_customer_is_found_by_its_whole_id(self, store: Store) -> None:
        """And by no other's."""
        _put(store, _facts(_A))
        for uuid in ("", _A[:-1], _A + "0", _B, "%"):
            assert store.profile(uuid) is None

    def test_texts_come_back_as_they_were(self, store: Store) -> None:
        """Byte by byte, and never as SQL."""
        for day, text in enumerate(_TEXTS, 1):
            _put(store, _facts(name=text, tags=(text,), day=day))
            assert _profile(store).name == text
            assert store.tags() == {_A: (text,)}

    def test_every_change_that_an_editor_sees_is_a_new_version(
        self, store: Store
    ) -> None:
        """Also those by files; a file that changes nothing is none."""
        seen = []
        for told in (
            _facts(name="a", day=1),
            _facts(name="b", day=2),
            _facts(industry="i", day=2),
            _facts(external_id="e", day=2),
            _facts(region="US", day=2),
            _facts(tags=("t",), day=3),
            _facts(user_emails=("a@x.com",), day=4),
        ):
            _put(store, told)
            seen.append(_profile(store).version)
        assert seen == sorted(set(seen))
        _put(store, _facts(name="b", day=9))
        assert _profile(store).version == seen[-1]

    def test_a_customer_is_there_from_the_first_day_that_tells_of_it(
        self, store: Store
    ) -> None:
        """And not before, whatever was read first."""
        self.seed(store, [_facts(day=10)])
        self.seed(store, [_facts(day=5)])
        assert len(store.portfolio(dt.date(2026, 11, 4)).customers) == 0
        assert len(store.portfolio(dt.date(2026, 11, 5)).customers) == 1
