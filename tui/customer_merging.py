"""The part of a customer's screen about merges: what became of them, whom to merge with, and the way back."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from textual.content import Content

from db.rules.identifiers import format_customer_number
from tui.screens.base import ConsoleScreen

if TYPE_CHECKING:
    from datetime import datetime

    from db.queries.customer import CustomerView
    from db.queries.merging import MergeView
    from tui.insight import Opened
    from tui.operation_info import OperationInfo

NOT_MERGED: Final = "This customer was not merged into another, so there is none to open."
SHOWN: Final = 3
"""Merges that the head of a survivor tells one by one."""


class MergedWays(ConsoleScreen[None]):
    """The keys of a customer's screen that merge and lead to the survivor."""

    customer_id: int
    view: "CustomerView | None"

    def action_merge(self) -> None:
        """Ask whom to merge this customer with; whoever was merged already is the survivor by now."""
        if self.view is not None:
            number = self.view.merged_into or self.customer_id
            name = self.view.name if self.view.merged_into is None else ""
            self.console.merge_with(number, f"{format_customer_number(number)} {name}".strip())

    def action_open_customer(self) -> None:
        """Open the survivor."""
        if self.view is None or self.view.merged_into is None:
            self.status.tell(NOT_MERGED)
        else:
            self.console.open_customer(self.view.merged_into)


def merge_parts(opened: "Opened", now: "datetime", undo: "OperationInfo | None") -> Iterator[Content]:
    """Say when and by whom a customer was merged, or whom they took in, with the keys that go on from it."""
    if opened.view.merged_into is not None:
        for merge in opened.merges[:1]:
            yield Content.styled(_done(merge, now), "$text-warning")
        yield Content.styled(f"o opens it{_way_back(undo)}", "$text-muted")
        return
    for merge in opened.merges[:SHOWN]:
        numbers = ", ".join(format_customer_number(number) for number in merge.absorbed)
        yield Content.styled(f"⇐ {numbers} merged in {_done(merge, now)}", "$text-muted")
    more = len(opened.merges) - SHOWN
    if more > 0:
        yield Content.styled(f"and {more} more", "$text-muted")


def _done(merge: "MergeView", now: "datetime") -> str:
    return f"on {merge.at.astimezone(now.tzinfo):%Y-%m-%d} by {merge.operator_id}"


def _way_back(undo: "OperationInfo | None") -> str:
    if undo is None or undo.is_allowed:
        return " · u takes the merge back"
    return "" if undo.is_read_only else f" · {undo.who_may} can take it back"


def left_behind(view: "CustomerView") -> str:
    """Say why a section of a merged customer is empty."""
    return f"Nothing is left here: C-{view.merged_into} holds what there was. o opens it."


def labels_of(view: "CustomerView") -> dict[str, str]:
    """Return what keys are called for this customer: only one who was merged leads to another."""
    return {"open-customer": f"open C-{view.merged_into}" if view.merged_into else ""}
