"""One customer on one scrolling screen: who it is, every profile, what was sent, what happened."""

from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui import catalogue, clipboard, offers
from tui.actions import Place, bindings
from tui.customer_said import CREATE_SIGN_IN, key_labels, shown_sections
from tui.customer_verdict import head_line
from tui.customer_ways import CustomerWays
from tui.customer_work import adds, changed_row, concerns, latest_undoable, values
from tui.delivery_watch import UNDERWAY, DeliveryWatch
from tui.insight import Insight, Opened
from tui.key_order import reading
from tui.merge_ways import UNMERGE
from tui.messages import RowChosen
from tui.section_rows import Row, SectionRows
from tui.trail import Visit
from tui.undo import is_offered
from tui.widgets.candidate_section import KEY, CandidateSection
from tui.widgets.header import Header
from tui.widgets.section import Section

if TYPE_CHECKING:
    from db.applied import Applied
    from db.queries.customer import CustomerView
    from tui.bridge import OperationInfo
    from tui.trail import Again

COLUMNS: Final = {
    "left": ("person", "email", "phone", "sign-in"),
    "right": ("passes", "contracts", "authorised", "notes"),
    "below": ("messages", "interactions", "history"),
}


class CustomerScreen(CustomerWays):
    """Rows are selected with the arrows; keys act on the selected row."""

    place: ClassVar[Place] = Place.CUSTOMER
    BINDINGS = bindings(Place.CUSTOMER)
    AUTO_FOCUS = None

    def __init__(self, customer_id: int, *, landed: "Applied | None" = None) -> None:
        """`landed` is what was done to this customer elsewhere, to be said here."""
        super().__init__()
        self._landed = landed
        self.customer_id = customer_id
        self.view: CustomerView | None = None
        self._opened: Opened | None = None
        self._is_recorded = False
        self._watch = DeliveryWatch(self, self._read)
        self._landing: tuple[str, str] | None = None
        self._was_covered = False

    @property
    def again(self) -> "Again | None":
        """The same customer."""
        return lambda: CustomerScreen(self.customer_id)

    def subject(self) -> ComposeResult:
        """One sheet; a wide window has two columns, and below them what needs the whole width."""
        with VerticalScroll(id="sheet", can_focus=False):
            yield Static("", id="who", markup=False)
            with Container(id="columns"):
                yield Vertical(id="left")
                yield Vertical(id="right")
            yield Vertical(id="below")

    def on_mount(self) -> None:
        """Read the customer."""
        self._name_it(f"C-{self.customer_id}")
        if self._landed is None:
            self._read()
        else:
            self.came_back(self._landed)

    def _name_it(self, name: str) -> None:
        self.query_one(Header).crumbs = (name,)

    # ---- reading

    def _read(self) -> None:
        self.run_worker(self._load(), group=reading(self.view), exclusive=True)

    async def _load(self) -> None:
        with self.patience(self._announce):
            opened = await self.ask(Insight(self.bridge).opened(self.customer_id))
        if opened is None:
            if self.view is None:
                self.query_one("#who", Static).update("")
            return
        if opened != self._opened:
            await self._show(opened)
        self._land()
        self._watch.after(is_underway=any(each.state in UNDERWAY for each in opened.view.messages))
        if not self._is_recorded:
            self._is_recorded = True
            self.witness("open-customer", self.customer_id)

    def _announce(self) -> None:
        if self.view is None:
            self.query_one("#who", Static).update(catalogue.LOADING)

    async def withdraw(self) -> None:
        """Take everything away; F5 tries again."""
        self._is_recorded = False
        self.view = self._opened = None
        await self.query(Section).remove()
        self.query_one("#who", Static).update(Content(catalogue.UNRECORDED))

    async def _show(self, opened: Opened) -> None:
        is_first = self.view is None
        self._opened = opened
        self.view = view = opened.view
        self._name_it(f"{view.number} {view.name}")
        self.console.trail.seen(Visit(view.id, view.number, view.name))
        self.on_resize()
        self.key_line.labels = key_labels(view, self.console.operations)
        shown = shown_sections(opened, self.console.now(), self.console.operations)
        if is_first:
            await self._build(shown)
        else:
            for part in shown:
                self.query_one(f"#section-{part.key}", Section).show(part)
        self.look_for_duplicates()

    def on_resize(self) -> None:
        """What does not fit beside each other stands below."""
        if self._opened is not None:
            undo = self.console.find_operation(UNMERGE)
            head = head_line(self._opened, self.console.now(), self.size.width, undo=undo)
            self.query_one("#who", Static).update(head)

    async def _build(self, shown: tuple[SectionRows, ...]) -> None:
        folded = self.console.folded
        made = {part.key: Section(part, is_folded=part.key in folded) for part in shown}
        for column, keys in COLUMNS.items():
            await self.query_one(f"#{column}").mount(*(made[key] for key in keys))
        candidates = CandidateSection(self.bridge, self.customer_id, is_folded=KEY in folded)
        await self.query_one("#below").mount(candidates, before=0)
        self.call_after_refresh(made["email"].focus, scroll_visible=False)

    def _land(self) -> None:
        """Select what was changed, once it is there."""
        if self._landing is None or self.view is None:
            return
        section, row = self._landing
        self._landing = None
        found = self.query_one(f"#section-{section}", Section)
        if found.select(row):
            self.call_after_refresh(found.enter)

    def on_screen_suspend(self) -> None:
        """Under another screen nothing needs to be fresh."""
        self._was_covered = True
        self._watch.stop()

    def on_screen_resume(self) -> None:
        """What lay on top may have changed the customer; at the start nothing did."""
        if self._was_covered and self.view is not None:
            self.look_for_duplicates()
            self._read()

    # ---- what is selected

    @property
    def about_customer(self) -> int | None:
        """The customer, once they are read."""
        return None if self.view is None else self.customer_id

    @property
    def section(self) -> Section | None:
        """The section that holds the selection."""
        return self.focused if isinstance(self.focused, Section) else None

    def _operations(self) -> "list[OperationInfo]":
        shown = None if self.section is None else self.section.shown
        return [info for info in self.console.operations if shown is not None and concerns(info, shown)]

    # ---- keys

    def start(self, name: str | None) -> None:
        """Open the screen of an operation on this customer, filled from the selected row."""
        info = None if name is None else self.console.find_operation(name)
        if info is not None and self.view is not None:
            self.status.clear()
            self.console.start(
                info.name,
                self.view,
                values(info, self.section.row if self.section else None),
                then=self.came_back,
            )

    def came_back(self, applied: "Applied | None") -> None:
        """After an operation: say what was done, and show the customer as it is now."""
        if applied is None:
            return
        info = self.console.find_operation(applied.operation)
        sentence = catalogue.done(info.label if info else applied.operation, applied.outcomes)
        can_undo = is_offered(applied, self.console.find_operation)
        self.status.done(catalogue.undone(sentence) if can_undo else sentence)
        self._landing = changed_row(applied.changes)
        self._watch.begin_anew()
        self._read()

    def _offers(self, infos: "list[OperationInfo]", row: Row | None = None) -> tuple[offers.Offer, ...]:
        needless = None if row is None else row.needless
        return offers.operations(infos, customer=f"C-{self.customer_id}", needless=needless)

    @property
    def command_line(self) -> str:
        """How this customer is read in a shell."""
        return f"latchkey show C-{self.customer_id}"

    def action_edit(self) -> None:
        """Ask what to do with the selected row."""
        from tui.screens.menu import MenuScreen

        if self.view is None or self.section is None:
            self.status.tell(catalogue.NOTHING_SELECTED)
            return
        row = self.section.row
        parts = (catalogue.SECTION_TITLES[self.section.shown.key], row.copy if row else "")
        title = " · ".join(filter(None, parts))
        self.app.push_screen(
            MenuScreen(title, self._offers(self._operations(), row), empty=catalogue.NOTHING_TO_EDIT),
            self.start,
        )

    def action_choose(self) -> None:
        """As edit; from the history the whole event."""
        self.action_edit()

    def on_row_chosen(self, event: RowChosen) -> None:
        """Enter on a row: events, messages and walks are opened, everything else can be changed."""
        if self.view is None or not self.console.open_row(self.view, event.section, event.row):
            self.action_edit()

    def action_fold(self) -> None:
        """Fold the section, here and for the next customers."""
        if self.section is not None:
            self.section.fold()
            change = self.console.folded.add if self.section.is_folded else self.console.folded.discard
            change(self.section.shown.key)

    def action_jump(self, number: str) -> None:
        """Go to the section of that number."""
        for section in self.query(Section):
            if catalogue.SECTION_NUMBERS.get(section.shown.key) == number:
                section.cursor = 0
                section.enter()

    def action_undo(self) -> None:
        """Take back the selected event of the history, or else the latest change that can be taken back."""
        section = self.section
        if section is not None and section.shown.key == "history" and section.row is not None:
            self.console.undo(int(section.row.key))
            return
        if self.view is not None and self.view.merged_into is not None:
            self.console.take_back_merge(self.customer_id)
            return
        latest = latest_undoable(() if self.view is None else self.view.history)
        if latest is None:
            self.status.tell(catalogue.NO_CHANGE_TO_UNDO)
        else:
            self.console.undo(latest)

    def action_add(self) -> None:
        """Ask what to add."""
        from tui.screens.menu import MenuScreen

        infos = [info for info in self.console.operations if info.needs_customer and adds(info)]
        self.app.push_screen(
            MenuScreen(catalogue.MENU_ADD, self._offers(infos), empty=catalogue.NOTHING_TO_ADD), self.start
        )

    def action_reset(self) -> None:
        """Send a reset or an activation, as the status says (P5); where there is no sign-in, create one."""
        self.start(CREATE_SIGN_IN if self.view and not self.view.sign_ins else "send-sign-in-link")

    def action_note(self) -> None:
        """Write a note."""
        self.start("add-note")

    def action_refresh(self) -> None:
        """Read again."""
        self.status.clear()
        self.console.learn_rights()
        self._read()

    def action_copy(self) -> None:
        """Copy the selected value."""
        row = self.section.row if self.section is not None else None
        if row is None or not row.copy:
            self.status.tell(catalogue.NOTHING_TO_COPY if row else catalogue.NOTHING_SELECTED)
        else:
            self.status.tell(catalogue.copied(row.copy, clipboard.copy(self.app, row.copy)))
