"""The engagement page of a hub, from exports alone and with call legs beside them."""

from __future__ import annotations

import partnerhub as ph
from partnerhub.columns.legs import legs_of
from partnerhub.domain.layouts import SUBSCRIPTION_DETAILS
from partnerhub.hub.calling import Calling
from tests.kpis.calling_legs import BOLT, FORTY

AT = "2026-11-22"
CID = "cccccccc-0000-4000-8000-000000000003"
USAGE = (
    "Customer name,Organization ID,Location,Total calls,Total call legs,"
    "Total poor call quality,Call minutes\n"
    f"Cid Ltd,{CID},Oslo,4,10,1,50\n"
    f"Bolt,{BOLT},Oslo,99,99,99,99\n"
)
HELD = {
    "calculation_date": "2026-11-20",
    "customer_name": "Silent",
    "org_id": "dddddddd-0000-4000-8000-000000000004",
    "status": "Active",
    "subscription_id": "Sub1",
    "calling_professional_total": "10",
    "calling_professional_assigned": "5",
}
LICENSES = "\n".join(
    ",".join(cells)
    for cells in (
        [column.heading for column in SUBSCRIPTION_DETAILS.columns],
        [HELD.get(column.key, "") for column in SUBSCRIPTION_DETAILS.columns],
    )
)


class Legs:
    """Forty legs by hand, as a source of legs."""

    def chunks(self, **_):
        yield legs_of(FORTY)


def hub_with_exports(tmp_path) -> ph.Hub:
    hub = ph.connect("memory:")
    path = tmp_path / "Calling Usage Details_a_2026-11-22.csv"
    path.write_text(USAGE, "utf-8")
    other = tmp_path / "Subscription Details_a_2026-11-20.csv"
    other.write_text(LICENSES, "utf-8")
    report = hub.ingest(path, other, region="US")
    assert not report.problems
    return hub


def test_exports_alone_give_usage_and_quality(tmp_path):
    with hub_with_exports(tmp_path) as hub:
        page = Calling(hub._context).engagement(at=AT)
    table = {row[0]: row for row in page.usage.rows()}
    assert table["Cid Ltd"][2:6] == (4, 10, 50, None)
    # An active Calling line, and no call data: blank, and not 0.
    assert table["Silent"][2:6] == (None, None, None, None)
    assert page.trend["poor"].tolist()[-1] == 100
    assert page.queues is None
    assert page.notes[1:] == (
        "2 customers from usage details exports",
        "1 customers without call data of that week",
        "no call queue statistics",
    )


def test_call_legs_come_before_exports(tmp_path):
    with hub_with_exports(tmp_path) as hub:
        page = Calling(hub._context, legs=Legs()).engagement(at=AT)
    table = {row[0]: row for row in page.usage.rows()}
    assert table["Bolt"][2:6] == (2, 3, 3, 2)
    assert table["Cid Ltd"][2:6] == (4, 10, 50, None)
    assert len(page.alerts) == len(page.location_alerts) == 0
    assert page.quality["customer"][0] == page.facts.organization[0]  # no name known
    assert page.features["calls"].sum() == 8
    assert page.endpoints["legs"].sum() > 0
