import pytest

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.products import Product
from partnerhub.domain.resources import search_resources
from partnerhub.domain.resources_data import RESOURCES, Shelf, Topic


def test_a_blank_search_finds_all():
    assert search_resources() == RESOURCES


def test_every_shelf_and_topic_has_something():
    assert all(search_resources(shelf=shelf) for shelf in Shelf)
    assert all(search_resources(topic=topic) for topic in Topic)


def test_all_words_must_be_there_and_titles_come_first():
    found = search_resources("TRIAL start")
    assert found[0].title == "Start a Webex Attendant Console trial"
    assert search_resources("trial nosuchword") == ()


def test_filters_narrow_together():
    found = search_resources(topic="Support", product="calling")
    assert [each.products for each in found] == [(Product.CALLING,)]
    both = search_resources(product=Product.CONTACT_CENTER, topic=Topic.SUPPORT)
    assert [each.title for each in both] == ["Partner support for Webex Contact Center"]


@pytest.mark.parametrize(
    "wrong", [{"topic": "trails"}, {"shelf": "top"}, {"product": "fax"}]
)
def test_what_is_no_filter_is_said(wrong):
    with pytest.raises(InvalidValue):
        search_resources(**wrong)


def test_addresses_are_public_ones_and_titles_differ():
    assert all(each.url.startswith("https://") for each in RESOURCES)
    assert len({each.title for each in RESOURCES}) == len(RESOURCES)


def test_json():
    assert RESOURCES[0].to_dict()["shelves"] == ["quick_links", "featured"]
