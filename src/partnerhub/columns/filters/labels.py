"""What filters ask of customers that a portfolio does not hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Final

import attrs
import numpy as np

from partnerhub.columns.unknown import Array, Bools, Codes
from partnerhub.domain.filters import TextTest

LabelsByCustomer = Mapping[str, tuple[str, ...]]

_NONE: Final[LabelsByCustomer] = MappingProxyType({})


@attrs.frozen(kw_only=True, eq=False)
class CustomerLabels:
    """Texts of customers, by the uuid of their organization.

    Attributes:
        tag: Tags.
        email: E-mail addresses of their users.
        admin: E-mail addresses of the partner administrators assigned to them.
    """

    tag: LabelsByCustomer = attrs.field(default=_NONE, repr=False)
    email: LabelsByCustomer = attrs.field(default=_NONE, repr=False)
    admin: LabelsByCustomer = attrs.field(default=_NONE, repr=False)


NO_LABELS: Final = CustomerLabels()


Finder = Callable[[TextTest], Bools]
"""Which customers have a label that passes a test, bool `(customers,)`."""


class LabelRows:
    """The rows of customers by label."""

    def __init__(
        self, labels: LabelsByCustomer, ids: Array, *, key: Callable[[str], str]
    ) -> None:
        self._labels = labels
        self._ids = ids
        self._key = key

    @cached_property
    def _rows(self) -> Mapping[str, Codes]:
        """Label as it is compared -> rows of the customers that have it."""
        rows: dict[str, list[int]] = {}
        keys: dict[str, str] = {}
        for row, uuid in enumerate(self._ids.tolist()):
            for label in self._labels.get(uuid, ()):
                plain = keys.get(label) or keys.setdefault(label, self._key(label))
                rows.setdefault(plain, []).append(row)
        return {label: np.array(held, np.int32) for label, held in rows.items()}

    def where(self, test: TextTest) -> Bools:
        """Customers with a label that passes, compared whole: bool `(customers,)`."""
        found = np.zeros(len(self._ids), np.bool_)
        for label in self._rows if test.wanted is None else test.wanted:
            if label in self._rows:
                found[self._rows[label]] = True
        return found
