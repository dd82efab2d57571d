"""`customers QUERY`: the words reach the query language, whole."""

import json

import pytest

import partnerhub
from partnerhub.domain.errors import FilterError


def _queries_are_read() -> bool:
    with partnerhub.connect("memory:") as hub:
        try:
            hub.customers.find("status:nonsense")
        except FilterError:
            return True
    return False


pytestmark = pytest.mark.skipif(
    not _queries_are_read(), reason="hub.customers.find reads no queries yet"
)


def _found(done):
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_a_field(read):
    found = _found(read("customers", "status:expired", "--json"))
    assert found
    assert all("expired" in customer["statuses"] for customer in found)


def test_a_term_that_takes_away(read):
    everyone = _found(read("customers", "--json"))
    found = _found(read("customers", "-status:expired", "--json"))
    assert 0 < len(found) < len(everyone)
    assert all("expired" not in customer["statuses"] for customer in found)


def test_words_and_quotes(read):
    found = _found(read("customers", '"brandt, voss"', "--json"))
    assert [customer["name"] for customer in found] == ["Brandt, Voss & Partners"]


def test_several_terms_in_one_argument_or_in_several(read):
    terms = ["status:subscription", "-status:expiring_soon"]
    several = read("customers", *terms, "--json")
    assert _found(several) == _found(read("customers", " ".join(terms), "--json"))


def test_a_product_beside_an_or(read):
    either = "status:expired OR status:suspended"
    both = _found(read("customers", either, "--json"))
    calling = _found(read("customers", either, "--product", "calling", "--json"))
    assert calling
    assert all(customer in both for customer in calling)


def test_a_query_that_is_none(read):
    done = read("customers", "status:expird")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "^" in done.stderr
    assert "expired" in done.stderr
