from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

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
    facts = [{"org_id": ORG, "industry": "x" * 70_000}] * 5
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
