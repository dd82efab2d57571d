"""Copying a whole store into another, of whatever kind, some customers at a time.

Each batch is read back and compared by a checksum of all that it holds. A copy that was
interrupted goes on where it was: batches that are there and equal are left alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Final

import attrs

from partnerhub.adapters.backend import Backend, OrganizationRow, StoredDocument
from partnerhub.adapters.copying.calls import copy_media, legs_in
from partnerhub.adapters.copying.parts import CopiedPart, read_part
from partnerhub.adapters.store.hub_store import HubStore
from partnerhub.domain.errors import StoreCorrupt, StoreError
from partnerhub.domain.report_runs import ALL_RUNS, ImportNote, ReportRun
from partnerhub.ports import EVERYTHING, Scope

_BATCH: Final = 1_000

Progress = Callable[[int, int], None]
"""Called with the customers copied so far, and how many there are."""


@attrs.frozen(kw_only=True)
class CopyReport:
    """What was copied.

    Attributes:
        customers: How many there are in both stores.
        skipped: How many of them were there already.
        rows: Rows of every kind, in both stores.
        documents: How many there are in both stores.
        runs: Report runs, and notes of imports, in both stores.
        checksum: Of all that was copied; the same for equal stores.
    """

    customers: int
    skipped: int
    rows: int
    documents: int
    runs: int
    checksum: str


def copy_store(
    source: HubStore, target: HubStore, *, progress: Progress | None = None
) -> CopyReport:
    """Copies everything, as it was when the copy began, and verifies it.

    Args:
        source: What to copy; it may be written to meanwhile.
        target: Where to; empty, or the beginning of the same copy.
        progress: Told of the customers copied.

    Raises:
        StoreError: The target holds data that the source does not; nothing was
            written where that shows in its customers and documents.
        StoreCorrupt: What was read back is not what was written.
    """
    if source.backend is target.backend:
        raise StoreError(target.name, "it is the source itself; copy into a new store")
    if source.legs_elsewhere is None and target.legs_elsewhere is not None:
        raise StoreError(
            target.name,
            "call legs of the source lie in the store: open the target without a "
            "folder",
        )
    if source.legs_elsewhere != target.legs_elsewhere:
        raise StoreError(
            target.name,
            "call legs of the source lie in a folder: copy the folder first, and open "
            "the target with the copy",
        )
    skipped = rows = done = 0
    checksum = hashlib.sha256()
    with source.backend.reading():
        everyone = source.backend.organizations(EVERYTHING)
        told = _Told.of(source.backend)
        _check_target(target, everyone, told)
        for start in range(0, len(everyone), _BATCH):
            batch = everyone[start : start + _BATCH]
            part = read_part(source.backend, batch)
            lines = part.lines()
            digest = _digest(lines)
            if _transfer(part, lines, target, digest):
                skipped += len(batch)
            checksum.update(digest)
            rows += len(lines) + legs_in(lines)
            done += len(batch)
            if progress is not None:
                progress(done, len(everyone))
        checksum.update(copy_media(source.backend, target.backend, name=target.name))
    with target.backend.writing():
        told.write(target.backend)
    with target.backend.reading():
        told.compare(_Told.of(target.backend), target.name)
        there = len(target.backend.organizations(EVERYTHING))
    if there != len(everyone):
        raise StoreError(
            target.name, f"it holds {there - len(everyone)} more customers"
        )
    checksum.update(_digest(told.lines()))
    return CopyReport(
        customers=len(everyone),
        skipped=skipped,
        rows=rows,
        documents=len(told.documents),
        runs=len(told.runs) + len(told.imports),
        checksum=checksum.hexdigest(),
    )


def _check_target(
    target: HubStore, everyone: list[OrganizationRow], told: _Told
) -> None:
    """Refuses a target that is neither empty nor the beginning of the same copy."""
    with target.backend.reading():
        there = {row.id for row in target.backend.organizations(EVERYTHING)}
        names = _Told.of(target.backend).names()
    strangers = len(there - {row.id for row in everyone})
    others = len(names - told.names())
    if strangers or others:
        raise StoreError(
            target.name,
            f"it is not empty: it holds {strangers} customers, and {others} documents, "
            "runs and imports, that the source does not; copy into a new store",
        )


@attrs.frozen(kw_only=True)
class _Told:
    """What is kept of no customer."""

    documents: list[StoredDocument]
    runs: list[ReportRun]
    imports: list[ImportNote]

    @classmethod
    def of(cls, backend: Backend) -> _Told:
        """That of a store."""
        return cls(
            documents=backend.documents(),
            runs=backend.runs(ALL_RUNS),
            imports=backend.imports(0),
        )

    def write(self, backend: Backend) -> None:
        """Writes it all, over what a copy that was interrupted has written."""
        for document in self.documents:
            backend.set_document(document)
        for run in self.runs:
            backend.set_run(run)
        for note in self.imports:
            backend.set_import(note)

    def names(self) -> set[tuple[object, ...]]:
        """What tells each of it apart."""
        return {
            *((each.kind, each.id) for each in self.documents),
            *(("run", each.key) for each in self.runs),
            *(("import", each.number) for each in self.imports),
        }

    def compare(self, there: _Told, target: str) -> None:
        """Refuses a target that holds anything else."""
        for field in attrs.fields(_Told):
            if getattr(self, field.name) != getattr(there, field.name):
                raise StoreError(target, f"it holds other {field.name}")

    def lines(self) -> list[tuple[Any, ...]]:
        """Every row as a tuple."""
        return [
            (field.name, *attrs.astuple(row, recurse=False))
            for field in attrs.fields(_Told)
            for row in getattr(self, field.name)
        ]


def _transfer(
    part: CopiedPart, lines: list[tuple[Any, ...]], target: HubStore, digest: bytes
) -> bool:
    """Writes a part and verifies it; whether it was there already."""
    scope = Scope(organizations=tuple(row.id for row in part.rows))
    backend = target.backend
    with backend.reading():
        there = backend.organizations(scope)
        found = _digest(read_part(backend, there).lines()) if there else b""
    if found == digest:
        return True
    if there:
        raise StoreError(
            target.name,
            f"it holds other data of {len(there)} of these customers; copy into an "
            "empty store",
        )
    with backend.writing():
        part.write(backend)
    with backend.reading():
        back = read_part(backend, backend.organizations(scope)).lines()
    if _digest(back) != digest:
        raise StoreCorrupt(
            target.name,
            f"of {len(lines)} rows written {len(set(map(repr, lines)) - set(map(repr, back)))} came back "
            "otherwise; the target cannot be trusted",
        )
    return False


def _digest(lines: list[tuple[Any, ...]]) -> bytes:
    return hashlib.sha256("\n".join(map(repr, lines)).encode()).digest()
