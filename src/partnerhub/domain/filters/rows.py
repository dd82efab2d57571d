"""What an engine must bring for filters: its rows, and what only it can do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Protocol

import attrs
import pendulum

from partnerhub.domain.filters.values import folded
from partnerhub.domain.rules import DayBounds, Rule, View


@attrs.frozen
class TextTest:
    """A test of one text.

    Attributes:
        wanted: Texts, of which one must be there; None asks for any text.
        within: As a part of the text, and not as the whole.
        exact: The texts are codes, compared as they are; else both are folded.
    """

    wanted: tuple[str, ...] | None = None
    within: bool = False
    exact: bool = False

    def __call__(self, text: str) -> bool:
        """Whether the text passes."""
        plain = text if self.exact else folded(text)
        if self.wanted is None:
            return bool(plain)
        if self.within:
            return any(part in plain for part in self.wanted)
        return plain in self.wanted


class Rows(Protocol):
    """One engine's rows: of customers, or of subscriptions."""

    @property
    def at(self) -> pendulum.Date:
        """The day."""
        ...

    @property
    def d(self) -> DayBounds:
        """The bounds of the day, native to the engine."""
        ...

    @property
    def view(self) -> View:
        """What rules are applied to."""
        ...

    def native(self, day: dt.date, /) -> Any:
        """A day as what day columns are compared with."""
        ...

    def everything(self) -> Any:
        """Holds of every row."""
        ...

    def text(self, field: str, test: TextTest, /) -> Any:
        """Rows of which any of the field's texts passes."""
        ...

    def count(self, field: str, /) -> Any:
        """Licenses over the active lines of which they are known; -1 without any."""
        ...

    def share(self, field: str, /) -> tuple[Any, Any]:
        """The same and the total, over active lines of which both are known."""
        ...


class SubscriptionRows(Rows, Protocol):
    """Subscriptions and trials; the view has `ended` and `active`."""

    def any_line(self, rule: Rule, /) -> Any:
        """Subscriptions with a license line of which the rule holds."""
        ...


class CustomerRows(Rows, Protocol):
    """Customers."""

    def statuses(self) -> Any:
        """The values of `CustomerStatus`."""
        ...

    def any_subscription(self, test: Callable[[SubscriptionRows], Any], /) -> Any:
        """Customers with a subscription of which the test holds."""
        ...
