"""Subscription Details: the specification's 19 columns, golden bytes in both languages."""

from __future__ import annotations

import io

import pendulum

from partnerhub.columns.objects import portfolio_of
from partnerhub.domain.organizations import Organization
from partnerhub.domain.subscriptions import LicenseLine, Subscription
from partnerhub.reports.csv_writer import write_csv
from partnerhub.reports.subscription_details import subscription_details

ACME = Organization(id="c8b0e0d2-0000-4000-8000-000000000001", name='=Acme "A", Ltd')
BOLT = Organization(id="c8b0e0d2-0000-4000-8000-000000000002", name="Bolt Été")

HELD = (
    Subscription(
        id="Sub2",
        customer=BOLT,
        day="2026-11-22",
        source_status="Expired",
        type="A-FLEX-3",
        auto_renews=False,
        ends_on="2026-10-31",
        users_total=40,
        users_verified=38,
        lines=(
            LicenseLine(license="Webex Meetings", total=25, assigned=20, used_ever=7),
            LicenseLine(license="Webex Calling - Standard", total=0, assigned=0),
        ),
    ),
    Subscription(
        id="Enterprise Trial\tFlex\tWebex Meetings\t001",
        customer=ACME,
        day="2026-11-15",
        source_status="Active",
        lines=(LicenseLine(license="Webex Calling - Professional", assigned=5),),
    ),
    Subscription(id="Gone", customer=ACME, day="2026-11-01", gone=True),
)

ROWS = (
    '2026-11-15,"\'=Acme ""A"", Ltd",c8b0e0d2-0000-4000-8000-000000000001,Active,'
    "Enterprise Trial,,,,,,,,,,5,,,,\r\n"
    "2026-11-22,Bolt Été,c8b0e0d2-0000-4000-8000-000000000002,Expired,Sub2,A-FLEX-3,"
    "40,38,FALSE,2026-10-31,25,20,7,,,,0,0,\r\n"
)


def written(locale: str) -> str:
    table = subscription_details(portfolio_of(HELD, at=pendulum.date(2026, 11, 22)))
    file = io.BytesIO()
    write_csv(table, file, locale=locale)
    return file.getvalue().decode()


def test_english() -> None:
    assert written("en") == (
        "Calculation date,Customer name,Org ID,Subscription status,Subscription ID,"
        "Subscription type,Total users in organization,Total verified users,"
        "Auto-renew enabled,Expiration/Renewal date,Meeting license (available),"
        "Meeting license (assigned),Meeting license (used),"
        "Calling Professional license (available),"
        "Calling Professional license (assigned),Calling Professional license (used),"
        "Calling Standard license (available),Calling Standard license (assigned),"
        "Calling Standard license (used)\r\n" + ROWS
    )


def test_french_headings_over_the_same_rows() -> None:
    headings, _, rows = written("fr").partition("\r\n")
    assert rows == ROWS
    assert headings.startswith("Date de calcul,Nom du client,ID de l'organisation,")
    assert len(headings.split(",")) == 19


def test_what_a_newer_file_left_out_is_not_in_it() -> None:
    assert "Gone" not in written("en")


def test_nobody_gives_headings_alone() -> None:
    table = subscription_details(portfolio_of((), at=pendulum.date(2026, 11, 22)))
    assert (len(table), len(table.columns)) == (0, 20)
