"""Calling engagement: usage, quality, features and queues, from legs and exports."""

from __future__ import annotations

from partnerhub.kpis.calling.engagement import Engagement, EngagementCounts
from partnerhub.kpis.calling.facts import Source, WeeklyFacts
from partnerhub.kpis.calling.page import EngagementPage, engagement_page, queue_notes
from partnerhub.kpis.calling.quality_statistics import quality_statistics
from partnerhub.kpis.calling.queues import QueueAnalytics, queue_analytics
from partnerhub.kpis.calling.usage_details import UsageDetails, UsageSums
from partnerhub.kpis.calling.usage_sources import RangeUsage, range_usage

__all__ = [
    "Engagement",
    "EngagementCounts",
    "EngagementPage",
    "QueueAnalytics",
    "RangeUsage",
    "Source",
    "UsageDetails",
    "UsageSums",
    "WeeklyFacts",
    "engagement_page",
    "quality_statistics",
    "queue_analytics",
    "queue_notes",
    "range_usage",
]
