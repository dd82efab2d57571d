"""Products, read off license names."""

from __future__ import annotations

import pytest

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.products import (
    Product,
    parse_kpi_product,
    parse_product,
    product_of,
)


@pytest.mark.parametrize(
    ("name", "product"),
    [
        ("Webex Calling - Professional", Product.CALLING),
        ("  WEBEX  calling - workspaces", Product.CALLING),
        ("Webex Calling Plan", Product.CALLING_PLANS),
        ("Call on Webex", Product.CALL_ON_WEBEX),
        ("Attendant Console", Product.ATTENDANT_CONSOLE),
        ("Webex Customer Experience", Product.CUSTOMER_EXPERIENCE),
        ("Webex Contact Centre", Product.CONTACT_CENTER),
        ("Webex Meetings", Product.MEETINGS),
        ("Advanced Messaging", Product.MESSAGING),
        ("Slido", Product.OTHER),
    ],
)
def test_a_license_name_says_its_product(name: str, product: Product):
    assert product_of(name) is product


@pytest.mark.parametrize("product", [p for p in Product if p is not Product.OTHER])
def test_a_product_is_found_by_its_code(product: Product):
    assert parse_product(product.value.replace("_", "-").upper()) is product


def test_a_product_nobody_knows_is_refused_with_the_known_ones():
    with pytest.raises(InvalidValue, match="calling_plans"):
        parse_product("Slido")


def test_the_kpis_know_two_products():
    assert parse_kpi_product(None) is None
    assert parse_kpi_product("Webex Calling") is Product.CALLING
    assert parse_kpi_product(Product.MEETINGS) is Product.MEETINGS
    with pytest.raises(InvalidValue, match="KPIs"):
        parse_kpi_product("messaging")
