"""Organizations: who wins when sources disagree, search, tags, order of texts."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from partnerhub.domain.errors import ConflictError, InvalidValue, NotFound
from partnerhub.domain.policies import DEFAULT_STATUS_POLICY
from partnerhub.domain.query_text import parse_filter
from partnerhub.ports import OrganizationFacts, Profile, RegionConflict, Scope, Store
from partnerhub.testing import worlds
from partnerhub.testing.contract.base import ContractBase

_A, _B, _C = worlds.CUSTOMERS_KNOWN
_DAY = dt.date(2026, 11, 10)


def _facts(uuid: str = _A, day: int = 10, **told: object) -> OrganizationFacts:
    return OrganizationFacts(id=uuid, day=dt.date(2026, 11, day), **told)  # type: ignore[arg-type]


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

    def test_the_newest_file_wins_in_whatever_order(self) -> None:
        """Blank says nothing, and a newer blank does not make an older text newer."""
        told = (
            _facts(day=1, name="Old", industry="Retail", tags=("old",)),
            _facts(day=3, name="New", user_emails=("a@x.com",)),
            _facts(day=5, industry="Health", tags=("new",)),
        )
        for order in itertools.permutations(told):
            with self.make() as store:
                for facts in order:
                    _put(store, facts)
                found = _profile(store)
                assert (found.name, found.industry) == ("New", "Health")
                assert (found.tags, found.user_emails) == (("new",), ("a@x.com",))

    def test_a_customer_lies_in_one_region(self, store: Store) -> None:
        """A second region is a conflict that names both; nothing of it is taken."""
        _put(store, _facts(region="US", name="Acme"))
        with store.writing() as writer:
            put = writer.put_organizations([_facts(region="EU", name="Other", day=20)])
        conflict = RegionConflict(organization=_A, known="US", told="EU")
        assert put.conflicts == (conflict,)
        assert put.changed == frozenset()
        assert _profile(store).name == "Acme"

    def test_regions_are_sorted_and_unknown_is_last(self, store: Store) -> None:
        """None stands for customers whose region nobody has told."""
        _put(store, _facts(_A), _facts(_B, region="US"), _facts(_C, region="EU"))
        assert store.regions() == ("EU", "US", None)

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

    @pytest.mark.parametrize("text", ["a\0b", "\ud800"])
    def test_text_that_not_every_store_can_keep_is_refused(
        self, store: Store, text: str
    ) -> None:
        """NUL and lone surrogates stop at the door, and nothing of the call stays."""
        for told in (
            _facts(name=text),
            _facts(industry=text),
            _facts(tags=(text,)),
            _facts(user_emails=(text,)),
        ):
            with pytest.raises(InvalidValue):
                _put(store, told)
        assert store.profile(_A) is None

    @pytest.mark.parametrize(
        "text",
        [
            *("Caf\u00e9", "Cafe\u0301", "\U0001f600", "a\nb\tc", " ", "a ", "x" * 300),
            *("'; DROP TABLE x; --", "%s ? :a {b}"),
        ],
    )
    def test_texts_come_back_as_they_were(self, store: Store, text: str) -> None:
        """Byte by byte, and never as SQL."""
        _put(store, _facts(name=text, tags=(text,)))
        assert _profile(store).name == text
        assert store.tags() == {_A: (text,)}

    # tags

    def test_editing_tags_replaces_them(self, store: Store) -> None:
        """The list given is the list kept; an empty one removes them."""
        _put(store, _facts(tags=("a",)))
        several = ("z", "b", "B", "\u00e9", "e\u0301", "a")
        with store.writing() as writer:
            writer.set_tags(_A, several, day=_DAY)
        assert _profile(store).tags == several
        assert store.tags() == {_A: several}
        with store.writing() as writer:
            writer.set_tags(_A, (), day=_DAY)
        assert store.tags() == {}

    def test_an_older_file_does_not_undo_an_edit(self, store: Store) -> None:
        """An edit is as new as its day."""
        _put(store, _facts(tags=("a",), day=1))
        with store.writing() as writer:
            writer.set_tags(_A, ("edited",), day=dt.date(2026, 11, 5))
        _put(store, _facts(tags=("a",), day=4))
        assert _profile(store).tags == ("edited",)
        _put(store, _facts(tags=("b",), day=6))
        assert _profile(store).tags == ("b",)

    def test_an_edit_of_an_older_version_is_a_conflict(self, store: Store) -> None:
        """The error has both versions, and the other edit stays."""
        _put(store, _facts())
        read = _profile(store).version
        with store.writing() as writer:
            newer = writer.set_tags(_A, ("first",), day=_DAY, version=read)
        assert newer == _profile(store).version > read
        with pytest.raises(ConflictError) as error, store.writing() as writer:
            writer.set_tags(_A, ("second",), day=_DAY, version=read)
        assert (error.value.expected, error.value.found) == (read, newer)
        assert _profile(store).tags == ("first",)

    def test_every_change_that_an_editor_sees_is_a_new_version(
        self, store: Store
    ) -> None:
        """Also those by files; a file that changes nothing is none."""
        seen = []
        for told in (
            _facts(name="a", day=1),
            _facts(name="b", day=2),
            _facts(tags=("t",), day=3),
            _facts(user_emails=("a@x.com",), day=4),
        ):
            _put(store, told)
            seen.append(_profile(store).version)
        assert seen == sorted(set(seen))
        _put(store, _facts(name="b", day=9))
        assert _profile(store).version == seen[-1]

    def test_tags_of_what_is_not_there(self, store: Store) -> None:
        """NotFound, for a customer and for a subscription."""
        with pytest.raises(NotFound), store.writing() as writer:
            writer.set_tags(_A, ("a",), day=_DAY)
        _put(store, _facts())
        with pytest.raises(NotFound), store.writing() as writer:
            writer.set_tags(_A, ("a",), day=_DAY, subscription="Sub1")

    # scopes

    def test_a_scope_narrows_the_customers(self, store: Store) -> None:
        """By region, None among them, and by uuid; customers are in order of uuid."""
        self.seed(store, [_facts(_C, region="EU"), _facts(_B), _facts(_A, region="US")])

        def ids(scope: Scope) -> list[str]:
            found: list[str] = store.portfolio(_DAY, scope).customers.id.tolist()
            return found

        assert ids(Scope()) == [_A, _B, _C]
        assert ids(Scope(regions=("US",))) == [_A]
        assert ids(Scope(regions=("US", None))) == [_A, _B]
        assert ids(Scope(regions=())) == []
        assert ids(Scope(organizations=(_C, _A))) == [_A, _C]
        assert ids(Scope(organizations=())) == []
        assert ids(Scope(regions=("EU",), organizations=(_A, _C))) == [_C]

    def test_a_scope_may_name_thousands(self, store: Store) -> None:
        """More than any engine takes as parameters of one statement."""
        uuids = [f"00000000-0000-4000-8000-{n:012x}" for n in range(3000)]
        self.seed(store, [_facts(uuid) for uuid in uuids])
        scope = Scope(organizations=(*uuids[:2500], "absent"))
        assert store.portfolio(_DAY, scope).customers.id.tolist() == uuids[:2500]

    def test_a_customer_is_there_from_the_first_day_that_tells_of_it(
        self, store: Store
    ) -> None:
        """And not before, whatever was read first."""
        self.seed(store, [_facts(day=10)])
        self.seed(store, [_facts(day=5)])
        assert len(store.portfolio(dt.date(2026, 11, 4)).customers) == 0
        assert len(store.portfolio(dt.date(2026, 11, 5)).customers) == 1
