"""Files that appear once, whatever number of claims write them."""

import errno
import hashlib
import os

import pytest

from partnerhub.domain.errors import FileNotWritten
from partnerhub.reports.publishing import fingerprint, publish, sweep, unpublished

KEY = "abc"


def prepare(target, fence, content=b"one"):
    with unpublished(target, key=KEY, fence=fence) as file:
        file.write(content)


def names(folder):
    return sorted(file.name for file in folder.iterdir())


def test_a_file_is_hidden_until_it_is_published(tmp_path):
    target = tmp_path / "new" / "a.csv"
    prepare(target, 1)
    assert names(target.parent) == [".abc.1.part"]
    told = (3, hashlib.sha256(b"one").hexdigest())
    assert fingerprint(target, key=KEY, fence=1) == told
    assert publish(target, key=KEY, fence=1)
    assert names(target.parent) == ["a.csv"]
    assert fingerprint(target) == told


def test_what_has_appeared_is_never_replaced(tmp_path):
    target = tmp_path / "a.csv"
    prepare(target, 1)
    assert publish(target, key=KEY, fence=1)
    prepare(target, 2, b"two")
    assert not publish(target, key=KEY, fence=2)
    assert target.read_bytes() == b"one"
    assert names(tmp_path) == ["a.csv"]


def test_a_newer_claim_sweeps_what_older_ones_left(tmp_path):
    target = tmp_path / "a.csv"
    for fence in (1, 3):
        (tmp_path / f".abc.{fence}.part").write_bytes(b"half")
    (tmp_path / ".other.1.part").write_bytes(b"half")
    (tmp_path / ".abc.x.part").write_bytes(b"not ours")
    prepare(target, 2)
    assert names(tmp_path) == [
        *(".abc.2.part", ".abc.3.part", ".abc.x.part", ".other.1.part")
    ]
    assert sweep(target, key=KEY, fence=2) == 1
    # Who is swept away finds nothing to publish.
    assert not publish(target, key=KEY, fence=2)
    assert not target.exists()


def test_a_block_that_raises_leaves_nothing(tmp_path):
    with (
        pytest.raises(ZeroDivisionError),
        unpublished(tmp_path / "a.csv", key=KEY, fence=1) as file,
    ):
        file.write(b"half")
        raise ZeroDivisionError
    assert names(tmp_path) == []


@pytest.mark.parametrize("there", [False, True])
def test_a_file_system_without_links_takes_renames(tmp_path, monkeypatch, there):
    target = tmp_path / "a.csv"
    if there:
        target.write_bytes(b"first")

    def refuse(*_):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    prepare(target, 1)
    assert publish(target, key=KEY, fence=1) is not there
    assert target.read_bytes() == (b"first" if there else b"one")
    assert names(tmp_path) == ["a.csv"]


def test_other_trouble_is_told(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EROFS, "read-only")

    prepare(tmp_path / "a.csv", 1)
    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(FileNotWritten, match="read-only"):
        publish(tmp_path / "a.csv", key=KEY, fence=1)
    assert names(tmp_path) == []
