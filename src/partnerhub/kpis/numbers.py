"""The numbers of license lines, and what the sums and ratios of sections are made of.

A ratio rests on exactly the lines of which both numbers are known, so that an
unknown one never passes for zero (design 5.15).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Final

import attrs
import numpy as np

from partnerhub.columns import unknown
from partnerhub.columns.unknown import Array, Ints

LONE: Final = frozenset({"total", "assigned", "used", "unassigned"})
"""Sums that are told by themselves. Their numbers may be -1, those of others never."""


@attrs.frozen(eq=False)
class Numbers:
    """The numbers of some lines, -1 where not known, each read when it is needed.

    Attributes:
        used_name: The number that counts as used.
    """

    _read: Callable[[str], Array]
    used_name: str

    @cached_property
    def total(self) -> Array:
        """Licenses bought, `(n,)`."""
        return self._read("total")

    @cached_property
    def assigned(self) -> Array:
        """Those of them that are assigned, `(n,)`."""
        return self._read("assigned")

    @cached_property
    def used(self) -> Array:
        """Those of them that are used, `(n,)`."""
        return self._read(self.used_name)

    def licenses(self) -> dict[str, Array]:
        """Licenses bought."""
        return {"total": self.total}

    def known(self) -> dict[str, Array]:
        """Each number by itself."""
        return {"total": self.total, "assigned": self.assigned, "used": self.used}

    def near(self) -> dict[str, Array]:
        """What the two ratios of a section are made of."""
        return {**self._pair("assigned", "total"), **self._pair("used", "total")}

    def low(self) -> dict[str, Array]:
        """What the numbers of low assignment are made of."""
        spare = spare_of(self.total, self.assigned)
        return {**self.near(), **self._pair("used", "assigned"), "unassigned": spare}

    def overage(self) -> dict[str, Array]:
        """Licenses assigned beyond what was bought, of lines over their limit."""
        return {"overage": self.assigned - self.total}

    def rate(self) -> dict[str, Array]:
        """What the rate of a customer is made of."""
        return self._pair("assigned", "total")

    def _pair(self, part: str, whole: str) -> dict[str, Array]:
        """Two numbers, of lines that know both."""
        one, other = getattr(self, part), getattr(self, whole)
        both = (one | other) >= 0
        return {f"{part}_of_{whole}": one * both, f"{whole}_of_{part}": other * both}


Wanted = Callable[[Numbers], Mapping[str, Array]]
"""What is summed of lines, by name."""


def spare_of(total: Ints, assigned: Ints) -> Ints:
    """Licenses bought and not assigned: max(0, total - assigned), -1 if not known.

    Examples:
        >>> spare_of(np.array([5, 5, -1]), np.array([3, 9, 1])).tolist()
        [2, 0, -1]
    """
    spare: Ints = np.maximum(total - assigned, 0)
    spare[(total | assigned) < 0] = unknown.COUNT
    return spare
