"""Calling usage rows in their table."""

from __future__ import annotations

import sqlalchemy as sa

from partnerhub.adapters.sql.dialects import nullable
from partnerhub.adapters.sql.session import Part
from partnerhub.columns.records import EPOCH, day_numbers
from partnerhub.columns.unknown import COUNT, Ints
from partnerhub.columns.usage import USAGE_COUNTS, UsageColumns
from partnerhub.ports import Scope


class Usage(Part):
    """The part that keeps sums of calls per customer, location and days."""

    def usage(self, first: int, last: int, scope: Scope) -> UsageColumns:
        """Usage rows of exactly these days."""
        c = self._schema.calling_usage.c
        inside = self._session.inside(c.organization, scope)
        return self._usage(c.first == first, c.last == last, *inside)

    def usage_within(self, first: int, last: int, scope: Scope) -> UsageColumns:
        """Usage rows of any days inside these."""
        c = self._schema.calling_usage.c
        inside = self._session.inside(c.organization, scope)
        return self._usage(c.first >= first, c.last <= last, *inside)

    def usage_of(self, organizations: Ints) -> UsageColumns:
        """All usage rows of these customers, of whatever days, in a fixed order."""
        c = self._schema.calling_usage.c
        return self._usage(self._session.among(c.organization, organizations.tolist()))

    def _usage(self, *conditions: sa.ColumnElement[bool]) -> UsageColumns:
        table, who = self._schema.calling_usage, self._schema.organization
        c = table.c
        organization, location, first, last, *counts = self._session.fetch_columns(
            sa.select(
                who.c.id,
                c.location,
                c.first,
                c.last,
                *(sa.func.coalesce(c[key], COUNT) for key in USAGE_COUNTS),
            )
            .join_from(table, who, who.c.key == c.organization)
            .where(*conditions)
            .order_by(who.c.id, c.location, c.first, c.last)
        )
        return UsageColumns(
            organization=organization,
            location=location,
            first=EPOCH + first,
            last=EPOCH + last,
            counts=dict(zip(USAGE_COUNTS, counts, strict=True)),
        )

    def put_usage(self, organization: Ints, usage: UsageColumns) -> None:
        """Replaces the rows of the same customer, location and days."""
        none = [None] * len(usage)
        counts = usage.counts
        self._session.insert(
            self._schema.calling_usage,
            ("organization", "location", "first", "last", *USAGE_COUNTS),
            zip(
                organization.tolist(),
                usage.location.tolist(),
                day_numbers(usage.first).tolist(),
                day_numbers(usage.last).tolist(),
                *(
                    nullable(counts[name], COUNT) if name in counts else none
                    for name in USAGE_COUNTS
                ),
                strict=True,
            ),
            clash="replace",
        )
