"""Every error partnerhub raises on purpose.

Each names the value, the place and the valid choices, and has a second parent
from the standard library, so that callers who know nothing of partnerhub can
still catch it::

    PartnerHubError
    ├── InvalidValue (ValueError)         a value outside its domain
    ├── RegionRequired (LookupError)      data lie in several regions, none was chosen
    ├── NotFound (LookupError)            no such customer, template, ...
    ├── FileRefused (ValueError)          a whole file cannot be used
    │   ├── TemplateUnknown               no report template fits its headings
    │   ├── TemplateAmbiguous             two templates fit equally well
    │   ├── ColumnMissing                 a required column is not there
    │   └── DayRequired                   the file does not say which day it is of
    ├── FileNotWritten (OSError)          an output file could not be written
    ├── DeliveryFailed (OSError)          a report was not taken on; it is tried again
    ├── FilterError (ValueError)          a query text that cannot be understood
    ├── PermissionDenied (PermissionError) no role of the person allows it
    ├── AssignmentRefused (ValueError)    a role or a customer cannot be given so
    ├── IllegalStep (ValueError)          not possible in this state; says what is missing
    ├── MissingExtra (ImportError)        an optional dependency is not installed
    ├── ConflictError (RuntimeError)      somebody else changed it in the meantime
    └── StoreError (OSError)              the store cannot be used
        ├── StoreUnreachable              not there, no permission, no server
        ├── StoreBusy                     somebody else holds it
        ├── StoreReadOnly                 opened or mounted read-only
        ├── StoreFull                     no space left
        ├── StoreCorrupt                  not a database, or damaged
        └── SchemaMismatch                written by another version of partnerhub
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

_MOST_NAMES: Final = 20
"""Names that an error lists."""


class PartnerHubError(Exception):
    """The root of every error of this library."""


def nearest(value: str, choices: Iterable[str]) -> str | None:
    """The choice that looks most like `value`, or None when none does.

    Examples:
        >>> nearest("expird", ["expired", "trial"])
        'expired'
    """
    found = difflib.get_close_matches(value, list(choices), n=1, cutoff=0.6)
    return found[0] if found else None


def there_are(names: Iterable[str], /) -> str:
    """The names that there are, for an error about one that there is not.

    Examples:
        >>> there_are(["weekly", "monthly"]), there_are([])
        ('there are weekly, monthly', 'there are none')
    """
    listed = list(names)
    more = len(listed) - _MOST_NAMES
    told = ", ".join(listed[:_MOST_NAMES]) or "none"
    return f"there are {told}" + (f" and {more} more" if more > 0 else "")


class InvalidValue(PartnerHubError, ValueError):
    """A value outside its domain.

    Attributes:
        what: The kind of thing the value should have been ("region", "day").
        value: The value as given.
        choices: The valid values, empty when they cannot be listed.
    """

    def __init__(
        self, what: str, value: object, why: str = "", *, choices: Iterable[str] = ()
    ) -> None:
        self.what = what
        self.value = value
        self.choices = tuple(choices)
        text = f"{value!r} is no {what}"
        if why:
            text += f": {why}"
        if self.choices:
            hint = nearest(str(value), self.choices)
            text += f"; did you mean {hint!r}?" if hint else ""
            text += f" (valid: {', '.join(self.choices)})"
        super().__init__(text)


class RegionRequired(PartnerHubError, LookupError):
    """Data lie in several regions and the call needs one.

    Attributes:
        regions: The regions that hold data, in the order they are listed.
    """

    def __init__(self, regions: Iterable[str]) -> None:
        self.regions = tuple(regions)
        super().__init__(
            f"data lie in several regions ({', '.join(self.regions)}): choose one, "
            'or "*" for all of them'
        )


class NotFound(PartnerHubError, LookupError):
    """Nothing of that kind has that name.

    Attributes:
        what: The kind of thing looked for.
        value: The name or id asked for.
    """

    def __init__(
        self, what: str, value: str, why: str = "", *, choices: Iterable[str] = ()
    ) -> None:
        self.what = what
        self.value = value
        hint = nearest(value, choices)
        text = f"no {what} {value!r}"
        if hint:  # first, since what there is may be long
            text += f"; did you mean {hint!r}?" + (f" ({why})" if why else "")
        elif why:
            text += f": {why}"
        super().__init__(text)


class FileRefused(PartnerHubError, ValueError):
    """A file that cannot be used as a whole.

    Attributes:
        file: The file's name, without its folder.
    """

    def __init__(self, file: str, why: str) -> None:
        self.file = file
        self.why = why
        super().__init__(f"{file}: {why}")


class TemplateUnknown(FileRefused):
    """No report template fits the file's headings."""


class TemplateAmbiguous(FileRefused):
    """Two report templates fit the file's headings equally well."""


class ColumnMissing(FileRefused):
    """A required column is not in the file."""


class DayRequired(FileRefused):
    """The file carries no day and none was given."""


class FileNotWritten(PartnerHubError, OSError):
    """An output file could not be written; nothing of it is left.

    Attributes:
        file: The path it should have had.
        why: What stood in the way and what to do about it.
    """

    def __init__(self, file: str, why: str) -> None:
        self.file = file
        self.why = why
        super().__init__(f"{file}: {why}")


_WINDOW = 72
"""Characters of a long query that an error shows."""


def _around(text: str, position: int) -> tuple[str, int]:
    """The part of a text that holds a position, and where the position is in it.

    Examples:
        >>> _around("a" * 60 + "bc" + "d" * 60, 61)
        ('...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabcdddddddddddddddddddddddddddddddd...', 36)
    """
    if len(text) <= _WINDOW:
        return text, position
    room, dots = _WINDOW // 2, "..."
    first = min(max(position - room, 0), len(text) - _WINDOW)
    last = first + _WINDOW
    before, after = dots if first else "", dots if last < len(text) else ""
    cut = text[first + len(before) : last - len(after)]
    return f"{before}{cut}{after}", position - first


class DeliveryFailed(PartnerHubError, OSError):
    """A file that has appeared could not be delivered further.

    A delivery raises it to say why: of any other error only the kind is kept, since
    its text may hold what nobody shall read.

    Attributes:
        why: What stood in the way, without tokens or addresses of people.
    """

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class FilterError(PartnerHubError, ValueError):
    """A query text that cannot be understood; of a long one, the part in question.

    Attributes:
        text: The query.
        position: Where in `text` the trouble starts, 0-based.
    """

    def __init__(self, why: str, *, text: str, position: int) -> None:
        self.why = why
        self.text = text
        self.position = position
        shown, place = _around(text, position)
        super().__init__(f"{why}\n  {shown}\n  {' ' * place}^")


class PermissionDenied(PartnerHubError, PermissionError):
    """No role of the person allows it.

    Attributes:
        who: The person.
        roles: Labels of the roles the person has; empty when none.
        capability: What it would have taken the right to.
        allowed: Labels of the roles that have it.
    """

    def __init__(
        self,
        who: str,
        *,
        roles: Iterable[str],
        capability: str,
        allowed: Iterable[str],
    ) -> None:
        self.who = who
        self.roles = tuple(roles)
        self.capability = capability
        self.allowed = tuple(allowed)
        role = " and ".join(self.roles) or "no partner role"
        takes = " or ".join(self.allowed) or "no role at all: nobody may"
        super().__init__(f"{who} ({role}) may not {capability}; it takes {takes}")


class AssignmentRefused(PartnerHubError, ValueError):
    """A role or a customer cannot be given to, or taken from, a person in this way.

    Attributes:
        who: The person.
        why: The rule that stands against it, and the way that is open.
    """

    def __init__(self, who: str, why: str) -> None:
        self.who = who
        self.why = why
        super().__init__(f"{who}: {why}")


class IllegalStep(PartnerHubError, ValueError):
    """A step that is not possible in the state something is in.

    Attributes:
        step: What was asked for ("extend the trial").
        why: Why it is not possible; blank when something is only missing.
        missing: What has to be there first.
    """

    def __init__(
        self, step: str, why: str = "", *, missing: Iterable[str] = ()
    ) -> None:
        self.step = step
        self.why = why
        self.missing = tuple(missing)
        lacks = f"missing: {', '.join(self.missing)}" if self.missing else ""
        told = "; ".join(part for part in (why, lacks) if part)
        super().__init__(f"cannot {step}: {told}")


class MissingExtra(PartnerHubError, ImportError):
    """An optional dependency is not installed.

    Attributes:
        extra: The extra that brings it.
    """

    def __init__(self, what: str, extra: str) -> None:
        self.extra = extra
        super().__init__(
            f"{what} needs the extra {extra!r}: pip install 'partnerhub[{extra}]'"
        )


class ConflictError(PartnerHubError, RuntimeError):
    """What was to be changed is no longer what the caller had read.

    Attributes:
        what: What it is, in words.
        expected: The version that the caller had read; 0 for "not there yet".
        found: The version it has now; 0 when it is no longer there.
    """

    def __init__(self, what: str, *, expected: int, found: int) -> None:
        self.what = what
        self.expected = expected
        self.found = found
        super().__init__(
            f"{what} is at version {found} and not at {expected} any more: "
            "read it again, and change that"
        )


class StoreError(PartnerHubError, OSError):
    """The store cannot be used.

    Attributes:
        store: Where it is; never holds a password.
    """

    def __init__(self, store: str, why: str) -> None:
        self.store = store
        self.why = why
        super().__init__(f"{store}: {why}")


class StoreUnreachable(StoreError):
    """The store is not there, or may not be opened."""


class StoreBusy(StoreError):
    """Somebody else holds the store, and waiting did not help."""


class StoreReadOnly(StoreError):
    """The store may be read but not written."""


class StoreFull(StoreError):
    """There is no space left for the write; nothing of it was kept."""


class StoreCorrupt(StoreError):
    """The store is damaged, or is not a store at all."""


class SchemaMismatch(StoreError):
    """The store was written by another version of partnerhub."""
