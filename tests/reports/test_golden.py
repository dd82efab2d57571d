"""All five reports, byte by byte, as somebody has checked them by hand."""

import csv
import io
from pathlib import Path

import pytest

from partnerhub.domain.cells import is_e164, unguard
from partnerhub.domain.layouts import REPORTS
from tests.reports.golden_partner import DAY, FILES, golden_hub

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with golden_hub(tmp_path_factory.mktemp("golden")) as hub:
        yield hub


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("layout", REPORTS, ids=lambda layout: layout.key)
def test_the_bytes_are_the_golden_ones(hub, tmp_path, layout, locale):
    made = hub.reports.write(layout.key, to=tmp_path, at=DAY, locale=locale)
    name = layout.french if locale == "fr" else layout.name
    assert made.path.name.startswith(f"{name}_")
    assert made.path.name.endswith("_2026-11-22.csv")
    assert (
        made.path.read_bytes() == (GOLDEN / f"{layout.key}.{locale}.csv").read_bytes()
    )


@pytest.mark.parametrize("layout", REPORTS, ids=lambda layout: layout.key)
def test_both_languages_have_the_same_cells(layout):
    english, french = (
        (GOLDEN / f"{layout.key}.{locale}.csv").read_bytes().split(b"\r\n", 1)
        for locale in ("en", "fr")
    )
    assert english[1] == french[1]
    assert english[0] != french[0]


@pytest.mark.parametrize("name", [name for name in FILES if "08-24" not in name])
def test_a_golden_file_says_what_was_taken_in(name):
    """Row for row, in another order: the hand that wrote the source is the check."""
    layout = next(each for each in REPORTS if name.startswith(each.name))
    golden = (GOLDEN / f"{layout.key}.en.csv").read_text("utf-8")
    told = list(csv.reader(io.StringIO(FILES[name])))
    made = list(csv.reader(io.StringIO(golden, newline="")))
    assert made[0] == told[0]
    plain = [[c if is_e164(c) else unguard(c) for c in row] for row in made[1:]]
    assert sorted(plain) == sorted(told[1:])
