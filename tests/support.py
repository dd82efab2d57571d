"""Helpers that tests import: `from tests.support import require`."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


def require(condition: object, reason: str) -> None:
    """What a test needs: skips without it, but fails when CI=true.

    So a part of the suite is never absent in silence.
    """
    if condition:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must have it: {reason}", pytrace=False)
    pytest.skip(reason)


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file of this process grows past a size, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
