"""Which days rules compare with which bounds, read off the rules themselves.

So that code which waits for a rule to change its mind needs no list of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Self

import attrs

from partnerhub.domain import rules


class _Probe:
    """Stands for a column, and notes what rules compare it with."""

    def __init__(self, name: str, pairs: set[tuple[str, str]]) -> None:
        self._name = name
        self._pairs = pairs

    def _compared(self, other: object) -> Self:
        if isinstance(other, str):
            self._pairs.add((self._name, other))
        return self

    __le__ = __lt__ = __ge__ = __gt__ = __and__ = __or__ = _compared
    __rand__ = __ror__ = _compared
    __eq__ = _compared  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


def compared_days(of: Iterable[rules.Rule], /) -> tuple[tuple[str, str], ...]:
    """Column and bound of every comparison of these rules, `ended` and `active`.

    Examples:
        >>> compared_days([])
        (('ends_on', 'today'), ('starts_on', 'today'))
    """
    pairs: set[tuple[str, str]] = set()
    names = [field.name for field in attrs.fields(rules.DayBounds)]
    d = rules.DayBounds(**{name: name for name in names})
    view = SimpleNamespace(
        **{name: _Probe(name, pairs) for name in rules.SUBSCRIPTION_READS}
    )
    rules.with_state(view, d)
    for rule in of:
        rule(view, d)
    return tuple(sorted(pairs))
