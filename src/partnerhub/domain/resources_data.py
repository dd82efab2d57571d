"""The links of the Resources & Help page.

Addresses are those of Cisco's public help and developer pages; the page itself shows
a selection of Cisco's that changes over time, so which are quick links and which are
featured is ours.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import attrs

from partnerhub.domain.products import Product


class Shelf(StrEnum):
    """Where on the page a link stands; all of them stand under All resources."""

    QUICK_LINKS = "quick_links"
    """What partners open most."""
    FEATURED = "featured"
    """What is worth a look."""


class Topic(StrEnum):
    """What a link is about."""

    START = "start"
    ADMINISTRATORS = "administrators"
    TRIALS = "trials"
    SUBSCRIPTIONS = "subscriptions"
    ANALYTICS = "analytics"
    WHOLESALE = "wholesale"
    DEVELOPERS = "developers"
    SUPPORT = "support"


@attrs.frozen(kw_only=True)
class Resource:
    """One link.

    Attributes:
        title: What it is called.
        summary: What is found there, in one sentence.
        url: Where it is.
        topic: What it is about.
        products: The products it is about; none for all of them.
        shelves: Where else on the page it stands.
    """

    title: str
    summary: str
    url: str
    topic: Topic
    products: tuple[Product, ...] = ()
    shelves: tuple[Shelf, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """The same, ready for JSON."""
        return {
            "title": self.title,
            "summary": self.summary,
            "url": self.url,
            "topic": self.topic.value,
            "products": [product.value for product in self.products],
            "shelves": [shelf.value for shelf in self.shelves],
        }


_HELP: Final = "https://help.webex.com/en-us/article"
_DOCS: Final = "https://developer.webex.com/docs/api/v1"

RESOURCES: Final = (
    Resource(
        title="Get started with Partner Hub",
        summary="Customer list, trials, analytics, reports, region selector.",
        url=f"{_HELP}/c3q9lz",
        topic=Topic.START,
        shelves=(Shelf.QUICK_LINKS, Shelf.FEATURED),
    ),
    Resource(
        title="Assign administrator roles in Partner Hub",
        summary="Who may do what, and how to give a user one of the roles.",
        url=f"{_HELP}/16gmxfb",
        topic=Topic.ADMINISTRATORS,
        shelves=(Shelf.QUICK_LINKS,),
    ),
    Resource(
        title="Partner administrator roles for Webex for BroadWorks and Wholesale RTM",
        summary="The permission matrix of the partner roles.",
        url=f"{_HELP}/2y8qmt",
        topic=Topic.ADMINISTRATORS,
    ),
    Resource(
        title="Custom roles in Control Hub",
        summary="Roles with chosen permissions, such as calling templates.",
        url=f"{_HELP}/x7l1qbb",
        topic=Topic.ADMINISTRATORS,
    ),
    Resource(
        title="Set up a Webex trials program for customers",
        summary="Start a trial: company, services, quantity, duration.",
        url="https://help.webex.com/en-us/npv2y12",
        topic=Topic.TRIALS,
        shelves=(Shelf.QUICK_LINKS,),
    ),
    Resource(
        title="Manage an established Webex enterprise trial",
        summary="Extend a trial, add and remove services, convert it.",
        url="https://help.webex.com/en-us/ns70c1m",
        topic=Topic.TRIALS,
    ),
    Resource(
        title="Start a Webex Attendant Console trial",
        summary="Five licenses for 90 days, and the services that come along.",
        url="https://help.webex.com/eoe453",
        topic=Topic.TRIALS,
        products=(Product.ATTENDANT_CONSOLE, Product.CALLING),
    ),
    Resource(
        title="Restore or delete a canceled subscription",
        summary="Suspension, soft deletion, and how long each of them lasts.",
        url=f"{_HELP}/h7q0e1",
        topic=Topic.SUBSCRIPTIONS,
        products=(Product.CALLING,),
        shelves=(Shelf.FEATURED,),
    ),
    Resource(
        title="License management guide",
        summary="Overage, True Forward, and what the licenses are counted by.",
        url=f"{_HELP}/naaftwj",
        topic=Topic.SUBSCRIPTIONS,
        shelves=(Shelf.FEATURED,),
    ),
    Resource(
        title="Move Calling from one subscription to another",
        summary="What to mind before a subscription is suspended.",
        url="https://help.webex.com/article/fvix62",
        topic=Topic.SUBSCRIPTIONS,
        products=(Product.CALLING,),
    ),
    Resource(
        title="Order set-up e-mails",
        summary="Orders that wait for their set-up, and when they close.",
        url="https://help.webex.com/article/WBX000028109",
        topic=Topic.SUBSCRIPTIONS,
    ),
    Resource(
        title="Reports for your cloud collaboration portfolio",
        summary="The five CSV reports, their columns and schedules.",
        url=f"{_HELP}/nmug598",
        topic=Topic.ANALYTICS,
        shelves=(Shelf.QUICK_LINKS,),
    ),
    Resource(
        title="Analytics for your portfolio",
        summary="Subscriptions and calling engagement, and how they are counted.",
        url=f"{_HELP}/vvoefh",
        topic=Topic.ANALYTICS,
    ),
    Resource(
        title="Analytics for Wholesale RTM and BroadWorks packages",
        summary="Packages, not licenses: analytics that Partner Hub keeps apart.",
        url=f"{_HELP}/ntip1k0",
        topic=Topic.WHOLESALE,
        shelves=(Shelf.FEATURED,),
    ),
    Resource(
        title="What's new in Wholesale RTM",
        summary="Releases, month by month.",
        url=f"{_HELP}/naxx10",
        topic=Topic.WHOLESALE,
    ),
    Resource(
        title="Partner tags API",
        summary="Tags on organizations and subscriptions.",
        url=f"{_DOCS}/partner-tags",
        topic=Topic.DEVELOPERS,
    ),
    Resource(
        title="Partner administrators API",
        summary="Assign customers to administrators, and revoke roles.",
        url="https://developer.webex.com/admin/docs/api/v1/partner-administrators",
        topic=Topic.DEVELOPERS,
    ),
    Resource(
        title="Partner report templates API",
        summary="Create and download reports without a browser.",
        url=f"{_DOCS}/partner-reports-templates",
        topic=Topic.DEVELOPERS,
    ),
    Resource(
        title="Detailed call history API",
        summary="Call records and their quality, leg by leg.",
        url=f"{_DOCS}/reports-detailed-call-history",
        topic=Topic.DEVELOPERS,
        products=(Product.CALLING,),
    ),
    Resource(
        title="Wholesale provisioning API",
        summary="Create wholesale customers and their subscribers.",
        url=f"{_DOCS}/wholesale-provisioning",
        topic=Topic.WHOLESALE,
    ),
    Resource(
        title="Partner support for Webex Calling",
        summary="Reach the partner support team from the partner portal.",
        url="https://admin.webex.com/partner/resources",
        topic=Topic.SUPPORT,
        products=(Product.CALLING,),
        shelves=(Shelf.QUICK_LINKS,),
    ),
    Resource(
        title="Partner support for Webex Contact Center",
        summary="Reach the partner support team from the partner portal.",
        url="https://admin.webex.com/partner/resources",
        topic=Topic.SUPPORT,
        products=(Product.CONTACT_CENTER,),
    ),
)
"""All of them, in the order in which they are shown."""
