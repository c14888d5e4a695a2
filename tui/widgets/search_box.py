"""The search box: reports what was typed once it rests for a moment, and never submits a paste."""

from typing import Final

from textual import events
from textual.timer import Timer
from textual.widgets import Input

from tui import catalogue
from tui.messages import BoxLeft, QueryTyped
from tui.widgets.guarded_input import GuardedInput

MAX_QUERY: Final = 200
DEBOUNCE_SECONDS: Final = 0.03


class SearchBox(GuardedInput):
    """An input that asks while one types."""

    def __init__(self) -> None:
        super().__init__(placeholder=catalogue.PLACEHOLDER, maximum=MAX_QUERY)
        self._resting: Timer | None = None

    def on_input_changed(self, event: Input.Changed) -> None:
        """Wait until the fingers rest; each key starts the wait again."""
        event.stop()
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(DEBOUNCE_SECONDS, self._tell)

    def on_blur(self, _event: events.Blur) -> None:
        """Tell that a search may have settled."""
        self.post_message(BoxLeft(self.value))

    def _tell(self) -> None:
        self._resting = None
        self.post_message(QueryTyped(self.value))
