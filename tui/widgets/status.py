"""The line above the keys: what just happened, or what went wrong; it stays until it was read."""

from textual.content import Content
from textual.widgets import Static

from tui.text import safe


class StatusLine(Static):
    """Empty most of the time. An error stays until the next thing is done; nothing here times out."""

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self.display = False
        self.sentence = ""

    def done(self, sentence: str) -> None:
        """Say that something worked."""
        self._say(sentence, "✓", "$text-success")

    def tell(self, sentence: str) -> None:
        """Say something that needs no alarm."""
        self._say(sentence, "·", "$text-muted")

    def fail(self, sentence: str) -> None:
        """Say what went wrong and what to do."""
        self._say(sentence, "✗", "$text-error")

    def clear(self) -> None:
        """Make room again."""
        self.sentence = ""
        self.display = False

    def _say(self, sentence: str, glyph: str, tone: str) -> None:
        self.sentence = safe(sentence)
        self.update(Content.assemble((f"{glyph} ", f"bold {tone}"), (self.sentence, tone)))
        self.display = True
