import csv
import json

import pytest

from partnerhub.domain.errors import FilterError, InvalidValue, NotFound
from partnerhub.domain.filters import where
from partnerhub.domain.lifecycle import TrialState
from partnerhub.domain.roles import Role
from partnerhub.hub.customers.columns import COLUMNS
from partnerhub.kpis.exclusions import Exclusions
from tests.hub.partners import ACME, ANA, AT, BOLT, CODA, DUNE, held, line, open_hub


@pytest.fixture
def hub():
    with open_hub() as hub:
        yield hub


class TestList:
    def test_any_columns_any_filter(self, hub):
        table = hub.customers.find("status:suspended").to_table(
            ["customer", "tags", "primary_status"]
        )
        assert table.to_dicts() == [
            {"customer": "Coda", "tags": "north, vip", "primary_status": "Suspended"},
            {"customer": "Dune", "tags": None, "primary_status": "Suspended"},
        ]

    def test_every_column_has_cells(self, hub):
        table = hub.customers.find().to_table(COLUMNS)
        rows = {row["customer"]: row for row in table.to_dicts()}
        assert (
            rows["Acme"]
            | {
                "renews_on": AT.add(days=32),
                "ends_on": None,
                "subscriptions": 1,
                "trials": 0,
                "total": 10,
                "assigned": 4,
                "unassigned": 6,
                "overage": 0,
                "products": "meetings",
                "region": "US",
                "last_admin_sign_in": AT,
            }
            == rows["Acme"]
        )
        assert rows["Bolt"]["ends_on"] == AT.add(days=9)
        assert rows["Bolt"]["overage"] == 2
        assert rows["Coda"]["total"] == 0
        # A number that is not known is blank, not 0.
        assert (rows["Dune"]["total"], rows["Dune"]["assigned"]) == (8, None)

    def test_a_column_nobody_knows(self, hub):
        with pytest.raises(NotFound, match="did you mean 'customer'"):
            hub.customers.find().to_table(["custmer"])
        with pytest.raises(InvalidValue, match="region is twice"):
            hub.customers.find().to_table(["region", "total", "region"])

    def test_as_a_file(self, hub, tmp_path):
        path = hub.customers.find("acme").write_csv(
            tmp_path / "list.csv", columns=["customer", "renews_on"], locale="fr"
        )
        with path.open(encoding="utf-8", newline="") as file:
            assert list(csv.reader(file)) == [
                ["Client", "Prochain renouvellement"],
                ["Acme", "2026-12-24"],
            ]

    def test_an_empty_list_has_columns_too(self, hub):
        table = hub.customers.find("no such name").to_table(COLUMNS)
        assert (len(table), len(table.columns)) == (0, len(COLUMNS))

    def test_the_usual_columns(self, hub):
        found = hub.customers.find("bolt")
        assert list(found.table.values) == [
            "customer",
            "org_id",
            "region",
            "primary_status",
            "statuses",
        ]
        assert found.ids == (BOLT,)


class TestDetail:
    def test_the_subscriptions_tab(self, hub):
        detail = hub.customers.detail("Acme")
        (row,) = detail.subscriptions
        assert (row.id, row.active, row.invoice) == ("Sub1", True, "INV-1")
        assert row.renews_on == AT.add(days=32)
        assert row.ends_on is None
        (use,) = row.licenses
        assert (use.total, use.assigned, use.surplus, use.overage) == (10, 4, 6, 0)
        assert [(o.order, o.set_up) for o in detail.orders] == [("O-1", True)]
        assert detail.can_start_trial
        assert ACME in detail.launch_url
        assert detail.launch_url == hub.customers.launch_url("acme")

    def test_as_json(self, hub):
        told = json.loads(json.dumps(hub.customers.detail(CODA).to_dict()))
        assert told["trials"][0]["lifecycle"]["deletes_on"] == "2026-12-13"
        assert told["administrators"] == []
        assert told["statuses"] == ["suspended", "expired"]

    def test_the_trials_tab(self, hub):
        (row,) = hub.customers.detail(CODA).trials
        assert (row.days_left, row.lifecycle.state) == (-10, TrialState.SUSPENDED)
        assert row.lifecycle.days_until_deletion == 21

    def test_the_administrators_tab(self, hub):
        hub.administrators.add_user(ANA, name="Ana")
        hub.administrators.grant(ANA, Role.PARTNER_ADMIN)
        hub.administrators.assign(ANA, ACME)
        hub.administrators.add_user("zoe@partner.example")
        hub.administrators.grant("zoe@partner.example", Role.PARTNER_FULL)
        assigned, full = hub.customers.detail(ACME).administrators
        assert (assigned.name, [str(g) for g in assigned.grounds]) == (
            "Ana",
            ["assigned"],
        )
        assert full.roles == ("Partner full administrator",)


class TestChanges:
    def test_what_changed_and_why(self, hub):
        hub.put(held(2, "Bolt", "Sub2", ends_on="2027-12-01"), at="2026-11-29")
        hub.put(held(5, "Echo", "Sub5", ends_on="2027-12-01"), at="2026-11-29")
        changes = hub.customers.changes(AT, at="2026-11-29")
        by_name = {change.customer.name: change for change in changes}
        assert set(by_name) == {"Bolt", "Echo"}
        assert [s.code for s in by_name["Bolt"].lost] == ["expiring_soon"]
        assert by_name["Bolt"].why == "Sub2: end 2026-12-01 -> 2027-12-01"
        assert [s.code for s in by_name["Echo"].gained] == ["subscription"]
        assert by_name["Echo"].why == "Sub5: a new subscription"

    def test_time_alone_is_a_reason(self, hub):
        changes = hub.customers.changes("2026-11-22", at="2026-12-02")
        bolt = next(change for change in changes if change.customer.name == "Bolt")
        assert [status.code for status in bolt.gained] == ["expired"]
        assert "10 days have passed" in bolt.why
        assert changes.table["customer"].tolist() == [c.customer.name for c in changes]
        assert [each["name"] for each in changes.to_dicts()] == [
            change.customer.name for change in changes
        ]

    def test_nothing_changes_in_no_time(self, hub):
        assert len(hub.customers.changes(AT)) == 0
        with pytest.raises(InvalidValue, match="first day"):
            hub.customers.changes("2026-12-01")


class TestAttention:
    def found(self, hub, **options):
        return {
            row.name: [finding.concern.value for finding in row.findings]
            for row in hub.customers.attention(**options)
        }

    def test_the_most_pressing_customer_comes_first(self, hub):
        assert list(self.found(hub)) == ["Dune", "Coda", "Bolt", "Acme"]

    def test_expiry_stands_apart_from_renewal(self, hub):
        found = self.found(hub)
        assert found["Bolt"] == ["expiring_soon", "overage"]
        assert found["Acme"] == ["unassigned", "renewing"]
        assert found["Coda"] == ["trial_deletion"]
        assert found["Dune"] == ["suspended", "unfinished_order"]

    def test_only_some_concerns(self, hub):
        assert self.found(hub, concerns=["Overage"]) == {"Bolt": ["overage"]}
        with pytest.raises(InvalidValue, match="did you mean 'overage'"):
            self.found(hub, concerns=["overrage"])

    def test_excluded_by_tag_license_or_filter_and_still_listed(self, hub):
        for exclude, left in (
            (Exclusions(tags="VIP"), ["Dune", "Bolt"]),
            (Exclusions(licenses="webex meetings"), ["Coda", "Bolt"]),
            ("tag:vip", ["Dune", "Bolt"]),
            (where("tag").eq("vip"), ["Dune", "Bolt"]),
            ("no such name", ["Dune", "Coda", "Bolt", "Acme"]),
        ):
            found = hub.customers.attention(exclude=exclude)
            assert [row.name for row in found] == left
            out = {"Acme", "Bolt", "Coda", "Dune"} - set(left)
            assert set(found.excluded["customer"].tolist()) == out
        with pytest.raises(FilterError):
            hub.customers.attention(exclude="status:nonsense")

    def test_on_another_day(self, hub):
        assert len(hub.customers.attention(at="2020-01-01")) == 0


class TestFindingOne:
    def test_by_email_in_any_case(self, hub):
        assert hub.customers.by_email(" KIM@Dune.example ").ids == (DUNE,)
        assert hub.customers.by_email("kim").ids == ()

    def test_an_ambiguous_name(self, hub):
        hub.put(held(6, "Acme West", "Sub6", lines=(line("Webex Go", 1, 0),)), at=AT)
        assert hub.customers.explain("ACME").customer.id == ACME
        assert hub.customers.explain("  Dünë ").customer.id == DUNE
        with pytest.raises(NotFound, match="give the id"):
            hub.customers.explain("acm")
