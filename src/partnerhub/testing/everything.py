"""One of every write there is, and all that a store then shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pendulum

from partnerhub.columns.datasets import (
    APP_VERSIONS,
    CUSTOMERS,
    DEVICES,
    LICENSES,
    NUMBERS,
    SUBSCRIPTIONS,
)
from partnerhub.columns.leg_records import (
    MEDIA_VALUES,
    CallDays,
    LegRecords,
    MediaColumns,
)
from partnerhub.columns.legs import legs_of
from partnerhub.columns.queue_stats import ServiceKind, ServiceStats
from partnerhub.columns.usage import USAGE_COUNTS, UsageColumns
from partnerhub.domain.call_quality import CallQualityStats
from partnerhub.domain.calls import CallLeg
from partnerhub.domain.days import DAY_MS, day_number
from partnerhub.domain.report_runs import ImportNote, ReportRun
from partnerhub.domain.report_specs import ReportRequest
from partnerhub.ports import Document, OrganizationFacts, Source, Tagged, Writer
from partnerhub.testing import worlds
from partnerhub.testing.comparing import calls, plain, snapshot

DAY: Final = dt.date(2026, 11, 10)
"""The day of all that is written here."""

_WHO: Final = worlds.CUSTOMERS_KNOWN[0]
_CALL: Final = "call@x"
_AT: Final = pendulum.datetime(2026, 11, 10, 6, 30)
RUN: Final = ReportRun(
    key="run", request=ReportRequest(template="devices"), asked=_AT, slot=_AT
)


def facts(who: str, /, **told: Any) -> OrganizationFacts:
    """What a file of the day says of a customer."""
    return OrganizationFacts(id=who, day=DAY, **told)


def put_holdings(writer: Writer, who: str, /) -> None:
    """A customer with facts, a subscription, a line, a device, a number, a version."""
    parents = {LICENSES: "s"}
    for dataset in (CUSTOMERS, SUBSCRIPTIONS, LICENSES, DEVICES, NUMBERS, APP_VERSIONS):
        identity = "" if dataset is CUSTOMERS else "s"
        name = dataset.field_names[0]
        value = 1 if dataset is LICENSES else "x"
        row = worlds.Row(who, identity, parents.get(dataset), DAY, {name: value})
        pictures = None if dataset is CUSTOMERS else worlds.pictures_of([who], DAY)
        writer.put_records(
            worlds.records(dataset, [row], pictures=pictures, only={name})
        )


def usage_of(who: str, /, location: str = "HQ") -> UsageColumns:
    """One row of calling usage."""
    day = np.array([DAY], "datetime64[D]")
    return UsageColumns(
        organization=worlds.objects([who]),
        location=worlds.objects([location]),
        first=day,
        last=day,
        counts={USAGE_COUNTS[0]: np.array([7])},
    )


def leg_of(who: str, /, **told: Any) -> LegRecords:
    """One call record; `report_id` and `call_id` may be told too."""
    ids = told.pop("report_id", "r"), told.pop("call_id", _CALL)
    known: dict[str, Any] = {
        "organization": who,
        "start": dt.datetime.combine(DAY, dt.time(12), dt.UTC),
        "duration_s": 5,
    }
    return LegRecords(
        legs=legs_of([CallLeg(**known | told)]),
        report_id=worlds.objects(ids[:1]),
        report_time=np.array(["2026-11-20"], "datetime64[ms]"),
        call_id=worlds.objects(ids[1:]),
    )


def days_of(who: str, on: dt.date = DAY, /) -> CallDays:
    """A day of which call records are loaded."""
    day = np.array([on], "datetime64[D]")
    return CallDays(organization=worlds.objects([who]), day=day)


def media_of(call: str = _CALL, /) -> MediaColumns:
    """The quality of one call."""
    return MediaColumns(
        call_id=worlds.objects([call]),
        caller=np.array([-1], np.int8),
        values={name: np.array([1], kind) for name, kind in MEDIA_VALUES.items()},
    )


def stats_of(who: str, /, **texts: str) -> ServiceStats:
    """Statistics of one queue."""
    day = np.array([DAY], "datetime64[D]")
    told = {"location": "HQ", "name": "Sales", "phone": "1", "extension": "2"} | texts
    columns = {name: worlds.objects([text]) for name, text in told.items()}
    return ServiceStats(
        organization=worlds.objects([who]),
        location=columns.pop("location"),
        name=columns.pop("name"),
        first=day,
        last=day,
        values=columns | {"calls": np.array([7])},
    )


def quality_of(who: str, /, location: str = "HQ") -> CallQualityStats:
    """The service's own statistics of one customer."""
    start = day_number(DAY) * DAY_MS
    return CallQualityStats(
        customer=who, start_ms=start, end_ms=start + 1, location=location, calls=7
    )


WRITES: Final[Mapping[str, Callable[[Writer], Any]]] = {
    "put_organizations": lambda writer: writer.put_organizations(
        [facts(_WHO, name="a", user_emails=("a@x.com",), tags=("old",))]
    ),
    "set_region": lambda writer: writer.set_region(_WHO, "US"),
    "put_records": lambda writer: put_holdings(writer, _WHO),
    "set_tags": lambda writer: writer.set_tags(_WHO, ("t",), day=DAY, subscription="s"),
    "edit_tags": lambda writer: writer.edit_tags(
        [Tagged(customer=_WHO, tags=("new",))], day=DAY
    ),
    "put_usage": lambda writer: writer.put_usage(usage_of(_WHO)),
    "put_legs": lambda writer: writer.put_legs(leg_of(_WHO)),
    "put_call_days": lambda writer: writer.put_call_days(
        days_of(worlds.CUSTOMERS_KNOWN[1])
    ),
    "put_media": lambda writer: writer.put_media([media_of()], region="US"),
    "put_service_stats": lambda writer: writer.put_service_stats(
        ServiceKind.CALL_QUEUE, stats_of(_WHO)
    ),
    "put_quality_stats": lambda writer: writer.put_quality_stats([quality_of(_WHO)]),
    "put_document": lambda writer: [
        writer.put_document(Document(kind="k", id=name, body=1)) for name in "ab"
    ],
    "delete_document": lambda writer: writer.delete_document("k", "a", version=1),
    "plan_runs": lambda writer: writer.plan_runs([RUN]),
    "claim_run": lambda writer: writer.claim_run(
        "run", worker="w", at=_AT, until=_AT.add(minutes=5)
    ),
    "put_run": lambda writer: writer.put_run(
        ReportRun(key="other", request=RUN.request, asked=_AT)
    ),
    "note_import": lambda writer: writer.note_import(
        ImportNote(file="f", at=_AT, rows=2, taken=1)
    ),
}
"""Every operation of a writer that changes something, in an order in which all do."""


def everything(source: Source, at: dt.date = DAY, /) -> dict[str, Any]:
    """All that a source shows of a few customers: of a day, of calls, of no day."""
    who = worlds.CUSTOMERS_KNOWN
    return {
        **snapshot(source, at),
        **calls(source),
        "count": source.count(at),
        "profiles": [source.profile(each) for each in who],
        "tagged": dict(source.tagged(who)),
        "addresses": source.find_by_email(None),
        "documents": source.documents("k"),
        "document": source.document("k", "b"),
        "runs": source.runs(),
        "run": source.run(RUN.key),
        "slot": source.newest_slot("", until=_AT),
        "imports": source.imports(),
        "numbered": source.newest_import(),
        "usage_of_the_day": plain(source.usage(at, at)),
    }
