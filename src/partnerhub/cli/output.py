"""What a command prints: results on stdout, what is said about them on stderr.

On a terminal tables are drawn by rich, which folds long cells. In a pipe, or without
rich, they are aligned text, one line a row, without colors: nothing is cut, and a cell
of more than 80 places stands out of its column. Programs take `--json`.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TextIO

import click

if TYPE_CHECKING:
    from rich.console import Console

Cell = str | int | None
"""One cell of a table; None is not known, and prints as blank."""
Row = Sequence[Cell]

_GAP: Final = "  "
_WIDEST: Final = 80
"""Places of the cells that a column is made as wide as."""
_NARROWEST: Final = 12
"""Places that a drawn column of texts keeps at least, if it needs them."""
# A name in a file must not steer the terminal, nor turn its line around.
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def printable(text: str, /) -> str:
    r"""A text from anywhere as one line that is safe to print.

    Examples:
        >>> printable("Acme\x1b[2J\nLtd")
        'Acme [2J Ltd'
    """
    return _UNPRINTABLE.sub(" ", text)


def print_json(value: object, /) -> None:
    """A value as JSON, in ASCII, which every pipe carries."""
    click.echo(json.dumps(value, indent=2))


def print_line(text: str = "", /) -> None:
    """A line of the result."""
    click.echo(printable(text))


def print_heading(text: str, /) -> None:
    """A line that names what follows, after a blank one."""
    click.echo()
    click.secho(printable(text), bold=True)


def say(text: str, /) -> None:
    """Something worth knowing, on stderr."""
    click.secho(printable(text), err=True, dim=True)


def warn(text: str, /) -> None:
    """A problem, on stderr."""
    click.secho(printable(text), err=True, fg="yellow")


def counted(number: int, thing: str, /) -> str:
    """How many there are of a thing.

    Examples:
        >>> counted(1, "row"), counted(12_000, "row")
        ('1 row', '12,000 rows')
    """
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def print_table(
    headings: Sequence[str],
    rows: Sequence[Row],
    /,
    *,
    numbers: Collection[int] = (),
) -> None:
    """A table: drawn on a terminal, aligned text anywhere else.

    Args:
        headings: Of its columns.
        rows: Its rows; where there are none, that is said.
        numbers: Places of columns that are set flush right though their cells are
            texts.
    """
    if not rows:
        say("nothing to show")
        return
    console = _console(sys.stdout)
    if console is None:
        for line in aligned(headings, rows, numbers=numbers):
            click.echo(line)
    else:
        _draw(
            console, headings, rows, {*_number_columns(len(headings), rows), *numbers}
        )


def aligned(
    headings: Sequence[str],
    rows: Sequence[Row],
    /,
    *,
    numbers: Collection[int] = (),
) -> Iterator[str]:
    """The lines of a table whose columns stand below each other.

    Args:
        headings: Of its columns.
        rows: Its rows.
        numbers: Places of columns that are set flush right though their cells are
            texts.

    Examples:
        >>> for line in aligned(["Customer", "Over"], [("Acme", 2), ("Bolt", None)]):
        ...     print(line)
        Customer  Over
        --------  ----
        Acme         2
        Bolt
    """
    cells = [[_text(cell) for cell in row] for row in rows]
    flush_right = {*_number_columns(len(headings), rows), *numbers}
    widths = [
        max(_width(heading), *(w for w in map(_width, column) if w <= _WIDEST), 0)
        for heading, *column in zip(headings, *cells, strict=True)
    ]
    for row in (headings, ["-" * width for width in widths], *cells):
        padded = (
            _padded(cell, width, flush_right=place in flush_right)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield _GAP.join(padded).rstrip()


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """What is being done, on stderr, while a terminal is watching.

    Nothing may be printed meanwhile: it would end up in the middle of that line.

    Yields:
        A function that shows a text.
    """
    console = _console(sys.stderr)
    if console is None:
        yield lambda _: None
        return
    from rich.text import Text

    with console.status("") as status:
        yield lambda text: status.update(Text(printable(text), no_wrap=True))


def _console(stream: TextIO | None) -> Console | None:
    """Rich on a terminal; None in a pipe, or where rich is not installed."""
    if stream is None or not stream.isatty():
        return None
    try:
        from rich.console import Console
    except ImportError:
        return None
    return Console(file=stream, highlight=False)


def _draw(
    console: Console, headings: Sequence[str], rows: Sequence[Row], numbers: set[int]
) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    cells = [[_text(cell) for cell in row] for row in rows]
    for place, heading in enumerate(headings):
        number = place in numbers
        widest = max(_width(row[place]) for row in cells)
        table.add_column(
            Text(heading),
            justify="right" if number else "left",
            overflow="fold",
            # Headings fold, numbers do not, and nothing is squeezed out.
            min_width=widest if number else min(widest, _NARROWEST),
        )
    for row in cells:
        # As `Text`, brackets in a name are no markup.
        table.add_row(*map(Text, row))
    console.print(table)


def _number_columns(columns: int, rows: Sequence[Row]) -> set[int]:
    """The places of the columns that hold nothing but numbers."""
    return {
        place
        for place in range(columns)
        if not any(isinstance(row[place], str) for row in rows)
    }


def _text(cell: Cell) -> str:
    return "" if cell is None else printable(str(cell))


def _padded(text: str, width: int, *, flush_right: bool) -> str:
    blanks = " " * (width - _width(text))
    return blanks + text if flush_right else text + blanks


def _width(text: str) -> int:
    """How many places of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(character)
        else 1 + (unicodedata.east_asian_width(character) in {"W", "F"})
        for character in text
    )
