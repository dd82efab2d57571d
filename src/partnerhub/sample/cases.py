"""The customers that every region has on purpose: each status, KPI and boundary.

They come before the random ones, the eight statuses first, so that a small partner
has them too. All days are counted from the partner's last day.
"""

from __future__ import annotations

from typing import Final

import attrs


@attrs.frozen(kw_only=True)
class Held:
    """One subscription or trial of a case.

    Attributes:
        meetings: Webex Meetings licenses; None where it has no such line.
        professional: Webex Calling - Professional licenses.
        standard: Webex Calling - Standard licenses.
        messaging: Licenses for messaging.
        rate: Share of the licenses that is assigned.
        counted: Whether the numbers of licenses are known.
        starts: First day.
        ends: Last or renewal day; None where not known.
        renews: Whether it renews by itself; None where not known.
        trial: Whether it is a trial, of which only the literal id is known.
        paid: Whether it has been paid.
        provisioned: Whether it is completely set up.
        gone: The first day on which files no longer have it.
    """

    meetings: int | None = None
    professional: int | None = None
    standard: int | None = None
    messaging: int | None = None
    rate: float = 0.8
    counted: bool = True
    starts: int = -300
    ends: int | None = 250
    renews: bool | None = False
    trial: bool = False
    paid: bool = True
    provisioned: bool = True
    gone: int | None = None

    @property
    def totals(self) -> tuple[int | None, ...]:
        """Licenses by line; None where it has no such line. In the order of `LICENSES`."""
        return (
            self.meetings,
            self.professional,
            self.standard,
            self.messaging,
            None,
        )


@attrs.frozen(kw_only=True)
class Case:
    """One customer that is there on purpose.

    Attributes:
        what: What it shows.
        held: Its subscriptions and trials.
        signed_in: Days since an administrator signed in; None for never.
        has_admins: Whether it has an administrator.
    """

    what: str
    held: tuple[Held, ...]
    signed_in: int | None = 4
    has_admins: bool = True

    @property
    def users(self) -> int:
        """How many users it takes to assign the licenses of its largest line."""
        licenses = [total or 0 for held in self.held for total in held.totals]
        return max(licenses) * 5 // 4


def _case(
    what: str, *held: Held, signed_in: int | None = 4, has_admins: bool = True
) -> Case:
    return Case(what=what, held=held, signed_in=signed_in, has_admins=has_admins)


def _ends(days: int, *, renews: bool = False) -> Held:
    return Held(
        meetings=60, professional=40, rate=0.85, ends=days, renews=renews, starts=-400
    )


def _added(days_ago: int) -> Held:
    return Held(meetings=30, standard=15, starts=-days_ago, ends=365 - days_ago)


def _calling_trial(ends: int) -> Held:
    return Held(professional=10, trial=True, starts=ends - 60, ends=ends)


CASES: Final = (
    _case("renews in good time", Held(meetings=50, professional=50, renews=True)),
    _case("license overage", Held(professional=25, rate=1.2)),
    _case("expiring soon", Held(meetings=80, ends=12)),
    _case("trial under way", Held(meetings=25, trial=True, starts=-50, ends=40)),
    _case("expired", Held(meetings=40, starts=-385, ends=-20)),
    _case("suspended: not paid", Held(professional=120, standard=30, paid=False)),
    _case(
        "ready for order setup, starts later",
        Held(professional=75, rate=0.0, starts=10, ends=375, provisioned=False),
    ),
    _case("no recent activity: never", Held(meetings=20), signed_in=None),
    _case("low license assignment", Held(meetings=200, professional=100, rate=0.05)),
    _case("nearing renewal", _ends(45, renews=True)),
    _case("ends today", _ends(0)),
    _case("ended yesterday", _ends(-1)),
    _case("ends in 30 days", _ends(30)),
    _case("ends in 31 days", _ends(31)),
    _case("ends in 90 days", _ends(90)),
    _case("ends in 91 days", _ends(91)),
    _case("renews today", _ends(0, renews=True)),
    _case("renews in 90 days", _ends(90, renews=True)),
    _case("renews in 91 days", _ends(91, renews=True)),
    _case("renewal date passed", _ends(-3, renews=True)),
    _case("end and renewal unknown", Held(standard=35, ends=None, renews=None)),
    _case("license numbers unknown", Held(meetings=45, standard=5, counted=False)),
    _case("every license assigned", Held(meetings=64, professional=32, rate=1.0)),
    _case("no licenses", Held(meetings=0, professional=0)),
    _case(
        "overage beside slack",
        Held(professional=50, rate=1.1),
        Held(professional=200, rate=0.7),
    ),
    _case(
        "subscription and trial",
        Held(meetings=100, renews=True),
        Held(professional=25, trial=True, starts=-20, ends=70),
    ),
    _case("the same trial twice", _calling_trial(25), _calling_trial(80)),
    _case("Calling trial ended 30 days ago", _calling_trial(-30)),
    _case("Calling trial ended 31 days ago", _calling_trial(-31)),
    _case("messaging only", Held(messaging=90)),
    _case("added today", _added(0)),
    _case("added 90 days ago", _added(90)),
    _case("added 91 days ago", _added(91)),
    _case("vanished from newer files", Held(meetings=15, standard=15, gone=-20)),
    _case(
        "a subscription disappeared",
        Held(meetings=70, renews=True),
        Held(standard=40, gone=-13),
    ),
    _case("signed in 90 days ago", Held(meetings=33), signed_in=90),
    _case("signed in 91 days ago", Held(meetings=34), signed_in=91),
    _case("no administrator", Held(meetings=35), signed_in=None, has_admins=False),
)
"""In the order in which each region has them."""
