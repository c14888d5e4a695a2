"""Inputs that a paste cannot abuse: a maximum, no submitting, and a moment of deafness afterwards (R43)."""

import re
from time import monotonic
from typing import Final

from textual import events
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from tui.widgets.edits_at_once import EditsAtOnce, editing_keys

DEAF_SECONDS: Final = 0.3
DEFAULT_MAXIMUM: Final = 500
_BREAKS: Final = re.compile("[\t\r\n\x0b\x0c\x85\u2028\u2029]+")


class Deaf:
    """A span of 300 ms in which keys do nothing; needs no timer, so an idle console stays idle."""

    def __init__(self) -> None:
        self._until = 0.0

    def begin(self) -> None:
        """Be deaf from now on."""
        self._until = monotonic() + DEAF_SECONDS

    def __bool__(self) -> bool:
        return monotonic() < self._until


class Shortened(Message):
    """A paste did not fit, or lost its line breaks; `sentence` says so."""

    def __init__(self, source: Widget, sentence: str) -> None:
        super().__init__()
        self.source = source
        self.sentence = sentence

    @property
    def control(self) -> Widget:
        """The input that was pasted into."""
        return self.source


def fitted(text: str, *, room: int, one_line: bool) -> tuple[str, str | None]:
    """Return what of a paste goes in, and a sentence about what was left out or changed (None: nothing)."""
    room = max(room, 0)
    # Breaks are looked for only in what can go in: a paste may be megabytes.
    kept = text[: room * 2 + 2]
    flat = (
        _BREAKS.sub(" ", kept.strip("\r\n")) if one_line else kept.replace("\r\n", "\n").replace("\r", "\n")
    )
    result = flat[:room]
    if len(flat) > room or len(text) > len(kept):
        return result, f"The paste was too long: only its first {len(result):,} characters went in."
    if one_line and _BREAKS.search(kept.strip("\r\n")):
        return result, "Line breaks in the paste became spaces."
    return result, None


class GuardedInput(EditsAtOnce, Input):
    """A one-line input with a maximum. Its cursor stands still: blinking costs bytes over SSH (R41)."""

    edits = editing_keys(Input.BINDINGS)

    def __init__(
        self, value: str = "", *, placeholder: str = "", maximum: int | None = None, id: str | None = None
    ) -> None:
        limit = maximum or DEFAULT_MAXIMUM
        super().__init__(
            value[:limit],
            placeholder=placeholder,
            max_length=limit,
            id=id,
            select_on_focus=True,
            compact=True,
        )
        self.cursor_blink = False
        self.limit = limit
        self.deaf = Deaf()

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.deaf.begin()
        start, end = sorted(self.selection)
        room = self.limit - (len(self.value) - (end - start))
        text, sentence = fitted(event.text, room=room, one_line=True)
        if text:
            self.replace(text, start, end)
        if sentence:
            self.post_message(Shortened(self, sentence))

    async def _on_key(self, event: events.Key) -> None:
        if self.deaf:
            event.stop()
            event.prevent_default()
            return
        if not await self.edits_with(event):
            await super()._on_key(event)
