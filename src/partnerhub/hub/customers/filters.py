"""Saved filters: named, and shared by the partner's administrators."""

from __future__ import annotations

import datetime as dt

from partnerhub.domain.capabilities import Capability
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.filters import Filter
from partnerhub.domain.saved_filters import SavedFilter
from partnerhub.hub.context import Context
from partnerhub.hub.customers.listed import CustomerList
from partnerhub.hub.customers.listing import listed
from partnerhub.hub.customers.saved import saved_filters
from partnerhub.hub.permissions import edits, reads


class Filters:
    """The saved filters of a hub.

    `saved:name` stands for one of them in every query: of lists, `exclude=`, reports.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    @edits(Capability.SAVE_FILTERS)
    def save(
        self,
        name: str,
        query: str | Filter,
        /,
        *,
        help: str = "",  # noqa: A002 - as in the fields of filters
        replace: bool = False,
    ) -> SavedFilter:
        """Keeps a filter under a name, for all administrators of the partner.

        Args:
            name: At most 60 characters; letter case and accents do not tell two apart.
            query: The filter. It cannot name another saved one.
            help: What it is for.
            replace: Take the place of the one with that name; left out, a name that
                is taken is refused, also where somebody has just taken it.

        Raises:
            InvalidValue: The name is none, or is taken.
            FilterError: The query cannot be understood.
        """
        who = self._context.who()
        made = SavedFilter(
            name=name,
            query=str(query),
            help=help,
            by="" if who is None else who.email,
            on=self._context.clock(),
        )
        _ = made.filter

        def step(kept: SavedFilter | None) -> SavedFilter:
            if kept is not None and not replace:
                why = f"there is one already, {kept.query!r}; `replace` takes its place"
                raise InvalidValue("name of a new filter", made.name, why)
            return made

        return saved_filters(self._context.store).change(made.key, step)

    @reads(Capability.SAVE_FILTERS)
    def list(self) -> tuple[SavedFilter, ...]:
        """All of them, by name."""
        return saved_filters(self._context.store).all()

    @reads(Capability.SAVE_FILTERS)
    def get(self, name: str, /) -> SavedFilter:
        """One of them, by its name in any case.

        Raises:
            NotFound: There is none; the error says which comes nearest.
        """
        return saved_filters(self._context.store).named(name)

    @edits(Capability.SAVE_FILTERS)
    def remove(self, name: str, /) -> None:
        """Removes one.

        Raises:
            NotFound: There is none; the error says which comes nearest.
            ConflictError: Somebody has just changed it.
        """
        kept = saved_filters(self._context.store)
        kept.remove(kept.named(name).key)

    @reads(Capability.VIEW_CUSTOMERS)
    def run(
        self,
        name: str,
        /,
        *,
        at: dt.date | str | None = None,
        region: str | None = None,
    ) -> CustomerList:
        """The customers that one finds; the same as `find("saved:name")`.

        Args:
            name: Its name in any case.
            at: The day; today where it is left out.
            region: Only customers of this region; all regions where it is left out.

        Raises:
            NotFound: There is no such filter, or region.
            InvalidValue: Its text cannot be understood.
        """
        node = saved_filters(self._context.store).filter(name)
        return listed(self._context, node, at=at, region=region)
