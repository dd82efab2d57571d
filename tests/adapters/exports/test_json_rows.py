from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.adapters.cdr.reading import unwrapped
from partnerhub.adapters.exports.csv_rows import BadRow
from partnerhub.adapters.exports.encodings import sniff_encoding
from partnerhub.adapters.exports.json_rows import read_json
from partnerhub.adapters.exports.sources import Source
from partnerhub.domain.errors import FileRefused

ORG = "c8b0e0d2-0000-4000-8000-000000000001"
FACTS = [
    {"org_id": ORG, "tags": ["vip", "Süd"], "has_admins": True},
    {"org_id": ORG, "industry": "=Retail", "has_admins": None},
]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(FACTS),
        json.dumps(FACTS, indent=2, ensure_ascii=False),
        "\n".join(map(json.dumps, FACTS)),
        "\ufeff" + json.dumps(FACTS),
    ],
)
def test_facts_in_an_array_or_on_lines(read: Callable[..., Any], content: str):
    found = read(content)
    assert found.export.layout.key == "customer-facts"
    assert found.line == [1, 2]
    assert found.cells["tags"] == ["vip; Süd", ""]
    assert found.cells["industry"] == ["", "=Retail"]
    assert found.cells["has_admins"] == [1, -1]


def test_objects_larger_than_what_is_read_at_once(read: Callable[..., Any]):
    facts = [{"org_id": ORG, "industry": "a", "note": "x" * 70_000}] * 5
    assert len(read(json.dumps(facts)).line) == 5


def test_numbers_are_numbers(read: Callable[..., Any]):
    fact = {"org_id": ORG, "subscription_id": "S", "day": "2026-11-22", "total": 120}
    assert read(json.dumps([fact])).cells["total"] == [120]


def test_what_is_no_object_is_a_problem(read: Callable[..., Any]):
    found = read(json.dumps([*FACTS, 7, {"org_id": ORG, "tags": {"a": 1}}]))
    assert [(p.line, p.message) for p in found.problems] == [
        (3, "not a JSON object"),
        (4, "an object inside an object"),
    ]


@pytest.mark.parametrize("content", ["[", "{", "[]", '[{"a":}]', "[" * 5000, "[1, 2]"])
def test_what_holds_no_facts_is_refused(read: Callable[..., Any], content: str):
    with pytest.raises(FileRefused):
        read(content, name="facts_2026-11-22.json")


def test_lone_surrogates_cost_their_row_only(read: Callable[..., Any]):
    content = f'[{{"org_id":"{ORG}","tags":"\\ud800"}},{json.dumps(FACTS[0])}]'
    found = read(content)
    assert (found.line, [p.line for p in found.problems]) == ([2], [1])


@given(
    data=st.data(),
    shape=st.sampled_from(["lines", "packed", "array", "indented", "answer"]),
)
def test_a_torn_value_costs_its_row_only(data: st.DataObject, shape: str):
    """Cut off anywhere, as a dying process or a lost connection leaves it."""
    count = data.draw(st.integers(2, 8))
    told = [{"id": str(n), "text": "a, {b}: [c]", "n": n} for n in range(count)]
    whole = [
        json.dumps(each, indent=2 if shape == "indented" else None) for each in told
    ]
    torn = data.draw(st.sets(st.integers(0, count - 1), max_size=count - 1))
    written = [
        each[: data.draw(st.integers(1, len(each) - 1))] if n in torn else each
        for n, each in enumerate(whole)
    ]
    between = {"lines": "\n", "packed": ","}.get(shape, ",\n ")
    content = between.join(written)
    begin, end = {"lines": ("", "\n"), "answer": ('{"items": [', "]}")}.get(
        shape, ("[", "]")
    )
    source = Source(
        file="f.json", opener=lambda: io.BytesIO((begin + content + end).encode())
    )
    if shape == "answer":
        source = unwrapped(source)
    table = read_json(source, sniff_encoding(source))
    rows = list(table.rows())
    good = {
        number: cells[table.headings.index("id")]
        for number, cells in rows
        if not isinstance(cells, BadRow)
    }
    assert list(good.values()) == [str(n) for n in range(count) if n not in torn]
    assert (len(good) < len(rows)) == bool(torn)
    if shape != "packed":  # where torn values that follow one another are told as one
        assert list(good) == [n + 1 for n in range(count) if n not in torn]
        assert len(rows) == count


def test_a_torn_value_is_told_with_its_place(read: Callable[..., Any]):
    lines = [json.dumps(fact) for fact in FACTS * 2]
    lines[1] = lines[1][:20]
    found = read("\n".join(lines))
    assert found.line == [1, 3, 4]
    assert [(p.line, p.message) for p in found.problems] == [
        (2, "torn JSON: Invalid control character at")
    ]


def test_much_after_a_torn_value_is_read_piece_by_piece(read: Callable[..., Any]):
    """Neither is all of it held, nor is it searched again for each row."""
    fact = json.dumps(FACTS[0])
    found = read("[" + ",\n".join([fact[:30], *[fact] * 40_000]))
    assert (len(found.line), len(found.problems)) == (40_000, 1)
