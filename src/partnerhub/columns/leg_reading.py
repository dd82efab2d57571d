"""Leg columns made of coded texts, with codes that stay from chunk to chunk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from partnerhub.columns.legs import ROW_COLUMNS, LegColumns, TypeCodes
from partnerhub.columns.registers import RegisterBuilder
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array

_TEXTS: Final = frozenset({"place", "user", "call_type"})
NUMBERS: Final = tuple(name for name in ROW_COLUMNS if name not in _TEXTS)
"""The columns of legs that are no codes of texts."""


class LegReader:
    """Makes leg columns of what a store keeps, chunk by chunk."""

    def __init__(self) -> None:
        self._places, self._users = RegisterBuilder(), RegisterBuilder()
        self._types = TypeCodes()

    def legs(
        self,
        *,
        organization: TextColumn,
        location: TextColumn,
        user: TextColumn,
        call_type: TextColumn,
        numbers: Mapping[str, Array],
    ) -> LegColumns:
        """The legs of a chunk.

        Args:
            organization: Uuid of the customer, always known.
            location: Name of the location, always known; blank for none.
            user: Who; -1 where not known.
            call_type: Text of the call type, always known.
            numbers: Each of `NUMBERS`.
        """
        codes = np.array(
            [self._types.code(text) for text in call_type.labels], np.uint8
        )
        # In the order of the arguments: a register holds what has been met by then.
        place = self._places.codes(organization, location)
        person = self._users.codes(organization, user)
        return LegColumns(
            place=place,
            user=person,
            call_type=codes[call_type.codes],
            places=self._places.register(),
            users=self._users.register(),
            other_types=self._types.other_types,
            **numbers,
        )
