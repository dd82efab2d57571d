"""What the library is about: values, rules, texts. No numpy, no input or output.

The names most used can be imported from here; each lives in a module of its own, and
`partnerhub.domain.errors` and `partnerhub.domain.layouts` have more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from partnerhub._doors import late

if TYPE_CHECKING:
    from partnerhub.domain.calls import CallLeg
    from partnerhub.domain.customers import NEVER, Customer, ManagedBy
    from partnerhub.domain.filters import Filter, matches, subscription, where
    from partnerhub.domain.ids import WebexId
    from partnerhub.domain.organizations import Organization, PartnerOrganization
    from partnerhub.domain.policies import KpiPolicy, LowAssignmentPolicy, StatusPolicy
    from partnerhub.domain.products import Product, product_of
    from partnerhub.domain.quality import is_poor_quality
    from partnerhub.domain.query_text import parse_filter, suggest
    from partnerhub.domain.reasons import Reason
    from partnerhub.domain.regions import parse_region
    from partnerhub.domain.report_specs import ReportRequest
    from partnerhub.domain.schedules import Daily, Monthly, Schedule, Weekly, next_run
    from partnerhub.domain.status import CustomerStatus, Statuses, primary, statuses
    from partnerhub.domain.subscriptions import (
        CommitmentTerm,
        LicenseLine,
        Subscription,
    )

__all__ = [
    "NEVER",
    "CallLeg",
    "CommitmentTerm",
    "Customer",
    "CustomerStatus",
    "Daily",
    "Filter",
    "KpiPolicy",
    "LicenseLine",
    "LowAssignmentPolicy",
    "ManagedBy",
    "Monthly",
    "Organization",
    "PartnerOrganization",
    "Product",
    "Reason",
    "ReportRequest",
    "Schedule",
    "StatusPolicy",
    "Statuses",
    "Subscription",
    "WebexId",
    "Weekly",
    "is_poor_quality",
    "matches",
    "next_run",
    "parse_filter",
    "parse_region",
    "primary",
    "product_of",
    "statuses",
    "subscription",
    "suggest",
    "where",
]

__getattr__ = late(
    __name__,
    {
        "NEVER": "partnerhub.domain.customers",
        "CallLeg": "partnerhub.domain.calls",
        "CommitmentTerm": "partnerhub.domain.subscriptions",
        "Customer": "partnerhub.domain.customers",
        "CustomerStatus": "partnerhub.domain.status",
        "Daily": "partnerhub.domain.schedules",
        "Filter": "partnerhub.domain.filters",
        "KpiPolicy": "partnerhub.domain.policies",
        "LicenseLine": "partnerhub.domain.subscriptions",
        "LowAssignmentPolicy": "partnerhub.domain.policies",
        "ManagedBy": "partnerhub.domain.customers",
        "Monthly": "partnerhub.domain.schedules",
        "Organization": "partnerhub.domain.organizations",
        "PartnerOrganization": "partnerhub.domain.organizations",
        "Product": "partnerhub.domain.products",
        "Reason": "partnerhub.domain.reasons",
        "ReportRequest": "partnerhub.domain.report_specs",
        "Schedule": "partnerhub.domain.schedules",
        "StatusPolicy": "partnerhub.domain.policies",
        "Statuses": "partnerhub.domain.status",
        "Subscription": "partnerhub.domain.subscriptions",
        "WebexId": "partnerhub.domain.ids",
        "Weekly": "partnerhub.domain.schedules",
        "is_poor_quality": "partnerhub.domain.quality",
        "matches": "partnerhub.domain.filters",
        "next_run": "partnerhub.domain.schedules",
        "parse_filter": "partnerhub.domain.query_text",
        "parse_region": "partnerhub.domain.regions",
        "primary": "partnerhub.domain.status",
        "product_of": "partnerhub.domain.products",
        "statuses": "partnerhub.domain.status",
        "subscription": "partnerhub.domain.filters",
        "suggest": "partnerhub.domain.query_text",
        "where": "partnerhub.domain.filters",
    },
)
