"""Calling files of the sample partner: the same everywhere, and good to take in."""

import hashlib

import pytest

import partnerhub as ph
from partnerhub.sample import SamplePartner

PARTNER = SamplePartner(customers=60, weeks=2)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return PARTNER.write_calls(tmp_path_factory.mktemp("calls"))


def test_the_same_arguments_give_the_same_bytes(files, tmp_path):
    again = PARTNER.write_calls(tmp_path)
    assert [file.path.name for file in again] == [file.path.name for file in files]
    for one, other in zip(files, again, strict=True):
        digests = {
            hashlib.sha256(file.path.read_bytes()).digest() for file in (one, other)
        }
        assert len(digests) == 1


def test_every_file_is_taken_without_a_problem(files):
    with ph.connect("memory:") as hub:
        for file in files:
            (outcome,) = hub.ingest(
                file.path,
                region=file.region,
                customer=file.customer,
                start=file.start,
                end=file.end,
            )
            assert (outcome.template, outcome.problems) == (file.layout, ())
            assert outcome.taken == outcome.rows > 0
        for region in PARTNER.regions:
            page = hub.calling.engagement(region=region, at=PARTNER.until)
            assert (page.trend["rated"] > 200).all()
            assert page.facts.source.shape == (4, 9)
            assert len(page.alerts) == 1
            assert len(page.queues.queues) == 2
            assert (page.endpoints["legs"][:5] > 0).all()


def test_a_region_without_callers_has_no_files(tmp_path):
    files = SamplePartner(customers=1).write_calls(tmp_path)
    assert {file.region for file in files} <= {"US"}
