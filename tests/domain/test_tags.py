import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.tags import (
    LONGEST,
    MOST,
    added,
    assigned,
    has_any,
    parse_tag,
    parse_tags,
    removed,
)

tags = st.text("abAB ", min_size=1, max_size=LONGEST).filter(str.strip)
lists = st.lists(tags, max_size=MOST)


def test_length():
    assert parse_tag("x" * 25) == "x" * 25
    with pytest.raises(InvalidValue, match="26 characters"):
        parse_tag("x" * 26)


@pytest.mark.parametrize("text", ["", "  ", "a,b", "a\0b", "a\x07b"])
def test_what_is_no_tag(text):
    with pytest.raises(InvalidValue, match="is no tag"):
        parse_tag(text)


def test_at_most_five():
    assert len(assigned("abcde")) == 1
    assert assigned(list("abcde")) == tuple("abcde")
    with pytest.raises(InvalidValue, match="at most 5"):
        assigned(list("abcdef"))
    with pytest.raises(InvalidValue, match="at most 5"):
        added("abcde", "f")


def test_more_than_five_from_a_file_stay_until_they_are_edited():
    many = tuple("abcdefg")
    assert added(many, "A") == many
    assert removed(many, "g") == tuple("abcdef")


@given(lists, tags)
def test_what_was_added_is_there_and_what_was_removed_is_not(held, tag):
    kept = parse_tags(held)
    without = removed(kept, tag)
    assert not has_any(without, [tag])
    if len(without) < MOST:
        grown = added(without, tag)
        assert has_any(grown, [tag])
        assert removed(grown, tag) == without


@given(lists)
def test_assigning_twice_is_assigning_once(held):
    assert assigned(assigned(held)) == assigned(held)


@given(lists, lists)
def test_any_of(held, wanted):
    folded = {" ".join(tag.split()).casefold() for tag in wanted}
    kept = parse_tags(held)
    assert has_any(kept, wanted) == any(tag.casefold() in folded for tag in kept)
