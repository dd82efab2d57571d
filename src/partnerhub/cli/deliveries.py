"""Handing a report's file on to a command: e-mail, object storage, anything."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path
from typing import Any, Final

from partnerhub.cli.output import say
from partnerhub.domain.errors import DeliveryFailed

RUN_KEY: Final = "PARTNERHUB_RUN_KEY"
"""Environment variable that tells a command the key of the run."""


class CommandDelivery:
    """Runs a command with the file as its last argument and the facts on its stdin.

    Args:
        command: The command line, split as a shell would; no shell runs it.
    """

    def __init__(self, command: str) -> None:
        self._command = command

    def __call__(self, file: Path, facts: dict[str, Any], /, *, key: str) -> None:
        """Runs it, and waits.

        Raises:
            DeliveryFailed: It cannot be run, or did not end with 0.
        """
        try:
            done = subprocess.run(  # noqa: S603 - what the person at the shell wrote
                [*shlex.split(self._command), str(file)],
                input=json.dumps(facts),
                env={**os.environ, RUN_KEY: key},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                check=False,
            )
        except OSError as error:
            why = f"the command cannot be run: {error.strerror}"
            raise DeliveryFailed(why) from error
        # Results of ours are on stdout.
        for line in done.stdout.splitlines():
            say(line)
        if done.returncode:
            raise DeliveryFailed(f"the command ended with {done.returncode}")
