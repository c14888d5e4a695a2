"""Asks before something that cannot be taken back lightly: the focus is on the harmless answer."""

from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from tui.text import safe
from tui.widgets.choice import ChoiceButton
from tui.widgets.deaf_modal import DeafModal
from tui.widgets.guarded_input import GuardedInput, Shortened

MAX_NAME: Final = 700


class Dialog(DeafModal[bool]):
    """A question with two answers; True is the one that acts.

    Keys are ignored for 300 ms after it opens (R43). With `must_type` the acting answer works only once
    that text was typed.
    """

    BINDINGS = [
        Binding("escape", "no", "no", show=False),
        Binding("left,up", "app.focus_previous", "previous", show=False),
        Binding("right,down", "app.focus_next", "next", show=False),
    ]

    def __init__(
        self, question: str, text: str = "", *, yes: str, no: str = "Cancel", must_type: str = ""
    ) -> None:
        super().__init__()
        self._question, self._text = question, text
        self._must_type = must_type
        self._yes = ChoiceButton(Content(safe(yes)), id="yes", compact=True, disabled=bool(must_type))
        self._no = ChoiceButton(Content(safe(no)), id="no", compact=True)

    def compose(self) -> ComposeResult:
        """The question, what it means, and the answers, the harmless one first."""
        with Vertical(id="panel"):
            yield Static(Content(f"⚠ {safe(self._question)}"), id="question")
            if self._text:
                yield Static(Content(safe(self._text, multiline=True)), id="meaning")
            if self._must_type:
                name = (safe(self._must_type, limit=MAX_NAME), "bold")
                yield Static(Content.assemble("To go on, type  ", name), id="name")
                yield GuardedInput(maximum=MAX_NAME)
            with Horizontal(id="answers"):
                yield self._no
                yield self._yes
            yield Static("tab other answer   ⏎ choose   esc no", id="keys", markup=False)

    def on_mount(self) -> None:
        """Start deaf, on the harmless answer."""
        self.deafen()
        self._no.focus()

    def on_key(self, event: events.Key) -> None:
        """Let nothing through that was typed for the screen below."""
        if self.is_deaf:
            event.stop()
            event.prevent_default()

    def on_shortened(self, event: Shortened) -> None:
        """A cut name simply does not match."""
        event.stop()

    def on_input_changed(self, event: Input.Changed) -> None:
        """The acting answer opens with the right text."""
        self._yes.disabled = event.value.strip() != self._must_type.strip()

    def on_input_submitted(self) -> None:
        """Enter in the name goes to the answers."""
        (self._no if self._yes.disabled else self._yes).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """An answer, unless it came too early."""
        if not self.is_deaf:
            self.dismiss(event.button is self._yes)

    def action_no(self) -> None:
        """Esc is the harmless answer."""
        self.dismiss(False)


def discard() -> Dialog:
    """Ask whether typed work may go."""
    return Dialog("Discard what you typed?", "Nothing of it is saved yet.", yes="Discard", no="Keep editing")


def end_walk(answer: str, outcome: str) -> Dialog:
    """Ask whether a walk may end; what was found and answered can only be read then."""
    about = f"{answer}. Nothing more is recorded in it then."
    return Dialog(f"End the walk: {outcome}?", about, yes="End it")
