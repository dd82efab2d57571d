"""Opening the store that a command names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import partnerhub
from partnerhub.cli.errors import NotUnderstood

if TYPE_CHECKING:
    from partnerhub.hub import Hub

_SQLITE: Final = "sqlite:///"


def read_hub(url: str, /, *, region: str | None = None) -> Hub:
    """The hub of a store that is there: a command that reads makes none.

    Args:
        url: The store.
        region: The region of calls that name none.

    Raises:
        NotUnderstood: It is a file that does not exist.
    """
    file = Path(url.removeprefix(_SQLITE))
    if url.startswith(_SQLITE) and not file.exists():
        raise NotUnderstood(
            f"there is no store {file} yet: `partnerhub ingest` makes it, and --store "
            "names another"
        )
    return partnerhub.connect(url, region=region)
