"""Calling engagement: usage, quality, features and queues, from legs and exports."""
