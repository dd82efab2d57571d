"""Helpers that tests import: `from tests.support import require`."""

import os

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
