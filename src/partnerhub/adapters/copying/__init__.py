"""Copying a whole store into another, in parts that can be resumed."""

from partnerhub.adapters.copying.copier import CopyReport, copy_store

__all__ = ["CopyReport", "copy_store"]
