from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.adapters.exports.headings import match_headings
from partnerhub.domain.errors import (
    ColumnMissing,
    FileRefused,
    TemplateAmbiguous,
    TemplateUnknown,
)
from partnerhub.domain.layouts import LAYOUTS, SUBSCRIPTION_DETAILS, Layout

every_layout = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one.key)


@every_layout
@pytest.mark.parametrize("which", ["heading", "french", "key"])
def test_a_file_with_all_headings_of_a_layout_has_that_layout(
    layout: Layout, which: str
):
    found = match_headings([getattr(c, which) for c in layout.columns], file="f")
    assert found.layout is layout
    assert list(found.positions) == list(layout.keys)
    assert found.notices == ()


@every_layout
def test_the_columns_that_are_needed_are_enough(layout: Layout):
    group = layout.one_of[0] if layout.one_of else ()
    needed = [c.heading for c in layout.columns if c.required or c.key in group]
    assert match_headings(needed, file="f").layout is layout


@given(st.data())
def test_every_name_leads_to_its_column(data: st.DataObject):
    layout = data.draw(st.sampled_from(LAYOUTS))
    columns = data.draw(st.permutations(layout.columns))
    names = [data.draw(st.sampled_from(column.names)) for column in columns]
    spelled = [data.draw(st.sampled_from([n, n.upper(), f"  {n} "])) for n in names]
    found = match_headings(spelled, file="f")
    assert found.layout is layout
    assert list(found.positions) == [column.key for column in columns]


def test_a_missing_column_is_named_with_the_nearest_heading():
    headings = [c.heading for c in SUBSCRIPTION_DETAILS.columns]
    headings[headings.index("Subscription ID")] = "Subscriptoin ID"
    with pytest.raises(ColumnMissing) as caught:
        match_headings(headings, file="f.csv")
    assert "'Subscription ID'" in str(caught.value)
    assert "'Subscriptoin ID'" in str(caught.value)


def test_a_report_without_its_key_is_no_facts_file():
    headings = [
        c.heading for c in SUBSCRIPTION_DETAILS.columns if c.key != "calculation_date"
    ]
    with pytest.raises(ColumnMissing, match="Calculation date"):
        match_headings(headings, file="f.csv")


def test_subscription_details_need_one_whole_license_triple():
    needed = ["Org ID", "Subscription ID", "Calculation date", "Customer name"]
    with pytest.raises(ColumnMissing, match=r"Calling Standard license \(used\)"):
        match_headings(
            [
                *needed,
                "Calling Standard license (available)",
                "Calling Standard license (assigned)",
            ],
            file="f",
        )


def test_headings_of_nothing_known_are_shown():
    with pytest.raises(TemplateUnknown, match="'Kunde'"):
        match_headings(["Kunde", "Umsatz", "Ort"], file="f")


def test_a_list_with_names_only_is_of_nothing_known():
    with pytest.raises(FileRefused):
        match_headings(["Customer Name", "Overage", "Price", "Since"], file="f")


def test_two_headings_of_one_column_are_refused_with_their_places():
    with pytest.raises(FileRefused) as caught:
        match_headings(["MAC", "Org ID", "Organization ID"], file="f")
    assert "'Org ID' (column 2) and 'Organization ID' (column 3)" in str(caught.value)


def test_a_mapped_heading_stands_before_an_alias():
    found = match_headings(
        ["Konto", "Org ID", "MAC"], file="f", mapped={"KONTO ": "org_id"}
    )
    assert dict(found.positions) == {"org_id": 0, "mac": 2}
    assert "'Org ID' (column 2)" in found.notices[0]


def test_unknown_missing_and_unmet_headings_are_notices():
    found = match_headings(
        ["Org ID", "MAC", "Colour", ""], file="f", mapped={"Konto": "org_id"}
    )
    unknown, missing, unmet = found.notices
    assert "'Colour' (column 3)" in unknown
    assert "Firmware" in missing
    assert "konto" in unmet


@pytest.mark.parametrize(
    ("headings", "missing"),
    [
        (
            ["Identifiant de l’organisation", "MAC", "Produit", "Client"],
            "Micrologiciel",
        ),
        (["Org ID", "MAC", "Product", "Client"], "Firmware"),
        (["org_id", "MAC"], "Firmware"),
    ],
)
def test_what_is_missing_is_named_in_the_language_of_the_file(
    headings: list[str], missing: str
):
    (notice,) = match_headings(headings, file="f").notices
    assert notice.startswith("columns that are not there: ")
    assert missing in notice


def test_a_missing_column_that_is_needed_is_named_in_the_language_of_the_file():
    headings = [c.french for c in SUBSCRIPTION_DETAILS.columns if c.key != "org_id"]
    with pytest.raises(ColumnMissing, match="ID de l'organisation"):
        match_headings(headings, file="f")


def test_a_tie_is_refused_with_both_names():
    with pytest.raises(TemplateAmbiguous, match="devices and telephone-numbers"):
        match_headings(["Org ID", "MAC", "Extension", "Active"], file="f")


@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_headings_are_matched_or_refused(headings: list[str]):
    with pytest.raises(FileRefused):
        match_headings(headings, file="f")
