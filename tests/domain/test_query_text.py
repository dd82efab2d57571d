"""The text form: what it reads as, what its errors say, what completes it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partnerhub.domain.errors import FilterError
from partnerhub.domain.fields import FIELDS, Level
from partnerhub.domain.filters import Filter
from partnerhub.domain.query_text import parse_filter, suggest
from tests.filter_strategies import filters

_PIECES = st.sampled_from(
    [
        *FIELDS,
        *':<>=,()"\\-',
        "..",
        " ",
        "\n",
        "AND",
        "OR",
        "NOT",
        "subscription(",
        "known:",
        "missing:",
        "status:expired",
        "ends<90d",
        "90%",
        "2026-11-22",
        "é",
    ]
)
ANY_TEXT = st.text(max_size=40) | st.lists(_PIECES, max_size=12).map("".join)


@given(filters())
def test_parsing_is_the_inverse_of_printing(node):
    assert parse_filter(str(node)) == node


@given(ANY_TEXT)
@example("(" * 200)
@example("-" * 200)
@example("NOT " * 200 + "a")
@example("a" * 10_001)
def test_any_text_is_read_or_refused_with_its_place(text):
    read = read_or_refused(text)
    if isinstance(read, FilterError):
        assert 0 <= read.position <= len(read.text)
        why, shown, caret = str(read).rsplit("\n", 2)
        assert why
        place = caret.index("^")
        assert shown[2:].strip(".") in read.text
        assert shown[place : place + 1] == read.text[read.position :][:1]
        if len(read.text) <= 72:
            assert (shown[2:], place - 2) == (read.text, read.position)
    else:
        assert parse_filter(str(read)) == read


def read_or_refused(text: str) -> Filter | FilterError:
    try:
        return parse_filter(text)
    except FilterError as error:
        return error


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        (
            (
                'status:expiring_soon product:"webex calling" managed_by:external '
                '-tag:vip ends<2027-01-01 assigned>90% "acme"'
            ),
            (
                "status:expiring_soon product:calling managed_by:external "
                "-tag:vip ends<2027-01-01 assigned>90% acme"
            ),
        ),
        ("status:(expired OR suspended)", "status:expired,suspended"),
        ("status:(expired, suspended)", "status:expired,suspended"),
        ("status:expired , suspended", "status:expired,suspended"),
        ("STATUS:Expiring-Soon", None),
        ("status:Expired", "status:expired"),
        ('status:"expiring soon"', "status:expiring_soon"),
        ("a AND b", "a b"),
        ("NOT a", "-a"),
        ("- a", "-a"),
        ("NOT (a OR b) c", "-(a OR b) c"),
        ("((a))", "a"),
        ("(a b) c", "a b c"),
        ("ends:>=2026-01-01", "ends>=2026-01-01"),
        ("ends : < 90d", "ends<90d"),
        ("ends < 12w", "ends<84d"),
        ("ends:2026-01-01..", "ends>=2026-01-01"),
        ("ends:..90d", "ends<=90d"),
        ("assigned:10%..20%", "assigned:10%..20%"),
        ("total:10..10", "total:10..10"),
        ("total:5,12", "total:(5 OR 12)"),
        ("total:(100,200)", "total:(100 OR 200)"),
        ("total:1, 1000", "total:(1 OR 1000)"),
        ("subscription(type:trial ends<30d)", "subscription(type:trial ends<30d)"),
        ("Subscription( )", "subscription()"),
        ("subscription:Sub1 (a OR b)", "subscription:Sub1 (a OR b)"),
        ('name:"a \\"b\\" \\\\ c"', 'name:"a \\"b\\" \\\\ c"'),
        ('"OR" "and"', '"OR" "and"'),
        ("ANDREW NOTE ORION", "ANDREW NOTE ORION"),
        ("name:a..b", "name:a..b"),
        ('tag:"a,b",c', 'tag:"a,b",c'),
        ("KNOWN:Ends missing:tag", "known:ends missing:tag"),
        ("  ", ""),
        ("kim@acme.example", "kim@acme.example"),
        ("text:acme", "acme"),
        ("region:ae", "region:UAE"),
    ],
)
def test_what_a_text_reads_as(text, canonical):
    if canonical is None:
        with pytest.raises(FilterError):
            parse_filter(text)
    else:
        assert str(parse_filter(text)) == canonical


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("status:expird", 7, "'expird' is no status; did you mean 'expired'?"),
        ("-statsu:expired", 1, "'statsu' is no field; did you mean 'status'?"),
        ("status:", 7, "a value of 'status' is missing (valid: trial, "),
        ("tag:", 4, "a value of 'tag' is missing (for example vip)"),
        ("ends:", 5, "a value of 'ends' is missing (for example 90d, 2027-01-01)"),
        ("status:expired,", 15, "a value of 'status' is missing"),
        ("status:(expired", 7, "the parenthesis is never closed"),
        ("status:(expired suspended)", 16, "write OR between the values of a list"),
        ("status:(expired OR x)", 19, "'x' is no status"),
        ("status<expired", 0, "write status:value, without < or >"),
        ("status=expired", 6, "write status:value; = is not used"),
        ("ends<soon", 5, "'soon' is no day of 'ends': write a date"),
        ("ends<2026-02-30", 5, "'2026-02-30' is no day"),
        ("ends:1d..x", 5, "'x' is no day of 'ends'"),
        ("ends:..", 5, "'' is no day of 'ends'"),
        ("ends:1d..2026-01-01", 5, "its two ends differ in kind"),
        ("total:10..5", 6, "it ends before it begins: write 5..10"),
        ("ends:90d..4w", 5, "it ends before it begins: write 28d..90d"),
        ("ends:2027-01-02..2027-01-01", 5, "write 2027-01-01..2027-01-02"),
        ("assigned:9.5%..9%", 9, "write 9%..9.5%"),
        ("last_sign_in:2026-01-01..never", 13, "write never..2026-01-01"),
        ("total:1,000", 6, "write 1000 or total:(1 OR 000)"),
        ("total>=1,000,000 a", 7, "'1,000,000' has a comma: write 1000000"),
        ("total:5..1,000", 9, "'1,000' has a comma: write 1000"),
        ("total>90%", 6, "it has no percentage"),
        ("assigned>x", 9, "write a whole number, 0 or more, or a percentage"),
        ("id:12", 3, "neither a uuid"),
        ('tag:" "', 4, "it is blank"),
        ('name:"acme', 5, "the quote is never closed"),
        ('a "b', 2, "the quote is never closed"),
        ("(a", 0, "the parenthesis is never closed"),
        ("a (b", 2, "the parenthesis is never closed"),
        ("a)", 1, "the parenthesis was never opened"),
        ("a,b", 1, "',' is not expected here; put it in quotes if it is meant"),
        ("“acme”", 0, "'“' is not expected here; put it in quotes"),
        ("total≥5", 5, "'≥' is not expected here"),
        ("12:30", 2, "':' is not expected here"),
        ("a OR", 4, "a condition is missing"),
        ("OR a", 0, "a condition is missing"),
        ("a AND AND b", 6, "a condition is missing"),
        ("NOT", 3, "a condition is missing"),
        ("-", 1, "a condition is missing"),
        ("a OR )", 5, "a condition is missing"),
        (
            "a b OR c",
            4,
            "AND and OR are mixed; write (a b) OR c or a (b OR c)",
        ),
        (
            "a OR b AND c",
            7,
            "AND and OR are mixed; write a OR (b c) or (a OR b) c",
        ),
        ("known:", 6, "the name of a field is missing"),
        ("known:endss", 6, "did you mean 'ends'?"),
        ("subscription(tag:vip)", 13, "'tag' is no field of a subscription"),
        ("subscription(status:expired)", 13, "did you mean subscription_status?"),
        ("subscription(subscription(a))", 13, "cannot stand inside"),
        ("subscription(known:tag)", 19, "outside subscription(...)"),
        ("subscription(a", 12, "the parenthesis is never closed"),
        ("(" * 51 + "a", 50, "nested deeper than 50 levels"),
        ("-" * 50 + "a", 0, "nested deeper than 50 levels"),
    ],
)
def test_what_the_errors_say(text, position, says):
    with pytest.raises(FilterError) as caught:
        parse_filter(text)
    assert says in caught.value.why
    assert caught.value.position == position
    assert caught.value.text == text


def test_line_breaks_do_not_move_the_caret():
    with pytest.raises(FilterError) as caught:
        parse_filter("a\n\tstatus:x")
    assert str(caught.value).endswith("\n  a  status:x\n            ^")


def test_long_readings_are_told_in_letters():
    word = "x" * 200
    with pytest.raises(FilterError, match=r"write \(a AND b\) OR c or a AND"):
        parse_filter(f"{word} b OR c")


def test_a_text_too_long_is_not_read():
    with pytest.raises(FilterError) as refused:
        parse_filter("a" * 10_001)
    assert "10,001 characters, 10,000 are the most" in str(refused.value)
    assert len(str(refused.value)) < 250
    assert str(parse_filter("a" * 10_000)) == "a" * 10_000


def test_of_a_long_query_the_error_shows_the_part_in_question():
    query = "acme " * 100 + "status:expird " + "bolt " * 100
    with pytest.raises(FilterError) as refused:
        parse_filter(query)
    _, shown, caret = str(refused.value).splitlines()
    assert shown.startswith("  ... acme ")
    assert shown.endswith("...")
    assert len(shown) < 80
    assert shown[caret.index("^") :].startswith("expird ")
    assert query[refused.value.position :].startswith("expird ")


# --- completing ----------------------------------------------------------------------


def texts(query: str, position: int | None = None, **values: list[str]) -> list[str]:
    return [each.text for each in suggest(query, position, values=values)]


def test_nothing_typed_offers_every_field():
    offered = texts("")
    assert offered[: len(FIELDS)] == [f"{name}:" for name in FIELDS]
    assert offered[len(FIELDS) :] == ["subscription(", "known:", "missing:"]


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        ("stat", ["status:"]),
        ("a (-stat", ["status:"]),
        (
            "acme s",
            ["status:", "subscription_status:", "subscription:", "subscription("],
        ),
        ("status:", list(FIELDS["status"].choices)),
        ("status:sus", ["suspended"]),
        ("status:expired,sus", ["suspended"]),
        ("status:(expired OR sus", ["suspended"]),
        ("type:t", ["trial"]),
        ("ends<", ["90d", "2027-01-01"]),
        ("region:u", ["US", "UAE"]),
        ("known:ta", ["tag"]),
        ("nothing:x", []),
        ('"stat', []),
        ('a name:"x" "stat', []),
        ('industry:"re', ["Retail"]),
        ('status:("expired" OR "sus', ["suspended"]),
        ('industry:"a b",re', ["Retail"]),
        ('name:"a" stat', ["status:"]),
        ("zzz", []),
        ("subscription(st", []),
        ("subscription(t", ["trial_status:", "type:", "term:", "total:", "text:"]),
        ("subscription(a) sta", ["status:"]),
    ],
)
def test_what_is_offered(query, offered):
    assert texts(query) == offered


def test_only_what_stands_before_the_cursor_counts():
    found = suggest("a stat b", 6)
    assert [(each.text, each.start) for each in found] == [("status:", 2)]
    assert found[0].help == FIELDS["status"].help


@pytest.mark.parametrize(
    ("query", "completed"),
    [
        ("sta|", "status:"),
        ("sta|te", "status:"),
        ("a sta|te:expired b", "a status:expired b"),
        ("a status:ex|pi -b", "a status:expired -b"),
        ("tag:(vip OR stra|t OR x)", "tag:(vip OR Strategic OR x)"),
        ('tag:"str|at" x', "tag:Strategic x"),
        ('tag:"str|', "tag:Strategic"),
        ("(ends<| a)", "(ends<2027-01-01 a)"),
        ("a | b", "a missing: b"),
        ("a |b", "a missing:b"),
    ],
)
def test_a_completion_takes_the_place_of_the_word_the_cursor_is_in(query, completed):
    position = query.index("|")
    text = query.replace("|", "")
    one = suggest(text, position, values={"tag": ["Strategic"]})[-1]
    assert text[: one.start] + one.text + text[one.end :] == completed


def test_nothing_is_offered_in_a_text_that_no_query_may_be():
    assert suggest("a " * 5_000 + "stat") == []
    assert suggest("a-" * 4_990 + " stat")[0].text == "status:"


def test_known_values_are_offered_in_quotes_where_they_need_them():
    assert texts("tag:tw", tag=["Two words", "VIP"]) == ['"Two words"']


@given(ANY_TEXT, st.integers(-1, 45))
def test_any_text_can_be_completed(query, position):
    for each in suggest(query, position):
        cursor = min(max(position, 0), len(query))
        assert 0 <= each.start <= cursor <= each.end <= len(query)


def test_inside_a_binding_only_fields_of_subscriptions_are_offered():
    offered = {text.rstrip(":") for text in texts("subscription(")}
    customers = {f.name for f in FIELDS.values() if f.level is Level.CUSTOMER}
    assert not offered & customers
