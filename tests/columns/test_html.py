from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from partnerhub.columns.html import table_html
from partnerhub.columns.printing import Printed


class Texts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.texts = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.texts.append(data)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_no_text_becomes_markup(text):
    column = Printed(heading=text, cells=[text], is_number=False)
    parser = Texts()
    parser.feed(table_html(text, [column], rows=1))
    parser.close()
    tags = ["table", "caption", "thead", "tr", "th", "tbody", "tr", "th"]
    assert parser.tags == tags
    assert parser.texts.count(text) >= 2 or text.isspace()


def test_numbers_flush_right_and_blank_for_unknown():
    name = Printed(heading="Name", cells=[None], is_number=False)
    total = Printed(heading="Total", cells=["5"], is_number=True)
    html = table_html("", [name, total], rows=1)
    assert '<th scope="col" style="text-align: right">Total</th>' in html
    assert '<tr><th scope="row" dir="auto"></th>' in html
    assert '<td style="text-align: right">5</td></tr>' in html
    assert "<caption>(1 row)</caption>" in html


def test_the_caption_says_what_is_left_out():
    name = Printed(heading="Name", cells=["a"], is_number=False)
    assert "T (first 1 of 1,234 rows)" in table_html("T", [name], rows=1234)
    assert "T (0 rows)" in table_html("T", [], rows=0)
