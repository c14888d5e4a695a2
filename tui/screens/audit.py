"""The audit log, of one customer or of all: a list with filters, and the selected event in full."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import DataTable

from db.errors import LatchkeyError
from tui import catalogue, clipboard, labels
from tui.actions import Place, bindings
from tui.drawn_text import cell
from tui.long_work import LongWork
from tui.oversight import COUNTING, Oversight
from tui.screens.base import ConsoleScreen
from tui.screens.event import as_text, event_lines
from tui.widgets.ask_file import ENDINGS, AskFile
from tui.widgets.diff import Diff, Line
from tui.widgets.event_filters import EventFilters
from tui.widgets.header import Header
from tui.widgets.key_text import KeyText, pressing
from tui.widgets.table import Table
from tui.widgets.work_line import WorkLine

if TYPE_CHECKING:
    from db.queries.audit import AuditPage, EventRow, Filter
    from db.queries.customer import CustomerView
    from tui.trail import Again

PAGE: Final = 50


class AuditScreen(ConsoleScreen[None]):
    """Events newest first. Filters stand above the list; `[` and `]` turn the pages."""

    place = Place.AUDIT
    BINDINGS = bindings(Place.AUDIT)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    AUTO_FOCUS = None

    def __init__(self, customer: "CustomerView | None" = None) -> None:
        super().__init__()
        self._customer = customer
        self._rows: tuple[EventRow, ...] = ()
        self._more = False
        self._before: list[int] = []
        self._asked = 0
        self._is_settled = False
        self._is_recorded = False
        self._filters = EventFilters(customer_id=None if customer is None else customer.id)
        self._count = KeyText(id="count")
        self._table = Table(id="events")
        self._detail = Diff(id="detail")
        self._work = WorkLine("events")

    @property
    def again(self) -> "Again | None":
        """The same part of the log, without filters."""
        return lambda: AuditScreen(self._customer)

    @property
    def is_settled(self) -> bool:
        """Whether what is shown answers the filters."""
        return self._is_settled

    @property
    def lines(self) -> tuple[Line, ...]:
        """The selected event, as shown."""
        return self._detail.lines

    def subject(self) -> ComposeResult:
        """Filters, list, event."""
        yield self._filters
        yield self._count
        with Container(id="body"):
            yield self._table
            with VerticalScroll(id="event", can_focus=False):
                yield self._detail
        yield self._work

    def on_mount(self) -> None:
        """Name the columns and read the newest page."""
        whose = () if self._customer is None else (f"{self._customer.number} {self._customer.name}",)
        self.query_one(Header).crumbs = (*whose, "Audit")
        for title, width in (("when (UTC)", 16), ("who", 10), ("operation", 21), ("outcome", 9)):
            self._table.name_column(title, width)
        if self._customer is None:
            self._table.name_column("customer", 9)
        self._table.focus()
        self.run_worker(self._start(), exit_on_error=True)

    async def _start(self) -> None:
        infos = await self.ask(self.bridge.operations_for(self._customer))
        self._filters.offer(info.name for info in infos or ())
        self._ask()

    def _ask(self) -> None:
        self._asked += 1
        self._is_settled = False
        self.run_worker(self._read(self._asked), group="page", exclusive=True)

    async def _read(self, number: int) -> None:
        wanted = self._wanted()
        if wanted is None:
            return
        before = self._before[-1] if self._before else None
        with self.patience(lambda: self._count.update(catalogue.LOADING)):
            page = await self.ask(Oversight(self.bridge).events(wanted, before_seq=before, limit=PAGE))
        if page is None:
            self._count.update(self._counted())
        elif number == self._asked:
            self.status.clear()
            self._show(page)
            await self._read_event(number)

    def _wanted(self) -> "Filter | None":
        """What the filters ask for; where they cannot be read, say so and return None."""
        try:
            return self._filters.wanted
        except LatchkeyError as error:
            self.status.fail(error.sentence)
            return None

    def _show(self, page: "AuditPage") -> None:
        self._rows, self._more = page.rows, page.more
        self._table.clear()
        for row in page.rows:
            cells = [f"{row.at:%Y-%m-%d %H:%M}", row.operator_id, row.operation, labels.outcome(row.outcome)]
            if self._customer is None:
                cells.append(f"C-{row.customer_id}" if row.customer_id else "–")
            self._table.put_row(*(cell(text) for text in cells), key=str(row.seq))
        self._count.update(self._counted())
        if not self._is_recorded:
            self._is_recorded = True
            self.witness("read-audit", None if self._customer is None else self._customer.id)

    async def withdraw(self) -> None:
        """Take the events away; F5 tries again."""
        self._is_recorded = self._is_settled = False
        self._rows = ()
        self._table.clear()
        self._count.update("")
        self._detail.say(catalogue.UNRECORDED)

    def _counted(self) -> Content:
        if not self._rows:
            return Content("no events")
        first, last = self._rows[0].seq, self._rows[-1].seq
        newer = pressing("left_square_bracket", Content("   [ newer" if self._before else ""))
        older = pressing("right_square_bracket", Content("   ] older" if self._more else ""))
        return Content.assemble(f"events no. {first} to {last}", newer, older)

    async def _read_event(self, number: int) -> None:
        row = self._table.cursor_row
        if not 0 <= row < len(self._rows):
            self._detail.say(catalogue.NO_EVENT)
            self._is_settled = True
            return
        seq = self._rows[row].seq
        event = await self.ask(self.bridge.event(seq))
        if event is not None and number == self._asked:
            self._detail.show(event_lines(event))
            self.query_one("#event").scroll_home(animate=False)
            self._is_settled = True

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Show the event under the cursor."""
        event.stop()
        if self._is_settled:
            self._asked += 1
            self._is_settled = False
            self.run_worker(self._read_event(self._asked), group="page", exclusive=True)

    def on_event_filters_changed(self) -> None:
        """Something else is wanted."""
        self._from_the_start()

    def on_event_filters_left(self) -> None:
        """Enter leaves the filters."""
        self._table.focus()

    def _from_the_start(self) -> None:
        self._before.clear()
        self._ask()

    def action_filter(self) -> None:
        """Go to the filters."""
        self._filters.enter()

    def action_older(self) -> None:
        """Turn to the next page."""
        if self._more and self._rows:
            self._before.append(self._rows[-1].seq)
            self._ask()

    def action_newer(self) -> None:
        """Turn back."""
        if self._before:
            self._before.pop()
            self._ask()

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter gives the event the whole screen."""
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """Give the selected event the whole screen."""
        row = self._table.cursor_row
        if 0 <= row < len(self._rows):
            self.console.open_event(self._rows[row].seq)

    def action_undo(self) -> None:
        """Open the opposite of the selected event."""
        row = self._table.cursor_row
        if 0 <= row < len(self._rows):
            self.console.undo(self._rows[row].seq)

    def action_open_customer(self) -> None:
        """Open the customer whom the selected event is about."""
        row = self._table.cursor_row
        customer_id = self._rows[row].customer_id if 0 <= row < len(self._rows) else None
        if customer_id is None:
            self.status.tell(catalogue.NO_CUSTOMER_IN_EVENT)
        else:
            self.console.open_customer(customer_id)

    def action_export(self) -> None:
        """Ask where to, then write all events that fit the filters."""
        wanted = self._wanted()
        if wanted is None:
            return
        if self._work.is_busy:
            self.status.tell(catalogue.EXPORT_BUSY)
            return

        self.run_worker(self._ask_where(wanted), group="open", exclusive=True)

    async def _ask_where(self, wanted: "Filter") -> None:
        """Who may not export hears it before anything is typed."""
        who = await self.ask(Oversight(self.bridge).who_exports())
        if who:
            self.status.fail(catalogue.may_not(catalogue.EXPORT, who))
        if who != "" or not self.is_current:
            return

        def chosen(path: Path | None) -> None:
            if path is not None:
                self.status.clear()
                self.run_worker(self._export(wanted, path), group="export")

        suggested = f"~/latchkey-audit-{self.console.now():%Y-%m-%d-%H%M}.csv"
        about = catalogue.export_about(wanted.said())
        self.app.push_screen(AskFile(catalogue.EXPORT, about, suggested=suggested), chosen)

    async def _export(self, wanted: "Filter", path: Path) -> None:
        how = ENDINGS[path.suffix.lower()]
        work = LongWork(COUNTING)
        answer = Oversight(self.bridge).export(wanted, work, how=how, path=path)
        rows = await self.ask(self._work.follow(work, answer))
        if rows is not None:
            self.status.done(catalogue.exported(rows, str(path)))

    def on_unmount(self) -> None:
        """An export does not go on unseen."""
        if self._work.cancel():
            self.console.tell(catalogue.EXPORT_LEFT)

    def action_copy(self) -> None:
        """Send the event as text to the terminal."""
        self.status.tell(clipboard.copy(self.app, as_text(self.lines)))

    def action_refresh(self) -> None:
        """Read again."""
        self._ask()

    def action_back(self) -> None:
        """Stop an export; else out of a filter into the list, then out of the screen."""
        if self._work.cancel():
            return
        if self._table.has_focus:
            self.dismiss(None)
        else:
            self._table.focus()
