"""Small things kept whole: typed objects over a store's documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from partnerhub.adapters.converter import converter
from partnerhub.adapters.importing.noting import note
from partnerhub.domain.errors import NotFound, there_are
from partnerhub.ports import Document, Store, Writer

_Kept = TypeVar("_Kept")


class Documents(Generic[_Kept]):
    """All documents of one kind, as objects of one class.

    Args:
        store: Where they are.
        kind: Their kind.
        kept: Their class.
        noted: What an edit of one is called in the history of imports, for those that
            can make a report another one; None of others.

    Attributes:
        kind: Their kind.
    """

    def __init__(
        self, store: Store, kind: str, kept: type[_Kept], /, *, noted: str | None = None
    ) -> None:
        self._store = store
        self.kind = kind
        self._class = kept
        self._noted = noted

    def get(self, key: str, /) -> _Kept | None:
        """The one with that key; None where there is none."""
        found = self._store.document(self.kind, key)
        return None if found is None else self._read(found)

    def all(self) -> tuple[_Kept, ...]:
        """All of them, by code point order of their keys."""
        return tuple(map(self._read, self._store.documents(self.kind)))

    def with_versions(self) -> Iterator[tuple[Document, _Kept]]:
        """All of them, each with the document that it was read from."""
        for found in self._store.documents(self.kind):
            yield found, self._read(found)

    def change(
        self,
        key: str,
        step: Callable[[_Kept | None], _Kept],
        /,
        *,
        also: Callable[[Writer, _Kept], None] | None = None,
    ) -> _Kept:
        """Replaces one by what a step makes of it, while nobody else writes.

        Args:
            key: Which one.
            step: Gives the new object from the old one; None where there is none yet.
            also: What else is written in the same transaction.
        """
        with self._store.writing() as writer:
            found = self._store.document(self.kind, key)
            made = step(None if found is None else self._read(found))
            document = Document(
                kind=self.kind,
                id=key,
                body=self.body(made),
                version=0 if found is None else found.version,
            )
            self.put(writer, document, before=found)
            if also is not None:
                also(writer, made)
        return made

    def remove(self, key: str, /) -> None:
        """Removes one.

        Raises:
            NotFound: There is none.
            ConflictError: Somebody has just changed it.
        """
        found = self._store.document(self.kind, key)
        if found is None:
            what = self.kind.replace("_", " ")
            choices = [each.id for each in self._store.documents(self.kind)]
            raise NotFound(what, key, there_are(choices), choices=choices)
        with self._store.writing() as writer:
            writer.delete_document(self.kind, key, version=found.version)
            self._note(writer)

    def put(self, writer: Writer, new: Document, /, *, before: Document | None) -> None:
        """Keeps a document inside a transaction, and notes it where that is asked for."""
        writer.put_document(new)
        if before is None or new.body != before.body:
            self._note(writer)

    def _note(self, writer: Writer) -> None:
        if self._noted is not None:
            note(writer, file=self._noted, rows=1, taken=1)

    def body(self, made: _Kept, /) -> Any:
        """An object as its document holds it."""
        return converter().unstructure(made, self._class)

    def _read(self, document: Document) -> _Kept:
        return converter().structure(document.body, self._class)
