"""Remembers where the operator was: recent customers, and the way forward again after going back.

It lives in memory and ends with the session: which customers were seen is personal, and in the audit log.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from textual.screen import Screen

MOST_RECENT: Final = 15
Again = Callable[[], Screen[Any]]
"""Makes a screen anew that was left."""


@dataclass(frozen=True)
class Visit:
    """A customer who was open, as the list of recent ones shows it."""

    customer_id: int
    number: str
    name: str


@dataclass
class Trail:
    """Newest first; the way forward is lost with the first step elsewhere, as in a browser."""

    recent: list[Visit] = field(default_factory=list)
    forward: list[Again] = field(default_factory=list)

    def seen(self, visit: Visit) -> None:
        """Put a customer on top of the recent ones."""
        others = [known for known in self.recent if known.customer_id != visit.customer_id]
        self.recent[:] = [visit, *others][:MOST_RECENT]

    def left(self, again: Again | None) -> None:
        """Remember the way forward to a screen that was left; None for one that cannot be made again."""
        if again is not None:
            self.forward.append(again)

    def stepped(self) -> None:
        """Something new was opened: there is no way forward any more."""
        self.forward.clear()

    def ahead(self) -> Screen[Any] | None:
        """Return the screen that was left last."""
        return self.forward.pop()() if self.forward else None
