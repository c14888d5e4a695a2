"""Who may be the customer that is about to be added: looked for while one types, once the fingers rest."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
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
from tui.text import safe
from tui.tied import tied
from tui.widgets.rehearsal import DELAY
from tui.widgets.results import column

if TYPE_CHECKING:
    from db.duplicates.candidates import Candidate
    from tui.queueing import Candidates

MOST: Final = 4
MARK, SCORE, STATUS = 2, 13, 12
ROOMY: Final = 64
"""Columns from which on why somebody is alike stands beside them."""


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

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """A heading and a row each, two where there is little room."""
        return 1 + len(self._found) * (1 if width >= ROOMY else 2)

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
        mark = Content.styled("▸ " if is_selected else "  ", "bold $accent")
        bar = column(words.bar(each.score.weight, self._threshold), SCORE)
        room = max(width - MARK - SCORE, 20)
        name = (f"{format_customer_number(each.customer_id)} {each.name}", "bold" if each.is_likely else "")
        status = (
            column(f"{catalogue.glyph(each.status)} {each.status}", STATUS),
            catalogue.tone(each.status),
        )
        why = words.reasons(each.score, most=2 if width < ROOMY else 3)
        if width < ROOMY:
            first = Content.assemble(mark, bar, (column(name[0], room), name[1]))
            below = Content.assemble(" " * (MARK + SCORE), (column(why, room), "$text-muted"))
            lines = [first, below]
        else:
            wide = min(max(cell_len(safe(name[0])) + 2, 18), room // 2)
            whys = (column(why, room - wide - STATUS), "$text-muted")
            lines = [Content.assemble(mark, bar, (column(name[0], wide), name[1]), status, whys)]
        return Content("\n").join(self._marked(line.truncate(width, pad=True), is_selected) for line in lines)

    def _marked(self, line: Content, is_selected: bool) -> Content:
        if is_selected and self.app.current_theme.ansi:  # its colours cannot be read on one another
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
