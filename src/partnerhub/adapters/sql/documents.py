"""Small versioned documents in one table."""

from __future__ import annotations

import sqlalchemy as sa

from partnerhub.adapters.backend import StoredDocument
from partnerhub.adapters.sql.session import Part


class Documents(Part):
    """The part that keeps filters, templates, schedules and states."""

    def document(self, kind: str, id: str, /) -> StoredDocument | None:
        """One document."""
        c = self._schema.document.c
        found = self._documents(c.kind == kind, c.id == id)
        return found[0] if found else None

    def documents(self, kind: str | None = None, /) -> list[StoredDocument]:
        """Those of a kind, or all, by code point order of kind and id."""
        c = self._schema.document.c
        return self._documents(*(() if kind is None else (c.kind == kind,)))

    def _documents(self, *conditions: sa.ColumnElement[bool]) -> list[StoredDocument]:
        c = self._schema.document.c
        query = sa.select(c.kind, c.id, c.version, c.body).where(*conditions)
        rows = self._session.fetch(query.order_by(c.kind, c.id))
        return [
            StoredDocument(kind=kind, id=name, version=version, body=body)
            for kind, name, version, body in rows
        ]

    def set_document(self, document: StoredDocument, /) -> None:
        """Keeps a document in place of the one with its kind and id."""
        row = (document.kind, document.id, document.version, document.body)
        self._session.insert(
            self._schema.document,
            ("kind", "id", "version", "body"),
            [row],
            clash="replace",
        )

    def remove_document(self, kind: str, id: str, /) -> None:
        """Removes a document."""
        table = self._schema.document
        mine = (table.c.kind == kind, table.c.id == id)
        self._session.execute(sa.delete(table).where(*mine))
