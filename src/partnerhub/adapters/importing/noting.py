"""Noting what was taken in, so that runs of reports can name it."""

from __future__ import annotations

import pendulum

from partnerhub.domain.report_runs import ImportNote
from partnerhub.ports import Writer


def note(writer: Writer, /, *, file: str, rows: int, taken: int) -> None:
    """Notes a file in the transaction that takes its rows, or what was edited by hand.

    Args:
        writer: The transaction.
        file: The file's name, or what was edited.
        rows: Rows of data in it.
        taken: Rows that told something new.
    """
    at = pendulum.now("UTC")
    writer.note_import(ImportNote(file=file, at=at, rows=rows, taken=taken))
