"""Holding a claimed run: its lease is renewed while the work goes on."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final, Self

import pendulum

from partnerhub.domain.errors import ConflictError, StoreError
from partnerhub.domain.report_runs import ReportRun
from partnerhub.ports import Store

_LOG: Final = logging.getLogger("partnerhub.hub.schedules.leases")

Now = Callable[[], pendulum.DateTime]
"""What time it is."""

_RENEWALS: Final = 3
"""How often a lease is renewed in its own length."""


def ticking(at: pendulum.DateTime) -> Now:
    """A clock that shows an instant now, and goes on from there."""
    begun = time.monotonic()
    return lambda: at.add(seconds=time.monotonic() - begun)


class Lease:
    """A claimed run, and the only way to change it. A context manager.

    Args:
        store: Where the run is.
        run: As `claim_run` gave it.
        now: What time it is.
        length_s: How long a lease lasts.
    """

    def __init__(
        self, store: Store, run: ReportRun, *, now: Now, length_s: float
    ) -> None:
        self._store = store
        self._run = run
        self._now = now
        self._length_s = length_s
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._thread = threading.Thread(
            target=self._renew, name=f"lease of {run.key}", daemon=True
        )

    @property
    def run(self) -> ReportRun:
        """The run as it was kept last."""
        return self._run

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def change(self, step: Callable[[ReportRun], ReportRun], /) -> ReportRun:
        """Keeps what a step makes of the run.

        Raises:
            ConflictError: The lease ran out, and somebody else has claimed the run.
        """
        with self._lock:
            with self._store.writing() as writer:
                kept = writer.put_run(step(self._run))
            self._run = kept  # not before it is committed
            return kept

    def _renew(self) -> None:
        while not self._done.wait(self._length_s / _RENEWALS):
            at = self._now()
            until = at.add(seconds=self._length_s)
            try:
                self.change(lambda run: run.renewed(at=at, until=until))  # noqa: B023 - called at once
            except ConflictError:
                return  # the next change that the work itself makes is refused too
            except StoreError as error:
                _LOG.warning("a lease was not renewed: %s", error)
