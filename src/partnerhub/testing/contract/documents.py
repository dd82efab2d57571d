"""Small versioned documents."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from partnerhub.domain.errors import ConflictError, InvalidValue, NotFound
from partnerhub.ports import Document, Store
from partnerhub.testing.contract.base import ContractBase

_NEW = Document(kind="filter", id="mine", body={"query": "status:expired"})


def _put(store: Store, document: Document) -> int:
    with store.writing() as writer:
        return writer.put_document(document)


class DocumentsContract(ContractBase):
    """A document is replaced only by who has read its newest version."""

    def test_a_document_comes_back_with_its_version(self, store: Store) -> None:
        """The first one is 1."""
        assert store.document("filter", "mine") is None
        assert _put(store, _NEW) == 1
        assert store.document("filter", "mine") == attrs.evolve(_NEW, version=1)
        assert store.document("template", "mine") is None

    @pytest.mark.parametrize(
        "body",
        [None, True, 0, 1.5, "", "é\U0001f600\0", [1, [2]], {"b": {"a": None}}, 2**70],
    )
    def test_any_json_comes_back(self, store: Store, body: Any) -> None:
        """Also a NUL, which JSON can write."""
        _put(store, attrs.evolve(_NEW, body=body))
        found = store.document("filter", "mine")
        assert found is not None
        assert found.body == body

    def test_what_json_cannot_write_is_refused(self, store: Store) -> None:
        """And named."""
        for body in ({1, 2}, float("nan"), object()):
            with pytest.raises(InvalidValue):
                _put(store, attrs.evolve(_NEW, body=body))

    def test_kinds_and_ids_are_ordered_by_code_point(self, store: Store) -> None:
        """On every store the same, whatever the language of its server."""
        ids = ["a", "B", "é", "z", "Z", "_", "\uffff", "\U0001f600", "aB", "a b", "ab"]
        for name in ids:
            _put(store, attrs.evolve(_NEW, id=name))
        _put(store, attrs.evolve(_NEW, kind="other"))
        assert [found.id for found in store.documents("filter")] == sorted(ids)

    def test_a_change_needs_the_version_that_is_there(self, store: Store) -> None:
        """A stale one is a conflict with both versions, and changes nothing."""
        _put(store, _NEW)
        second = attrs.evolve(_NEW, body="second", version=1)
        assert _put(store, second) == 2
        for stale in (
            _NEW,
            attrs.evolve(_NEW, version=1),
            attrs.evolve(_NEW, version=9),
        ):
            with pytest.raises(ConflictError) as error:
                _put(store, stale)
            assert (error.value.expected, error.value.found) == (stale.version, 2)
        assert store.document("filter", "mine") == attrs.evolve(second, version=2)

    def test_a_document_is_removed_by_its_version(self, store: Store) -> None:
        """Removing what is not there is NotFound; changing it, a conflict with 0."""
        _put(store, _NEW)
        with pytest.raises(ConflictError), store.writing() as writer:
            writer.delete_document("filter", "mine", version=2)
        with store.writing() as writer:
            writer.delete_document("filter", "mine", version=1)
        assert store.documents("filter") == ()
        with pytest.raises(NotFound), store.writing() as writer:
            writer.delete_document("filter", "mine", version=1)
        with pytest.raises(ConflictError) as error:
            _put(store, attrs.evolve(_NEW, version=1))
        assert error.value.found == 0
