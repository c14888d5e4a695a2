"""Looks again while a message is under way, less and less often; an idle screen asks nothing."""

from collections.abc import Callable
from typing import Any, Final

from textual.screen import Screen
from textual.timer import Timer

UNDERWAY: Final = frozenset({"queued", "sending"})
FIRST_LOOK_SECONDS: Final = 0.5
LONGEST_LOOK_SECONDS: Final = 10.0


class DeliveryWatch:
    """The timer of one screen, which calls `look`."""

    def __init__(self, screen: Screen[Any], look: Callable[[], None]) -> None:
        self._screen = screen
        self._look = look
        self._timer: Timer | None = None
        self._wait = FIRST_LOOK_SECONDS

    def begin_anew(self) -> None:
        """Something new may be under way."""
        self._wait = FIRST_LOOK_SECONDS

    def after(self, *, is_underway: bool) -> None:
        """Having looked, decide whether to look again."""
        self.stop()
        if is_underway:
            self._timer = self._screen.set_timer(self._wait, self._look)
            self._wait = min(self._wait * 2, LONGEST_LOOK_SECONDS)
        else:
            self.begin_anew()

    def stop(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
