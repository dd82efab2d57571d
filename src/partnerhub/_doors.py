"""Doors that open late: a package names what is public, and loads it when asked.

So importing one name of a package does not load all its modules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def late(package: str, homes: Mapping[str, str], /) -> Callable[[str], Any]:
    """The `__getattr__` of a package whose public names live in its modules.

    Args:
        package: The package.
        homes: Public name -> the module it lives in.

    Examples:
        >>> import partnerhub.domain
        >>> partnerhub.domain.Product.CALLING.value
        'calling'
    """

    def get(name: str) -> Any:
        if name in homes:
            return getattr(import_module(homes[name]), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return get
