"""What a column and a layout are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

import attrs

Locale = Literal["en", "fr"]
"""Language of headings and display names."""


class CellType(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    ID = "id"
    """A uuid, or its base64 form."""
    COUNT = "count"
    """A whole number, 0 or more."""
    CHANGE = "change"
    """A whole number of either sign."""
    DECIMAL = "decimal"
    RATIO = "ratio"
    """A share held as 0..1, printed in % with one decimal."""
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
            and those seen elsewhere. Letter case, accents, spaces and punctuation
            do not count. Its key is always one of them, and need not be listed.
        required: A file without it is refused; where `blank` is empty, a row
            whose cell is blank is a problem too.
        blank: When a cell is blank, in one sentence; empty when never.
        meaning: What the column says, in one sentence.
        choices: For a CHOICE column, value as written -> the texts it is read from,
            in both languages; the key is written.
        words: For a DAY column, words that stand for a day.
        personal: Its cells are about one person, and never shown in a message.
        negative_is_unknown: A negative cell says that the number is not known
            (design 5.12), where elsewhere it would be a fault.
    """

    key: str
    heading: str
    french: str
    cell: CellType = CellType.TEXT
    aliases: tuple[str, ...] = ()
    required: bool = False
    blank: str = ""
    meaning: str = ""
    choices: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict, hash=False)
    words: Mapping[str, dt.date] = attrs.field(factory=dict, hash=False)
    personal: bool = False
    negative_is_unknown: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every heading it is read by: key, both languages, aliases."""
        return (self.key, self.heading, self.french, *self.aliases)


@attrs.frozen(kw_only=True)
class Layout:
    """The columns of one kind of file.

    Attributes:
        key: Its name in code, on the command line and in JSON
            (`subscription-details`).
        name: English display name; file names begin with it.
        french: French display name.
        columns: In the order in which they are written.
        also: What a file may have besides: of several regions, the region.
        one_of: Groups of column keys, of which a file must have one complete;
            empty when the required columns are enough.
        dated: Whether a column says which day a row is of. If not, the file does.
        ranged: Whether the numbers are sums over a range of days.
        window_days: Days before the day of the report that its rows may be old; 0 for
            any number.
        note: How fresh the numbers are, one sentence for people.
        french_note: The same in French.
    """

    key: str
    name: str
    french: str
    columns: tuple[Column, ...]
    also: tuple[Column, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    dated: bool = False
    ranged: bool = False
    window_days: int = 0
    note: str = ""
    french_note: str = ""

    def name_in(self, locale: Locale) -> str:
        """Its display name in a language."""
        return self.french if locale == "fr" else self.name

    def note_in(self, locale: Locale) -> str:
        """How fresh its numbers are, in a language."""
        return self.french_note if locale == "fr" else self.note

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its columns, in the order in which they are written."""
        return tuple(column.key for column in self.columns)

    def column(self, key: str) -> Column:
        """The column with that key.

        Raises:
            KeyError: There is none.

        Examples:
            >>> mac = Column(key="mac", heading="MAC", french="MAC")
            >>> phones = Layout(key="x", name="X", french="X", columns=(mac,))
            >>> phones.column("mac").heading
            'MAC'
        """
        for column in (*self.columns, *self.also):
            if column.key == key:
                return column
        raise KeyError(key)
