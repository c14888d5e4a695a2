"""What the screens of the office share: a line that sums up, a list, and the selected row in full."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import DataTable, Static

from tui import catalogue, clipboard
from tui.drawn_text import cell
from tui.oversight import Oversight
from tui.screens.base import ConsoleScreen
from tui.screens.event import as_text
from tui.undo import has_opposite, is_offered
from tui.widgets.diff import Diff, Line
from tui.widgets.table import Table

if TYPE_CHECKING:
    from db.applied import Applied

Item = TypeVar("Item")
WIDE = 110
LIST_WIDTH = 78
PADDING = 2


class ListScreen(ConsoleScreen[None], Generic[Item]):
    """Rows that keep the selection when they are read again; what is selected stands beside or below.

    A subclass names its columns, with widths of which one is 0 for what is left, reads its items, and says
    how one is shown.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    AUTO_FOCUS = None
    columns: tuple[tuple[str, int], ...]
    empty = catalogue.NO_ROW

    def __init__(self) -> None:
        super().__init__()
        self.items: tuple[Item, ...] = ()
        self.is_settled = False
        self._undoable: int | None = None
        self._summary = Static("", id="summary", markup=False)
        self._table = Table(id="list")
        self._detail = Diff(id="detail")

    @property
    def oversight(self) -> Oversight:
        """The way to what admins read."""
        return Oversight(self.bridge)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The selected row, as shown in full."""
        return self._detail.lines

    @property
    def item(self) -> Item | None:
        """The selected row."""
        row = self._table.cursor_row
        return self.items[row] if 0 <= row < len(self.items) else None

    @property
    def first(self) -> Widget:
        """Where the keys go at first."""
        return self._table

    def subject(self) -> ComposeResult:
        """Summary, list, and the selected row."""
        yield self._summary
        with Container(id="body"):
            yield self._table
            with VerticalScroll(id="paper", can_focus=False):
                yield from self.paper()

    def paper(self) -> ComposeResult:
        """What shows the selected row."""
        yield self._detail

    def on_mount(self) -> None:
        """Name the columns and read."""
        room = min(self.size.width, LIST_WIDTH if self.size.width >= WIDE else self.size.width)
        taken = sum(width + PADDING for _, width in self.columns)
        for title, width in self.columns:
            self._table.name_column(title, width or max(room - taken - 3, 8))
        self.first.focus()
        self.action_refresh()

    @abstractmethod
    async def fetch(self) -> Sequence[Item]:
        """Read the rows."""

    @abstractmethod
    def cells(self, item: Item) -> Iterable[str]:
        """Return a row's cells."""

    @abstractmethod
    def key_of(self, item: Item) -> str:
        """Return what a row is known by when it is read again."""

    @abstractmethod
    def about(self, item: Item) -> Iterable[Line]:
        """Return a row in full."""

    def summary(self) -> Content:
        """Return the line above the list."""
        return Content("")

    def action_refresh(self) -> None:
        """Read again."""
        self.is_settled = False
        self.run_worker(self._read(), group="rows", exclusive=True)

    async def _read(self) -> None:
        with self.patience(self.announce):
            found = await self.ask(self.fetch())
        if found is not None:
            self._show(tuple(found))
            self.is_settled = True

    def announce(self) -> None:
        """Say that it takes a moment, where there is nothing to look at meanwhile."""
        if not self.items:
            self._detail.say(catalogue.LOADING)

    def why_empty(self) -> str:
        """Why there is no row, and which key is next."""
        return self.empty

    def _show(self, items: tuple[Item, ...]) -> None:
        kept = None if self.item is None else self.key_of(self.item)
        self.items = items
        self._table.clear()
        for item in items:
            self._table.put_row(*(cell(text) for text in self.cells(item)))
        keys = [self.key_of(item) for item in items]
        if kept in keys:
            self._table.move_cursor(row=keys.index(kept))
        self._summary.update(self.summary())
        self._tell()

    def _tell(self) -> None:
        item = self.item
        if item is None:
            self._detail.say(self.why_empty())
        else:
            self._detail.show(self.about(item))
        self.query_one("#paper").scroll_home(animate=False)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Show the row under the cursor."""
        event.stop()
        self._tell()

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter asks what to do with it."""
        event.stop()
        self.action_choose()

    def action_choose(self) -> None:
        """What enter does; a screen that only shows scrolls."""
        self.query_one("#paper").scroll_page_down(animate=False)

    def came_back(self, applied: "Applied | None") -> None:
        """After an operation: say what was done and whether it can be taken back, and read again."""
        if applied is None:
            return
        super().came_back(applied)
        if has_opposite(applied.operation, applied.changes):
            self._undoable = applied.event
        if is_offered(applied, self.console.find_operation):
            self.status.done(catalogue.undone(self.status.sentence))
        self.action_refresh()

    def action_undo(self) -> None:
        """Take back the change that was made here last."""
        if self._undoable is None:
            self.status.tell(catalogue.NO_CHANGE_HERE)
        else:
            self.console.undo(self._undoable)

    def action_copy(self) -> None:
        """Send the selected row as text to the terminal."""
        self.status.tell(clipboard.copy(self.app, as_text(self.lines)))
