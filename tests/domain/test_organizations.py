"""Organizations: who they are, and texts that no store keeps."""

from __future__ import annotations

import pytest

from partnerhub.domain.errors import InvalidValue
from partnerhub.domain.organizations import Organization, PartnerOrganization

ID = "c8b0e0d2-0000-4000-8000-000000000001"


@pytest.mark.parametrize("name", ["name", "industry", "external_id"])
@pytest.mark.parametrize("text", ["a\0b", "a\ud800"])
def test_texts_that_no_store_keeps_are_refused(name: str, text: str):
    with pytest.raises(InvalidValue):
        Organization(id=ID, **{name: text})


def test_the_partners_own_industry_is_looked_at_too():
    with pytest.raises(InvalidValue, match="NUL"):
        PartnerOrganization(id=ID, industry="a\0b")


def test_an_organization_is_labelled_by_its_name_or_its_id():
    assert Organization(id=ID).label == ID
    assert Organization(id=ID, name="Zoé").label == "Zoé"


def test_a_region_is_read_in_either_language():
    assert Organization(id=ID, region="Émirats arabes unis").region == "UAE"
    assert Organization(id=ID).region is None
