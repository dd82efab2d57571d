"""Opening the stores that a command names."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import partnerhub
from partnerhub.cli.errors import NotUnderstood

if TYPE_CHECKING:
    from partnerhub.adapters.store.hub_store import HubStore
    from partnerhub.hub import Hub

LEGS_VARIABLE: Final = "PARTNERHUB_LEGS"
_SQLITE: Final = "sqlite:///"
_NEXT: Final = re.compile(r",(?=[^,=:/]+=)")
_REGION: Final = re.compile(r"([^,=:/]+)=(.+)", re.DOTALL)


def urls_of(text: str, /) -> str | Mapping[str, str]:
    """The URL of `--store`, or those of each region's store.

    Examples:
        >>> urls_of("sqlite:///hub.db")
        'sqlite:///hub.db'
        >>> urls_of("US=sqlite:///us.db,EU=sqlite:///eu.db")
        {'US': 'sqlite:///us.db', 'EU': 'sqlite:///eu.db'}
    """
    parts = [_REGION.fullmatch(part.strip()) for part in _NEXT.split(text)]
    named = [part for part in parts if part is not None]
    if not named:
        return text
    return {part[1].strip(): part[2] for part in named}


def read_hub(text: str, /, *, region: str | None = None) -> Hub:
    """The hub of stores that are there: a command that reads makes none.

    Args:
        text: The store, or each region's, as `urls_of` reads them.
        region: The region of calls that name none.

    Raises:
        NotUnderstood: One is a file that does not exist.
    """
    urls = urls_of(text)
    for url in [urls] if isinstance(urls, str) else urls.values():
        _check(url)
    return partnerhub.connect(urls, region=region, legs=legs_folder())


def legs_folder() -> str | None:
    """The folder that keeps call legs, if the environment names one."""
    return os.environ.get(LEGS_VARIABLE) or None


def existing_store(url: str, /) -> HubStore:
    """A store that is there, as it is.

    Raises:
        NotUnderstood: It is a file that does not exist, or several stores.
    """
    from partnerhub.adapters.opening import open_store

    return open_store(existing_url(url), migrate=False)


def existing_url(url: str, /) -> str:
    """The same URL, of one store that is there as far as can be seen.

    Raises:
        NotUnderstood: It is a file that does not exist, or several stores.
    """
    if not isinstance(urls_of(url), str):
        raise NotUnderstood("name one store: those of other regions one by one")
    _check(url)
    return url


def _check(url: str) -> None:
    file = Path(url.removeprefix(_SQLITE))
    if url.startswith(_SQLITE) and not file.exists():
        raise NotUnderstood(
            f"there is no store {file} yet: `partnerhub ingest` makes it, and --store "
            "names another"
        )
