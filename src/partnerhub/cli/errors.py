"""Every error of ours is one message on stderr and an exit code.

Only a bug of partnerhub shows a traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Final

import click

from partnerhub.cli import INTERRUPTED
from partnerhub.domain.errors import (
    AssignmentRefused,
    FilterError,
    IllegalStep,
    InvalidValue,
    NotFound,
    PartnerHubError,
    RegionRequired,
    SchemaMismatch,
)

PROBLEMS: Final = 1
"""Exit code: done, with problems; or the store or a file failed."""
USAGE: Final = 2
"""Exit code: the command was not understood, or needs something more."""
PIPE_CLOSED: Final = 141
"""Exit code of a program whose reader has gone, as shells know it."""

_OF_USAGE: Final = (
    AssignmentRefused,
    FilterError,
    IllegalStep,
    InvalidValue,
    NotFound,
    RegionRequired,
    FileNotFoundError,
)


class NotUnderstood(click.ClickException):
    """The command cannot be done as it was given; one message says why."""

    exit_code = USAGE


class Interrupted(click.ClickException):
    """Somebody pressed Ctrl-C."""

    exit_code = INTERRUPTED

    def __init__(self) -> None:
        super().__init__("interrupted")

    def show(self, file: IO[Any] | None = None) -> None:
        """It is no error, so it is not called one."""
        click.echo(self.message, file=file, err=True)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turns what may go wrong into messages.

    Raises:
        click.ClickException: With the message and the exit code.
        click.exceptions.Exit: The reader of stdout has gone, which is no trouble.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted from None
    except BrokenPipeError:
        silence_stdout()
        raise click.exceptions.Exit(PIPE_CLOSED) from None
    except (PartnerHubError, OSError) as error:
        kind = NotUnderstood if isinstance(error, _OF_USAGE) else click.ClickException
        raise kind(_message(error)) from error


def silence_stdout() -> None:
    """Sends what is still to be written nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _message(error: PartnerHubError | OSError) -> str:
    if isinstance(error, RegionRequired):
        return (
            f"data lie in several regions ({', '.join(error.regions)}): choose one, "
            f"as in --region {error.regions[0]}, or take --region all"
        )
    if isinstance(error, SchemaMismatch):
        return str(error).replace(
            "open it with migrate=True", "do that with `partnerhub migrate`"
        )
    if isinstance(error, PartnerHubError) or error.strerror is None:
        return str(error)
    if error.filename is None:
        return error.strerror
    return f"{error.filename}: {error.strerror}"
