"""Says on every screen that the database does not answer, until it does."""

from textual.content import Content
from textual.widgets import Static

from tui import catalogue
from tui.text import safe


class Trouble(Static):
    """Below the header; there is nothing to see while all is well."""

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self.display = False
        self.sentence = ""

    def on_mount(self) -> None:
        """Follow what the app hears from the database."""
        if "trouble" in self.app._reactives:
            self.watch(self.app, "trouble", self.show)

    def show(self, sentence: str) -> None:
        """Say it, or go away."""
        self.sentence = sentence
        self.display = bool(sentence)
        if sentence:
            text = f"⚠ {safe(sentence)}\n{catalogue.RETRY}"
            self.update(Content.styled(text, "$text-warning"))
