"""What Cisco Webex partners work with: statuses, KPIs and reports of their customers.

>>> import partnerhub as ph
>>> with ph.connect("memory:") as hub:
...     hub.regions
()

`connect` opens a store and gives a `Hub`. The rules and formulas behind it are plain
functions in `partnerhub.domain` and `partnerhub.kpis`, and need no store.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from partnerhub._doors import late

if TYPE_CHECKING:
    from os import PathLike

    import sqlalchemy as sa

    from partnerhub.domain.access import Actor
    from partnerhub.domain.engagement_policy import EngagementPolicy
    from partnerhub.domain.errors import PartnerHubError
    from partnerhub.domain.policies import KpiPolicy, StatusPolicy
    from partnerhub.domain.status import CustomerStatus, Statuses, statuses
    from partnerhub.hub import Hub
    from partnerhub.ports import Store

__version__ = "0.1.0"

__all__ = [
    "CustomerStatus",
    "Hub",
    "KpiPolicy",
    "PartnerHubError",
    "StatusPolicy",
    "Statuses",
    "__version__",
    "connect",
    "statuses",
]


def connect(
    url: str | Mapping[str, str] | sa.Engine | sa.Connection = "memory:",
    /,
    *,
    migrate: bool | None = None,
    prefix: str = "ph_",
    schema: str | None = None,
    region: str | None = None,
    status_policy: StatusPolicy | None = None,
    kpi_policy: KpiPolicy | None = None,
    engagement_policy: EngagementPolicy | None = None,
    legs: str | PathLike[str] | None = None,
    partner: str | None = None,
    actor: Actor | str | None = None,
) -> Hub:
    """Opens the store at a URL and gives its hub.

    Args:
        url: `memory:`, `sqlite:///` and a path, or `postgresql://...`; or the URL of
            each region's store by region: data of a region then never touch another
            region's store. Or an engine or connection of SQLAlchemy, whose
            transaction stays the caller's.
        migrate: Make the tables, or bring those of an older version up to date. By
            default SQLite files are; a PostgreSQL database, and what is passed in, is
            not.
        prefix: What the names of all tables begin with, at most 32 bytes.
        schema: The PostgreSQL schema that the tables are in.
        region: The region of calls that name none.
        status_policy: Day counts of the statuses.
        kpi_policy: Day counts and cuts of the KPIs.
        engagement_policy: What is poor, and what counts, in Calling engagement.
        legs: A folder that keeps call legs as Parquet files (extra `columnar`), for
            more of them than a database likes; left out, the store keeps them.
        partner: Id of the partner's own organization, which is no customer.
        actor: Who asks: the address of an administrator of the store, or an `Actor`.
            Left out, it is the local owner, who may do everything.

    Raises:
        InvalidValue: The URL names no store we know.
        SchemaMismatch: The tables are missing or of another version.
        StoreError: The store cannot be opened; one of its kinds says why.
    """
    # Late, so that importing the library costs little more than its dependencies.
    from partnerhub.adapters.opening import open_store, open_stores
    from partnerhub.hub import Hub

    store: Store
    if isinstance(url, Mapping):
        store = open_stores(
            url, migrate=migrate, prefix=prefix, schema=schema, legs=legs
        )
    else:
        store = open_store(
            url, migrate=migrate, prefix=prefix, schema=schema, legs=legs
        )
    return Hub(
        store,
        region=region,
        status_policy=status_policy,
        kpi_policy=kpi_policy,
        engagement_policy=engagement_policy,
        partner=partner,
        actor=actor,
    )


__getattr__ = late(
    __name__,
    {
        "CustomerStatus": "partnerhub.domain.status",
        "Hub": "partnerhub.hub",
        "KpiPolicy": "partnerhub.domain.policies",
        "PartnerHubError": "partnerhub.domain.errors",
        "StatusPolicy": "partnerhub.domain.policies",
        "Statuses": "partnerhub.domain.status",
        "statuses": "partnerhub.domain.status",
    },
)


def __dir__() -> list[str]:
    return sorted(__all__)
