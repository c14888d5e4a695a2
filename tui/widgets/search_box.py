"""The search box: reports what is typed, a burst of keys as one, and never submits a paste."""

from typing import Final

from textual import events
from textual.binding import Binding
from textual.timer import Timer
from textual.widgets import Input

from tui import catalogue
from tui.messages import BoxLeft, QueryTyped
from tui.widgets.edits_at_once import editing_keys
from tui.widgets.guarded_input import GuardedInput

MAX_QUERY: Final = 200
DEBOUNCE_SECONDS: Final = 0.03
"""Keys that follow each other faster are a burst: a paste, a held key."""


class SearchBox(GuardedInput):
    """An input that asks while one types."""

    # Textual's inputs delete with this key too, which the delete key goes on doing.
    BINDINGS = [Binding("ctrl+d", "screen.diagnose_typed", show=False)]
    edits = editing_keys(Input.BINDINGS, without=("ctrl+d",))

    def __init__(self) -> None:
        super().__init__(placeholder=catalogue.PLACEHOLDER, maximum=MAX_QUERY)
        self._resting: Timer | None = None
        self._asked = ""

    def begin_anew(self) -> None:
        """Take the focus with everything selected, so that typing replaces it."""
        self.select_on_focus = True
        self.focus()
        self.action_select_all()

    def go_on(self) -> None:
        """Take the focus with the cursor where it was, so that typing adds to it."""
        self.select_on_focus = False
        self.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Ask at once; what follows while the fingers fly is asked together, when they rest."""
        event.stop()
        if self._resting is None:
            self.post_message(QueryTyped(self.value))
            self._asked = self.value
        else:
            self._resting.stop()
        self._resting = self.set_timer(DEBOUNCE_SECONDS, self._rest)

    def on_blur(self, _event: events.Blur) -> None:
        """Tell that a search may have settled."""
        self.post_message(BoxLeft(self.value))

    def _rest(self) -> None:
        self._resting = None
        if self.value != self._asked:
            self._asked = self.value
            self.post_message(QueryTyped(self.value))
