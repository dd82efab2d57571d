from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from partnerhub.adapters.exports import csv_rows
from partnerhub.domain.errors import FileRefused

ORG = "c8b0e0d2-0000-4000-8000-000000000001"


@pytest.mark.parametrize("start", ["sep=;\n", "SEP=;\r\n", "\n\n", "  \r\n"])
def test_what_stands_before_the_headings_is_passed_over(
    read: Callable[..., Any], start: str
):
    found = read(f"{start}Org ID;MAC\n{ORG};A\n")
    assert found.cells["mac"] == ["A"]
    assert found.line == [start.count("\n") + 2]


def test_delimiters_in_quotes_do_not_count(read: Callable[..., Any]):
    found = read(f'"a,b,c,d";Org ID;MAC\nx;{ORG};A\n')
    assert found.cells["mac"] == ["A"]


def test_lines_are_those_of_the_file(read: Callable[..., Any]):
    found = read(f'Org ID,MAC\n\n{ORG},"a\nb\r\nc"\n\r\n{ORG},d\r{ORG},e')
    assert found.line == [3, 7, 8]


def test_a_quote_that_does_not_close_costs_its_own_row_only(read: Callable[..., Any]):
    found = read(f'Org ID,MAC\n{ORG},"a\n{ORG},b\n{ORG},c\n')
    assert found.cells["mac"] == ["b", "c"]
    assert found.line == [3, 4]
    assert [p.line for p in found.problems] == [2]


def test_text_after_a_quote_costs_its_own_row_only(read: Callable[..., Any]):
    found = read(f'Org ID,MAC\n{ORG},"a"b\n{ORG},c\n')
    assert found.cells["mac"] == ["c"]
    assert [p.line for p in found.problems] == [2]


def test_a_row_that_is_too_long_is_a_problem(read: Callable[..., Any]):
    found = read(f"Org ID,MAC\n{ORG},{'x' * 200_000}\n{ORG},c\n")
    assert found.cells["mac"] == ["c"]
    assert [p.line for p in found.problems] == [2]


def test_reading_lines_again_is_bounded(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(csv_rows, "_REREAD_LIMIT", 100)
    found = read(f'Org ID,MAC\n{ORG},"a\n' + f"{ORG},b\n" * 10)
    assert found.line == []
    assert found.problems[0].message.endswith("lines 2 to 12 are left out")


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_refused(read: Callable[..., Any], content: str):
    with pytest.raises(FileRefused, match="empty"):
        read(content)


def test_headings_that_are_no_row_are_refused(read: Callable[..., Any]):
    with pytest.raises(FileRefused, match="headings cannot be read"):
        read('Org ID,"MAC')


def test_columns_are_bounded(read: Callable[..., Any]):
    with pytest.raises(FileRefused, match="columns, over"):
        read("," * 3000)
