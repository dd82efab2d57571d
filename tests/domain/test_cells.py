import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partnerhub.domain.cells import (
    SUSPECT,
    guard,
    guard_phone,
    is_e164,
    percent,
    unguard,
)

texts = st.text() | st.text(alphabet="'=+-@＝＋－＠ \t\r\n\0\ufeff\u3000a1")

DANGEROUS = [
    "=1+1",
    "+1-1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\tplain",
    "\0=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "  =1",
    "\u00a0=1",
    "\u3000＝1",
    "\ufeff=1",
    *(
        f"{unseen}=1"
        for unseen in "\x01\x1b\x7f\xad\u061c\u200e\u202e\u2066\u3164\ufe0f"
    ),
]


@given(texts)
@example("'=1")
@example("''")
@example("' =1")
def test_every_text_comes_back(text):
    assert unguard(guard(text)) == text
    assert unguard(guard_phone(text)) == text


@given(texts)
def test_a_guarded_text_is_left_alone_or_begins_with_an_apostrophe(text):
    guarded = guard(text)
    assert guarded == text or guarded == "'" + text
    assert guarded.strip()[:1] not in set("=+-@＝＋－＠")


@given(texts)
def test_what_is_not_guarded_reads_as_it_is(text):
    if guard(text) == text:
        assert unguard(text) == text


@pytest.mark.parametrize("text", DANGEROUS)
def test_formulas_are_guarded(text):
    assert guard(text) == "'" + text


@pytest.mark.parametrize("text", ["", "'", "'tis", "a=1", "1-1", " plain", "O'Neil"])
def test_other_texts_stand_as_they_are(text):
    assert guard(text) == unguard(text) == text


@given(texts)
def test_the_first_character_tells_what_cannot_need_a_guard(text):
    if text and text[0] not in SUSPECT:
        assert guard(text) == text


def test_every_white_space_character_is_seen_through():
    blanks = [chr(c) for c in range(sys.maxunicode + 1) if chr(c).isspace()]
    assert [c for c in blanks if guard(c + "=1") != f"'{c}=1"] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+123", True),
        ("+123456789012345", True),
        ("+12", False),
        ("+1234567890123456", False),
        ("+1-1", False),
        ("+123\n", False),
        ("+１２３", False),
        ("123", False),
    ],
)
def test_e164(text, expected):
    assert is_e164(text) is expected
    assert (guard_phone(text) == text) is (expected or text == "123")


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(0.0, "0.0 %"), (1.25, "125.0 %"), (1 / 3, "33.3 %"), (-0.05, "-5.0 %")],
)
def test_percent(ratio, text):
    assert percent(ratio) == text
