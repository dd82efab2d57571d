"""A hub over the sample partner, and one over nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

import partnerhub as ph
from partnerhub.sample import SampleFile, SamplePartner

DAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="session")
def sample_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[SampleFile, ...]:
    partner = SamplePartner(customers=60, weeks=3, until=DAY)
    return partner.write_exports(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def sample_url(
    sample_files: tuple[SampleFile, ...], tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A SQLite store of the sample partner, for reading only."""
    url = f"sqlite:///{tmp_path_factory.mktemp('store') / 'hub.db'}"
    with ph.connect(url) as hub:
        for file in sample_files:
            assert hub.ingest(file.path, region=file.region).clean
    return url


@pytest.fixture
def hub(sample_url: str) -> Iterator[ph.Hub]:
    with ph.connect(sample_url) as opened:
        yield opened


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[ph.Hub]:
    with ph.connect(f"sqlite:///{tmp_path / 'empty.db'}") as opened:
        yield opened
