import re
import unicodedata
from datetime import date

import pendulum
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partnerhub.reports.naming import file_name, safe_stem

DAY = date(2026, 11, 22)

names = st.text() | st.text(
    '/\\:*?"<>| .-\0\n\u202e\u200f\u200d\u0301\u0338\ud800éeE👩日con1$\u037e',
    max_size=300,
)


@given(names)
@example("CON")
@example("e\u202e\u0301")
@example("\u0301" * 300)
@example("nul .txt")
@example("😀" * 300)
def test_a_stem_is_valid_everywhere(name):
    stem = safe_stem(name)
    assert stem
    assert len(stem.encode()) <= 255
    assert not set(stem) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in stem)
    assert not any(
        unicodedata.bidirectional(c) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI")
        for c in stem
    )
    assert stem == stem.strip(" .")
    assert not stem.startswith("-")
    assert unicodedata.is_normalized("NFC", stem)
    assert re.split(r"[ .]", stem.lower())[0] not in ("con", "nul", "com1", "aux")


@given(names)
@example("a" * 254 + "é")
def test_a_stem_is_its_own_stem(name):
    assert safe_stem(safe_stem(name)) == safe_stem(name)


@given(names, st.lists(st.text()), st.dates())
def test_a_file_name_is_valid_and_says_the_day(name, key, day):
    made = file_name(name, key, day, suffix=".csv.gz")
    assert len(made.encode()) <= 255
    assert safe_stem(made) == made
    assert re.search(r"_[0-9a-z]{12}_\d{4}-\d\d-\d\d\.csv\.gz\Z", made)
    assert made == file_name(name, key, day, suffix=".csv.gz")


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Calling Usage Details", "Calling Usage Details"),
        ("Détails d’utilisation : appels", "Détails d’utilisation appels"),
        ("De\u0301tails", "Détails"),
        ("تقرير الاستخدام", "تقرير الاستخدام"),
        ("利用状況レポート", "利用状況レポート"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("safe\u202egpj.exe", "safegpj.exe"),
        ("../../etc/passwd", "etc passwd"),
        ("-rf", "rf"),
        ("a\n\tb\0c", "a bc"),
        ("con", "_con"),
        ("Aux.report", "_Aux.report"),
        ("COM¹", "_COM¹"),
        ("Console", "Console"),
        ("report. .", "report"),
        ("///", "Report"),
        ("", "Report"),
    ],
)
def test_stems(name, stem):
    assert safe_stem(name) == stem


def test_no_character_is_cut_in_half():
    assert safe_stem("é" * 300) == "é" * 127
    assert safe_stem("日" * 300) == "日" * 85
    accented = "x\u0301\u0302"  # no composed form: five bytes that belong together
    assert safe_stem(accented * 100, most_bytes=13) == accented * 2
    family = "👩\u200d👧"  # eleven bytes
    assert safe_stem(family * 30, most_bytes=20) == family


def test_the_key_tells_files_apart():
    keys = [["EU"], ["US"], [], ["E", "U"], ["EU", ""]]
    assert len({file_name("Devices", key, DAY) for key in keys}) == len(keys)
    assert file_name("Devices", ["EU"], DAY) != file_name("Device", ["EU"], DAY)


def test_a_time_of_day_stays_out_of_the_name():
    made = file_name("Devices", [], pendulum.datetime(2026, 11, 22, 13, 45))
    assert made.endswith("_2026-11-22.csv")
