"""Keeps the keys that come while the console is still starting, and gives them back in their order.

Before the search box has the cursor every key is kept. From then on typing goes into the box, while a key
that does more than that, and all that follow it, wait until it is known who works here and may do what.
"""

from typing import Final

from textual import events

EDITING: Final = frozenset(
    {"backspace", "delete", "left", "right", "home", "end", "ctrl+a", "ctrl+e", "ctrl+u", "ctrl+w"}
)
LEAVING: Final = frozenset({"ctrl+q", "ctrl+c"})

Typed = events.Key | events.Paste


class EarlyKeys:
    """What was typed too early; nothing is kept once `open` was called.

    `has_box`: whether the search box has the cursor, or had it.
    """

    def __init__(self) -> None:
        self._kept: list[Typed] = []
        self.has_box = False
        self._is_open = False

    def keeps(self, event: events.Event) -> bool:
        """Whether an event was kept for later, so that nobody may act on it now."""
        if self._is_open or not isinstance(event, Typed) or self._may_pass(event):
            return False
        self._kept.append(event)
        return True

    def _may_pass(self, event: Typed) -> bool:
        if isinstance(event, events.Key) and event.key in LEAVING:
            return True
        return self.has_box and not self._kept and _is_typing(event)

    def find_box(self) -> list[Typed]:
        """The box has the cursor: return what may go into it now."""
        self.has_box = True
        count = next((at for at, event in enumerate(self._kept) if not _is_typing(event)), len(self._kept))
        typed, self._kept = self._kept[:count], self._kept[count:]
        return typed

    def open(self) -> list[Typed]:
        """The console is ready: return everything that waits."""
        self._is_open = self.has_box = True
        kept, self._kept = self._kept, []
        return kept


def _is_typing(event: Typed) -> bool:
    return isinstance(event, events.Paste) or event.is_printable or event.key in EDITING
