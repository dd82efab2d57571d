"""The service's own summary of call quality: calls, and never legs."""

from __future__ import annotations

import json

import pytest

from partnerhub.adapters.cdr.quality_stats import read_quality_stats
from partnerhub.domain.errors import FileRefused

ORG = "c8b0e0d2-0000-4000-8000-000000000001"


def test_a_summary_is_read(tmp_path):
    path = tmp_path / "stats.json"
    metrics = {
        "totalCalls": "100",
        "totalCallsWithMedia": 80,
        "totalGoodQualityCallsWithMedia": 60,
        "avgCallLegAudioJitter": -1,
    }
    answer = {
        "startTime": "2026-11-15T00:00:00Z",
        "endTime": "2026-11-22T00:00:00Z",
        "location": None,
        "metrics": metrics,
    }
    path.write_text(json.dumps(answer))
    found = read_quality_stats(path, customer=ORG)
    assert (found.calls, found.calls_with_media, found.poor_ratio) == (100, 80, 0.25)
    assert found.audio_jitter_ms is None
    assert found.end_ms - found.start_ms == 7 * 86_400_000
    assert found.location == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"startTime": "NA", "endTime": "NA", "metrics": {}}',
        "x" * 2**21,
    ],
    ids=["empty", "list", "nothing", "no days", "long"],
)
def test_anything_else_is_refused(tmp_path, text):
    path = tmp_path / "stats.json"
    path.write_text(text)
    with pytest.raises(FileRefused):
        read_quality_stats(path, customer=ORG)


def test_no_media_is_no_share(tmp_path):
    path = tmp_path / "stats.json"
    answer = {"startTime": "2026-11-15T00:00:00Z", "endTime": "2026-11-22T00:00:00Z"}
    path.write_text(json.dumps(answer | {"metrics": {"totalCallsWithMedia": 0}}))
    assert read_quality_stats(path, customer=ORG).poor_ratio is None
