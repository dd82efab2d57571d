"""Handing a report's file on to a command: e-mail, object storage, anything."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
from pathlib import Path
from typing import Any, Final

from partnerhub.cli.output import say
from partnerhub.domain.errors import DeliveryFailed

LONGEST_S: Final = 600
"""Seconds that a command may take, where nothing else is said."""

RUN_KEY: Final = "PARTNERHUB_RUN_KEY"
"""Environment variable that tells a command the key of the run."""


class CommandDelivery:
    """Runs a command with the file as its last argument and the facts on its stdin.

    Args:
        command: The command line, split as a shell would; no shell runs it.
        longest_s: Seconds after which it is ended, and has failed.

    Raises:
        ValueError: The command line ends inside a quotation, or is blank.
    """

    def __init__(self, command: str, *, longest_s: float = LONGEST_S) -> None:
        self._command = shlex.split(command)
        if not self._command:
            raise ValueError("no command")
        self._longest_s = longest_s

    def __call__(self, file: Path, facts: dict[str, Any], /, *, key: str) -> None:
        """Runs it, and waits.

        Raises:
            DeliveryFailed: It cannot be run, took too long, or did not end with 0.
        """
        try:
            # In a session of its own: Ctrl-C lets a delivery finish.
            process = subprocess.Popen(  # noqa: S603 - what was written at the shell
                [*self._command, str(file)],
                env={**os.environ, RUN_KEY: key},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
        except OSError as error:
            why = f"the command cannot be run: {error.strerror}"
            raise DeliveryFailed(why) from error
        with process:
            try:
                told, _ = process.communicate(json.dumps(facts), self._longest_s)
            except subprocess.TimeoutExpired as error:
                why = f"the command took more than {self._longest_s:g} s"
                raise DeliveryFailed(why) from error
            finally:
                _end(process)
        # Results of ours are on stdout.
        for line in told.splitlines():
            say(line)
        if process.returncode:
            raise DeliveryFailed(f"the command ended with {process.returncode}")


def _end(process: subprocess.Popen[str]) -> None:
    """Ends a command that still runs, with what it has started."""
    if process.poll() is None:
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
