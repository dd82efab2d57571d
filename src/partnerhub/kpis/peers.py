"""Who assigns few licenses, next to the partner's other customers (design 5.19).

Cisco does not publish its threshold; quantile, ceiling, least number of peers and
grouping are `LowAssignmentPolicy`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from partnerhub.columns.unknown import Array, Bools, Codes, Ints
from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.policies import LowAssignmentPolicy
from partnerhub.kpis.day_masks import Masks
from partnerhub.kpis.selection import Selection

Ratios = npt.NDArray[np.float64]

_CLOSE: Final = 0.01
"""How far the cut of the next day is looked for around that of a day."""


@attrs.frozen(init=False)
class SizeBands:
    """Groups customers by how many licenses they have, for `LowAssignmentPolicy`.

    Examples:
        >>> SizeBands(10, 100)(np.array([5, 10, 99, 100])).tolist()
        [0, 1, 1, 2]
    """

    edges: tuple[int, ...]

    def __init__(self, *edges: int) -> None:
        """Each edge is the first number of licenses of a band."""
        # The way to set an attribute of a frozen class.
        object.__setattr__(self, "edges", tuple(sorted(edges)))

    def __call__(self, licenses: Ints) -> Array:
        """The band of each customer, from 0 on."""
        return np.searchsorted(self.edges, licenses, side="right")


@attrs.frozen(kw_only=True, eq=False)
class Assignment:
    """How much of its licenses each customer assigns, and how much its peers do.

    Attributes:
        total: Licenses of its active lines of which total and assigned are known,
            `(customers,)`.
        assigned: Those of them that are assigned, `(customers,)`.
        rate: assigned / total, a share; NaN without licenses, `(customers,)`.
        low: It assigns few licenses, bool `(customers,)`.
    """

    total: Ints
    assigned: Ints
    rate: Ratios
    low: Bools
    _peers: int | Ints = attrs.field(alias="peers")
    _cut: float | Ratios = attrs.field(alias="cut")

    @cached_property
    def peers(self) -> Ints:
        """Customers with a rate in its group, itself included, `(customers,)`."""
        return np.where(self.total > 0, self._peers, 0)

    @cached_property
    def cut(self) -> Ratios:
        """The quantile of its group's rates; NaN without a rate, `(customers,)`."""
        return np.where(self.total > 0, self._cut, np.nan)


def assignment(selection: Selection) -> Assignment:
    """How much of its licenses each customer of the selection assigns."""
    return assignment_of(
        selection.passed.total,
        selection.passed.assigned,
        region=selection.portfolio.customers.region.codes,
        policy=selection.policy.low_assignment,
    )


def assignment_of(
    total: Ints, assigned: Ints, *, region: Codes, policy: LowAssignmentPolicy
) -> Assignment:
    """Who is low, of the licenses of each customer.

    Peers are the customers of one region, and of one group of the policy, also when
    all regions are asked for.

    Args:
        total: Licenses, `(customers,)`.
        assigned: Those of them that are assigned, `(customers,)`.
        region: Code of each customer's region, -1 where nobody has told it.
        policy: Quantile, ceiling, least number of peers, grouping.
    """
    rate = np.full(len(total), np.nan)
    np.divide(assigned, total, out=rate, where=total > 0)
    peers, cut = _peers_and_cuts(rate, total, region, policy)
    return Assignment(
        total=total,
        assigned=assigned,
        rate=rate,
        low=_is_low(rate, peers, cut, policy),
        peers=peers,
        cut=cut,
    )


def low_over_days(
    rates: Ratios, totals: Ratios | None, *, region: Codes, policy: LowAssignmentPolicy
) -> Masks:
    """On which days each customer is low: a bit a day, uint64 `(customers,)`.

    Args:
        rates: The rate of each customer on each day, `(days, customers)`, NaN without
            one.
        totals: Its licenses, of the same shape; needed where the policy groups by
            them.
        region: Code of each customer's region.
        policy: As in `assignment_of`.
    """
    found = np.zeros(rates.shape[1], np.uint64)
    low = np.zeros(rates.shape[1], np.bool_)
    cut: float | Ratios = np.nan
    for day, rate in enumerate(rates):
        same = day and np.array_equal(rate, rates[day - 1], equal_nan=True)
        if not same or totals is not None:
            total = rate if totals is None else totals[day]
            peers, cut = _peers_and_cuts(rate, total, region, policy, near=cut)
            low = _is_low(rate, peers, cut, policy)
        found |= low.astype(np.uint64) << np.uint64(day)
    return found


def _is_low(
    rate: Ratios, peers: int | Ints, cut: float | Ratios, policy: LowAssignmentPolicy
) -> Bools:
    low: Bools = rate < np.minimum(cut, policy.ceiling)
    low &= peers >= policy.minimum_peers
    return low


def _peers_and_cuts(
    rate: Ratios,
    total: Ints | Ratios,
    region: Codes,
    policy: LowAssignmentPolicy,
    *,
    near: float | Ratios = np.nan,
) -> tuple[int | Ints, float | Ratios]:
    """How many peers each customer has, and the quantile of their rates.

    Both are one number where all customers are peers.

    Args:
        rate: `(customers,)`, NaN without one.
        total: Licenses of each.
        region: Code of its region.
        policy: Quantile and grouping.
        near: A number close to the quantile, if one is known.
    """
    if policy.group is None and (region == region[:1]).all():
        return int(np.count_nonzero(rate >= 0)), _quantile_near(
            rate, policy.quantile, near if isinstance(near, float) else np.nan
        )
    rated = np.flatnonzero(rate >= 0)
    group = peer_groups(region[rated], total[rated], policy)
    peers, cut = np.zeros(len(rate), np.int64), np.full(len(rate), np.nan)
    peers[rated] = np.bincount(group)[group] if len(group) else 0
    cut[rated] = quantiles(rate[rated], group, policy.quantile)[group]
    return peers, cut


def _quantile_near(rate: Ratios, quantile: float, guess: float) -> float:
    """The quantile of the known rates, NaN without any; faster close to a guess."""
    known = int(np.count_nonzero(rate >= 0))
    if not known:
        return np.nan
    place = (known - 1) * quantile
    low, high = guess - _CLOSE, guess + _CLOSE
    below = int(np.count_nonzero(rate < low))
    if below <= place:
        close = rate[(rate >= low) & (rate <= high)]
        if place - below < len(close) - 1:
            return _at_place(close, place - below)
    return _quantile(rate[rate >= 0], quantile)


def quantiles(values: Ratios, group: Array, quantile: float) -> Ratios:
    """The quantile of each group's values, linearly interpolated: `(groups,)`.

    Args:
        values: `(n,)`, none of them NaN.
        group: Group of each value, 0 to the number of groups, `(n,)`; each group has
            a value.
        quantile: 0..1.

    Examples:
        >>> values = np.array([0.1, 0.2, 0.3, 0.5, 0.9])
        >>> quantiles(values, np.array([0, 0, 0, 1, 1]), 0.25).tolist()
        [0.15000000000000002, 0.6]
    """
    if not group.any():  # one group, or none
        return np.array([_quantile(values, quantile)] if len(values) else [])
    order = np.argsort(
        group.astype(np.min_scalar_type(group.max(initial=0))), kind="stable"
    )
    grouped = values[order]
    ends = np.cumsum(np.bincount(group)).tolist()
    found = np.empty(len(ends))
    start = 0
    for place, end in enumerate(ends):
        found[place] = _quantile(grouped[start:end], quantile)
        start = end
    return found


def _quantile(values: Ratios, quantile: float) -> float:
    """The quantile of some values, at least one, linearly interpolated."""
    return _at_place(values, (len(values) - 1) * quantile)


def _at_place(values: Ratios, place: float) -> float:
    """The value at a place of the ascending order, which may lie between two."""
    below = int(place)
    above = min(below + 1, len(values) - 1)
    # Asked for two places, numpy takes five times as long as for one.
    sorted_at = np.partition(values, below)
    low, high = float(sorted_at[below]), float(sorted_at[above:].min())
    return low + (place - below) * (high - low)


def peer_groups(
    region: Codes, total: Ints | Ratios, policy: LowAssignmentPolicy
) -> Array:
    """The peer group of each rated customer, numbered from 0 without gaps."""
    if policy.group is None and len(region) and (region == region[0]).all():
        return np.zeros(len(region), np.intp)
    places = region.astype(np.intp) + 1
    if policy.group is None:
        return _numbered(places)
    _, inner = np.unique(_given_groups(total, policy.group), return_inverse=True)
    return _numbered(places * (inner.max(initial=0) + 1) + inner)


def _given_groups(total: Ints | Ratios, group: Callable[[Any], Any]) -> Array:
    """What the function of a policy gives, one group a customer."""
    found = np.asarray(group(total.astype(np.int64)))
    if found.shape != total.shape:
        why = f"it is to give one group for each of {len(total)} customers"
        raise InvalidValue("result of LowAssignmentPolicy.group", found.shape, why)
    if found.dtype.kind == "f" and np.isnan(found).any():
        why = "a customer has no group"
        raise InvalidValue("result of LowAssignmentPolicy.group", "NaN", why)
    return found


def _numbered(codes: Array) -> Array:
    """The same groups, numbered from 0 without gaps, for codes from 0 on."""
    rank = np.cumsum(np.bincount(codes) > 0) - 1
    return rank[codes]
