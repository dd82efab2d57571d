"""Regions: read in two languages, chosen, and put in order."""

from __future__ import annotations

import pytest

from partnerhub.domain.errors import InvalidValue, NotFound, RegionRequired
from partnerhub.domain.regions import RegionChoice, choose, in_order, parse_region


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("us", "US"),
        ("États-Unis", "US"),
        (" union  européenne ", "EU"),
        ("AE", "UAE"),
        ("apac", "APAC"),
        ("", None),
        ("Unspecified", None),
        (None, None),
    ],
)
def test_a_region_is_read_in_either_language(text, region):
    assert parse_region(text) == region


def test_all_regions_are_no_region():
    with pytest.raises(InvalidValue):
        parse_region("*")


def test_none_need_be_chosen_while_data_lie_in_one():
    assert choose(None, ["EU"]) == RegionChoice("EU", ("EU",))
    assert choose(None, []) == RegionChoice(None, ())
    with pytest.raises(RegionRequired, match="EU, unspecified"):
        choose(None, [None, "EU"])


def test_all_of_them_are_asked_for_on_purpose():
    assert choose("*", ["EU", "US"]) == RegionChoice("*", ("US", "EU"))


def test_a_published_region_may_be_empty_and_another_must_hold_data():
    assert choose("CA", ["EU"]) == RegionChoice("CA", ())
    assert choose("apac", ["APAC"]) == RegionChoice("APAC", ("APAC",))
    with pytest.raises(NotFound, match="data lie in EU"):
        choose("apac", ["EU"])


def test_published_regions_stand_first_and_unspecified_last():
    assert in_order(["b", None, "UAE", "a", "US", "US"]) == (
        "US",
        "UAE",
        "a",
        "b",
        None,
    )
