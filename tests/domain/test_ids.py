"""Ids compare by uuid, in whichever form they were written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.ids import WebexId, uuid_of


@given(st.uuids(), st.sampled_from(["ORGANIZATION", "PEOPLE"]))
def test_every_form_of_an_id_is_the_same_id(uuid, kind):
    plain = WebexId.parse(str(uuid))
    for text in (
        str(uuid).upper(),
        uuid.hex,
        f"{{{uuid}}}",
        f" {uuid} ",
        plain.base64(kind),
        f"ciscospark://us/{kind}/{uuid}",
    ):
        other = WebexId.parse(text)
        assert other == plain
        assert hash(other) == hash(plain)
        assert (str(other), other.given) == (str(uuid), text)


@pytest.mark.parametrize(
    "text", ["", "Acme", "c8b0e0d2", "Y2lzY28", "ciscospark://us/PEOPLE/x", "é" * 8]
)
def test_what_is_no_id_is_refused(text: str):
    with pytest.raises(InvalidValue, match="neither"):
        uuid_of(text)
