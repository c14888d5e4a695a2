"""How long a session may stand still, and how long it may last (R42)."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from textual import events

from db.errors import LatchkeyError
from tui import catalogue
from tui.incident import QuietCrash
from tui.widgets.status import StatusLine

if TYPE_CHECKING:
    from tui.bridge import Bridge
    from tui.screens.locked import LockedScreen

LONGEST_HOURS: Final = 8
WARN_MINUTES: Final = 10
LOOK_SECONDS: Final = 5.0
SIGNS_OF_LIFE: Final = (
    events.Key,
    events.Paste,
    events.MouseDown,
    events.MouseScrollDown,
    events.MouseScrollUp,
)
"""A mouse that only moves is no sign: a bump against the desk moves it."""
PASS_LOCK: Final = frozenset({"enter", "ctrl+q"})


def waking_clock() -> float:
    """Return seconds that go on while the machine sleeps, where the system counts them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Session:
    """When it began, and when the operator last gave a sign of life."""

    def __init__(self, clock: Callable[[], float] = waking_clock) -> None:
        self.clock = clock
        self.idle_minutes = 5
        self.is_warned = False
        self._began = self._touched = clock()

    def touch(self) -> None:
        """The operator is there."""
        self._touched = self.clock()

    @property
    def is_idle(self) -> bool:
        """Whether it has stood still for as long as the policy allows."""
        return self.clock() - self._touched >= self.idle_minutes * 60

    @property
    def minutes_left(self) -> float:
        """How long it may still last."""
        return LONGEST_HOURS * 60 - (self.clock() - self._began) / 60


class SessionWays(QuietCrash[int]):
    """The console's part that locks and ends it."""

    bridge: "Bridge"
    session: Session

    @property
    def left_open(self) -> str:
        """What to say on leaving of what stays open; empty where nothing does."""
        return ""

    def begin_session(self) -> None:
        """Look every few seconds; that draws nothing, so an idle console sends nothing (R41)."""
        self.session = Session()
        self.set_interval(LOOK_SECONDS, self.look_at_session)

    def look_at_session(self) -> None:
        """Lock, warn or end, where it is time."""
        left = self.session.minutes_left
        if left <= 0:
            self.exit(return_code=0, message=f"{catalogue.SESSION_OVER} {self.left_open}".strip())
        elif self.session.is_idle:
            self.lock()
        elif left <= WARN_MINUTES and not self.session.is_warned:
            self.session.is_warned = True
            for line in self.screen.query(StatusLine):
                line.tell(catalogue.SESSION_ENDS)

    @property
    def locked(self) -> "LockedScreen | None":
        """The lock screen, wherever it lies."""
        from tui.screens.locked import LockedScreen

        return next((screen for screen in self.screen_stack if isinstance(screen, LockedScreen)), None)

    def lock(self) -> None:
        """Hide everything; what was being done waits underneath."""
        from tui.screens.locked import LockedScreen
        from tui.screens.too_small import TooSmallScreen

        if self.locked is not None:
            return
        is_small = isinstance(self.screen, TooSmallScreen)
        if is_small:
            self.pop_screen()
        self.clear_notifications()
        self.push_screen(LockedScreen(self.session.idle_minutes))
        if is_small:
            self.push_screen(TooSmallScreen())
        self.run_worker(self._record_lock(), group="lock")

    async def _record_lock(self) -> None:
        try:
            await self.bridge.observe("lock-session")
        except LatchkeyError:
            return  # the lock holds without its event; what follows it, unlocking, does not

    def is_awake(self, event: events.Event) -> bool:
        """Whether an event may go on to the screen: the first key after a long rest may not."""
        if not isinstance(event, SIGNS_OF_LIFE):
            return True
        self.look_at_session()
        locked = self.locked
        if locked is None:
            self.session.touch()
            return True
        if isinstance(event, events.Key) and event.key in PASS_LOCK:
            return True
        if isinstance(event, events.MouseDown) and self.screen is locked:
            return True  # there is nothing to click on but those keys
        locked.ask()
        return False
