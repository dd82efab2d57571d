"""The SQL backend: its parts over one session."""

from __future__ import annotations

from contextlib import AbstractContextManager

from partnerhub.adapters.sql.call_stats import CallStats
from partnerhub.adapters.sql.documents import Documents
from partnerhub.adapters.sql.histories import Histories
from partnerhub.adapters.sql.keys import Keys
from partnerhub.adapters.sql.legs import Legs
from partnerhub.adapters.sql.people import People
from partnerhub.adapters.sql.runs import ReportRuns
from partnerhub.adapters.sql.session import Session
from partnerhub.adapters.sql.usage import Usage


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

    def writes(self) -> int | None:
        """How many write transactions have been kept; None inside one."""
        return self._session.writes()

    def close(self) -> None:
        """Gives up connections and files."""
        self._session.close()
