"""Licenses that nobody has, just before they renew: the last moment to shrink."""

from __future__ import annotations

import attrs
import numpy as np

from partnerhub.columns.table import Table
from partnerhub.kpis.lines import Lines
from partnerhub.kpis.numbers import spare_of
from partnerhub.kpis.passing import Bit
from partnerhub.kpis.section_tables import lines_table
from partnerhub.kpis.selection import Selection


def unassigned_table(selection: Selection, /, *, within: int | None) -> Table:
    """License lines that renew soon and have licenses that nobody has.

    Args:
        selection: What the call is about.
        within: Days until the renewal; those of the policy where it is left out.
    """
    if within is not None:
        policy = attrs.evolve(selection.policy, nearing_within=within)
        selection = attrs.evolve(selection, policy=policy)
    lines = Lines(selection, selection.passed.lines_with(Bit.RENEWING))
    spare = spare_of(lines.numbers("total"), lines.numbers("assigned"))
    chosen = Lines(selection, lines.rows[np.flatnonzero(spare > 0)])
    title = "Unassigned licenses before renewal"
    return lines_table(chosen, title).sort_by("days")
