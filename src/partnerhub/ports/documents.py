"""Documents: small things kept whole, each with a version, so that no edit is lost.

All that a partner makes and no file tells is one, in this port and one table:

| kind | id | body |
| --- | --- | --- |
| `administrator` | address | a person of the partner: name, roles, customers |
| `customer_group` | name | customers, and who sees them |
| `saved_filter` | folded name | a query with a name |
| `report_template` | folded name | columns, filter and order of a report of one's own |
| `report_schedule` | key | what is written when, and where to |
| `trial` | id | a trial and how it went |
| `partner_organization` | uuid | the partner's own profile |
| `onboarding` | uuid | how far its set-up is |
| `region_correction` | uuid | a region that the partner set over what files say |

What is written by the thousand, report runs and imports, has tables and ports of its own
(`partnerhub.ports.runs`).
"""

from __future__ import annotations

from typing import Any, Protocol

import attrs


@attrs.frozen(kw_only=True)
class Document:
    """A small thing kept whole: a saved filter, a template, a schedule, a state.

    Attributes:
        kind: What it is; documents of a kind have distinct ids.
        id: Which one.
        body: Anything JSON can hold.
        version: The version that was read; 0 for a new one.
    """

    kind: str
    id: str
    body: Any
    version: int = 0


class DocumentSource(Protocol):
    """Reads documents."""

    def document(self, kind: str, id: str, /) -> Document | None:
        """One document; None where there is none."""
        ...

    def documents(self, kind: str, /) -> tuple[Document, ...]:
        """All documents of a kind, by code point order of their id."""
        ...


class DocumentWriter(Protocol):
    """Writes documents, inside a transaction."""

    def put_document(self, document: Document, /) -> int:
        """Keeps a document over the version it was read at.

        Returns:
            Its version from now on.

        Raises:
            ConflictError: The stored one is of another version by now.
        """
        ...

    def delete_document(self, kind: str, id: str, /, *, version: int) -> None:
        """Removes a document.

        Raises:
            NotFound: There is none.
            ConflictError: The stored one is of another version by now.
        """
        ...
