"""The SQL backend: its parts over one session."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from typing import Final

from partnerhub.adapters.sql.call_stats import CallStats
from partnerhub.adapters.sql.documents import Documents
from partnerhub.adapters.sql.filters import license_names, push_down, relaxed
from partnerhub.adapters.sql.histories import Histories
from partnerhub.adapters.sql.keys import Keys
from partnerhub.adapters.sql.legs import Legs
from partnerhub.adapters.sql.people import People
from partnerhub.adapters.sql.runs import ReportRuns
from partnerhub.adapters.sql.session import Session
from partnerhub.adapters.sql.usage import Usage
from partnerhub.domain.filters import EVERYTHING, Filter, nodes
from partnerhub.domain.policies import StatusPolicy

_MOST_NODES: Final = 100
"""Nodes of a filter that is asked of the database."""


class SqlBackend(
    Keys, Histories, People, Usage, Legs, CallStats, Documents, ReportRuns
):
    """Keeps everything in the tables of one database.

    Implements `partnerhub.adapters.backend.Backend`.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.name = session.name

    @property
    def session(self) -> Session:
        """The transactions of this backend."""
        return self._session

    def writing(self) -> AbstractContextManager[None]:
        """A write transaction; a second writer waits for it to end."""
        return self._session.writing()

    def reading(self) -> AbstractContextManager[None]:
        """One state for several reads, that of a writer inside its transaction."""
        return self._session.reading()

    def candidates(
        self, node: Filter, at: dt.date, *, policy: StatusPolicy
    ) -> list[str] | None:
        """Uuids among which are all customers that a filter finds on a day."""
        pushed = relaxed(node)
        # Databases bound how deep a condition is nested.
        if pushed == EVERYTHING or sum(1 for _ in nodes(pushed)) > _MOST_NODES:
            return None
        session = self._session
        licenses = [row[0] for row in session.fetch(license_names(session.schema))]
        found = push_down(
            pushed, session.schema, at=at, licenses=licenses, policy=policy
        )
        with session.over_all():
            return [row[0] for row in session.fetch(found.query)]

    def writes(self) -> int | None:
        """How many write transactions have been kept; None inside one."""
        return self._session.writes()

    def close(self) -> None:
        """Gives up connections and files."""
        self._session.close()
