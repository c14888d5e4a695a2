"""The console itself: what lives as long as the session, and the way from one screen to another."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual import events
from textual.binding import Binding
from textual.filter import LineFilter
from textual.reactive import reactive
from textual.screen import Screen

from db.errors import LatchkeyError, Unavailable
from tui import catalogue, theme
from tui.drawn_text import SafeLineFilter
from tui.preferences import Preferences, read
from tui.terminal import hold_cursor_still
from tui.trail import Trail
from tui.ways import Ways
from tui.widgets.status import StatusLine

if TYPE_CHECKING:
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


class Console(Ways):
    """One operator's session."""

    TITLE = catalogue.PRODUCT
    CSS_PATH = [str(path) for path in STYLES]
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    BINDINGS = [Binding("ctrl+q", "quit", show=False, priority=True, id="quit.ctrl+q")]

    operator: reactive[str] = reactive("")
    environment: reactive[str] = reactive("")
    is_read_only: reactive[bool] = reactive(False)
    trouble: reactive[str] = reactive("")
    refused: reactive[frozenset[str]] = reactive(frozenset[str]())

    def __init__(
        self,
        bridge: "Bridge",
        *,
        environment: str,
        incident_folder: Path,
        now: Callable[[], datetime] = local_now,
        preferences: Path | None = None,
        read_only: bool = False,
    ) -> None:
        super().__init__()
        self.bridge = bridge
        bridge.on_trouble = self._hear
        self.set_reactive(Console.is_read_only, read_only)
        self.incident_folder = incident_folder
        self.now = now
        self.operations: tuple[OperationInfo, ...] = ()
        self.trail = Trail()
        self.folded: set[str] = set()
        self.preference_file = preferences
        self.preferences = Preferences() if preferences is None else read(preferences)
        self.set_reactive(Console.environment, environment)
        self.set_reactive(Console.is_sandbox, environment == SANDBOX)
        self._filter = SafeLineFilter()
        for found in theme.THEMES:
            self.register_theme(found)
        names = {found.name for found in theme.THEMES}
        liked = self.preferences.theme
        self.theme = liked if liked in names else theme.DEFAULT

    def get_line_filters(self) -> list[LineFilter]:
        """Add the net through which no control character falls (R37)."""
        return [*super().get_line_filters(), self._filter]

    def get_default_screen(self) -> Screen[None]:
        """Home is the search box."""
        from tui.screens.home import HomeScreen

        return HomeScreen()

    async def on_event(self, event: events.Event) -> None:
        """Drop keys that were typed before a menu was there to be read (R43), or behind a lock (R42)."""
        if isinstance(event, events.Key) and getattr(self.screen, "is_deaf", False):
            return
        if not self.is_awake(event):
            return
        await super().on_event(event)

    def on_mount(self) -> None:
        """Record the sign-in and learn who this is, after the first screen is up."""
        self.begin_session()
        self.call_after_refresh(lambda: self.run_worker(self._sign_in(), exit_on_error=True))

    def _hear(self, error: Unavailable | None) -> None:
        """Keep the banner on every screen true: the database answered, or why not."""
        self.trouble = "" if error is None else error.sentence

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
            self.session.idle_minutes = (await self.bridge.policy()).idle_lock_minutes
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
