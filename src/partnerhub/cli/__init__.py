"""The command `partnerhub`: the library's hub at the shell (extra `cli`)."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Runs the command, or says which extra brings what it needs."""
    try:
        from partnerhub.cli.app import run
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        from partnerhub.domain.errors import MissingExtra

        sys.exit(f"Error: {MissingExtra('the command partnerhub', 'cli')}")
    run()
