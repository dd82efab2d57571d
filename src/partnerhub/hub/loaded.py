"""What a hub has read last, kept while nobody writes to its store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cached_property
from typing import Any, Generic, TypeVar

import attrs
import numpy as np

from partnerhub.columns.filters import Finder, LabelRows, Prepared
from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.status import StatusFlags
from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.domain.filters import Filter, TextTest, address_key, folded
from partnerhub.domain.policies import StatusPolicy
from partnerhub.ports import Scope, Store

_Kept = TypeVar("_Kept")


class Kept(Generic[_Kept]):
    """The last few things read of a store, forgotten when anybody writes to it.

    Args:
        store: The store.
        most: How many are kept.
    """

    def __init__(self, store: Store, *, most: int) -> None:
        self._store = store
        self._most = most
        self._lock = threading.Lock()
        self._writes = -1
        self._things: dict[Hashable, _Kept] = {}
        self._asked: set[Hashable] = set()

    def get(self, key: Hashable, make: Callable[[], _Kept], /) -> _Kept:
        """The thing kept under a key; what `make` reads where none is.

        Args:
            key: What tells it apart.
            make: Reads it. It may be asked twice where two threads want it at once.
        """
        writes = self._store.writes()
        if writes is None:
            return make()
        with self._lock:
            self._renew(writes)
            if key in self._things:
                self._things[key] = self._things.pop(key)
                return self._things[key]
        made = make()
        with self._lock:
            if writes == self._writes:
                self._things[key] = made
                for oldest in list(self._things)[: -self._most]:
                    del self._things[oldest]
        return made

    def find(self, key: Hashable, /) -> _Kept | None:
        """The thing kept under a key; None where none is."""
        writes = self._store.writes()
        with self._lock:
            if writes is None:
                return None
            self._renew(writes)
            return self._things.get(key)

    def is_worth(self, key: Hashable, /) -> bool:
        """Whether a thing is kept, or is asked for again and so worth keeping."""
        writes = self._store.writes()
        with self._lock:
            if writes is None:
                return False
            self._renew(writes)
            known = key in self._asked
            self._asked.add(key)
            return known or key in self._things

    def forget(self) -> None:
        """Lets go of all of them."""
        with self._lock:
            self._renew(-1)

    def _renew(self, writes: int) -> None:
        """Forgets what was read before somebody wrote."""
        if writes != self._writes:
            self._things.clear()
            self._asked.clear()
            self._writes = writes


class Loaded:
    """A portfolio, and what lists of its customers work out of it.

    Args:
        portfolio: The customers.
        store: Where they are from.
        scope: What of it.
        narrowed: The store has looked at that, and the portfolio holds what is left.
        policy: The day counts of the statuses.
        admins: Gives the addresses of the administrators of each customer, by uuid; it
            is asked each time, so that it can refuse.

    Attributes:
        portfolio: The customers.
    """

    def __init__(
        self,
        portfolio: Portfolio,
        store: Store,
        scope: Scope,
        *,
        narrowed: bool = False,
        policy: StatusPolicy,
        admins: Callable[[], Mapping[str, tuple[str, ...]]],
    ) -> None:
        self.portfolio = portfolio
        self._store = store
        self._scope = scope
        self._narrowed = narrowed
        self._admins = admins
        finders: dict[str, Finder] = {
            "tag": self._tagged,
            "email": self._with_email,
            "admin": self._looked_after,
        }
        self._prepared = Prepared(portfolio, policy=policy, finders=finders)

    @property
    def statuses(self) -> StatusFlags:
        """The statuses of all customers."""
        return self._prepared.statuses

    def mask(self, node: Filter, /) -> Bools:
        """The customers of which a filter holds, bool `(customers,)`."""
        return self._prepared.mask(node)

    @cached_property
    def out_of_reach(self) -> int:
        """Customers that the store has beside these, which whoever asks does not see."""
        everybody = attrs.evolve(self._scope, organizations=None)
        if everybody == self._scope:
            return 0
        return self._store.count(self.portfolio.at, everybody) - self.size

    @cached_property
    def size(self) -> int:
        """How many customers were looked at, here or by the store."""
        if not self._narrowed:
            return len(self.portfolio.customers)
        return self._store.count(self.portfolio.at, self._scope)

    def by_name(self, chosen: Bools, /) -> Ints:
        """The rows of the customers chosen, ordered by name."""
        found: Ints = self._order[chosen[self._order]]
        return found

    @cached_property
    def _order(self) -> Ints:
        """All rows in the order of their names."""
        names = [name or "" for name in self.portfolio.customers.name.tolist()]
        ordered = sorted(range(len(names)), key=names.__getitem__)
        return np.array(ordered, np.int64)

    @cached_property
    def tags(self) -> Mapping[str, tuple[str, ...]]:
        """The tags of every customer that has any, by uuid."""
        return self._store.tags()

    @cached_property
    def values(self) -> Mapping[str, tuple[str, ...]]:
        """Field of filters -> the values that these customers have of it."""
        who = self.portfolio.customers
        seen = (self.tags.get(uuid, ()) for uuid in who.id.tolist())
        return {
            "tag": tuple(sorted({tag for tags in seen for tag in tags})),
            "industry": tuple(sorted(who.industry.labels.tolist())),
            "region": tuple(sorted(who.region.labels.tolist())),
        }

    @cached_property
    def _tags(self) -> LabelRows:
        return LabelRows(self.tags, self.portfolio.customers.id, key=folded)

    def _tagged(self, test: TextTest) -> Bools:
        return self._tags.where(test)

    def _with_email(self, test: TextTest) -> Bools:
        addresses = [None] if test.wanted is None else test.wanted
        return self._among(
            uuid for each in addresses for uuid in self._store.find_by_email(each)
        )

    def _looked_after(self, test: TextTest) -> Bools:
        ids: Array = self.portfolio.customers.id
        return LabelRows(self._admins(), ids, key=address_key).where(test)

    def _among(self, uuids: Iterable[str]) -> Bools:
        found = np.zeros(len(self.portfolio.customers), np.bool_)
        found[[self._rows[uuid] for uuid in uuids if uuid in self._rows]] = True
        return found

    @cached_property
    def _rows(self) -> Mapping[str, int]:
        """Uuid -> row."""
        ids: list[Any] = self.portfolio.customers.id.tolist()
        return {uuid: row for row, uuid in enumerate(ids)}
