import datetime as dt
import errno
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from partnerhub.columns.table import Table
from partnerhub.domain.errors import FileNotWritten
from partnerhub.domain.layouts import Column
from partnerhub.domain.report_specs import FileFormat
from partnerhub.reports import files
from partnerhub.reports.files import whole_file
from partnerhub.reports.writing import write_tables

MAC = Column(key="mac", heading="MAC", french="MAC")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_it_appears_when_the_block_ends(tmp_path):
    path = tmp_path / "new" / "folder" / "report.csv"
    with whole_file(path) as file:
        file.write(b"a\r\n")
        assert not path.exists()
    assert path.read_bytes() == b"a\r\n"
    assert names(path.parent) == ["report.csv"]


def test_it_replaces_an_older_file_at_once(tmp_path):
    path = tmp_path / "report.csv"
    path.write_bytes(b"old")
    with whole_file(str(path)) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, ConnectionError])
def test_an_error_leaves_nothing_and_is_not_disguised(tmp_path, error):
    path = tmp_path / "report.csv"
    path.write_bytes(b"old")

    def fail():
        with whole_file(path) as file:
            file.write(b"half")
            raise error

    with pytest.raises(error):
        fail()
    assert names(tmp_path) == ["report.csv"]
    assert path.read_bytes() == b"old"


def test_its_rights_are_those_of_any_new_file(tmp_path):
    (tmp_path / "plain").touch()
    with whole_file(tmp_path / "report.csv"):
        pass
    modes = {path.stat().st_mode for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_a_folder_in_the_way(tmp_path):
    (tmp_path / "report.csv").mkdir()
    with (
        pytest.raises(FileNotWritten, match="folder of that name") as caught,
        whole_file(tmp_path / "report.csv"),
    ):
        pass
    assert caught.value.file == str(tmp_path / "report.csv")
    assert isinstance(caught.value, OSError)
    assert names(tmp_path) == ["report.csv"]


def test_a_file_where_a_folder_should_be(tmp_path):
    (tmp_path / "out").touch()
    for path in (tmp_path / "out" / "a.csv", tmp_path / "out" / "b" / "a.csv"):
        with (
            pytest.raises(FileNotWritten, match="is a file, not a folder"),
            whole_file(path),
        ):
            pytest.fail("never reached")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has /dev/full")
def test_a_full_disk(tmp_path, monkeypatch):
    class Full(files._Part):
        def __init__(self, part, target):
            super().__init__(part, target)
            full = os.open("/dev/full", os.O_WRONLY)
            os.dup2(full, self.fileno())
            os.close(full)

    def write(size, error=None):
        with whole_file(tmp_path / "report.csv") as file:
            file.write(b"a" * size)
            if error:
                raise error

    monkeypatch.setattr(files, "_Part", Full)
    for size in (10, 10_000_000):  # noticed at the end, noticed on the way
        with pytest.raises(FileNotWritten, match="no space is left") as caught:
            write(size)
        assert caught.value.__cause__.errno == errno.ENOSPC
        assert names(tmp_path) == []
    with pytest.raises(ValueError, match="mine"):
        write(10, ValueError("mine"))
    assert names(tmp_path) == []
    for kind in FileFormat:  # libraries wrap the error in one of their own
        table = Table.from_rows([MAC], [(f"{row:064}",) for row in range(40_000)])
        with (
            pytest.raises(FileNotWritten, match="no space is left"),
            whole_file(tmp_path / "report") as file,
        ):
            write_tables([table], file, format=kind, day=dt.date(2026, 11, 22))
        assert names(tmp_path) == []


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.EIO])
def test_the_error_says_what_stands_in_the_way(tmp_path, monkeypatch, number):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.os, "fsync", refuse)
    with (
        pytest.raises(FileNotWritten) as caught,
        whole_file(tmp_path / "report.csv"),
    ):
        pass
    assert caught.value.why == files._REMEDIES.get(number, os.strerror(number))
    assert names(tmp_path) == []


def test_where_folders_cannot_be_synced(tmp_path, monkeypatch):
    monkeypatch.delattr(files.os, "O_DIRECTORY")
    with whole_file(tmp_path / "report.csv"):
        pass
    assert names(tmp_path) == ["report.csv"]


def test_a_killed_process_leaves_the_old_file(tmp_path):
    path = tmp_path / "report.csv"
    path.write_bytes(b"old")
    program = textwrap.dedent("""
        import os, signal, sys
        from partnerhub.reports.files import whole_file
        with whole_file(sys.argv[1]) as file:
            file.write(b"half" * 1_000_000)
            os.kill(os.getpid(), signal.SIGKILL)
    """)
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, check=False, timeout=30)
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"
    left = [name for name in names(tmp_path) if name != "report.csv"]
    assert all(name.startswith(".") and name.endswith(".part") for name in left)
