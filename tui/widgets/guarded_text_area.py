"""The input of a note: several lines, with a maximum; apart, because the first screen has none to load."""

from textual import events
from textual.widgets import TextArea

from tui.widgets.edits_at_once import EditsAtOnce, editing_keys
from tui.widgets.guarded_input import DEFAULT_MAXIMUM, Deaf, Shortened, fitted


class GuardedTextArea(EditsAtOnce, TextArea):
    """A note of several lines with a maximum; line breaks in a paste stay."""

    edits = editing_keys(TextArea.BINDINGS)
    types_enter = True

    def __init__(self, value: str = "", *, maximum: int | None = None, id: str | None = None) -> None:
        limit = maximum or DEFAULT_MAXIMUM
        super().__init__(value[:limit], id=id, compact=True, soft_wrap=True, highlight_cursor_line=False)
        self.cursor_blink = False
        self.limit = limit
        self.deaf = Deaf()

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.deaf.begin()
        room = self.limit - (len(self.text) - len(self.selected_text))
        text, sentence = fitted(event.text, room=room, one_line=False)
        if text:
            self.replace(text, *self.selection, maintain_selection_offset=False)
        if sentence:
            self.post_message(Shortened(self, sentence))

    async def _on_key(self, event: events.Key) -> None:
        types = event.is_printable or event.key == "enter"
        is_full = types and len(self.text) - len(self.selected_text) >= self.limit
        if self.deaf or is_full:
            event.stop()
            event.prevent_default()
            if is_full:
                self.post_message(Shortened(self, f"The text is full: at most {self.limit:,} characters."))
            return
        if not await self.edits_with(event):
            await super()._on_key(event)
