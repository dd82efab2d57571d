"""Runs the examples: Python in README.md and docs, and doctests in docstrings.

The examples of one file share a namespace and run in order, in a directory of their
own that is gone afterwards.
"""

import doctest
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from sybil import Sybil
from sybil.integration.pytest import SybilItem
from sybil.parsers.myst import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser
from sybil.parsers.rest import SkipParser as DocstringSkipParser
from sybil.sybil import SybilCollection


def _enter(namespace: dict[str, Any]) -> None:
    directory = tempfile.TemporaryDirectory()
    namespace["_place"] = directory, Path.cwd()
    os.chdir(directory.name)


def _leave(namespace: dict[str, Any]) -> None:
    directory, before = namespace.pop("_place")
    os.chdir(before)
    directory.cleanup()


_on_pages = [PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS), SkipParser()]
_in_docstrings = [DocTestParser(doctest.ELLIPSIS), DocstringSkipParser()]

pytest_collect_file = SybilCollection(
    Sybil(parsers, path=path, patterns=[pattern], setup=_enter, teardown=_leave)
    for parsers, path, pattern in [
        (_on_pages, ".", "README.md"),
        (_on_pages, "docs", "*.md"),
        (_in_docstrings, "src", "*.py"),
    ]
).pytest()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests run in random order; the examples of a file go back into theirs."""

    def place(item: pytest.Item) -> tuple[str, int, int]:
        if isinstance(item, SybilItem):
            return str(item.path), item.example.line, item.example.column
        return "", 0, 0

    items.sort(key=place)
