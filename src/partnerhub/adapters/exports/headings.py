"""Which layout a file has, found from its headings alone."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping, Sequence
from typing import get_args

import attrs

from partnerhub.adapters.exports.problems import shown
from partnerhub.columns.printing import heading_text
from partnerhub.domain.errors import (
    ColumnMissing,
    FileRefused,
    TemplateAmbiguous,
    TemplateUnknown,
    nearest,
)
from partnerhub.domain.layouts import LAYOUTS, Layout, Locale


def folded(heading: str, /) -> str:
    r"""A heading without what does not count: case, accents, spaces, punctuation.

    Examples:
        >>> folded("\ufeffRenouvellement  automatique ACTIVÉ ?")
        'renouvellementautomatiqueactive'
        >>> folded("ID de l’organisation") == folded("Id de l'organisation")
        True
    """
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return "".join(c for c in plain if c.isalnum())


@attrs.frozen(kw_only=True)
class Match:
    """A file's headings, understood.

    Attributes:
        layout: What the file holds.
        positions: Column key -> position of its heading, 0-based.
        locale: The language that most of its headings are in.
        notices: Columns that are not there, and headings that mean nothing to us.
    """

    layout: Layout
    positions: Mapping[str, int]
    locale: Locale
    notices: tuple[str, ...]


def match_headings(
    headings: Sequence[str],
    /,
    *,
    file: str,
    mapped: Mapping[str, str] | None = None,
    layouts: Sequence[Layout] = LAYOUTS,
) -> Match:
    """The layout that knows most of the headings.

    Args:
        headings: As in the file.
        file: Its name, for messages.
        mapped: Heading -> column key, chosen by the user, before every alias.
        layouts: What the file may hold.

    Raises:
        TemplateUnknown: No layout knows enough of them.
        TemplateAmbiguous: Two layouts know equally many.
        ColumnMissing: A column is missing without which the file says nothing.
        FileRefused: Two headings mean the same column.

    Examples:
        >>> found = match_headings(["MAC", "Identifiant de l’organisation"], file="f")
        >>> found.layout.key, dict(found.positions)
        ('devices', {'mac': 0, 'org_id': 1})
    """
    chosen = {folded(heading): key for heading, key in (mapped or {}).items()}
    names = [folded(heading) for heading in headings]
    found = [(layout, _positions(layout, names, chosen)) for layout in layouts]
    most = max(len(positions) for _, positions in found)
    best = [(layout, where) for layout, where in found if len(where) == most]
    complete = [(layout, where) for layout, where in best if not _lack(layout, where)]
    if len(complete) > 1:
        which = " and ".join(layout.key for layout, _ in complete)
        raise TemplateAmbiguous(file, f"its headings fit {which} equally well")
    if complete:
        layout, where = complete[0]
    elif len(best) == 1 and 2 * most >= min(len(headings), len(best[0][0].columns)):
        layout, where = best[0]
        raise _column_missing(layout, where, headings, names, file)
    else:
        known = ", ".join(layout.key for layout in layouts)
        seen = ", ".join(repr(shown(heading)) for heading in headings[:12])
        raise TemplateUnknown(
            file, f"its headings ({seen}) are those of no known file ({known})"
        )
    _refuse_repeats(layout, where, headings, names, file)
    locale = _locale(layout, where, names)
    return Match(
        layout=layout,
        positions={key: positions[0] for key, positions in where.items()},
        locale=locale,
        notices=_notices(layout, where, headings, chosen, names, locale=locale),
    )


@functools.cache
def _index(layout: Layout) -> Mapping[str, str]:
    """Folded name -> column key."""
    return {
        folded(name): column.key
        for column in (*layout.columns, *layout.also)
        for name in column.names
    }


def _positions(
    layout: Layout, names: Sequence[str], chosen: Mapping[str, str]
) -> dict[str, list[int]]:
    """Column key -> every position at which the file has it.

    What the user mapped stands before an alias: where a mapped heading is in the
    file, other headings of the same column mean nothing.
    """
    index = _index(layout)
    by_choice: dict[str, list[int]] = {}
    by_alias: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        if name in chosen:
            if chosen[name] in layout.keys:
                by_choice.setdefault(chosen[name], []).append(position)
        elif name in index:
            by_alias.setdefault(index[name], []).append(position)
    return by_alias | by_choice


def _locale(
    layout: Layout, where: Mapping[str, list[int]], names: Sequence[str]
) -> Locale:
    """The language that most of the headings are in; English where none prevails.

    Aliases and headings that are the same in both say nothing.
    """

    def fitting(locale: Locale) -> int:
        return sum(
            names[positions[0]] == folded(heading_text(layout.column(key), locale))
            for key, positions in where.items()
        )

    locales: tuple[Locale, ...] = get_args(Locale)
    return max(locales, key=fitting)


def _lack(layout: Layout, where: Mapping[str, list[int]]) -> tuple[str, ...]:
    """The column keys that the file would need to have; empty when it has enough.

    Of the groups of which one must be complete, the one that is nearest to it.
    """
    required = tuple(c.key for c in layout.columns if c.required and c.key not in where)
    groups = [tuple(k for k in group if k not in where) for group in layout.one_of]
    return required + (min(groups, key=len) if groups else ())


def _column_missing(
    layout: Layout,
    where: Mapping[str, list[int]],
    headings: Sequence[str],
    names: Sequence[str],
    file: str,
) -> ColumnMissing:
    locale = _locale(layout, where, names)
    known = {position for positions in where.values() for position in positions}
    free = {
        folded(heading): heading
        for position, heading in enumerate(headings)
        if position not in known and folded(heading)
    }
    parts = []
    for key in _lack(layout, where):
        column = layout.column(key)
        hints = (nearest(folded(name), free) for name in column.names)
        hint = next((free[h] for h in hints if h is not None), None)
        near = f", nearest heading {shown(hint)!r}" if hint else ""
        parts.append(f"{heading_text(column, locale)!r} ({key}{near})")
    what = ", ".join(parts)
    return ColumnMissing(
        file,
        f"it looks like {layout.key} but has no column {what}; "
        "a heading of another name can be mapped ('Heading=column', --map)",
    )


def _refuse_repeats(
    layout: Layout,
    where: Mapping[str, list[int]],
    headings: Sequence[str],
    names: Sequence[str],
    file: str,
) -> None:
    for key, positions in where.items():
        if len(positions) > 1:
            places = " and ".join(
                f"{shown(headings[at])!r} (column {at + 1})" for at in positions
            )
            column = layout.column(key)
            meant = heading_text(column, _locale(layout, where, names))
            raise FileRefused(file, f"{places} both mean {meant!r} ({key})")


def _notices(
    layout: Layout,
    where: Mapping[str, list[int]],
    headings: Sequence[str],
    chosen: Mapping[str, str],
    names: Sequence[str],
    *,
    locale: Locale,
) -> tuple[str, ...]:
    known = {positions[0] for positions in where.values()}
    unknown = [
        f"{shown(heading)!r} (column {position + 1})"
        for position, heading in enumerate(headings)
        if position not in known and heading.strip()
    ]
    missing = [heading_text(c, locale) for c in layout.columns if c.key not in where]
    unmet = [name for name in chosen if name not in names]
    notices = []
    if unknown:
        notices.append(f"columns that are not known and not read: {', '.join(unknown)}")
    if missing:
        notices.append(f"columns that are not there: {', '.join(missing)}")
    if unmet:
        notices.append(f"mapped headings that are not there: {', '.join(unmet)}")
    return tuple(notices)
