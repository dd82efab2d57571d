from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from partnerhub.domain.errors import FileRefused

ORG = "c8b0e0d2-0000-4000-8000-000000000001"
TEXT = f"Org ID,MAC,Customer\n{ORG},A,Zoé\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_unicode_is_read_by_its_mark(read: Callable[..., Any], encoding: str):
    mark = "\ufeff" if encoding.endswith(("le", "be")) else ""
    found = read((mark + TEXT).encode(encoding))
    assert found.cells["customer_name"] == ["Zoé"]
    assert not any("UTF" in notice for notice in found.notices)


def test_windows_text_is_read_with_a_notice(read: Callable[..., Any]):
    found = read(TEXT.encode("cp1252"))
    assert found.cells["customer_name"] == ["Zoé"]
    assert "Windows-1252" in found.notices[0]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_bytes_that_are_no_text_cost_their_row_only(
    read: Callable[..., Any], mark: bytes
):
    found = read(mark + TEXT.encode() + f"{ORG},B,".encode() + b"\x81\n")
    assert found.cells["mac"] == ["A"]
    assert [p.line for p in found.problems] == [3]


def test_a_false_mark_is_refused(read: Callable[..., Any]):
    with pytest.raises(FileRefused, match="UTF-16"):
        read(b"\xff\xfeabc")


def test_nul_costs_its_row_only(read: Callable[..., Any]):
    found = read(TEXT + f"{ORG},B,a\0b\n")
    assert found.cells["mac"] == ["A"]
    assert "NUL" in found.problems[0].message
