"""Every report column once: what it is called, what it holds, whether it is needed.

Readers and writers of report files share these layouts, and the data dictionary
is generated from them, so a heading is never written anywhere else. The five
reports of Partner Hub stand beside the two facts files of our own, which carry
what no report does.
"""

from __future__ import annotations

from typing import Final

from partnerhub.domain.customers import NEVER
from partnerhub.domain.layouts.calling_usage_details import CALLING_USAGE_DETAILS
from partnerhub.domain.layouts.columns import CellType, Column, Layout, Locale
from partnerhub.domain.layouts.facts import CUSTOMER_FACTS, SUBSCRIPTION_FACTS
from partnerhub.domain.layouts.inventory import (
    DEVICES,
    TELEPHONE_NUMBERS,
    WEBEX_APP_VERSION,
)
from partnerhub.domain.layouts.shared import REGION
from partnerhub.domain.layouts.subscription_details import SUBSCRIPTION_DETAILS

REPORTS: Final = (
    CALLING_USAGE_DETAILS,
    DEVICES,
    TELEPHONE_NUMBERS,
    WEBEX_APP_VERSION,
    SUBSCRIPTION_DETAILS,
)
"""The report files of Partner Hub, in the order of the specification."""

LAYOUTS: Final = (*REPORTS, CUSTOMER_FACTS, SUBSCRIPTION_FACTS)
"""Every kind of file that can be read."""

__all__ = [
    "CALLING_USAGE_DETAILS",
    "CUSTOMER_FACTS",
    "DEVICES",
    "LAYOUTS",
    "NEVER",
    "REGION",
    "REPORTS",
    "SUBSCRIPTION_DETAILS",
    "SUBSCRIPTION_FACTS",
    "TELEPHONE_NUMBERS",
    "WEBEX_APP_VERSION",
    "CellType",
    "Column",
    "Layout",
    "Locale",
]
