"""What importing a file gave."""

from __future__ import annotations

from typing import Final

import attrs

from partnerhub.adapters.exports import Problem
from partnerhub.ports import RegionConflict

MOST_PROBLEMS: Final = 10_000
"""Problems of a file that are listed; of more, only the number is said."""


def why_left(conflict: RegionConflict, /) -> str:
    """Why the rows of a customer have no place."""
    choices = ", ".join(conflict.choices)
    match conflict.known, conflict.told:
        case None, None:
            why = (
                f"which region keeps this customer is not known: name one of {choices}"
            )
        case None, told:
            why = f"region {told} has no store (there are {choices})"
        case known, told:
            why = (
                f"this customer lies in region {known} and the file is said to be of "
                f"{told}"
            )
    return f"{why}; its rows were not taken"


@attrs.frozen(kw_only=True)
class FileOutcome:
    """What was read of one file, and what became of its rows.

    Every row is taken, unchanged, left out, or has a problem.

    Attributes:
        file: The file's name.
        template: Key of the layout it was recognized as; blank if it was refused.
        rows: Rows of data in it.
        taken: Rows that told the store something new.
        unchanged: Rows that the store knew already.
        left_out: Rows of the partner's own organization, which is no customer.
        problems: What could not be used, and why.
        notices: What is worth knowing and is no fault.
        refused: The file could not be used at all.
    """

    file: str
    template: str = ""
    rows: int = 0
    taken: int = 0
    unchanged: int = 0
    left_out: int = 0
    problems: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()
    refused: bool = False
