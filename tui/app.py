"""The console itself: what lives as long as the session, and the way from one screen to another."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from textual import events
from textual.binding import Binding
from textual.filter import LineFilter
from textual.reactive import reactive
from textual.screen import Screen

from db.errors import LatchkeyError
from tui import catalogue, theme
from tui.drawn_text import SafeLineFilter
from tui.incident import QuietCrash
from tui.messages import CustomerRequested
from tui.terminal import hold_cursor_still
from tui.widgets.status import StatusLine

if TYPE_CHECKING:
    from db.applied import Applied
    from db.queries.customer import CustomerView
    from tui.bridge import Bridge, OperationInfo

HERE: Final = Path(__file__).parent
STYLES: Final = [
    HERE / "app.tcss",
    *sorted(HERE.glob("widgets/*.tcss")),
    *sorted(HERE.glob("screens/*.tcss")),
]
SANDBOX: Final = "SANDBOX"
SMALLEST: Final = (60, 16)


def local_now() -> datetime:
    """Return the time in the zone of this terminal."""
    return datetime.now().astimezone()


class Console(QuietCrash[int]):
    """One operator's session."""

    TITLE = catalogue.PRODUCT
    CSS_PATH = [str(path) for path in STYLES]
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    BINDINGS = [Binding("ctrl+q", "quit", show=False, priority=True, id="quit.ctrl+q")]

    operator: reactive[str] = reactive("")
    environment: reactive[str] = reactive("")
    refused: reactive[frozenset[str]] = reactive(frozenset[str]())
    is_sandbox: reactive[bool] = reactive(False)

    def __init__(
        self,
        bridge: "Bridge",
        *,
        environment: str,
        incident_folder: Path,
        now: Callable[[], datetime] = local_now,
    ) -> None:
        super().__init__()
        self.bridge = bridge
        self.incident_folder = incident_folder
        self.now = now
        self.operations: tuple[OperationInfo, ...] = ()
        self.set_reactive(Console.environment, environment)
        self.set_reactive(Console.is_sandbox, environment == SANDBOX)
        self._filter = SafeLineFilter()
        for found in theme.THEMES:
            self.register_theme(found)
        self.theme = theme.DEFAULT

    def get_line_filters(self) -> list[LineFilter]:
        """Add the net through which no control character falls (R37)."""
        return [*super().get_line_filters(), self._filter]

    def get_default_screen(self) -> Screen[None]:
        """Home is the search box."""
        from tui.screens.home import HomeScreen

        return HomeScreen()

    async def on_event(self, event: events.Event) -> None:
        """Drop keys that were typed before a menu was there to be read (R43)."""
        if isinstance(event, events.Key) and getattr(self.screen, "is_deaf", False):
            return
        await super().on_event(event)

    def on_mount(self) -> None:
        """Record the sign-in and learn who this is, after the first screen is up."""
        self.call_after_refresh(lambda: self.run_worker(self._sign_in(), exit_on_error=True))

    async def _sign_in(self) -> None:
        try:
            await self.bridge.observe("sign-in")
        except LatchkeyError as error:
            self.explain(self.screen, error)
            return
        await self._learn_rights()

    def learn_rights(self) -> None:
        """Read again who this is and what the role table says."""
        self.run_worker(self._learn_rights(), group="rights", exclusive=True)

    async def _learn_rights(self) -> None:
        try:
            found = await self.bridge.operator()
            self.operations = await self.bridge.operations()
        except LatchkeyError as error:
            self.explain(self.screen, error)
            return
        self.operator = f"{found.id} · {found.role_label} ·"
        self.refused = frozenset(info.name for info in self.operations if not info.is_allowed)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Keep every cursor still, so that an idle console sends nothing (R41)."""
        hold_cursor_still(event.widget)

    def on_resize(self, event: events.Resize) -> None:
        """Below the smallest useful window say so; what was typed waits underneath (A15)."""
        from tui.screens.too_small import TooSmallScreen

        fits = event.size.width >= SMALLEST[0] and event.size.height >= SMALLEST[1]
        is_shown = isinstance(self.screen, TooSmallScreen)
        if not fits and not is_shown:
            self.push_screen(TooSmallScreen())
        elif fits and is_shown:
            self.pop_screen()

    def explain(self, screen: Screen[Any], error: LatchkeyError) -> None:
        """Show an error's own sentence on a screen, and how to go on where the database is away."""
        retry = f" {catalogue.RETRY}" if error.exit_status == 3 else ""
        for line in screen.query(StatusLine):
            line.fail(f"{error.sentence}{retry}")
            return
        self.notify(error.sentence, severity="error", timeout=60, markup=False)

    def find_operation(self, name: str) -> "OperationInfo | None":
        """Return what is known of an operation."""
        return next((info for info in self.operations if info.name == name), None)

    def start(
        self,
        name: str,
        customer: "CustomerView | None" = None,
        values: dict[str, object] | None = None,
        *,
        then: "Callable[[Applied | None], None] | None" = None,
    ) -> None:
        """Open the screen of an operation; where the role forbids it, say who may."""
        from tui.screens.operation import OperationScreen

        info = self.find_operation(name)
        if info is not None and not info.is_allowed:
            for line in self.screen.query(StatusLine):
                line.fail(catalogue.may_not(info.label, info.who_may))
            return
        self.push_screen(OperationScreen(name, customer, values), then)

    def go_home(self) -> None:
        """Close everything above the search box and put the cursor into it."""
        from tui.screens.home import HomeScreen

        while len(self.screen_stack) > 1 and not isinstance(self.screen, HomeScreen):
            self.pop_screen()
        if isinstance(self.screen, HomeScreen):
            self.screen.focus_box()

    def on_customer_requested(self, event: CustomerRequested) -> None:
        """Open a customer on top of whatever is there."""
        self.open_customer(event.customer_id)

    def open_customer(self, customer_id: int) -> None:
        """Open a customer."""
        from tui.screens.customer import CustomerScreen

        self.push_screen(CustomerScreen(customer_id))

    def open_mailbox(self) -> None:
        """Show the practice mailbox, which only the sandbox has."""
        if not self.is_sandbox:
            for line in self.screen.query(StatusLine):
                line.tell(catalogue.NOT_SANDBOX)
            return
        from tui.screens.mailbox import MailboxScreen

        self.push_screen(MailboxScreen())

    def open_history(self, customer: "CustomerView | None" = None) -> None:
        """Show the audit log, or one customer's part of it."""
        from tui.screens.audit import AuditScreen

        self.push_screen(AuditScreen(customer))

    def open_palette(self) -> None:
        """Find an operation by its name, where no customer is open."""
        from tui.screens.menu import PaletteScreen

        def chosen(name: str | None) -> None:
            if name is not None:
                self.start(name, then=self.show_new)

        self.push_screen(PaletteScreen(self.operations, is_customer_open=False), chosen)

    def show_new(self, applied: "Applied | None") -> None:
        """After an operation without a customer: open the one it made, or say that it is done."""
        if applied is None:
            return
        if applied.operation == "add-customer" and applied.customer_id is not None:
            self.open_customer(applied.customer_id)
            return
        info = self.find_operation(applied.operation)
        for line in self.screen.query(StatusLine):
            line.done(catalogue.done(info.label if info else applied.operation, applied.outcomes))

    def action_help(self) -> None:
        """Show what the keys do where the operator is."""
        from tui.screens.help import HelpScreen
        from tui.widgets.footer import KeyLine

        for line in self.screen.query(KeyLine):
            self.push_screen(HelpScreen(line.place))
            return

    def action_help_quit(self) -> None:
        """Ctrl+C does not end a session by accident."""
        for line in self.screen.query(StatusLine):
            line.tell(catalogue.QUIT_HINT)
