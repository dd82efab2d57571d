"""Small versioned documents."""

from __future__ import annotations

import json

import attrs
import pytest

from partnerhub.domain.errors import ConflictError, InvalidValue, NotFound
from partnerhub.ports import Document, Store
from partnerhub.testing.contract.base import ContractBase

_NEW = Document(kind="filter", id="mine", body={"query": "status:expired"})

_BODIES = (
    *(None, True, 0, 1.5, 1.0, "", "\u00e9\U0001f600\0", 2**70, "x" * 70_000),
    *([1, [2]], {"a": [1.0, 1, True], "b": {"a": None}}),
)


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

    def test_any_json_comes_back(self, store: Store) -> None:
        """Also a NUL, which JSON can write."""
        for number, body in enumerate(_BODIES):
            told = attrs.evolve(_NEW, id=str(number), body=body)
            _put(store, told)
            found = store.document("filter", told.id)
            assert found is not None
            # As text, for True is 1 where values are compared.
            assert json.dumps(found.body, sort_keys=True) == json.dumps(body)

    def test_what_json_cannot_write_is_refused(self, store: Store) -> None:
        """And named."""
        for body in ({1, 2}, float("nan"), object()):
            with pytest.raises(InvalidValue):
                _put(store, attrs.evolve(_NEW, body=body))

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
        others = (
            Document(kind="filter", id="other", body=0),
            Document(kind="filters", id="mine", body=0),
        )
        for told in (_NEW, *others):
            _put(store, told)
        with pytest.raises(ConflictError), store.writing() as writer:
            writer.delete_document("filter", "mine", version=2)
        with store.writing() as writer:
            writer.delete_document("filter", "mine", version=1)
        found = store.documents("filter") + store.documents("filters")
        assert found == tuple(attrs.evolve(told, version=1) for told in others)
        with pytest.raises(NotFound), store.writing() as writer:
            writer.delete_document("filter", "mine", version=1)
        with pytest.raises(ConflictError) as error:
            _put(store, attrs.evolve(_NEW, version=1))
        assert error.value.found == 0
        assert _put(store, _NEW) == 1
        assert store.document("filter", "mine") == attrs.evolve(_NEW, version=1)
