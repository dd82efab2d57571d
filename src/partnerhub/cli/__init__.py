"""The command `partnerhub`: the library's hub at the shell (extra `cli`)."""

from __future__ import annotations

import sys
from typing import Final

__all__ = ["main"]

INTERRUPTED: Final = 130
"""Exit code: somebody pressed Ctrl-C."""


def main() -> None:
    """Runs the command, or says which extra brings what it needs."""
    try:
        from partnerhub.cli.app import run
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(INTERRUPTED)
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        from partnerhub.domain.errors import MissingExtra

        sys.exit(f"Error: {MissingExtra('the command partnerhub', 'cli')}")
    run()
