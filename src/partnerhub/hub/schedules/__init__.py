"""Schedules of reports, and the runs they ask for."""

from partnerhub.hub.schedules.schedules import Schedules, ScheduleState

__all__ = ["ScheduleState", "Schedules"]
