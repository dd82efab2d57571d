"""A table as HTML, for notebooks. Everything in it is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import islice

from partnerhub.columns.printing import Printed, Text


def table_html(title: str, columns: Sequence[Printed], /, *, rows: int) -> str:
    """A `<table>` of the given columns, which may hold fewer rows than there are.

    Numbers stand flush right and unknown cells are blank. Headings and the first
    cell of a row carry their scope, and texts find their own direction, so that
    screen readers and right-to-left names work.

    Args:
        title: Its caption, above the number of rows.
        columns: The columns as printed.
        rows: How many rows the whole table has.

    Examples:
        >>> name = Printed(heading="Name", cells=["R&D"], is_number=False)
        >>> print(table_html("Customers", [name], rows=1))
        <table class="partnerhub">
        <caption>Customers (1 row)</caption>
        <thead><tr><th scope="col" dir="auto">Name</th></tr></thead>
        <tbody>
        <tr><th scope="row" dir="auto">R&amp;D</th></tr>
        </tbody>
        </table>
    """
    heads = "".join(
        _cell("th", column.heading, column, scope="col") for column in columns
    )
    body = [
        f"<tr>{_row(columns, row)}</tr>"
        for row in zip(*(column.cells for column in columns), strict=True)
    ]
    return "\n".join(
        [
            '<table class="partnerhub">',
            f"<caption>{escape(_caption(title, len(body), rows))}</caption>",
            f"<thead><tr>{heads}</tr></thead>",
            "<tbody>",
            *body,
            "</tbody>",
            "</table>",
        ]
    )


def _row(columns: Sequence[Printed], row: Sequence[Text]) -> str:
    cells = zip(columns, row, strict=True)
    first = [_cell("th", text, column, "row") for column, text in islice(cells, 1)]
    return "".join(first + [_cell("td", text, column) for column, text in cells])


def _cell(tag: str, text: Text, column: Printed, scope: str = "") -> str:
    attributes = f' scope="{scope}"' if scope else ""
    attributes += ' style="text-align: right"' if column.is_number else ' dir="auto"'
    return f"<{tag}{attributes}>{escape(text or '')}</{tag}>"


def _caption(title: str, shown: int, rows: int) -> str:
    size = "1 row" if rows == 1 else f"{rows:,} rows"
    if shown < rows:
        size = f"first {shown:,} of {size}"
    return f"{title} ({size})".strip()
