from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.adapters.exports.cells import (
    CellError,
    fits_only_month_first,
    parse_count,
    parse_day,
    parse_decimal,
    parse_flag,
    parse_id,
    parse_phone,
    parse_text,
)
from partnerhub.domain.rules import LARGEST


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("0", 0),
        ("007", 7),
        ("-5", -5),
        ("\u22125", -5),
        ("12.0", 12),
        ("12,00", 12),
        ("1 234", 1234),
        ("1\u00a0234\u00a0567", 1234567),
        ("12\u202f345", 12345),
        ("1'234", 1234),
        ("1,234", 1234),
        ("1.234", 1234),
        ("1,000,000", 1000000),
        ("1 234.0", 1234),
        ("", None),
        ("N/A", None),
        ("-", None),
    ],
)
def test_counts(cell: str, value: int | None):
    assert parse_count(cell) == value


@pytest.mark.parametrize(
    "cell",
    ["1,000", "1.000", "0,123", "1.5", "12 34", "x", "1,23,456", "9" * 30, "٣", "1e3"],
)
def test_texts_that_are_no_clear_count(cell: str):
    with pytest.raises(CellError):
        parse_count(cell)


@given(st.integers(0, LARGEST - 1), st.sampled_from([" ", "\u00a0", "\u202f"]))
def test_a_count_reads_the_same_with_its_thousands_apart(number: int, space: str):
    assert parse_count(f"{number:,}".replace(",", space)) == number


@pytest.mark.parametrize("cell", ["TRUE", "True", "true", "Vrai", "1", "Yes", "OUI"])
def test_ways_to_say_true(cell: str):
    assert parse_flag(cell) is True


@pytest.mark.parametrize("cell", ["FALSE", "faux", "0", "No", "non"])
def test_ways_to_say_false(cell: str):
    assert parse_flag(cell) is False


def test_a_flag_of_another_text_is_an_error():
    with pytest.raises(CellError, match="neither TRUE nor FALSE"):
        parse_flag("maybe")


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-03",
        "2026-11-03T23:59:59.9Z",
        "03/11/2026",
        "3/11/2026 10:00",
        "3.11.2026",
    ],
)
def test_ways_to_write_a_day(cell: str):
    day = parse_day(cell)
    assert day is not None
    assert day.isoformat() == "2026-11-03"


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "31/02/2026", "1/1/26", "20261103", "x"]
)
def test_texts_that_are_no_day(cell: str):
    with pytest.raises(CellError):
        parse_day(cell)


def test_a_day_beyond_the_twelfth_shows_the_order():
    assert fits_only_month_first("11/13/2026")
    assert not fits_only_month_first("11/12/2026")
    assert not fits_only_month_first("13/11/2026")
    assert not fits_only_month_first("13/13/2026")


def test_decimals():
    assert parse_decimal("1\u00a0234,5") == 1234.5
    assert parse_decimal(".5") == 0.5
    assert parse_decimal("") is None
    for cell in ("inf", "1,2,3", "1e999", "."):
        with pytest.raises(CellError):
            parse_decimal(cell)


def test_phones():
    assert parse_phone("'+1-415-555-0100") == "+14155550100"
    assert parse_phone("N/A") == ""
    with pytest.raises(CellError, match="rounded"):
        parse_phone("1.41556E+10")
    with pytest.raises(CellError):
        parse_phone("call me")


def test_ids_are_read_in_either_form_and_nothing_else():
    uuid = "c8b0e0d2-0000-4000-8000-000000000001"
    assert parse_id("{C8B0E0D2-0000-4000-8000-000000000001}") == uuid
    with pytest.raises(CellError, match="uuid"):
        parse_id("Acme")


def test_a_text_is_as_long_as_stores_take():
    assert parse_text("é" * 500) == "é" * 500
    for cell in ("é" * 500 + "a", "a" * 1001):
        with pytest.raises(CellError, match="more than 1,000 bytes"):
            parse_text(cell)


@pytest.mark.parametrize("cell", ["a\0b", "é\0", "\udc80"])
def test_texts_that_no_store_can_keep(cell: str):
    with pytest.raises(CellError):
        parse_text(cell)


@given(st.text())
def test_any_text_gives_a_value_or_a_cell_error(cell: str):
    for parse, kind in (
        (parse_count, int),
        (parse_decimal, float),
        (parse_flag, bool),
        (parse_day, dt.date),
        (parse_id, str),
        (parse_phone, str),
        (parse_text, str),
    ):
        try:
            value = parse(cell)
        except CellError:
            continue
        assert value is None or isinstance(value, kind)


@pytest.mark.parametrize("written", ["{}", "{:,}", "-{}"])
def test_a_count_stays_below_what_an_unknown_total_reads_as(written: str):
    assert abs(parse_count(written.format(LARGEST - 1)) or 0) == LARGEST - 1
    for number in (LARGEST, LARGEST + 1):
        with pytest.raises(CellError, match="too large"):
            parse_count(written.format(number))


def test_numbers_too_large_to_keep_are_no_numbers():
    for cell in ("9" * 19, "-" + "9" * 19):
        with pytest.raises(CellError, match="too large"):
            parse_count(cell)
