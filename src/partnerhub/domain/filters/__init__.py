"""Filters of customers: `where("status").eq("expired")`, and what they mean.

`partnerhub.domain.query_text` reads the text form of the same filters.
"""

from __future__ import annotations

from partnerhub.domain.filters.building import Where, subscription, where
from partnerhub.domain.filters.matching import matches
from partnerhub.domain.filters.meaning import holds
from partnerhub.domain.filters.nodes import (
    EVERYTHING,
    And,
    Filter,
    Not,
    OneSubscription,
    Operator,
    Or,
    Term,
    all_of,
    any_of,
    nodes,
)
from partnerhub.domain.filters.rows import CustomerRows, SubscriptionRows, TextTest
from partnerhub.domain.filters.values import Days, Percent, address_key, folded

__all__ = [
    "EVERYTHING",
    "And",
    "CustomerRows",
    "Days",
    "Filter",
    "Not",
    "OneSubscription",
    "Operator",
    "Or",
    "Percent",
    "SubscriptionRows",
    "Term",
    "TextTest",
    "Where",
    "address_key",
    "all_of",
    "any_of",
    "folded",
    "holds",
    "matches",
    "nodes",
    "subscription",
    "where",
]
