"""Hides everything while nobody is there; enter goes on, and that is an event."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from db.errors import LatchkeyError
from tui import catalogue
from tui.text import safe
from tui.tied import tied
from tui.widgets.key_text import KeyText, pressing

if TYPE_CHECKING:
    from tui.app import Console


class LockedScreen(Screen[None]):
    """No data, no name of a customer, no way out but going on or ending the session.

    Re-authentication belongs here where a deployment has a way to; none has one yet.
    """

    BINDINGS = [("enter", "go_on", "continue")]

    def __init__(self, minutes: int) -> None:
        super().__init__()
        self._minutes = minutes
        self._said = KeyText(id="said")
        self._is_asking = False

    @property
    def console(self) -> "Console":
        """The app, as what it is."""
        from tui.app import Console

        assert isinstance(self.app, Console)
        return self.app

    def compose(self) -> ComposeResult:
        """A sentence and two keys."""
        with Vertical(id="panel"):
            yield Static(Content(catalogue.LOCKED), id="title", markup=False)
            yield Static(Content(catalogue.locked_after(self._minutes)), markup=False)
            yield self._said

    def on_mount(self) -> None:
        """Name the keys."""
        self._say("")

    def _say(self, sentence: str, tone: str = "$text-muted") -> None:
        who = self.console.bridge.actor.operator_id
        keys = Content.assemble(
            pressing("enter", Content.assemble(("⏎", "bold $accent"), f" continue as {safe(who)}")),
            "    ",
            pressing("ctrl+q", Content.assemble(("ctrl+q", "bold $accent"), " end the session")),
        )
        self._said.update(Content.assemble(keys, (f"\n\n{sentence}", tone)) if sentence else keys)

    def ask(self) -> None:
        """Any other key: say which one it takes."""
        if not self._is_asking:
            self._say(catalogue.LOCKED_ASKS, "$text-warning")

    def action_go_on(self) -> None:
        """Record it, then show again what was there."""
        if not self._is_asking:
            self._is_asking = True
            self._say(catalogue.UNLOCKING)
            self.run_worker(tied(self, self._go_on()), exit_on_error=True)

    async def _go_on(self) -> None:
        try:
            await self.console.bridge.observe("unlock-session")
        except LatchkeyError as error:
            self._is_asking = False
            self._say(f"✗ {safe(error.sentence)}", "$text-error")
            return
        self.console.session.touch()
        self.console.learn_rights()
        self.dismiss(None)
