"""Asks why something is done, before it is confirmed."""

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.reason import MAX_REASON
from tui.text import safe
from tui.widgets.deaf_modal import DeafModal
from tui.widgets.guarded_input import GuardedInput
from tui.widgets.key_text import KeyText, pressing


class AskReason(DeafModal["str | None"]):
    """Dismissed with the reason, or None. Keys are ignored for 300 ms after it opens (R43)."""

    BINDINGS = [Binding("escape", "leave", "leave", show=False)]

    def __init__(self, question: str, about: str, *, suggested: str = "") -> None:
        super().__init__()
        self._question, self._about = question, about
        self.box = GuardedInput(suggested, placeholder="reason", maximum=MAX_REASON)
        self._problem = Static("", id="problem", markup=False)

    def compose(self) -> ComposeResult:
        """The question, what it means, and the reason."""
        with Vertical(id="panel"):
            yield Static(Content(safe(self._question)), id="question")
            yield Static(Content(safe(self._about, multiline=True)), id="meaning")
            yield self.box
            yield self._problem
            yield KeyText(_keys(), id="keys")

    def on_mount(self) -> None:
        """Start deaf, in the box."""
        self.deafen()
        self._problem.display = False
        self.box.focus()

    def on_key(self, event: events.Key) -> None:
        """Let nothing through that was typed for the screen below."""
        if self.is_deaf:
            event.stop()
            event.prevent_default()

    def on_input_submitted(self) -> None:
        """Take the reason, where there is one."""
        if not self.box.value.strip():
            self._problem.update(Content("✗ Give a reason in a few words."))
            self._problem.display = True
            return
        self.dismiss(self.box.value.strip())

    def action_leave(self) -> None:
        """Do nothing."""
        self.dismiss(None)


def _keys() -> Content:
    parts = (
        pressing(key, Content.assemble((shown, "bold $accent"), " ", label, "   "))
        for key, shown, label in (("enter", "⏎", "go on"), ("escape", "esc", "back"))
    )
    return Content.assemble(*parts)
