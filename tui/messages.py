"""The facts that widgets tell their screen, in the past tense."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from db.search import Hit


@dataclass
class QueryTyped(Message):
    """The text of the search box changed, and rested for a moment."""

    query: str


@dataclass
class BoxLeft(Message):
    """The operator left the search box with this text in it."""

    query: str


@dataclass
class HitHighlighted(Message):
    """Another row of the results is selected; None where there is none."""

    hit: "Hit | None"


@dataclass
class EndReached(Message):
    """The results were scrolled to their end."""


@dataclass
class HitChosen(Message):
    """The operator wants to open a customer."""

    hit: "Hit"


@dataclass
class RowHighlighted(Message):
    """Another row of a customer's section is selected."""

    section: str
    row: str


@dataclass
class RowChosen(Message):
    """The operator pressed enter on a row."""

    section: str
    row: str


@dataclass
class CustomerRequested(Message):
    """The operator wants to see this customer, wherever they are."""

    customer_id: int


@dataclass
class UnreadableSent(Message):
    """The terminal sent bytes that are not UTF-8; they were dropped."""
