"""The text form of filters: reading it, and completing what is being typed."""

from __future__ import annotations

from partnerhub.domain.query_text.completing import Completion, suggest
from partnerhub.domain.query_text.parsing import parse_filter

__all__ = ["Completion", "parse_filter", "suggest"]
