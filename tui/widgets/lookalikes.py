"""Who may be the customer that is about to be added: looked for while one types, once the fingers rest."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from db.errors import LatchkeyError
from db.rules.identifiers import format_customer_number
from tui import catalogue
from tui import duplicate_words as words
from tui.delay import Delay
from tui.messages import CustomerRequested
from tui.tied import tied
from tui.widgets.rehearsal import DELAY
from tui.widgets.results import column

if TYPE_CHECKING:
    from db.duplicates.candidates import Candidate
    from tui.queueing import Candidates

MOST: Final = 4
SCORE, STATUS = 13, 12


class Lookalikes(Widget, can_focus=False):
    """A heading and a row each, or nothing at all; o opens the selected one. Late answers are dropped."""

    BINDINGS = [
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("o,enter", "open", show=False),
    ]
    cursor: reactive[int] = reactive(0)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._found: tuple[Candidate, ...] = ()
        self._threshold = 0.0
        self._asked = 0
        self._timer: Delay | None = None
        self.is_settled = True

    @property
    def found(self) -> "tuple[Candidate, ...]":
        """Who is shown."""
        return self._found

    def on_mount(self) -> None:
        """There is nobody at first."""
        self.display = False

    def soon(self, ask: "Callable[[], Awaitable[Candidates]]") -> None:
        """Ask once the fingers rest; what was asked before is void."""
        self._asked += 1
        self.is_settled = False
        if self._timer is not None:
            self._timer.stop()
        number = self._asked
        self._timer = Delay(self, DELAY, lambda: self._start(ask, number))

    def _start(self, ask: "Callable[[], Awaitable[Candidates]]", number: int) -> None:
        self.run_worker(tied(self, self._look(ask, number)), group="lookalikes")

    async def _look(self, ask: "Callable[[], Awaitable[Candidates]]", number: int) -> None:
        try:
            found = await ask()
        except LatchkeyError:
            return  # the rehearsal says that the database is away
        if number == self._asked:
            self._show(found)
            self.is_settled = True

    def _show(self, found: "Candidates") -> None:
        self._found, self._threshold = found.rows[:MOST], found.threshold
        self.cursor = min(self.cursor, max(len(self._found) - 1, 0))
        self.display = self.can_focus = bool(self._found)
        self.refresh(layout=True)

    def get_content_height(self, _container: Size, _viewport: Size, _width: int) -> int:
        """A heading and a row each."""
        return 1 + len(self._found)

    def render(self) -> Content:
        """Draw them to the full width."""
        width = self.size.width
        likely = any(each.is_likely for each in self._found)
        hint = words.LOOKALIKE_KEYS if self.has_focus else words.LOOKALIKE_WAY
        heading = Content.assemble(
            ("⚠ " if likely else "· ", "$text-warning"),
            (words.LOOKALIKES if likely else words.ALIKE, "bold $text-warning" if likely else "$text-muted"),
            (f"   {hint}", "$text-muted"),
        ).truncate(width)
        return Content("\n").join(
            (heading, *(self._line(at, each, width) for at, each in enumerate(self._found)))
        )

    def _line(self, at: int, each: "Candidate", width: int) -> Content:
        is_selected = self.has_focus and at == self.cursor
        name = f"{format_customer_number(each.customer_id)} {each.name}"
        room = max(width - 2 - SCORE - STATUS, 20)
        for_name = min(max(len(name) + 2, 18), room // 2)
        line = Content.assemble(
            ("▸ " if is_selected else "  ", "bold $accent"),
            column(words.bar(each.score.weight, self._threshold), SCORE),
            (column(name, for_name), "bold" if each.is_likely else ""),
            (column(f"{catalogue.glyph(each.status)} {each.status}", STATUS), catalogue.tone(each.status)),
            (column(words.reasons(each.score), room - for_name), "$text-muted"),
        ).truncate(width, pad=True)
        if is_selected and self.app.current_theme.ansi:
            return Content.styled(line.plain, "$on-selected on $selected")
        return line.stylize_before("$on-selected on $selected") if is_selected else line

    def action_move(self, step: int) -> None:
        """Select another one."""
        self.cursor = max(0, min(self.cursor + step, len(self._found) - 1))

    def action_open(self) -> None:
        """Open the selected one; what was typed waits below."""
        if self._found:
            self.post_message(CustomerRequested(self._found[self.cursor].customer_id))

    def on_focus(self) -> None:
        """Mark the selected one."""
        self.refresh()

    def on_blur(self) -> None:
        """Take the mark away."""
        self.refresh()
