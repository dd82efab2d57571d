"""What the texts of a source say of a subscription."""

from __future__ import annotations

import pytest

from partnerhub.domain.layouts import SUBSCRIPTION_DETAILS, SUBSCRIPTION_FACTS
from partnerhub.domain.organizations import MOST_KEY_BYTES
from partnerhub.domain.source_text import (
    TRIAL_LITERALS,
    TrialNumbers,
    is_trial_placeholder,
    printed_id,
    says_trial,
    told_by,
    trial_identity,
)


@pytest.mark.parametrize(
    "texts",
    [
        ("Enterprise Trial", "Flex", "Active"),
        ("Sub1", "Essai", "Active"),
        ("Sub1", "Flex", "Trial active"),
        ("Sub1", "my-trial_2", ""),
    ],
)
def test_any_of_its_texts_makes_it_a_trial(texts: tuple[str, str, str]):
    assert told_by(*texts).is_trial is True


def test_that_it_is_no_trial_takes_its_type_and_its_status():
    assert told_by("Sub1", "Flex", "Active").is_trial is False
    assert told_by("Sub1", "Flex", "").is_trial is None
    assert told_by("Sub1", "", "Active").is_trial is None


def test_a_trial_keeps_what_its_status_says_of_payment_and_end():
    said = told_by("Enterprise Trial", "", "Suspended")
    assert (said.expired, said.paid, said.is_trial) == (False, False, True)


def test_a_text_nobody_has_met_says_nothing():
    said = told_by("Sub1", "", "Dormant")
    assert (said.expired, said.paid) == (None, None)


@pytest.mark.parametrize("text", TRIAL_LITERALS)
@pytest.mark.parametrize("layout", [SUBSCRIPTION_DETAILS, SUBSCRIPTION_FACTS])
def test_every_literal_of_a_trial_is_known_wherever_it_is_read(layout, text):
    assert is_trial_placeholder(f" {text.upper()} ".replace("'", "’"))
    assert says_trial(text)
    ((literal, others),) = layout.column("subscription_id").choices.items()
    assert text in (literal, *others)


def test_a_trial_is_a_word_and_no_part_of_one():
    assert not says_trial("Industrial")


def test_trials_alike_are_numbered_by_customer_day_type_and_products():
    numbers = TrialNumbers()

    def number(*key, products=("B", "A")):
        identity = numbers.identity(*key, products)
        assert printed_id(identity) == "Enterprise Trial"
        return identity[-3:]

    assert number("c", 1, "Flex") == "001"
    assert number("c", 1, "Flex", products=("A", "B")) == "002"
    assert number("c", 1, "Flex", products=("A",)) == "001"
    assert number("c", 2, "Flex") == "001"
    assert number("d", 1, "Flex") == "001"
    assert number("c", 1, "Other") == "001"


def test_a_trial_of_many_products_is_told_apart_in_few_bytes():
    many = [f"Licence inédite n° {n:03}" for n in range(100)]
    some = {
        trial_identity(kind, products, ordinal)
        for kind in ("Flex", "Flex" * 500, "Flex" * 501)
        for products in (many, many[:-1])
        for ordinal in (1, 2)
    }
    assert len(some) == 12
    assert max(len(identity.encode()) for identity in some) <= MOST_KEY_BYTES
    assert {printed_id(identity) for identity in some} == {"Enterprise Trial"}
    assert trial_identity("Flex", many, 1) == trial_identity("Flex", many[::-1], 1)
