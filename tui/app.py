"""The console itself: what lives as long as the session, and the way from one screen to another."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.binding import Binding
from textual.filter import LineFilter
from textual.geometry import Size
from textual.reactive import reactive
from textual.screen import Screen
from textual.worker import Worker

from db.errors import LatchkeyError, Unavailable
from tui import catalogue, styles, theme
from tui.drawn_text import SafeLineFilter
from tui.early_keys import EarlyKeys, Typed
from tui.frames import Difference, Frames
from tui.key_order import OPENING, KeyOrder
from tui.preferences import Preferences, read
from tui.styles import Styles
from tui.terminal import hold_cursor_still
from tui.trail import Trail
from tui.ways import Ways
from tui.widgets.deaf_modal import DeafModal
from tui.widgets.guarded_input import Deaf
from tui.widgets.status import StatusLine

if TYPE_CHECKING:
    from db.engine import Database
    from tui.bridge import Bridge, OperationInfo

SANDBOX: Final = "SANDBOX"
SMALLEST: Final = (60, 16)
LARGEST: Final = (2000, 1000)
"""Columns and lines beyond what any terminal has; a size above them was not reported by one (A13)."""

WARNED_SECONDS: Final = 20.0
"""How long a warning stands over what somebody is typing."""


def local_now() -> datetime:
    """Return the time in the zone of this terminal."""
    return datetime.now().astimezone()


def _is_believable(size: Size) -> bool:
    return size.width <= LARGEST[0] and size.height <= LARGEST[1]


class Console(Ways):
    """One operator's session."""

    TITLE = catalogue.PRODUCT
    CSS_PATH = [str(path) for path in styles.FIRST]
    stylesheet: Styles
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
        when_open: "Callable[[Database], object]" = lambda _database: None,
    ) -> None:
        super().__init__()
        self.refusal: LatchkeyError | None = None
        self._when_open = when_open
        self._early = EarlyKeys()
        self.key_order = KeyOrder(self, super().on_event)
        self._frames = Frames()
        self.bridge = bridge
        bridge.on_trouble = self._hear
        bridge.on_applied, bridge.on_interaction_lost = self.heard, self.interaction_lost
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
        self._after_paste = Deaf()
        self._has_heard_of_utf8 = False
        for found in theme.THEMES:
            self.register_theme(found)
        names = {found.name for found in theme.THEMES}
        liked = self.preferences.theme
        self.theme = liked if liked in names else theme.DEFAULT
        self.stylesheet = Styles(variables=self.get_css_variables())

    def get_line_filters(self) -> list[LineFilter]:
        """Add the net through which no control character falls (R37)."""
        return [*super().get_line_filters(), self._filter]

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Send what changed of a frame; textual has no public way to come between (see `tui.frames`)."""
        if isinstance(renderable, (LayoutUpdate, ChopsUpdate)):
            renderable = Difference(self._frames, renderable)
        super()._display(screen, renderable)

    def get_default_screen(self) -> Screen[None]:
        """Home is the search box."""
        from tui.screens.home import HomeScreen

        return HomeScreen()

    async def on_event(self, event: events.Event) -> None:
        """Keep keys in their order; drop those no menu can be read for (R43), or behind a lock (R42)."""
        if isinstance(event, events.Resize) and not _is_believable(event.size):
            return
        if isinstance(event, events.Paste):
            self._after_paste.begin()
        if isinstance(event, events.Key) and (self._after_paste or not self._is_heard(event)):
            return
        if isinstance(event, events.Key) and event.key == "f5":
            self._frames.forget()  # whatever else wrote on this terminal is painted over
            self.screen.refresh()
        if not self.is_awake(event) or self._early.keeps(event):
            return
        if isinstance(event, Typed) and not event.is_forwarded:
            await self.key_order.take(event)
        else:
            await super().on_event(event)

    def _is_heard(self, event: events.Key) -> bool:
        screen = self.screen
        return not isinstance(screen, DeafModal) or not screen.is_deaf or screen.hears(event)

    def run_worker(self, work: Any, *args: Any, **options: Any) -> Worker[Any]:
        """Start work; where it is to open a screen, what is typed waits for that screen."""
        if options.get("group") in OPENING:
            self.key_order.opens()
        return super().run_worker(work, *args, **options)

    def on_mount(self) -> None:
        """Open the database and learn who this is, after the first screen is up."""
        self.begin_session()
        self.call_after_refresh(lambda: self.run_worker(self._come_in(), exit_on_error=True))

    async def _come_in(self) -> None:
        """Answer what was typed meanwhile, then record the sign-in; a database that fails ends it all."""
        try:
            database = await self.bridge.opened()
        except LatchkeyError as error:
            self.refusal = error
            self.exit(return_code=error.exit_status)
            return
        await self.bridge.quiet()
        self.stylesheet.complete()
        await self._sign_in()
        self.call_next(self._give_keys, self._early.open)
        self._when_open(database)

    async def _give_keys(self, waiting: "Callable[[], list[Typed]]") -> None:
        """Let keys that came too early act, before any that came later."""
        for event in waiting():
            await self.key_order.take(event)

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
        await self._follow(self.screen)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Keep every cursor still, so that an idle console sends nothing (R41)."""
        hold_cursor_still(event.widget)
        if not self._early.has_box:
            self.call_next(self._give_keys, self._early.find_box)

    def on_resize(self, event: events.Resize) -> None:
        """Below the smallest useful window say so; what was typed waits underneath (A15)."""
        self._frames.forget()
        from tui.screens.too_small import TooSmallScreen

        fits = event.size.width >= SMALLEST[0] and event.size.height >= SMALLEST[1]
        is_shown = isinstance(self.screen, TooSmallScreen)
        if not fits and not is_shown:
            self.push_screen(TooSmallScreen())
        elif fits and is_shown:
            self.pop_screen()

    def on_unreadable_sent(self) -> None:
        """Say once that letters are lost, and what to do; the next time they are only left out."""
        if not self._has_heard_of_utf8:
            self._has_heard_of_utf8 = True
            # The status line is empty again with the next key, which comes together with such a letter.
            self.notify(catalogue.NOT_UTF8, severity="warning", timeout=WARNED_SECONDS, markup=False)

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
