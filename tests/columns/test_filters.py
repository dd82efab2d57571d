"""Masks of filters; that they agree with objects is in properties/."""

from __future__ import annotations

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.columns.filters import CustomerLabels, Prepared, filter_mask
from partnerhub.columns.filters.corpus import Corpus
from partnerhub.columns.objects import portfolio_of
from partnerhub.domain.customers import Customer
from partnerhub.domain.filters import TextTest, folded, where
from partnerhub.domain.organizations import Organization
from partnerhub.domain.query_text import parse_filter
from partnerhub.domain.subscriptions import LicenseLine, Subscription
from tests.strategies import names

AT = pendulum.date(2026, 11, 22)


def customer(number: int, name: str, *held: dict) -> Customer:
    who = Organization(id=f"00000000-0000-4000-8000-{number:012x}", name=name)
    return Customer(
        organization=who,
        subscriptions=tuple(Subscription(customer=who, **each) for each in held),
    )


def calling(**counts: int) -> tuple[LicenseLine, ...]:
    return (LicenseLine(license="Webex Calling - Standard", **counts),)


PARTNER = [
    customer(1, "Acmé", {"id": "Sub1", "lines": calling(total=10, assigned=9)}),
    customer(2, "Beta", {"id": "T", "is_trial": True, "ends_on": "2026-12-01"}),
    customer(3, "Gamma"),
    customer(
        4,
        "acme & co",
        {"id": "Sub2", "lines": calling(total=0)},
        {"id": "Sub3", "lines": calling(total=10, assigned=11)},
    ),
]
LABELS = CustomerLabels(
    tag={PARTNER[0].id: ("VIP",), PARTNER[2].id: ("vip", "Café")},
    email={PARTNER[1].id: ("Kim@acme.example",)},
    admin={PARTNER[3].id: ("ana@partner.example",)},
)
PREPARED = Prepared(portfolio_of(at=AT, customers=PARTNER), labels=LABELS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [1, 2, 3, 4]),
        ("acme", [1, 4]),
        ("sub", [1, 4]),
        ("a", [1, 2, 3, 4]),
        ("subscription(sub2)", [4]),
        ("subscription()", [1, 2, 4]),
        ("-subscription()", [3]),
        ("product:calling", [1, 4]),
        ("status:license_overage", [4]),
        ("missing:status", [3]),
        ("assigned>=90%", [1, 4]),
        ("subscription(assigned>90%)", [4]),
        ("known:total", [1, 4]),
        ("type:trial ends<10d", [2]),
        ("tag:vip", [1, 3]),
        ("tag:cafe", [3]),
        ("missing:tag", [2, 4]),
        ("email:KIM@ACME.EXAMPLE", [2]),
        ("admin:ana@partner.example", [4]),
        ("known:region", []),
        (f"id:{PARTNER[2].id}", [3]),
    ],
)
def test_masks(text, found):
    mask = PREPARED.mask(parse_filter(text))
    assert [row + 1 for row in mask.nonzero()[0]] == found
    assert PREPARED.mask(parse_filter(text)).tolist() == mask.tolist()


@pytest.mark.parametrize("text", ["", "acme", "status:trial", "ends<1d", "total>1"])
def test_nobody_is_found_among_nobody(text):
    mask = filter_mask(parse_filter(text), portfolio_of(at=AT))
    assert mask.tolist() == []
    assert mask.dtype == bool


def test_a_mask_can_be_changed_without_changing_the_next():
    node = where("tag").is_known()
    PREPARED.mask(node)[:] = False
    assert PREPARED.mask(node).any()


_TEXTS = st.lists(names() | st.text("ab \n", max_size=6), max_size=8)
_NEEDLE = names(3) | st.text("ab", max_size=3)


@given(_TEXTS, _NEEDLE.map(folded).filter(bool), st.booleans())
def test_a_corpus_finds_what_each_text_would_say(texts, needle, within):
    test = TextTest((needle,), within=within)
    assert Corpus(texts).where(test).tolist() == [test(text) for text in texts]


@given(_TEXTS)
def test_a_corpus_knows_which_texts_are_blank(texts):
    found = Corpus(texts).where(TextTest())
    assert found.tolist() == [bool(folded(text)) for text in texts]


def test_a_lone_surrogate_may_be_searched_for():
    assert not Corpus(["a"]).where(TextTest(("\ud800",), within=True)).any()
