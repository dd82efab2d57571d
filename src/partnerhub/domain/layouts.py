"""Every report column once: what it is called, what it holds, whether it is needed.

Readers and writers of report files share these layouts, and the data dictionary
is generated from them, so a heading is never written anywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import attrs


class CellType(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    ID = "id"
    """A uuid, or its base64 form."""
    COUNT = "count"
    """A whole number, 0 or more."""
    DECIMAL = "decimal"
    FLAG = "flag"
    """TRUE or FALSE."""
    DAY = "day"
    """An ISO date."""
    PHONE = "phone"
    """An E.164 number."""
    CHOICE = "choice"
    """One of a few published values; any other text is kept."""


@attrs.frozen(kw_only=True)
class Column:
    """One column of a report.

    Attributes:
        key: Its name in code and in data frames.
        heading: English heading, as written.
        french: French heading, corrected, as written for `locale="fr"`.
        cell: What its cells hold.
        aliases: Other headings it is read by: the specification's literal ones,
            and those seen elsewhere. Letter case, accents and spaces do not count.
        required: A file without it is refused.
        blank: When a cell is blank, in one sentence; empty when never.
        meaning: What the column says, in one sentence.
        choices: For a CHOICE column, value as written -> the texts it is read from,
            in both languages; the key is written.
    """

    key: str
    heading: str
    french: str
    cell: CellType = CellType.TEXT
    aliases: tuple[str, ...] = ()
    required: bool = False
    blank: str = ""
    meaning: str = ""
    choices: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Layout:
    """The columns of one report template.

    Attributes:
        key: Its name in code, on the command line and in JSON
            (`subscription-details`).
        name: English display name; file names begin with it.
        french: French display name.
        columns: In the order in which they are written.
    """

    key: str
    name: str
    french: str
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column:
        """The column with that key.

        Raises:
            KeyError: There is none.
        """
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)
