"""What a request for a report comes to: which rows, which columns, under which name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self

import attrs
import numpy as np

from partnerhub.columns.table import Table
from partnerhub.domain.errors import InvalidValue, NotFound, there_are
from partnerhub.domain.layouts import REGION, Locale
from partnerhub.domain.regions import ALL, RegionChoice
from partnerhub.domain.report_specs import ReportRequest, ReportTemplate, template_key
from partnerhub.domain.weeks import Period, last_complete_week
from partnerhub.domain.windows import window_days
from partnerhub.hub.context import Context
from partnerhub.hub.customers.customers import Customers
from partnerhub.hub.documents import Documents
from partnerhub.hub.reports.data import DATA_SETS, Asked, DataSet


def templates_of(context: Context, /) -> Documents[ReportTemplate]:
    """The templates that are kept in a hub's store, by key."""
    return Documents(
        context.store, "report_template", ReportTemplate, noted="report templates"
    )


@attrs.frozen(kw_only=True)
class Plan:
    """A request, understood.

    Attributes:
        request: What was asked.
        data: What it is made of.
        template: The template of the partner's own; None for a plain report.
    """

    request: ReportRequest
    data: DataSet
    template: ReportTemplate | None = None

    @classmethod
    def of(cls, context: Context, request: ReportRequest, /) -> Self:
        """The plan of a request.

        Raises:
            NotFound: There is no such template; it names the nearest.
            InvalidValue: A range of days is asked of a report of one day, or a
                product of one that knows none.
        """
        data, template = DATA_SETS.get(request.template), None
        if data is None:
            template = _template_named(context, request.template)
            data = DATA_SETS[template.base]
        plan = cls(request=request, data=data, template=template)
        plan._check()
        return plan

    def _check(self) -> None:
        request, name = self.request, self.data.name
        days = request.window or (f"{request.start}..{request.end}")
        if not self.data.ranged and (request.window or request.start):
            why = f"{name} is of one day, told by `at`"
            raise InvalidValue("range of days for this report", days, why)
        if request.product is not None and not self.data.by_product:
            able = [each.key for each in DATA_SETS.values() if each.by_product]
            why = f"{name} does not tell products apart; {', '.join(able)} do"
            raise InvalidValue("product of this report", request.product.value, why)

    @property
    def locale(self) -> Locale:
        """Language of the headings."""
        if self.request.locale is not None:
            return self.request.locale
        return "en" if self.template is None else self.template.locale

    @property
    def name(self) -> str:
        """Display name, which the names of its files begin with."""
        if self.template is not None:
            return self.template.name
        return self.data.name_in(self.locale)

    @property
    def queries(self) -> tuple[str, ...]:
        """The filters that customers have to pass, the template's first."""
        own = "" if self.template is None else self.template.filter
        return tuple(filter(str.strip, (own, self.request.filter)))

    def days(self, context: Context, /) -> Period | None:
        """The days it covers; None of a report of one day."""
        request = self.request
        if not self.data.ranged:
            return None
        if request.start is not None and request.end is not None:
            return request.start, request.end
        day = context.day(request.at)
        if request.window is not None:
            return window_days(request.window, day)
        return last_complete_week(day)

    def table(self, context: Context, choice: RegionChoice, /) -> Table:
        """Its rows, with the columns that are written."""
        request = self.request
        table = self.data.make(
            Asked(
                context=context,
                choice=choice,
                day=context.day(request.at),
                days=self.days(context),
                product=request.product,
            )
        )
        for query in self.queries:
            table = self._of_customers(context, table, query)
        if self.template is None:
            return self._plain(table, with_region=choice.region == ALL)
        for key in reversed(self.template.sort):
            table = table.sort_by(key.column, descending=key.descending)
        keys = self.template.columns
        return table.select(_with_region(keys) if choice.region == ALL else keys)

    def _plain(self, table: Table, *, with_region: bool) -> Table:
        if self.data.printed:
            keys = self.data.printed
            return table.select(_with_region(keys) if with_region else keys)
        if with_region and table.printed and REGION.key not in table.printed:
            return attrs.evolve(table, printed=(*table.printed, REGION.key))
        return table

    def _of_customers(self, context: Context, table: Table, query: str) -> Table:
        """The rows of customers that a query finds."""
        found = Customers(context).find(
            query, at=context.day(self.request.at), region=ALL
        )
        wanted = frozenset(found.ids)
        rows = [uuid in wanted for uuid in table[self.data.customer].tolist()]
        notes = tuple(f"before the filter: {note}" for note in table.notes)
        return attrs.evolve(table.take(np.array(rows, np.bool_)), notes=notes)


def _with_region(keys: Iterable[str]) -> tuple[str, ...]:
    """The keys, and the region where it is not among them."""
    return tuple(dict.fromkeys((*keys, REGION.key)))


def _template_named(context: Context, name: str) -> ReportTemplate:
    kept = templates_of(context)
    found = kept.get(template_key(name))
    if found is not None:
        return found
    own: Mapping[str, str] = {each.name: each.base for each in kept.all()}
    choices = [*DATA_SETS, *own]
    raise NotFound("report template", name, there_are(choices), choices=choices)
