"""The line above the keys: what just happened, which goes by itself, or what went wrong, which stays."""

from typing import Final

from textual.content import Content
from textual.widgets import Static

from tui.delay import Delay
from tui.text import safe

SHORTEST_SECONDS: Final = 5.0
SECONDS_A_WORD: Final = 0.4
"""Slow for a reader who has nothing else to do, which an operator on the phone is not."""


class StatusLine(Static):
    """Empty most of the time. Information stays as long as reading it takes, an error until it was read."""

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self.display = False
        self.sentence = ""
        self._delay: Delay | None = None

    def done(self, sentence: str) -> None:
        """Say that something worked."""
        self._say(sentence, "✓", "$text-success", passes=True)

    def tell(self, sentence: str) -> None:
        """Say something that needs no alarm."""
        self._say(sentence, "·", "$text-muted", passes=True)

    def fail(self, sentence: str) -> None:
        """Say what went wrong and what to do."""
        self._say(sentence, "✗", "$text-error", passes=False)

    def clear(self) -> None:
        """Make room again."""
        self._stop()
        self.sentence = ""
        self.display = False

    def _stop(self) -> None:
        if self._delay is not None:
            self._delay.stop()
            self._delay = None

    def _say(self, sentence: str, glyph: str, tone: str, *, passes: bool) -> None:
        self._stop()
        self.sentence = safe(sentence)
        self.update(Content.assemble((f"{glyph} ", f"bold {tone}"), (self.sentence, tone)))
        self.display = True
        if passes:
            self._delay = Delay(self, reading_seconds(self.sentence), self.clear)


def reading_seconds(sentence: str) -> float:
    """Return how long information stays: 5 s, more only for what takes longer to read."""
    return max(SHORTEST_SECONDS, len(sentence.split()) * SECONDS_A_WORD)
