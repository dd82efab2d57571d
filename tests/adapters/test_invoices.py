"""Reading the lines of an invoice."""

from __future__ import annotations

import pytest

from partnerhub.adapters.invoices import read_invoice
from partnerhub.domain.errors import ColumnMissing


def written(folder, text, name="invoice.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_lines_are_read_whatever_else_the_file_has(tmp_path):
    path = written(
        tmp_path,
        "Price;SUBSCRIPTION id;Qty;Licence\n"
        "3,20;Sub1;1 200;Webex Meetings\n"
        "1,10;Sub2;5;\n",
    )
    found = read_invoice(path)
    assert list(found.lines.rows()) == [
        ("Sub1", "Webex Meetings", 1200),
        ("Sub2", None, 5),
    ]
    assert found.problems == ()


def test_a_credit_is_below_0(tmp_path):
    text = "Subscription ID,Quantity\nSub1,20\nSub1,-5\n"
    found = read_invoice(written(tmp_path, text))
    assert found.lines["quantity"].tolist() == [20, -5]
    assert found.problems == ()


def test_a_bad_row_says_what_and_where_and_the_others_are_taken(tmp_path):
    path = written(
        tmp_path, "Subscription ID,Quantity\nSub1,abc\n,5\nSub2,\nSub3,7\nSub4\n"
    )
    found = read_invoice(path)
    assert list(found.lines.rows()) == [("Sub3", 7)]
    assert [
        str(problem).replace(str(path), path.name) for problem in found.problems
    ] == [
        "not a whole number ('abc') @ invoice.csv:2:Quantity",
        "blank, and needed @ invoice.csv:3:Subscription ID",
        "blank, and needed @ invoice.csv:4:Quantity",
        "blank, and needed @ invoice.csv:6:Quantity",
    ]


def test_headings_of_ones_own(tmp_path):
    path = written(tmp_path, "Sub Ref,Amount\nSub1,7\n")
    with pytest.raises(ColumnMissing, match="'Subscription ID' and no column 'Quant"):
        read_invoice(path)
    mine = {"Sub Ref": "subscription_id", "amount": "quantity"}
    assert list(read_invoice(path, headings=mine).lines.rows()) == [("Sub1", 7)]
