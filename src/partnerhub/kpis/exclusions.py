"""What the KPIs and lists leave out on purpose, and keep listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Self

import attrs
import numpy as np

from partnerhub.columns.portfolio import Portfolio
from partnerhub.columns.text import TextColumn
from partnerhub.columns.unknown import Array, Bools
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.filters import Filter
from partnerhub.domain.ids import uuid_of


def plain(name: str) -> str:
    """A name of which letter case and spaces do not count."""
    return " ".join(name.casefold().split())


def _plain_names(names: str | Iterable[str]) -> frozenset[str]:
    return frozenset(map(plain, listed(names)))


def uuids(ids: str | Iterable[str]) -> frozenset[str]:
    """The customers with these ids, in either form."""
    return frozenset(map(uuid_of, listed(ids)))


def listed(texts: str | Iterable[str]) -> Iterable[str]:
    """The texts, of which a lone one is not a row of letters."""
    return (texts,) if isinstance(texts, str) else texts


@attrs.frozen(kw_only=True)
class Exclusions:
    """What the KPIs leave out on purpose. It stays listed in their coverage.

    Attributes:
        licenses: Names of license types; letter case and spaces do not count.
        customers: Ids of customers, in either form.
        tags: Customers with any of these tags. Columns do not keep tags, so that a
            call without a hub needs `with_tags` first.
        filter: Customers that a filter, or its text, finds. A call without a hub needs
            `with_customers` first.

    Examples:
        >>> Exclusions(licenses=["Webex  Calling - standard"]).licenses
        frozenset({'webex calling - standard'})
    """

    licenses: frozenset[str] = attrs.field(default=frozenset(), converter=_plain_names)
    customers: frozenset[str] = attrs.field(default=frozenset(), converter=uuids)
    tags: frozenset[str] = attrs.field(default=frozenset(), converter=_plain_names)
    filter: Filter | str | None = None

    def with_tags(self, tags: Mapping[str, Iterable[str]], /) -> Self:
        """The same, with the customers that have the tags in place of the tags.

        Args:
            tags: Id of each customer that has any -> its tags.

        Examples:
            >>> acme = "c8b0e0d2-0000-4000-8000-000000000001"
            >>> out = Exclusions(tags="Non-profit").with_tags({acme: ["non-profit"]})
            >>> out.customers == {acme}, out.tags
            (True, frozenset())
        """
        if not self.tags:
            return self
        found = (
            customer
            for customer, given in tags.items()
            if any(plain(tag) in self.tags for tag in given)
        )
        return attrs.evolve(
            self, customers=self.customers | uuids(found), tags=frozenset()
        )

    def with_customers(self, customers: Iterable[str], /) -> Self:
        """The same, with the customers that the filter finds in place of the filter.

        Args:
            customers: Their ids.

        Examples:
            >>> acme = "c8b0e0d2-0000-4000-8000-000000000001"
            >>> out = Exclusions(filter="managed_by:external").with_customers([acme])
            >>> out.customers == {acme}, out.filter
            (True, None)
        """
        found = self.customers | uuids(customers)
        return attrs.evolve(self, customers=found, filter=None)

    def check(self) -> None:
        """Makes sure that it can be applied to columns.

        Raises:
            InvalidValue: Tags are excluded, or what a filter finds, and nobody has said
                whose they are, or whom it finds.
        """
        if self.filter is not None:
            why = "give exclude.with_customers(those it finds) or ask a hub"
            raise InvalidValue("exclusion by filter", str(self.filter), why)
        if self.tags:
            why = "columns keep no tags: give exclude.with_tags(tags) or ask a hub"
            raise InvalidValue("exclusion by tag", sorted(self.tags), why)


NOTHING: Final = Exclusions()


def named_customers(ids: Array, wanted: frozenset[str]) -> Bools:
    """Customers with one of these ids, bool `(customers,)`."""
    return np.fromiter((uuid in wanted for uuid in ids), np.bool_, len(ids))


def customers_out(portfolio: Portfolio, exclude: Exclusions, /) -> Bools:
    """Customers of lists that do not count, bool `(customers,)`.

    They are named, or every license they have or had is excluded.
    """
    exclude.check()
    size = len(portfolio.customers)
    out = named_customers(portfolio.customers.id, exclude.customers)
    if exclude.licenses:
        lines = portfolio.lines
        left = licenses_left(lines.license, exclude.licenses) & lines.existed
        of_any = reached(portfolio.line_customer[lines.existed], size)
        out |= of_any & ~reached(portfolio.line_customer[left], size)
    return out


def licenses_left(licenses: TextColumn, excluded: frozenset[str]) -> Bools:
    """Lines whose license is not excluded, bool `(lines,)`."""
    return ~licenses.where(lambda name: plain(name) in excluded)


def reached(rows: Array, size: int) -> Bools:
    """Where any of `rows` leads, bool `(size,)`."""
    found = np.zeros(size, np.bool_)
    found[rows] = True
    return found
