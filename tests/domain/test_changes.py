import datetime as dt

import attrs
from hypothesis import given

from partnerhub.domain.changes import differences, status_change
from partnerhub.domain.customers import NEVER, Customer
from partnerhub.domain.organizations import Organization
from partnerhub.domain.status import CustomerStatus
from partnerhub.domain.subscriptions import LicenseLine, Subscription
from tests.strategies import AT, customers

ACME = Organization(id="c8b0e0d2-0000-4000-8000-000000000001", name="Acme")
LATER = AT.add(days=7)


def acme(*held, **told):
    return Customer(organization=ACME, subscriptions=held, **told)


def sub(key="Sub1", **told):
    return Subscription(id=key, customer=ACME, **told)


def change(before, after, until=LATER):
    return status_change(before, after, since=AT, until=until)


def test_no_change_of_status_is_none():
    same = acme(sub(ends_on="2028-01-01"))
    assert change(same, same) is None


def test_time_alone():
    same = acme(sub(ends_on="2026-12-25"))
    found = change(same, same)
    assert found.gained == CustomerStatus.EXPIRING_SOON
    assert found.lost == CustomerStatus(0)
    assert found.why == "7 days have passed, and nothing else was told"
    assert found.reasons[CustomerStatus.EXPIRING_SOON][0].days == 26


def test_what_was_told_anew():
    line = LicenseLine(license="Webex Meetings", total=5, assigned=5)
    before = acme(
        sub(ends_on="2028-01-01", paid=True, lines=(line,)),
        sub("Old", ends_on="2028-01-01"),
        has_admins=True,
        last_admin_sign_in="never",
    )
    after = acme(
        sub(
            ends_on="2028-01-01",
            paid=False,
            source_status="Suspended",
            lines=(attrs.evolve(line, assigned=9), LicenseLine(license="Webex Go")),
        ),
        sub("New", is_trial=True),
        has_admins=True,
        last_admin_sign_in=AT,
    )
    found = change(before, after)
    assert found.gained & CustomerStatus.SUSPENDED
    assert found.differences == (
        f"last administrator sign-in never -> {AT}",
        "Sub1: status of the source unknown -> Suspended",
        "Sub1: paid yes -> no",
        "Sub1: Webex Meetings assigned 5 -> 9",
        "New: a new trial",
        "Old: not there any more",
    )
    assert found.to_dict()["gained"] == [status.code for status in found.gained]
    assert found.to_dict()["since"] == AT.isoformat()


def test_trials_without_an_id_are_told_apart():
    before = acme(sub("Enterprise Trial"), sub("Enterprise Trial", ends_on=AT))
    after = acme(sub("Enterprise Trial"), sub("Enterprise Trial", ends_on=LATER))
    assert list(differences(before, after)) == [
        f"Enterprise Trial: end {AT} -> {LATER}"
    ]


def test_never_and_unknown_are_words():
    found = differences(
        acme(last_admin_sign_in=NEVER, has_admins=False), acme(has_admins=None)
    )
    assert list(found) == [
        "last administrator sign-in never -> unknown",
        "has administrators no -> unknown",
    ]


@given(customers(), customers())
def test_gained_and_lost_are_exactly_the_difference(before, after):
    found = status_change(before, after, since=AT, until=AT + dt.timedelta(3))
    if found is None:
        return
    assert not found.gained & found.lost
    old, new = found.before.flags, found.after.flags
    assert (old | found.gained) & ~found.lost == new
    assert set(found.reasons) == {*found.gained, *found.lost}
    assert all(found.reasons.values())
