"""Which unknown inputs keep a rule from holding: asked of the rule itself.

Unknown inputs are lacking when the rule does not hold with what they read as, and
would with some other value; of several ways to make it hold, those that need the
fewest inputs. So no list says which input belongs to which rule, and none can be
forgotten.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any, Final

from partnerhub.domain.days import EARLIEST, LATEST
from partnerhub.domain.rules import (
    LARGEST,
    UNKNOWN_READS,
    DayBounds,
    Rule,
    View,
    object_view,
    with_state,
)

NAMES: Final[Mapping[str, str]] = {
    "starts_on": "start",
    "ends_on": "end",
    "auto_renews": "auto-renewal",
    "paid": "payment",
    "provisioned": "set-up state",
    "added_on": "day it was added",
    "total": "total",
    "assigned": "number assigned",
    "last_admin_sign_in": "administrator sign-in",
    "has_admins": "whether it has administrators",
}
"""What an input is called, for people."""


def lacking(
    rule: Rule, thing: object, d: DayBounds, *, active: bool | None = None
) -> tuple[str, ...]:
    """The unknown inputs of a thing without which the rule might hold.

    Args:
        rule: A rule of `partnerhub.domain.rules`.
        thing: A subscription, license line or customer.
        d: The bounds of the day.
        active: For a line, whether its subscription is active.

    Examples:
        >>> from types import SimpleNamespace
        >>> from partnerhub.domain import rules
        >>> d = rules.day_bounds(EARLIEST)
        >>> line = SimpleNamespace(total=None, assigned=3)
        >>> lacking(rules.over_limit, line, d, active=True)
        ('total',)
        >>> line = SimpleNamespace(total=None, assigned=0)
        >>> lacking(rules.over_limit, line, d, active=True)
        ()
    """
    unknown = [name for name in UNKNOWN_READS if getattr(thing, name, False) is None]
    if getattr(thing, "last_admin_sign_in", None) is not None:
        # Who signed in is an administrator.
        unknown = [name for name in unknown if name != "has_admins"]
    view = object_view(thing)

    def could_hold(names: Sequence[str]) -> bool:
        return any(
            rule(_completed(view, values, d, active), d)
            for values in _completions(names, d)
        )

    if could_hold(()):
        return ()
    for size in range(1, len(unknown) + 1):
        enough = [names for names in combinations(unknown, size) if could_hold(names)]
        if enough:
            return tuple(name for name in unknown if any(name in s for s in enough))
    return ()


def _completed(
    view: View, values: Mapping[str, Any], d: DayBounds, active: bool | None
) -> View:
    completed = copy.copy(view)
    completed.__dict__.update(values)
    if active is not None:
        completed.active = active
    elif hasattr(completed, "ends_on"):
        with_state(completed, d)
    return completed


def _completions(names: Sequence[str], d: DayBounds) -> Iterator[dict[str, Any]]:
    """Every way in which these inputs could be, as far as rules can tell apart."""
    for values in product(*(_choices(name, d) for name in names)):
        yield dict(zip(names, values, strict=True))


def _choices(name: str, d: DayBounds) -> tuple[Any, ...]:
    read = UNKNOWN_READS[name]
    if isinstance(read, bool):
        return (False, True)
    if isinstance(read, int):
        return (0, LARGEST)
    return (EARLIEST, d.suspended_since, d.today, d.expiring_until, LATEST)
