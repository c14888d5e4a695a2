"""Asks for the name of a new file; its ending says in which form it is written."""

from pathlib import Path
from typing import Literal

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui import catalogue
from tui.text import safe
from tui.widgets.deaf_modal import DeafModal
from tui.widgets.guarded_input import GuardedInput
from tui.widgets.key_text import KeyText, pressing

ENDINGS: dict[str, Literal["csv", "json"]] = {".csv": "csv", ".jsonl": "json", ".json": "json"}


class AskFile(DeafModal["Path | None"]):
    """Dismissed with the path, or None. Keys are ignored for 300 ms after it opens (R43)."""

    BINDINGS = [Binding("escape", "leave", "leave", show=False)]

    def __init__(self, question: str, about: str, *, suggested: str) -> None:
        super().__init__()
        self._question, self._about = question, about
        self._box = GuardedInput(suggested, placeholder="file", maximum=1000)
        self._problem = Static("", id="problem", markup=False)

    def compose(self) -> ComposeResult:
        """The question, what it means, and the name."""
        with Vertical(id="panel"):
            yield Static(Content(safe(self._question)), id="question")
            yield Static(Content(safe(self._about, multiline=True)), id="meaning")
            yield self._box
            yield self._problem
            yield KeyText(_keys(), id="keys")

    def on_mount(self) -> None:
        """Start deaf, in the box."""
        self.deafen()
        self._problem.display = False
        self._box.focus()

    def on_key(self, event: events.Key) -> None:
        """Let nothing through that was typed for the screen below."""
        if self.is_deaf:
            event.stop()
            event.prevent_default()

    def on_input_submitted(self) -> None:
        """Take the name where its ending is known."""
        path = Path(self._box.value.strip()).expanduser()
        if path.suffix.lower() not in ENDINGS:
            self._problem.update(Content(f"✗ {catalogue.FILE_ENDING}"))
            self._problem.display = True
            return
        self.dismiss(path)

    def action_leave(self) -> None:
        """Write nothing."""
        self.dismiss(None)


def _keys() -> Content:
    parts = (
        pressing(key, Content.assemble((shown, "bold $accent"), " ", label, "   "))
        for key, shown, label in (("enter", "⏎", "write"), ("escape", "esc", "leave"))
    )
    return Content.assemble(*parts)
