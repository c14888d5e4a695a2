"""Which pairs of the queue are wanted: judged how, alike how, from which score on, whom or where."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from db.errors import Invalid
from db.models import PairState
from db.queries.duplicate_filter import Wanted
from tui import duplicate_words as words
from tui.widgets.guarded_input import GuardedInput
from tui.widgets.picker import Picker

EVERYTHING = -1_000.0
"""Bits below which no pair is."""
MOST_TEXT = 60


class PairFilters(Horizontal):
    """One line of choices. Enter leaves them; each change is told at once."""

    class Changed(Message):
        """Something else is wanted."""

    class Left(Message):
        """The operator is done with the filters."""

    def __init__(self, *, kind: str = words.LIKELY, text: str = "") -> None:
        super().__init__()
        self._state = Picker(words.STATES, value=words.STATES[0][0], id="state")
        self._kind = Picker(words.KINDS, value=kind, id="kind")
        self._least = GuardedInput(placeholder="least bits", maximum=6, id="least")
        self._text = GuardedInput(text, placeholder="number, name, city", maximum=MOST_TEXT, id="text")

    def compose(self) -> ComposeResult:
        """In the order in which one narrows."""
        yield self._state
        yield self._kind
        yield self._least
        yield self._text

    def enter(self) -> None:
        """Go to the first of them."""
        self._state.focus()

    @property
    def state(self) -> str:
        """How the pairs were judged."""
        return self._state.value or PairState.OPEN.value

    @property
    def is_narrowing(self) -> bool:
        """Whether pairs of that state are left out."""
        is_usual = self._kind.value in (words.LIKELY, words.ALL)
        return bool(self._least.value.strip() or self._text.value.strip()) or not is_usual

    @property
    def wanted(self) -> Wanted:
        """What is chosen; raises `Invalid` where the score cannot be read."""
        kind = self._kind.value
        everything = None if kind in (words.LIKELY, words.EXACT) else EVERYTHING
        typed = _bits(self._least.value)
        return Wanted(
            state=PairState(self.state),
            least=everything if typed is None else typed,
            collision="email" if kind == words.EMAIL else "phone" if kind == words.PHONE else None,
            text=self._text.value,
            is_exact=kind == words.EXACT,
        )

    def on_picker_picked(self, event: Picker.Picked) -> None:
        """Another choice."""
        event.stop()
        self.post_message(self.Changed())

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another text."""
        event.stop()
        self.post_message(self.Changed())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        self.post_message(self.Left())

    def on_picker_accepted(self, event: Picker.Accepted) -> None:
        """Enter."""
        event.stop()
        self.post_message(self.Left())


def _bits(typed: str) -> float | None:
    text = typed.strip().replace(",", ".").replace("−", "-")
    if text in ("", "-", "."):
        return None
    try:
        found = float(text)
    except ValueError:
        raise Invalid("Write the least score in bits, like 24 or 30.5.", field="least") from None
    return max(EVERYTHING, min(found, -EVERYTHING)) if found == found else None  # nan is no score
