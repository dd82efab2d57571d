"""What each public method of a hub takes the right to.

Every public method carries one of the three marks below; a test walks all of them,
so that a new one without a decision fails.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import attrs

from partnerhub.domain.capabilities import Access, Capability


@attrs.frozen
class Needs:
    """What a method takes the right to.

    Attributes:
        capability: The capability; None for a method that anybody may call.
        access: How much of it.
    """

    capability: Capability | None
    access: Access = Access.NONE


_Area = TypeVar("_Area", bound=Any)
_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")
_Method = Callable[Concatenate[_Area, _Given], _Result]

_MARK: Final = "__needs__"


def reads(
    capability: Capability, /
) -> Callable[[_Method[_Area, _Given, _Result]], _Method[_Area, _Given, _Result]]:
    """Marks a method that reads: it takes at least reading access."""
    return _marked(capability, Access.READ)


def edits(
    capability: Capability, /
) -> Callable[[_Method[_Area, _Given, _Result]], _Method[_Area, _Given, _Result]]:
    """Marks a method that changes something: it takes full access."""
    return _marked(capability, Access.FULL)


def open_to_all(
    method: _Method[_Area, _Given, _Result], /
) -> _Method[_Area, _Given, _Result]:
    """Marks a method that anybody may call."""
    setattr(method, _MARK, Needs(None))
    return method


def needs_of(method: object, /) -> Needs | None:
    """What a method takes the right to; None where nobody has decided it."""
    found = getattr(method, _MARK, None)
    return found if isinstance(found, Needs) else None


def _marked(
    capability: Capability, access: Access
) -> Callable[[_Method[_Area, _Given, _Result]], _Method[_Area, _Given, _Result]]:
    def mark(
        method: _Method[_Area, _Given, _Result],
    ) -> _Method[_Area, _Given, _Result]:
        @wraps(method)
        def checked(
            self: _Area, /, *args: _Given.args, **options: _Given.kwargs
        ) -> _Result:
            self._context.demand(capability, access)
            return method(self, *args, **options)

        setattr(checked, _MARK, Needs(capability, access))
        return checked

    return mark
