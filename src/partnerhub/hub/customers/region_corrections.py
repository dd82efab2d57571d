"""Correcting the region of a customer, and what was corrected when by whom."""

from __future__ import annotations

import attrs
import pendulum

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.regions import parse_region
from partnerhub.hub.context import Context
from partnerhub.hub.documents import Documents
from partnerhub.ports import Writer


@attrs.frozen(kw_only=True)
class RegionCorrection:
    """One correction of where a customer's data are kept.

    Attributes:
        customer: Uuid of the customer.
        before: The region it was in; None where nobody had told.
        after: The region it is in since.
        why: The reason that was given.
        by: Address of whoever did it; blank for the local owner.
        on: The day.
    """

    customer: str
    before: str | None
    after: str
    why: str = ""
    by: str = ""
    on: pendulum.Date


@attrs.frozen(kw_only=True)
class Corrections:
    """The corrections of one customer, the oldest first."""

    made: tuple[RegionCorrection, ...] = ()


def corrections(context: Context, /) -> Documents[Corrections]:
    """All corrections, by customer."""
    return Documents(
        context.store, "region_correction", Corrections, noted="regions of customers"
    )


def corrected(
    context: Context, customer: str, region: str, /, *, why: str
) -> RegionCorrection:
    """Sets the region of a customer, and keeps that it was done.

    Raises:
        NotFound: There is no such customer.
        InvalidValue: The region is blank, or is the one it has.
    """
    profile, after = context.profile(customer), parse_region(region)
    if after is None:
        raise InvalidValue("region", region, "it is blank")
    if profile.region == after:
        raise InvalidValue("other region", after, "the customer lies there already")
    who = context.who()
    made = RegionCorrection(
        customer=profile.id,
        before=profile.region,
        after=after,
        why=why,
        by="" if who is None else who.email,
        on=context.clock(),
    )

    def written(writer: Writer, _: Corrections) -> None:
        writer.set_region(profile.id, after)

    def step(kept: Corrections | None) -> Corrections:
        return Corrections(made=(*(kept.made if kept else ()), made))

    corrections(context).change(profile.id, step, also=written)
    return made
