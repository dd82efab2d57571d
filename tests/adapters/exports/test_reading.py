from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from partnerhub.adapters.exports import ArchiveLimits, ReadOptions, read_exports
from partnerhub.domain.errors import DayRequired, FileRefused, TemplateUnknown

ORG = "c8b0e0d2-0000-4000-8000-000000000001"
DEVICES = f"Org ID,MAC\n{ORG},A\n"


def archive(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "download_2026-11-22"


def test_a_zip_is_known_by_its_content_and_its_members_are_exports(path: Path):
    path.write_bytes(
        archive({"a/one.csv": DEVICES, "../two_2026-11-15.csv": DEVICES, "a/": ""})
    )
    found = [
        (e.file, str(e.day), sum(map(len, e.batches()))) for e in read_exports(path)
    ]
    assert found == [
        ("download_2026-11-22/one.csv", "2026-11-22", 1),
        ("download_2026-11-22/two_2026-11-15.csv", "2026-11-15", 1),
    ]


def test_a_member_that_is_refused_leaves_the_others(path: Path):
    path.write_bytes(
        archive({"inner.zip": archive({}), "readme.txt": "Hello", "d.csv": DEVICES})
    )
    refused: list[FileRefused] = []
    (export,) = read_exports(path, refused=refused.append)
    assert export.file.endswith("/d.csv")
    assert [type(refusal) for refusal in refused] == [FileRefused, TemplateUnknown]
    assert "ZIP inside a ZIP" in str(refused[0])


def test_the_first_refusal_is_raised_to_those_who_do_not_ask_for_it(path: Path):
    path.write_bytes(archive({"readme.txt": "Hello"}))
    with pytest.raises(TemplateUnknown):
        list(read_exports(path))


@pytest.mark.parametrize(
    "limits",
    [
        ArchiveLimits(files=1),
        ArchiveLimits(bytes=1_000_000),
        ArchiveLimits(ratio_from=1_000_000),
    ],
    ids=["files", "bytes", "ratio"],
)
def test_a_bomb_is_refused(path: Path, limits: ArchiveLimits):
    path.write_bytes(archive({"a.csv": b"0" * 2_000_000, "b.csv": DEVICES}))
    with pytest.raises(FileRefused, match="over"):
        list(read_exports(path, ReadOptions(limits=limits)))


def test_a_workbook_is_refused_with_advice(path: Path):
    path.write_bytes(archive({"[Content_Types].xml": "", "xl/workbook.xml": ""}))
    with pytest.raises(FileRefused, match="save its sheet as CSV"):
        list(read_exports(path))


def test_a_damaged_member_is_refused_when_it_is_met(path: Path):
    content = bytearray(archive({"d.csv": DEVICES * 50}))
    content[60] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(FileRefused):
        [list(export.batches()) for export in read_exports(path)]


def test_a_refused_archive_is_told_too(path: Path):
    path.write_bytes(b"PK\x03\x04 and no more")
    refused: list[FileRefused] = []
    assert list(read_exports(path, refused=refused.append)) == []
    assert "damaged ZIP" in str(refused[0])


def test_a_file_without_a_day_is_refused(tmp_path: Path):
    path = tmp_path / "devices.csv"
    path.write_text(DEVICES)
    with pytest.raises(DayRequired):
        list(read_exports(path))
    (export,) = read_exports(path, ReadOptions(as_of="2026-11-22"))
    assert str(export.day) == "2026-11-22"


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        list(read_exports(tmp_path / "none.csv"))
