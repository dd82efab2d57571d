from __future__ import annotations

from typing import Any

import pytest

from partnerhub.adapters.exports import ReadOptions
from partnerhub.domain.errors import InvalidValue


@pytest.mark.parametrize(
    "options",
    [
        {"dates": "ymd"},
        {"headings": {"Konto": "acount"}},
        {"start": "2026-01-01"},
        {"end": "2026-01-01"},
        {"start": "2026-01-02", "end": "2026-01-01"},
        {"as_of": "yesterday"},
    ],
    ids=str,
)
def test_an_option_that_makes_no_sense_is_refused(options: dict[str, Any]):
    with pytest.raises(InvalidValue):
        ReadOptions(**options)


def test_a_range_may_be_one_day():
    assert ReadOptions(start="2026-01-01", end="2026-01-01").period is not None
