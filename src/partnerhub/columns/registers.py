"""Registers: the places and the users of customers, each with a small integer code.

Two sources give codes of their own, so whatever is counted by code carries its
register along, and is brought to one register before it is added.
"""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np

from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Codes, Ints

_DENSE: Final = 8
"""Pairs there may be for each row, where a table of all beats sorting those met."""


@attrs.frozen(kw_only=True, eq=False)
class Register:
    """Things of customers, by code: an entry's place is its code. Read-only.

    Attributes:
        customers: Uuids of the customers, each once, object `(customers,)`.
        customer: Whose each entry is: place in `customers`, int32 `(n,)`.
        text: What names the entry within its customer, object `(n,)`.
        family: The same object in registers of which the longer one begins with
            all entries, and all customers, of the shorter.
    """

    customers: Array
    customer: Codes
    text: Array
    family: object = attrs.field(factory=object, repr=False)

    def __len__(self) -> int:
        return len(self.text)

    def owners(self) -> Array:
        """The customer's uuid of each entry, object `(n,)`."""
        owners: Array = self.customers[self.customer]
        return owners

    def extends(self, other: Register) -> bool:
        """Whether the other's codes mean the same here."""
        return self.family is other.family and len(self) >= len(other)

    def united(self, other: Register) -> tuple[Register, Ints]:
        """A register of both, in which the codes of this one stay what they are.

        Returns:
            The register, and the code in it of each entry of `other`, int64.
        """
        if self.extends(other):
            return self, np.arange(len(other))
        if other.extends(self):
            return other, np.arange(len(other))
        builder = RegisterBuilder()
        builder.codes_of_entries(self)
        codes = builder.codes_of_entries(other)
        return builder.register(), codes


@attrs.frozen(eq=False)
class _Pairs:
    """The codes of pairs of labels that were met, for columns with the same labels."""

    customers: Array
    texts: Array
    pairs: Ints = attrs.field(factory=lambda: np.empty(0, np.int64))
    codes: Codes = attrs.field(factory=lambda: np.empty(0, np.int32))

    def are_of(self, customers: TextColumn, texts: TextColumn) -> bool:
        return self.customers is customers.labels and self.texts is texts.labels

    def lack(self, pairs: Ints) -> Ints:
        """Those of some pairs, ascending, that were not met."""
        at = np.minimum(self.pairs.searchsorted(pairs), len(self.pairs) - 1)
        return pairs[self.pairs[at] != pairs] if len(self.pairs) else pairs

    def with_more(self, pairs: Ints, codes: Codes) -> _Pairs:
        at = self.pairs.searchsorted(pairs)
        return attrs.evolve(
            self,
            pairs=np.insert(self.pairs, at, pairs),
            codes=np.insert(self.codes, at, codes),
        )


class RegisterBuilder:
    """Makes a register while rows are read; a code once given stays."""

    def __init__(self) -> None:
        self._family = object()
        self._customers: dict[str, int] = {}
        self._entries: dict[tuple[int, str], int] = {}
        self._met: _Pairs | None = None
        self._register: Register | None = None

    def codes(self, customers: TextColumn, texts: TextColumn) -> Codes:
        """The code of each row, `(n,)`; -1 where its text is not known.

        Pairs are looked up once while columns come with the same objects of labels.

        Args:
            customers: Uuid of the customer of each row, always known.
            texts: The text of each row.
        """
        width = len(texts.labels) + 1
        pairs = customers.codes.astype(np.int64) * width + texts.codes
        known = texts.codes >= 0
        distinct, place = _distinct(pairs[known], width * len(customers.labels))
        met = self._met
        if met is None or not met.are_of(customers, texts):
            met = _Pairs(customers.labels, texts.labels)
        new = met.lack(distinct)
        given = [
            self._code(
                str(customers.labels[pair // width]),
                str(texts.labels[pair % width]),
            )
            for pair in new.tolist()
        ]
        self._met = met = met.with_more(new, np.array(given, np.int32))
        found = np.full(len(pairs), -1, np.int32)
        if len(distinct):
            found[known] = met.codes[met.pairs.searchsorted(distinct)][place]
        return found

    def codes_of_entries(self, register: Register) -> Ints:
        """The code of each entry of another register, int64 `(n,)`."""
        pairs = zip(register.owners().tolist(), register.text.tolist(), strict=True)
        return np.array([self._code(who, text) for who, text in pairs], np.int64)

    def register(self) -> Register:
        """What has been met so far; reading on does not change it."""
        made = self._register
        if made is not None and len(made) == len(self._entries):
            return made  # customers have an entry each
        customers = np.empty(len(self._customers), dtype=object)
        customers[:] = list(self._customers)
        text = np.empty(len(self._entries), dtype=object)
        text[:] = [name for _, name in self._entries]
        owner = np.array([who for who, _ in self._entries], np.int32)
        for column in (customers, text, owner):
            column.flags.writeable = False
        self._register = Register(
            customers=customers, customer=owner, text=text, family=self._family
        )
        return self._register

    def _code(self, customer: str, text: str) -> int:
        who = self._customers.setdefault(customer, len(self._customers))
        return self._entries.setdefault((who, text), len(self._entries))


def _distinct(values: Ints, size: int) -> tuple[Ints, Ints]:
    """The distinct values, ascending, and the place of each value among them."""
    if size > _DENSE * len(values):
        distinct, codes = np.unique(values, return_inverse=True)
        return distinct, codes
    occurs = np.zeros(size, np.bool_)
    occurs[values] = True
    return np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[values]
