"""Reports of a hub: templates of one's own, regions, ranges, formats, and back again."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import zipfile

import attrs
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import partnerhub as ph
from partnerhub.domain.cells import CellSafety
from partnerhub.domain.errors import (
    ConflictError,
    FileRefused,
    FilterError,
    InvalidValue,
    NotFound,
    PermissionDenied,
    RegionRequired,
)
from partnerhub.domain.organizations import Organization
from partnerhub.domain.report_specs import ReportRequest, ReportTemplate, SortKey
from partnerhub.domain.roles import Role
from partnerhub.domain.subscriptions import LicenseLine, Subscription
from partnerhub.hub.reports.data import DATA_SETS
from tests.hub.conftest import DAY
from tests.hub.partners import AT, as_role, open_hub, uuid


def cells(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def small():
    with open_hub() as hub:
        yield hub


def template(name="Renewals", **told):
    told = {
        "base": "subscription-details",
        "columns": ("customer_name", "subscription_id", "meetings_total"),
    } | told
    return ReportTemplate(name=name, **told)


def exported(*bodies):
    """The text of a file of templates of devices, all of them named A."""
    told = ", ".join(
        '{"name": "A", "base": "devices", ' + each + "}" for each in bodies
    )
    kind = '{"kind": "partnerhub report templates", "format": 1, "templates": ['
    return f"{kind}{told}]}}"


# Templates


@pytest.mark.parametrize("base", DATA_SETS)
def test_every_data_set_makes_a_report_of_any_of_its_columns(hub, tmp_path, base):
    columns = DATA_SETS[base].columns
    keys = tuple(column.key for column in reversed(columns))
    kept = hub.reports.templates.save(
        template(f"All of {base}", base=base, columns=keys, locale="fr")
    )
    made = hub.reports.write(kept.name, to=tmp_path, region="*", at=DAY)
    rows = cells(made.path)
    assert rows[0] == [column.french for column in reversed(columns)]
    assert len(rows) == made.rows + 1
    plain = hub.reports.table(base, region="*", at=DAY)
    assert made.rows == len(plain)
    assert made.rows > 0 or base == "recently-added"  # three weeks are too few
    hub.reports.templates.remove(kept.name)


def test_columns_stand_in_their_order_and_rows_in_theirs(hub):
    chosen = template(
        columns=("subscription_id", "users_total", "customer_name"),
        sort=(SortKey.parse("-users_total"), SortKey("subscription_id")),
    )
    hub.reports.templates.save(chosen)
    table = hub.reports.table("RENEWALS", region="EU", at=DAY)
    assert [column.key for column in table.columns] == list(chosen.columns)
    rows = [
        (-users if users is not None else 1, held) for held, users, _ in table.rows()
    ]
    assert rows == sorted(rows)


def test_only_rows_of_customers_that_the_query_finds(hub):
    hub.reports.templates.save(
        template(base="devices", columns=("org_id", "mac"), filter="total>200")
    )
    table = hub.reports.table("renewals", region="EU", at=DAY)
    found = hub.customers.find("total>200", at=DAY, region="EU")
    every = hub.reports.table("devices", region="EU", at=DAY)
    expected = [who for who in every["org_id"].tolist() if who in set(found.ids)]
    assert table["org_id"].tolist() == expected
    assert 0 < len(table) < len(every)
    both = hub.reports.table("renewals", region="EU", at=DAY, filter="total>1000")
    assert len(both) < len(table)


def test_a_query_may_name_a_saved_filter_and_only_one_that_there_is(small):
    small.customers.filters.save("Big", "total>=10")
    small.reports.templates.save(template(filter="saved:Big"))
    assert len(small.reports.table("renewals", at=AT)) == 1
    with pytest.raises(FilterError, match="Bgi"):
        small.reports.templates.save(template(filter="saved:Bgi"))


@pytest.mark.parametrize(
    ("told", "error", "said"),
    [
        ({"columns": ("customer_nam",)}, NotFound, "did you mean 'customer_name'"),
        ({"sort": (SortKey("meetings_totl"),)}, NotFound, "mean 'meetings_total'"),
        ({"base": "subscription-detail"}, NotFound, "mean 'subscription-details'"),
        ({"name": "DEVICES"}, InvalidValue, "name of the report devices"),
        ({"name": "Appareils"}, InvalidValue, "name of the report devices"),
    ],
)
def test_what_is_wrong_is_named_with_the_nearest(small, told, error, said):
    with pytest.raises(error, match=said):
        small.reports.templates.save(attrs.evolve(template(), **told))
    assert small.reports.templates.list() == ()


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"columns": ()}, InvalidValue),
        ({"columns": ("org_id", "org_id")}, InvalidValue),
        ({"name": "  "}, InvalidValue),
        ({"name": "x" * 301}, InvalidValue),
        ({"locale": "de"}, InvalidValue),
        ({"filter": "status:expird"}, FilterError),
    ],
)
def test_a_template_checks_itself(told, error):
    with pytest.raises(error):
        attrs.evolve(template(), **told)


def test_a_template_is_versioned_and_an_edit_of_an_older_one_refused(small):
    templates = small.reports.templates
    first = templates.save(template())
    assert first.version == 1
    assert templates.save(template()) == first  # nothing new
    second = templates.save(attrs.evolve(first, columns=("org_id",)))
    assert (second.version, templates.get("renewals")) == (2, second)
    with pytest.raises(ConflictError, match="version 2 and not at 1"):
        templates.save(attrs.evolve(first, columns=("status",)))


def test_templates_are_carried_by_a_file(small, tmp_path):
    templates = small.reports.templates
    templates.save(template(sort=(SortKey("org_id", descending=True),), locale="fr"))
    templates.save(template("Über", filter="tag:vip"))
    file = templates.export_file(tmp_path / "templates.json")
    before = templates.list()
    with open_hub() as other:
        assert other.reports.templates.import_file(file) == before
        assert other.reports.templates.import_file(file) == before  # nothing new
    one = templates.export_file(tmp_path / "one.json", "über")
    assert [
        each["name"] for each in json.loads(one.read_text("utf-8"))["templates"]
    ] == ["Über"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"),
        ("[]", "holds no report templates"),
        ('{"kind": "partnerhub report templates", "format": 2}', "format is 2"),
        ('{"kind": "partnerhub report templates", "format": 1}', "no list"),
        (exported('"columns": ["mca"]'), "'A'.*'mca'.*mean 'mac'"),
        (exported('"colums": ["mac"]'), "'A'.*colum"),
        (exported('"columns": ["mac", "mac"]'), "'mac'.*twice"),
        (exported('"columns": "mac"'), "columns"),
        (exported('"columns": ["mac"], "filter": "status:("'), "status"),
        (exported('"columns": ["mac"], "filter": null'), "filter"),
        (exported('"columns": ["mac"], "locale": "de"'), "'de'.*en, fr"),
        (
            exported(
                '"columns": ["mac"], "sort": [{"column": "mac", "descending": 1}]'
            ),
            "descending",
        ),
        (exported('"columns": ["mac"]', '"columns": ["mac"]'), "'A'.*another"),
        (
            exported('"columns": ["mac"]').replace("[{", "[null, {"),
            "template 1.*object",
        ),
        ('{"kind": ' + "1" * 5000 + "}", "JSON"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_nothing_is_kept(
    small, tmp_path, text, said
):
    path = tmp_path / "templates.json"
    path.write_text(text)
    with pytest.raises(FileRefused, match=said):
        small.reports.templates.import_file(path)
    assert small.reports.templates.list() == ()


@pytest.mark.parametrize("name", ["", "x" * 301, "a\0b", "\ud800"])
def test_a_name_that_no_store_keeps_is_refused_at_once(name):
    with pytest.raises(InvalidValue):
        template(name)


def test_who_may_not_keep_templates_may_read_them(small):
    small.reports.templates.save(template())
    theirs = as_role(small, Role.PARTNER_READ_ONLY)
    assert len(theirs.reports.templates.list()) == 1
    with pytest.raises(PermissionDenied):
        theirs.reports.templates.remove("Renewals")


# Regions, ranges, products


def test_one_file_a_region_or_one_for_all_with_a_column(hub, tmp_path):
    request = ReportRequest(template="devices", at=DAY, per_region=True)
    each = hub.reports.make(request, to=tmp_path)
    assert [made.region for made in each] == list(hub.regions)
    combined = hub.reports.write("devices", to=tmp_path, region="*", at=DAY)
    rows = cells(combined.path)
    assert rows[0][-1] == "Region"
    apart = [[*row, made.region] for made in each for row in cells(made.path)[1:]]
    assert sorted(rows[1:]) == sorted(apart)
    assert len({made.path for made in (*each, combined)}) == 4


def test_a_region_is_asked_for_only_where_data_lie_in_several(hub, small, tmp_path):
    with pytest.raises(RegionRequired):
        hub.reports.write("devices", to=tmp_path, at=DAY)
    assert (
        small.reports.write("subscription-details", to=tmp_path, at=AT).region == "US"
    )


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "parquet"])
def test_an_empty_region_gives_headings_and_a_warning(hub, tmp_path, file_format):
    made = hub.reports.write(
        "devices", to=tmp_path, region="UAE", at=DAY, format=file_format
    )
    assert (made.rows, made.warning) == (0, "no data in region UAE")
    assert made.size > 0


def test_a_named_range_is_that_of_its_days(hub):
    by_name = hub.reports.table(
        "calling-usage-details", window="last-week", region="EU", at=DAY
    )
    by_days = hub.reports.table(
        "calling-usage-details", "2026-11-15", "2026-11-21", region="EU"
    )
    assert by_name == by_days
    assert len(by_name) > 0
    with pytest.raises(InvalidValue, match="is of one day"):
        hub.reports.table("devices", window="last-week", region="EU")
    with pytest.raises(InvalidValue, match="last-week"):
        hub.reports.table("calling-usage-details", window="last-wek", region="EU")


def test_a_product_narrows_what_knows_products_and_is_refused_elsewhere(hub):
    every = hub.reports.table("subscription-details", region="EU", at=DAY)
    parts = [
        set(
            hub.reports.table(
                "subscription-details", region="EU", at=DAY, product=product
            )["subscription_id"]
        )
        for product in ("calling", "meetings")
    ]
    assert all(0 < len(part) < len(every) for part in parts)
    assert (
        hub.reports.table("over-limit", region="EU", at=DAY, product="calling")
        == hub.kpis.page(region="EU", at=DAY, product="calling").over_limit.table
    )
    with pytest.raises(InvalidValue, match="does not tell products apart"):
        hub.reports.table("devices", region="EU", at=DAY, product="calling")


def test_app_versions_are_those_of_the_last_90_days(hub):
    seen = hub.reports.table("webex-app-version", region="EU", at=DAY)
    later = DAY.replace(year=2027)
    assert len(seen) > 0
    assert len(hub.reports.table("webex-app-version", region="EU", at=later)) == 0
    assert len(hub.reports.table("devices", region="EU", at=later)) > 0


# Files


def test_what_is_written_is_told_with_its_size_and_checksum(hub, tmp_path):
    made = hub.reports.write(
        "devices", to=tmp_path, region="EU", at=DAY, locale="fr", safety=CellSafety.RAW
    )
    data = made.path.read_bytes()
    assert (made.size, made.checksum) == (len(data), hashlib.sha256(data).hexdigest())
    assert "24 heures" in made.note
    run = hub.runs.get(made.run)
    assert (run.request.safety, run.request.locale) == (CellSafety.RAW, "fr")
    assert json.dumps(made.to_dict())


@pytest.mark.parametrize("key", list(DATA_SETS)[:5])
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_one_file_of_all_regions_makes_the_same_partner_elsewhere(
    hub, tmp_path, key, locale
):
    made = hub.reports.write(key, to=tmp_path, region="*", at=DAY, locale=locale)
    with ph.connect("memory:") as other:
        (outcome,) = other.ingest(made.path).files
        assert (outcome.taken, outcome.notices) == (made.rows, ())
        for region in ("*", *hub.regions):
            there = other.reports.table(key, region=region, at=DAY)
            assert there == hub.reports.table(key, region=region, at=DAY)
        assert other.regions == hub.regions


def test_what_a_row_says_of_its_region_comes_before_what_is_said_of_the_file(
    small, tmp_path
):
    path = tmp_path / "devices_2026-11-22.csv"
    rows = [f"{uuid(n)},AA0{n},{region}" for n, region in enumerate(["UE", "", "*"])]
    path.write_text("\n".join(["Org ID,MAC,Region", *rows]))
    assert small.ingest(path, region="US").files[0].taken == 3
    found = small.reports.table("devices", region="*", at=DAY).select(["mac", "region"])
    assert sorted(found.rows()) == [("AA00", "EU"), ("AA01", "US"), ("AA02", "US")]


@pytest.mark.parametrize("compression", ["gzip", "zip"])
@pytest.mark.parametrize("region", ["EU", "*"])
def test_a_packed_report_read_back_tells_the_store_nothing(
    hub, tmp_path, compression, region
):
    made = hub.reports.write(
        "devices", to=tmp_path, region=region, at=DAY, compression=compression
    )
    (outcome,) = hub.ingest(made.path, region=None if region == "*" else region)
    assert (outcome.template, outcome.problems) == ("devices", ())
    assert (outcome.taken, outcome.unchanged) == (0, made.rows)
    plain = hub.reports.write("devices", to=tmp_path, region=region, at=DAY)
    if compression == "gzip":
        assert made.path.suffixes[-2:] == [".csv", ".gz"]
        assert gzip.decompress(made.path.read_bytes()) == plain.path.read_bytes()
    else:
        with zipfile.ZipFile(made.path) as archive:
            (name,) = archive.namelist()
            assert name.endswith("_2026-11-22.csv")
            assert archive.read(name) == plain.path.read_bytes()


def test_a_gzip_file_beyond_its_limits_is_refused(small, tmp_path):
    bomb = tmp_path / "Devices_2026-11-22.csv.gz"
    with gzip.open(bomb, "wb") as file:
        file.write(b"MAC,Org ID,Product\r\n")
        for _ in range(40):
            file.write(b"a" * (1 << 20))
    (outcome,) = small.ingest(bomb)
    assert outcome.taken == 0
    assert "uncompressed" in outcome.problems[0].message


def test_a_cut_gzip_file_is_damaged(small, tmp_path):
    whole = gzip.compress(b"MAC,Org ID,Product\r\n" + b"aa,bb,cc\r\n" * 1000)
    (tmp_path / "cut.csv.gz").write_bytes(whole[:-12])
    (outcome,) = small.ingest(tmp_path / "cut.csv.gz", as_of=AT)
    assert outcome.taken == 0
    assert any("damaged" in problem.message for problem in outcome.problems)


def test_the_same_report_twice_is_the_same_file(hub, tmp_path):
    for file_format in ("csv", "xlsx", "parquet"):
        first, second = (
            hub.reports.write(
                "devices", to=tmp_path / n, region="EU", at=DAY, format=file_format
            )
            for n in "ab"
        )
        assert first.path.name == second.path.name
        assert first.checksum == second.checksum


def test_parquet_has_the_rows_of_the_table(hub, tmp_path):
    made = hub.reports.write(
        "subscription-details", to=tmp_path, region="EU", at=DAY, format="parquet"
    )
    table = hub.reports.table("subscription-details", region="EU", at=DAY)
    assert pl.read_parquet(made.path).equals(table.to_polars())


@pytest.mark.parametrize(
    "name", ["Über: Licences/Été", "CON", "تقرير الأسبوع", "報告書", "..", "x" * 300]
)
def test_a_template_in_any_language_names_its_file(small, tmp_path, name):
    small.reports.templates.save(template(name))
    made = small.reports.write(name, to=tmp_path, at=AT)
    assert made.path.parent == tmp_path
    assert len(made.path.name.encode()) <= 255
    assert made.rows == 4


def test_both_forms_of_an_accent_name_one_template(small):
    small.reports.templates.save(template("e\u0301te\u0301"))
    assert small.reports.templates.get("ÉTÉ").name == "été"


NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8
) | st.builds(
    "{}{}".format, st.sampled_from("=+-@＝＋－＠'"), st.text("1+=' ", max_size=4)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(names=st.lists(NAMES.filter(str.strip), min_size=1, max_size=6))
def test_guarded_texts_come_back_as_they_were(tmp_path, names):
    with open_hub() as source, open_hub() as target:
        for place, name in enumerate(names, 100):
            who = Organization(id=uuid(place), name=name, region="US")
            line = LicenseLine(license="Webex Meetings", total=1, assigned=1)
            source.put(
                Subscription(
                    id=f"S{place}",
                    customer=who,
                    source_status="Active",
                    lines=(line,),
                    day=AT,
                ),
                at=AT,
            )
        made = source.reports.write("subscription-details", to=tmp_path, at=AT)
        target.ingest(made.path, region="US")
        ids = [uuid(place) for place in range(100, 100 + len(names))]
        told = [
            {row.id: row.name for row in hub.customers.find(at=AT)}
            for hub in (source, target)
        ]
        assert [told[1][who] for who in ids] == [told[0][who] for who in ids]
