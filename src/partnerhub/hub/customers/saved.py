"""The saved filters of a store."""

from __future__ import annotations

from partnerhub.domain.errors import FilterError, InvalidValue, NotFound, there_are
from partnerhub.domain.filters import Filter, folded
from partnerhub.domain.saved_filters import SavedFilter
from partnerhub.hub.documents import Documents
from partnerhub.ports import Store


class SavedFilters(Documents[SavedFilter]):
    """All of them, each under its name as names are compared."""

    def named(self, name: str, /) -> SavedFilter:
        """The one with that name, in any case.

        Raises:
            NotFound: There is none; the error says which comes nearest.
        """
        found = self.get(folded(name))
        if found is None:
            names = self.names()
            raise NotFound("saved filter", name, there_are(names), choices=names)
        return found

    def names(self) -> tuple[str, ...]:
        """Their names, in order."""
        return tuple(each.name for each in self.all())

    def filter(self, name: str, /) -> Filter:
        """What the one with that name means.

        Raises:
            NotFound: There is none; the error says which comes nearest.
            InvalidValue: Its text cannot be understood.
        """
        kept = self.named(name)
        try:
            return kept.filter
        except FilterError as error:
            why = f"its text {kept.query!r} cannot be understood: {error.why}"
            raise InvalidValue("saved filter", kept.name, why) from error


def saved_filters(store: Store, /) -> SavedFilters:
    """The saved filters that the partner's administrators share."""
    return SavedFilters(store, "saved_filter", SavedFilter, noted="saved filters")
