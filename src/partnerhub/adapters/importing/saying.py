"""What the texts of subscriptions say of them, for whichever file has the texts."""

from __future__ import annotations

import numpy as np

from partnerhub.adapters.importing.coding import Coded
from partnerhub.columns import unknown
from partnerhub.columns.unknown import Array
from partnerhub.domain.source_text import says_trial, told_by


def said_by_texts(identity: Coded, kind: Array, status: Array) -> dict[str, Array]:
    """Whether each is a trial, paid, expired; asked once a distinct triple of texts.

    Args:
        identity: Subscription ids as in the file, `(n,)`.
        kind: Types, blank where not told, object `(n,)`.
        status: Statuses, blank where not told, object `(n,)`.

    Returns:
        Field of the subscription -> int8 `(n,)`, -1 where the texts say nothing.
    """
    # An id tells no more than that, and without this all triples would be distinct.
    ids = identity.each(lambda text: text if says_trial(text) else "", np.object_)
    triples = list(zip(ids.tolist(), kind.tolist(), status.tolist(), strict=True))
    flags = {triple: _flags(*triple) for triple in dict.fromkeys(triples)}
    found = np.array([flags[triple] for triple in triples], np.int8).reshape(-1, 3)
    names = ("is_trial", "paid", "source_expired")
    return dict(zip(names, found.T, strict=True))


def _flags(identity: str, kind: str, status: str) -> tuple[int, int, int]:
    said = told_by(identity, kind, status)
    return flag(said.is_trial), flag(said.paid), flag(said.expired)


def flag(value: bool | None) -> int:
    """A flag as a column holds it."""
    return unknown.FLAG if value is None else int(value)
