"""What partnerhub asks of storage: small protocols over domain and columns.

A *source* only reads. A *store* also writes, through a `Writer` inside a
transaction: what was not written whole is not there at all.

| about | reads | writes |
| --- | --- | --- |
| who the customers are | `CustomerSource` | `CustomerWriter` |
| tags | `TagSource` | `TagWriter` |
| subscriptions, licenses, inventories | `HoldingSource` | `HoldingWriter` |
| sums of calls | `UsageSource` | `UsageWriter` |
| call records and statistics | `CallSource` | `CallWriter` |
| saved filters, templates, schedules, administrators, trials | `DocumentSource` | `DocumentWriter` |
| report runs and imports | `RunSource` | `RunWriter` |

No store keeps a text with a NUL, or with half of a surrogate pair: to put one, or to ask
by one, is `InvalidValue` everywhere. So is to put a text that things are told apart by, or
that histories hold, of more than 1,000 bytes (`domain.organizations.MOST_KEY_BYTES`).

A function asks for the smallest of them that it needs; what can only read implements a
source and has nothing to refuse. `Source`, `Writer` and `Store` are all of them together.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol, Self

from partnerhub.ports.calls import (
    CallSource,
    CallWriter,
    LegsPut,
    MediaPut,
)
from partnerhub.ports.customers import (
    CustomerSource,
    CustomerWriter,
    TagSource,
    TagWriter,
)
from partnerhub.ports.documents import (
    Document,
    DocumentSource,
    DocumentWriter,
)
from partnerhub.ports.holdings import (
    HoldingSource,
    HoldingWriter,
    UsageSource,
    UsageWriter,
)
from partnerhub.ports.runs import Delivery, RunSource, RunWriter
from partnerhub.ports.values import (
    EVERYTHING,
    OrganizationFacts,
    OrganizationsPut,
    Profile,
    RegionConflict,
    Scope,
    Tagged,
)

__all__ = [
    "EVERYTHING",
    "CallSource",
    "CallWriter",
    "CustomerSource",
    "CustomerWriter",
    "Delivery",
    "Document",
    "DocumentSource",
    "DocumentWriter",
    "HoldingSource",
    "HoldingWriter",
    "LegsPut",
    "MediaPut",
    "OrganizationFacts",
    "OrganizationsPut",
    "Profile",
    "RegionConflict",
    "RunSource",
    "RunWriter",
    "Scope",
    "Source",
    "Store",
    "TagSource",
    "TagWriter",
    "Tagged",
    "UsageSource",
    "UsageWriter",
    "Writer",
]


class Source(
    CustomerSource,
    TagSource,
    HoldingSource,
    UsageSource,
    CallSource,
    DocumentSource,
    RunSource,
    Protocol,
):
    """Reads one partner's data."""

    def writes(self) -> int | None:
        """How often anybody has written to it, in whatever process.

        While it stays the same, what was read before is what would be read now. None
        inside a transaction that may yet be undone, whose state is not to be kept.
        """
        ...


class Writer(
    CustomerWriter,
    TagWriter,
    HoldingWriter,
    UsageWriter,
    CallWriter,
    DocumentWriter,
    RunWriter,
    Protocol,
):
    """Writes inside one transaction."""


class Store(Source, Protocol):
    """Reads and writes one partner's data."""

    @property
    def name(self) -> str:
        """Where it is; never holds a password."""
        ...

    def writing(self) -> AbstractContextManager[Writer]:
        """A transaction: committed when the block ends, undone when it raises."""
        ...

    def close(self) -> None:
        """Gives up connections and files."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...
