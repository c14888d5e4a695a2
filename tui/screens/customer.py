"""One customer on one scrolling screen: who it is, every profile, what was sent, what happened."""

from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from db.errors import LatchkeyError
from tui import catalogue, clipboard
from tui.actions import Place, bindings
from tui.customer_rows import ROW_KINDS, SectionRows, sections
from tui.messages import RowChosen
from tui.screens.base import ConsoleScreen
from tui.widgets.header import Header
from tui.widgets.section import Section

if TYPE_CHECKING:
    from datetime import datetime

    from db.applied import Applied
    from db.queries.customer import CustomerView
    from tui.bridge import OperationInfo

COLUMNS: Final = {
    "left": ("person", "email", "phone", "sign-in"),
    "right": ("passes", "contracts", "authorised", "notes"),
    "below": ("messages", "history"),
}
UNDERWAY: Final = frozenset({"queued", "sending"})
FIRST_LOOK_SECONDS: Final = 0.5
LONGEST_LOOK_SECONDS: Final = 10.0


class CustomerScreen(ConsoleScreen[None]):
    """Rows are selected with the arrows; keys act on the selected row."""

    place: ClassVar[Place] = Place.CUSTOMER
    crumbs: ClassVar[tuple[str, ...]] = (catalogue.SEARCH,)
    BINDINGS = bindings(Place.CUSTOMER)
    AUTO_FOCUS = None

    def __init__(self, customer_id: int) -> None:
        super().__init__()
        self.customer_id = customer_id
        self.view: CustomerView | None = None
        self._is_recorded = False
        self._look: Timer | None = None
        self._look_after = FIRST_LOOK_SECONDS

    def subject(self) -> ComposeResult:
        """One sheet; a wide window has two columns, and below them what needs the whole width."""
        with VerticalScroll(id="sheet", can_focus=False):
            yield Static(catalogue.LOADING, id="who", markup=False)
            with Container(id="columns"):
                yield Vertical(id="left")
                yield Vertical(id="right")
            yield Vertical(id="below")

    def on_mount(self) -> None:
        """Read the customer."""
        self._name_it(f"C-{self.customer_id}")
        self._read()

    def _name_it(self, name: str) -> None:
        self.query_one(Header).crumbs = (*self.crumbs, name)

    # ---- reading

    def _read(self) -> None:
        self.run_worker(self._load(), group="read", exclusive=True)

    async def _load(self) -> None:
        try:
            view = await self.bridge.customer(self.customer_id)
        except LatchkeyError as error:
            self._cannot_read(error)
            return
        if not self.is_whole:
            return
        if view != self.view:
            await self._show(view)
        self._watch_delivery(view)
        if not self._is_recorded:
            self._is_recorded = True
            self.call_after_refresh(lambda: self.run_worker(self._record(), group="record"))

    def _cannot_read(self, error: LatchkeyError) -> None:
        if self.is_whole:
            if self.view is None:
                self.query_one("#who", Static).update("")
            self.console.explain(self, error)

    async def _record(self) -> None:
        """Record that the customer was seen (R2); where that fails, nothing more is shown."""
        try:
            await self.bridge.observe("open-customer", customer_id=self.customer_id)
        except LatchkeyError as error:
            if not self.is_whole:
                return
            self._is_recorded = False
            self.view = None
            await self.query(Section).remove()
            self.query_one("#who", Static).update(Content(catalogue.UNRECORDED))
            self.console.explain(self, error)

    async def _show(self, view: "CustomerView") -> None:
        is_first = self.view is None
        self.view = view
        self._name_it(f"{view.number} {view.name}")
        self.query_one("#who", Static).update(_who(view, self.console.now()))
        shown = sections(view, self.console.now())
        if is_first:
            await self._build(shown)
        else:
            for part in shown:
                self.query_one(f"#section-{part.key}", Section).show(part)

    async def _build(self, shown: tuple[SectionRows, ...]) -> None:
        made = {part.key: Section(part) for part in shown}
        for column, keys in COLUMNS.items():
            await self.query_one(f"#{column}").mount(*(made[key] for key in keys))
        self.call_after_refresh(made["email"].focus, scroll_visible=False)

    def _watch_delivery(self, view: "CustomerView") -> None:
        """Look again while a message is under way, less and less often; an idle screen asks nothing."""
        self._stop_looking()
        if any(message.state in UNDERWAY for message in view.messages):
            self._look = self.set_timer(self._look_after, self._read)
            self._look_after = min(self._look_after * 2, LONGEST_LOOK_SECONDS)
        else:
            self._look_after = FIRST_LOOK_SECONDS

    def _stop_looking(self) -> None:
        if self._look is not None:
            self._look.stop()
            self._look = None

    def on_screen_suspend(self) -> None:
        """Under another screen nothing needs to be fresh."""
        self._stop_looking()

    def on_screen_resume(self) -> None:
        """What lies on top may have changed the customer."""
        if self.view is not None:
            self._read()

    # ---- what is selected

    @property
    def section(self) -> Section | None:
        """The section that holds the selection."""
        return self.focused if isinstance(self.focused, Section) else None

    def _operations(self) -> "list[OperationInfo]":
        section = self.section
        return (
            []
            if section is None
            else [info for info in self.console.operations if _concerns(info, section.shown)]
        )

    def _values(self, info: "OperationInfo") -> dict[str, object]:
        """Fill what the selected row knows; a value to be changed starts as it is."""
        row = self.section.row if self.section is not None else None
        known = {} if row is None else row.values
        is_change = info.name.startswith("change-")
        values: dict[str, object] = {}
        for field in info.fields:
            for name in filter(None, (field.kind, field.name)):
                if name in known and (is_change or isinstance(known[name], int)):
                    values[field.name] = known[name]
        return values

    # ---- keys

    def start(self, name: str | None) -> None:
        """Open the screen of an operation on this customer, filled from the selected row."""
        info = None if name is None else self.console.find_operation(name)
        if info is not None and self.view is not None:
            self.status.clear()
            self.console.start(info.name, self.view, self._values(info), then=self.came_back)

    def came_back(self, applied: "Applied | None") -> None:
        """After an operation: say what was done, and show the customer as it is now."""
        if applied is None:
            return
        info = self.console.find_operation(applied.operation)
        self.status.done(catalogue.done(info.label if info else applied.operation, applied.outcomes))
        self._look_after = FIRST_LOOK_SECONDS
        self._read()

    def action_edit(self) -> None:
        """Ask what to do with the selected row."""
        from tui.screens.menu import MenuScreen

        if self.view is None or self.section is None:
            self.status.tell(catalogue.NOTHING_SELECTED)
            return
        row = self.section.row
        title = catalogue.SECTION_TITLES[self.section.shown.key] + (
            f" · {row.copy}" if row and row.copy else ""
        )
        self.app.push_screen(
            MenuScreen(title, self._operations(), empty=catalogue.NOTHING_TO_EDIT), self.start
        )

    def action_choose(self) -> None:
        """As edit; from the history the whole event."""
        self.action_edit()

    def on_row_chosen(self, event: RowChosen) -> None:
        """Enter on a row: events are opened in the audit log, everything else can be changed."""
        if event.section == "history" and event.row:
            self.action_history()
        elif event.section == "person" and event.row == "merged-into" and self.view is not None:
            self.console.open_customer(self.view.merged_into or 0)
        else:
            self.action_edit()

    def action_add(self) -> None:
        """Ask what to add."""
        from tui.screens.menu import MenuScreen

        infos = [info for info in self.console.operations if info.needs_customer and _adds(info)]
        self.app.push_screen(
            MenuScreen(catalogue.MENU_ADD, infos, empty=catalogue.NOTHING_TO_ADD), self.start
        )

    def action_reset(self) -> None:
        """Send a reset or an activation, as the status says (P5)."""
        self.start("send-sign-in-link")

    def action_note(self) -> None:
        """Write a note."""
        self.start("add-note")

    def action_palette(self) -> None:
        """Find an operation by name."""
        from tui.screens.menu import PaletteScreen

        self.app.push_screen(PaletteScreen(self.console.operations, is_customer_open=True), self.start)

    def action_history(self) -> None:
        """Show the audit log of this customer."""
        self.console.open_history(self.view)

    def action_refresh(self) -> None:
        """Read again."""
        self.status.clear()
        self.console.learn_rights()
        self._read()

    def action_copy(self) -> None:
        """Copy the selected value."""
        row = self.section.row if self.section is not None else None
        if row is None:
            self.status.tell(catalogue.NOTHING_SELECTED)
        else:
            self.status.tell(catalogue.copied(row.copy, clipboard.copy(self.app, row.copy)))


def _concerns(info: "OperationInfo", shown: SectionRows) -> bool:
    """Whether an operation belongs to a section: to its group, and to its kind of rows if to any."""
    kinds = {field.kind for field in info.fields} & ROW_KINDS
    return info.group in shown.groups and not _adds(info) and (not kinds or bool(kinds & shown.kinds))


def _adds(info: "OperationInfo") -> bool:
    return info.name.startswith(("add-", "create-"))


def _who(view: "CustomerView", now: "datetime") -> Content:
    """The line below the header: status first, then what must not be overlooked."""
    tone = catalogue.tone(view.status)
    parts = [Content.styled(f"{catalogue.glyph(view.status)} {view.status.upper()}", f"bold {tone}")]
    parts.append(Content.styled(catalogue.since(view.created_at, now), "$text-muted"))
    if view.merged_into is not None:
        parts.append(Content.styled(f"→ merged into C-{view.merged_into}", "bold $text-warning"))
    if view.takeover_flag:
        parts.append(Content.styled(catalogue.TAKEOVER, "bold $text-error"))
    return Content("   ").join(parts)
