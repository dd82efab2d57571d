from __future__ import annotations

import csv
import functools
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerhub.adapters.exports import ReadOptions, chunk_frames, read_exports
from partnerhub.adapters.exports.chunks import chunks
from partnerhub.domain.cells import guard
from partnerhub.domain.errors import FileRefused
from partnerhub.domain.layouts import NEVER, SUBSCRIPTION_DETAILS
from tests.adapters.exports.conftest import read_both_ways

ORG = "c8b0e0d2-0000-4000-8000-000000000001"
ORG_2 = "c8b0e0d2-0000-4000-8000-000000000002"

FRENCH = f"""\
\ufeffDate de calcul;Nom du client;Identifiant de l’organisation de l’utilisateur;\
Statut du/des abonnement(s);ID d'abonnement;Type d’abonnement;\
RENOUVELLEMENT AUTOMATIQUE ACTIVÉ;Expiration / Date de renouvellement;\
Licence de réunion (disponible);Licence de réunion (attribuée);\
Licence de réunion (utilisée);Couleur préférée
22/11/2026;"Dupont; ""et"" Fils";{ORG};Actif (s);Sub1;Abonnement;Vrai;31/12/2026;\
1\u202f250;1\u00a0000;;bleu
22/11/2026;Bad count;{ORG};Actif(s);Sub2;Abonnement;Faux;;douze;0;0;
22/11/2026;Bad id;no-uuid;Actif(s);Sub3;Abonnement;Faux;;1;0;0;vert

22/11/2026;"Zoé
& Cie";{ORG_2};Expiré(s);essai Entreprise;Essai;;01/02/2026;-1;0;0;
""".replace("\n", "\r\n")


def test_a_french_file_is_taken_save_for_its_bad_rows(read: Callable[..., Any]):
    found = read(FRENCH)
    assert found.export.layout is SUBSCRIPTION_DETAILS
    assert found.line == [2, 6]
    assert found.cells["customer_name"] == ['Dupont; "et" Fils', "Zoé\r\n& Cie"]
    assert found.cells["org_id"] == [ORG, ORG_2]
    assert found.cells["status"] == ["Active", "Expired"]
    assert found.cells["subscription_id"] == ["Sub1", "Enterprise Trial"]
    assert found.cells["calculation_date"] == ["2026-11-22"] * 2
    assert found.cells["expiration_or_renewal_date"] == ["2026-12-31", "2026-02-01"]
    assert found.cells["auto_renew"] == [1, -1]
    assert found.cells["meetings_total"] == [1250, -1]
    assert found.cells["meetings_used"] == [-1, 0]
    assert "users_total" not in found.cells
    assert [(p.line, p.column, p.value) for p in found.problems] == [
        (3, "Licence de réunion (disponible)", "douze"),
        (4, "Identifiant de l’organisation de l’utilisateur", "no-uuid"),
    ]
    assert found.export.rows == 4
    assert any("'Couleur préférée' (column 12)" in n for n in found.notices)
    assert (
        "1 negative number in 'Licence de réunion (disponible)' was read as unknown"
        in found.notices
    )
    assert any("Nombre total d'utilisateurs dans l'org" in n for n in found.notices)


def test_types_of_the_columns(tmp_path: Path):
    path = tmp_path / "f.csv"
    path.write_text(FRENCH, newline="")
    (export,) = read_exports(path)
    (batch,) = export.batches()
    assert batch.line.dtype == np.int32
    assert batch.cells["org_id"].dtype == object
    assert batch.cells["meetings_total"].dtype == np.int64
    assert batch.cells["auto_renew"].dtype == np.int8
    assert batch.cells["calculation_date"].dtype == np.dtype("datetime64[D]")


def test_batches_of_any_size_hold_the_same(read: Callable[..., Any]):
    whole = read(FRENCH)
    for rows in (1, 2, 3):
        parts = read(FRENCH, rows=rows)
        assert (parts.line, parts.cells) == (whole.line, whole.cells)
        assert parts.problems == whole.problems


def test_all_bad_cells_of_a_row_are_named(read: Callable[..., Any]):
    found = read(
        f"Org ID,Has admins,Last admin sign in\n{ORG},perhaps,soon\n",
        headings={
            "Has admins": "has_admins",
            "Last admin sign in": "last_admin_sign_in",
        },
    )
    assert [p.column for p in found.problems] == ["Has admins", "Last admin sign in"]
    assert found.line == []


def test_never_is_a_day_and_blank_is_none(read: Callable[..., Any]):
    found = read(f"org_id,last_admin_sign_in\n{ORG},never\n{ORG_2},\n")
    assert found.cells["last_admin_sign_in"] == [NEVER.isoformat(), "NaT"]


def test_a_provisioning_text_is_kept_and_a_flag_is_read(read: Callable[..., Any]):
    found = read(
        "org_id,subscription_id,day,provisioned,total\n"
        f"{ORG},S,2026-11-22,vrai,-3\n"
        f"{ORG},S,2026-11-22,Manual Provisioning (Cisco),5\n"
    )
    assert found.cells["provisioned"] == ["TRUE", "Manual Provisioning (Cisco)"]
    assert found.cells["total"] == [-1, 5]


def test_ids_that_are_not_required_are_kept_as_they_are(read: Callable[..., Any]):
    found = read(f"Org ID,MAC,Location ID\n{ORG},A,63715\n{ORG},B,{ORG.upper()}\n")
    assert found.cells["location_id"] == ["63715", ORG]


def test_reading_twice_gives_the_same(tmp_path: Path):
    path = tmp_path / "f.csv"
    path.write_text(FRENCH, newline="")
    (export,) = read_exports(path)
    first = [batch.problems for batch in export.batches()]
    notices = list(export.notices)
    assert [batch.problems for batch in export.batches()] == first
    assert (export.notices, export.rows) == (notices, 4)
    assert "4 rows read" in repr(export)


def test_slash_dates_in_a_row_of_the_wrong_length_say_nothing(
    read: Callable[..., Any],
):
    text = slash_dates("03/04/2026", "04/04/2026") + "11/22/2026\n"
    assert read(text).cells["day"] == ["2026-04-03", "2026-04-04"]


def test_headings_without_rows_are_no_rows(read: Callable[..., Any]):
    found = read("Org ID,MAC\n")
    assert (found.line, found.export.rows) == ([], 0)
    assert "region" in found.notices[-1]


def test_a_blank_cell_that_a_row_needs_is_a_problem(read: Callable[..., Any]):
    (problem,) = read("Org ID,MAC\n,A\n").problems
    assert (problem.column, problem.message) == ("Org ID", "blank, and a row needs it")


def test_a_negative_number_that_is_no_total_is_a_problem(read: Callable[..., Any]):
    found = read(f"Organization ID,Location,Total call legs\n{ORG},Paris,-1\n")
    assert found.problems[0].message == "a negative number"


def test_nobody_is_named_in_a_problem(read: Callable[..., Any]):
    found = read(
        "Org ID,Phone number,User ID,Customer\n"
        f"{ORG},oh dear,ann@example.com,Acme\n"
        "ann@example.com,+33140506070,ann@example.com,Acme\n"
    )
    assert len(found.problems) == 2
    assert "ann" not in str(found.problems)
    assert "dear" not in str(found.problems)


def test_a_problem_names_the_heading_of_the_file(tmp_path: Path):
    path = tmp_path / "f.csv"
    path.write_text(FRENCH, newline="")
    (export,) = read_exports(path)
    found = export.problem(7, "subscription_id", "ask ann@example.com", "not so")
    assert (found.file, found.line) == ("f.csv", 7)
    assert (found.column, found.value) == ("ID d'abonnement", "ask …@…")
    assert export.heading("users_verified").startswith("Nombre total d'utilisateurs v")


def test_several_of_what_a_notice_counts_are_in_the_plural(read: Callable[..., Any]):
    found = read(
        "org_id,subscription_id,day,customer_name,total\n"
        f"{ORG},S,2026-11-22,Acme,-3\n{ORG},S,2026-11-22,Acme,-5\n"
    )
    assert "2 negative numbers in 'total' were read as unknown" in found.notices


def test_a_long_value_is_cut(read: Callable[..., Any]):
    found = read(f"Org ID,MAC\n{'x' * 5000},A\n")
    assert len(found.problems[0].value) == 80


def test_texts_come_back_as_they_were_before_they_were_guarded(
    read: Callable[..., Any],
):
    found = read(f"Org ID,MAC,Customer\n{ORG},A,'=1+1\n{ORG},B,'tis\n")
    assert found.cells["customer_name"] == ["=1+1", "'tis"]


def test_a_name_with_a_comma_is_put_together_where_the_id_proves_it(
    read: Callable[..., Any],
):
    found = read(
        "Customer,Org ID,MAC\n"
        f"Acme, Inc., Paris,{ORG},A\n"
        f"Acme, Inc.,{ORG},A,B\n"
        f"Acme,{ORG},A,,\n"
        f"Acme,{ORG}\n"
    )
    assert found.cells["customer_name"] == ["Acme, Inc., Paris", "Acme"]
    assert [(p.line, p.message) for p in found.problems] == [
        (3, "5 cells where the file has 3 columns"),
        (5, "2 cells where the file has 3 columns"),
    ]
    assert any(n.startswith("1 customer name held") for n in found.notices)


def slash_dates(first: str, second: str) -> str:
    return f"org_id,subscription_id,day,paid\n{ORG},S,{first},1\n{ORG},S,{second},1\n"


def test_slash_dates_are_day_first(read: Callable[..., Any]):
    found = read(slash_dates("03/04/2026", "22/11/2026"))
    assert found.cells["day"] == ["2026-04-03", "2026-11-22"]


def test_one_date_that_is_month_first_puts_all_slash_dates_in_doubt(
    read: Callable[..., Any],
):
    text = slash_dates("03/04/2026", "11/22/2026") + f"{ORG},S,2026-01-02,1\n"
    found = read(text)
    assert found.cells["day"] == ["2026-01-02"]
    assert [p.line for p in found.problems] == [2, 3]
    assert "--dates" in found.problems[0].message
    assert read(text, dates="mdy").cells["day"] == [
        "2026-03-04",
        "2026-11-22",
        "2026-01-02",
    ]
    assert [p.line for p in read(text, dates="dmy").problems] == [3]


def test_the_doubt_comes_from_a_later_batch_too(read: Callable[..., Any]):
    found = read(slash_dates("03/04/2026", "11/22/2026"), rows=1)
    assert found.cells["day"] == []


# ------------------------------------------------- one table, written in many ways

TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\x1c\x1d\x1e\x85\u2028\u2029"),
    max_size=12,
).filter(lambda text: not text or not text.isspace())
COUNT = st.integers(-1, 10**9)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "calculation_date": st.dates().map(str),
            "customer_name": TEXT,
            "org_id": st.uuids().map(str),
            "subscription_id": st.from_regex("Sub[0-9]{1,6}", fullmatch=True),
            "status": st.sampled_from(["Active", "Expired", "Dormant", ""]),
            "auto_renew": st.sampled_from([-1, 0, 1]),
            "meetings_total": COUNT,
            "meetings_assigned": COUNT,
            "meetings_used": COUNT,
        }
    ),
    min_size=1,
    max_size=5,
)


def as_cell(key: str, value: Any) -> str:
    if key == "auto_renew":
        return {1: "TRUE", 0: "Faux", -1: ""}[value]
    if isinstance(value, int):
        return "" if value < 0 else str(value)
    return guard(value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data(), rows=ROWS)
def test_the_same_cells_are_read_however_they_are_written(
    read: Callable[..., Any], data: st.DataObject, rows: list[dict[str, Any]]
):
    keys = data.draw(st.permutations(list(rows[0])))
    heading = data.draw(st.sampled_from(["heading", "french", "key"]))
    out = io.StringIO(newline="")
    # The csv module quotes a lone CR only where the line terminator has one.
    terminator, quoting = data.draw(
        st.sampled_from(
            [
                ("\r\n", csv.QUOTE_MINIMAL),
                ("\r\n", csv.QUOTE_ALL),
                ("\n", csv.QUOTE_ALL),
            ]
        )
    )
    writer = csv.writer(
        out,
        delimiter=data.draw(st.sampled_from([",", ";", "\t"])),
        lineterminator=terminator,
        quoting=quoting,
    )
    writer.writerow(getattr(SUBSCRIPTION_DETAILS.column(key), heading) for key in keys)
    writer.writerows([as_cell(key, row[key]) for key in keys] for row in rows)
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    found = read(out.getvalue().encode(encoding))
    assert found.problems == []
    assert found.cells == {key: [row[key] for row in rows] for key in keys}


CELL = st.one_of(
    st.text("0123456789+-.,eE_ \u202f'\u2212", max_size=7),
    st.text(st.characters(codec="utf-8"), max_size=6),
    st.sampled_from(
        ["TRUE", "vrai", "n/a", "Essai d’Entreprise", "trial", "'=1", "Sub1", ORG]
    ),
    st.from_regex(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}", fullmatch=True),
    st.integers(-3, 2**70).map(str),
)
WRITTEN = st.fixed_dictionaries(
    {
        "calculation_date": CELL | st.just("2026-11-22"),
        "customer_name": CELL,
        "org_id": CELL | st.just(ORG),
        "subscription_id": CELL,
        "status": CELL,
        "auto_renew": CELL | st.just(""),
        "expiration_or_renewal_date": CELL | st.just("2027-01-31"),
        "meetings_total": CELL | st.just("5"),
        "meetings_assigned": CELL | st.just("-1"),
        "meetings_used": CELL,
    }
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(WRITTEN, min_size=1, max_size=12),
    terminator=st.sampled_from(["\n", "\r\n"]),
)
def test_any_cells_are_read_the_same_with_polars(
    read: Callable[..., Any], rows: list[dict[str, str]], terminator: str
):
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator=terminator)
    writer.writeheader()
    writer.writerows(rows)
    assert read(out.getvalue()).export.rows >= len(rows)


def test_a_large_file_is_read_in_chunks(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
):
    small = functools.partial(chunks, size=64)
    monkeypatch.setattr(chunk_frames, "chunks", small)
    rows = [f"{ORG},{n}" for n in range(20)]
    found = read("\n".join(["Org ID,MAC", *rows, ORG, *rows]) + "\n", rows=3)
    assert found.cells["mac"] == [str(n) for n in range(20)] * 2
    assert [problem.line for problem in found.problems] == [22]


def problems_of(path: Path, content: bytes) -> list[str]:
    """Why a file is refused, or what is wrong with its rows; any other error is none."""
    path.write_bytes(content)
    try:
        return [
            str(problem)
            for export in read_exports(path, ReadOptions(as_of="2026-11-22"))
            for problem in read_both_ways(export, rows=7).problems
        ]
    except FileRefused as refused:
        return [str(refused)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    start=st.sampled_from(
        [b"", b"PK\x03\x04", b"[", b"{", b"\xff\xfe", b"\xef\xbb\xbf", b"Org ID,MAC\n"]
    ),
    rest=st.binary(max_size=200),
)
def test_any_bytes_are_read_or_refused(tmp_path: Path, start: bytes, rest: bytes):
    assert all(problems_of(tmp_path / "f.csv", start + rest))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_damage_to_a_file_is_read_or_refused(tmp_path: Path, data: st.DataObject):
    content = bytearray(FRENCH.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.binary(max_size=3) | st.sampled_from([b'"', b"\n", b";", b"\0"])
        )
    assert all(problems_of(tmp_path / "f.csv", bytes(content)))
