"""Keeps a store in memory: the plainest engine, by which the others are judged."""

from partnerhub.adapters.memory.backend import MemoryBackend

__all__ = ["MemoryBackend"]
