"""Trials without an id: which is which (design 5.10)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import attrs
import numpy as np

from partnerhub.adapters.importing.spool import Rows
from partnerhub.adapters.importing.taking import TrialsOf, texts
from partnerhub.columns.unknown import Array, Bools
from partnerhub.domain.source_text import (
    TrialNumbers,
    is_trial_placeholder,
    printed_id,
)
from partnerhub.ports import Scope, Source

_LASTING: Final = ("starts_on", "ends_on", "product", "total")


def trials_without_id(
    source: Source, customers: Iterable[str], day: dt.date
) -> Mapping[str, tuple[str, ...]]:
    """What tells apart the trials without an id of these customers on a day."""
    portfolio = source.portfolio(day, Scope(organizations=tuple(customers)))
    held, uuids = portfolio.subscriptions, portfolio.customers.id.tolist()
    found: dict[str, tuple[str, ...]] = {}
    for row in np.flatnonzero(~held.gone).tolist():
        if is_numbered(held.id[row]):
            who = uuids[held.customer[row]]
            found[who] = (*found.get(who, ()), held.id[row])
    return found


@attrs.frozen(kw_only=True, eq=False)
class ToldTrial:
    """Which rows of a file are of one trial without an id, and what they say of it.

    Attributes:
        customer: Whose it is.
        day: The day.
        kind: Its subscription type; blank where the rows do not say.
        licenses: The licenses it has or had.
        rows: The rows.
    """

    customer: str
    day: dt.date
    kind: str
    licenses: frozenset[str]
    rows: list[int]

    @property
    def complete(self) -> bool:
        """Whether they say all that tells it apart."""
        return bool(self.kind and self.licenses)


def told_trials(rows: Rows, licenses: Array, has: Bools) -> list[ToldTrial]:
    """The trials without an id that the rows of a facts file are of.

    The rows of one name each license once: a row that names one again is of the next
    trial of that type.

    Args:
        rows: The rows.
        licenses: The license that each names.
        has: Whether that license is there.
    """
    are_trials = rows.coded("subscription_id").each(is_trial_placeholder, np.bool_)
    kinds = rows.cells.get("type", texts(len(rows)))
    days = rows.cells["day"]
    named: Counter[tuple[object, ...]] = Counter()
    trials: dict[tuple[str, dt.date, str, int], list[int]] = {}
    for row in np.flatnonzero(are_trials).tolist():
        alike = (rows.cells["org_id"][row], days[row].item(), kinds[row])
        named[*alike, licenses[row]] += 1
        trials.setdefault((*alike, named[*alike, licenses[row]]), []).append(row)
    return [
        ToldTrial(
            customer=who,
            day=day,
            kind=kind,
            licenses=frozenset(licenses[row] for row in among if has[row]),
            rows=among,
        )
        for (who, day, kind, _), among in trials.items()
    ]


def identified(
    trials: Iterable[ToldTrial], rows: Rows, known: TrialsOf
) -> tuple[dict[int, str], dict[int, str]]:
    """What tells each trial apart, and of which rows that cannot be told.

    Rows that do not say the type and a license are of the only trial without an id
    that their customer has. They never make one.

    Args:
        trials: The trials that the rows are of.
        rows: The rows; those alike are numbered by what they say, not by their place.
        known: The trials that the store knows.

    Returns:
        Row -> identity, and row -> why there is none.
    """
    numbers, identity, lost = TrialNumbers(), dict[int, str](), dict[int, str]()
    vague: dict[dt.date, list[ToldTrial]] = {}
    there: dict[tuple[str, dt.date], set[str]] = {}
    for trial in sorted(trials, key=lambda trial: content(rows, trial.rows)):
        if not trial.complete:
            vague.setdefault(trial.day, []).append(trial)
            continue
        made = numbers.identity(trial.customer, trial.day, trial.kind, trial.licenses)
        identity |= dict.fromkeys(trial.rows, made)
        there.setdefault((trial.customer, trial.day), set()).add(made)
    for day, some in vague.items():
        stored = known({trial.customer for trial in some}, day)
        for trial in some:
            choices = {
                *stored.get(trial.customer, ()),
                *there.get((trial.customer, day), ()),
            }
            if len(choices) == 1:
                identity |= dict.fromkeys(trial.rows, *choices)
            else:
                lost |= dict.fromkeys(trial.rows, _why(len(choices)))
    return identity, lost


def _why(count: int) -> str:
    known = "no trial" if not count else f"{count} trials"
    return (
        f"{known} without an id of this customer known on that day, so type and product "
        "must say which one is meant"
    )


def content(
    rows: Rows, among: Iterable[int], /, *, first: Iterable[str] = _LASTING
) -> tuple[str, ...]:
    """What some rows say, to be sorted by: the same in whatever order they stand.

    Args:
        rows: The rows.
        among: Which of them.
        first: Keys of the columns that change least.
    """
    begin = [key for key in first if key in rows.cells]
    keys = [*begin, *sorted({*rows.cells} - {*begin})]
    return tuple(
        sorted("\t".join(str(rows.cells[key][row]) for key in keys) for row in among)
    )


def is_numbered(identity: str, /) -> bool:
    """Whether it is what tells a trial without an id apart."""
    printed = printed_id(identity)
    return printed != identity and is_trial_placeholder(printed)
