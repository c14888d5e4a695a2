"""A choice in one line: ← and → walk through the options, a letter jumps to the next that begins with it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.text import safe

if TYPE_CHECKING:
    from db.queries.choices import Choice

_NARROWEST: Final = 8
NOTHING_TO_CHOOSE: Final = "none on file to choose from · esc goes back"


class Picker(Widget, can_focus=True):
    """One of several choices, or none yet; `options` are (value, label)."""

    BINDINGS = [
        Binding("left", "step(-1)", "previous", show=False),
        Binding("right,space", "step(1)", "next", show=False),
        Binding("home", "to(0)", "first", show=False),
        Binding("end", "to(-1)", "last", show=False),
    ]

    class Picked(Message):
        """Another option is chosen."""

        def __init__(self, picker: "Picker", value: str | None) -> None:
            super().__init__()
            self.picker = picker
            self.value = value

        @property
        def control(self) -> "Picker":
            """The picker in which it happened."""
            return self.picker

    class Accepted(Message):
        """Enter was pressed on the chosen option."""

    def __init__(
        self,
        options: Sequence[tuple[str, str]] = (),
        *,
        value: str | None = None,
        empty: str = NOTHING_TO_CHOOSE,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._options = tuple(options)
        self._empty = empty
        self._index = self._index_of(value)

    @property
    def value(self) -> str | None:
        """The value of the chosen option."""
        return None if self._index is None else self._options[self._index][0]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to choose from."""
        return not self._options

    def offer(self, choices: "Sequence[Choice]", *, value: str | None = None) -> None:
        """Replace the options; a single one is taken at once, and what was chosen stays where it can."""
        wanted = value if value is not None else self.value
        self._empty = NOTHING_TO_CHOOSE
        self.set_options([(choice.value, choice.label) for choice in choices], value=wanted)

    def set_options(self, options: Sequence[tuple[str, str]], *, value: str | None) -> None:
        """Replace the options with (value, label); posts nothing."""
        self._options = tuple(options)
        self._index = 0 if len(self._options) == 1 else self._index_of(value)
        self.refresh()

    def _index_of(self, value: str | None) -> int | None:
        return next((at for at, (known, _) in enumerate(self._options) if known == value), None)

    def render(self) -> Content:
        """‹ label ›, and which of how many."""
        quiet, arrow = "$text-muted", "bold $accent"
        if not self._options:
            return Content.assemble((safe(self._empty), quiet))
        if self._index is None:
            return Content.assemble(("‹ ", arrow), ("choose with ← →", quiet), " ", ("›", arrow))
        count = f"{self._index + 1} of {len(self._options)}" if len(self._options) > 1 else ""
        room = max(self.size.width - 6 - len(count), _NARROWEST)
        shown = Content(safe(self._options[self._index][1])).truncate(room, ellipsis=True)
        return Content.assemble(("‹ ", arrow), shown, " ", ("›", arrow), "  ", (count, quiet))

    def action_step(self, by: int) -> None:
        """Walk on, round and round."""
        if self._options:
            start = (-1 if by > 0 else 0) if self._index is None else self._index
            self._choose((start + by) % len(self._options))

    def action_to(self, index: int) -> None:
        """Go to the first or the last."""
        if self._options:
            self._choose(index % len(self._options))

    def _choose(self, index: int) -> None:
        self._index = index
        self.refresh()
        self.post_message(self.Picked(self, self.value))

    def on_key(self, event: events.Key) -> None:
        """Enter accepts; a letter jumps."""
        if event.key == "enter":
            event.stop()
            self.post_message(self.Accepted())
        elif event.character and event.character.isalnum():
            event.stop()
            self._jump(event.character.casefold())

    def _jump(self, letter: str) -> None:
        count = len(self._options)
        start = -1 if self._index is None else self._index
        for step in range(1, count + 1):
            at = (start + step) % count
            if self._options[at][1].casefold().startswith(letter):
                self._choose(at)
                return

    def on_click(self) -> None:
        """A click walks on."""
        self.action_step(1)
