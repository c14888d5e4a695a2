"""Lets every key act where it was meant, however fast the keys come: one after the other, none lost.

What stays inside an input goes to it at once. Any other key may move the focus or open a screen, so what is
typed after it waits until it has acted, and until a form that it opens has its cursor. Nothing that waits
ever reaches a question that came up meanwhile (R43).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.screen import Screen

from tui.widgets.deaf_modal import DeafModal
from tui.widgets.edits_at_once import EditsAtOnce

Typed = events.Key | events.Paste

OPENING: Final = frozenset({"open", "start", "ways", "undo", "do"})
"""The groups of work that ends in another screen, or says why there is none."""
AT_ONCE: Final = frozenset({"ctrl+q"})
PATIENCE_SECONDS: Final = 1.0
"""How long escape keeps its place among what was typed, where a screen is slow to open."""
LOOK_SECONDS: Final = 0.01
MOST_ROUNDS: Final = 100
SOON: Final = 5
"""Turns of the loop in which most that is asked is answered; to wait with a limit costs more."""


def reading(shown: object | None) -> str:
    """Return the group of a screen's reading: keys wait for its first answer, and for no later one."""
    return "open" if shown is None else "read"


@dataclass(frozen=True)
class _UnderWay:
    """A key that was delivered: who hears it one after the other, and on which screen it was pressed."""

    path: Sequence[MessagePump]
    screen: Screen[Any]


class KeyOrder:
    """What waits for an earlier key; `deliver` hands an event to whatever has the focus."""

    def __init__(self, app: App[Any], deliver: Callable[[Typed], Awaitable[None]]) -> None:
        self._app = app
        self._deliver = deliver
        self._waiting: deque[tuple[Typed, Screen[Any]]] = deque()
        self._under_way: _UnderWay | None = None
        self._is_held = False
        self._since = 0.0
        self._is_opening_asked = self._is_refused = False

    @property
    def is_busy(self) -> bool:
        """Whether a key is still at work, so that others wait."""
        return self._is_held

    # ---- what the ways between the screens tell

    def opens(self) -> None:
        """A key asked for a screen: where none comes, what was typed for it is dropped."""
        self._is_opening_asked = True

    def refuse(self) -> None:
        """The screen that was asked for does not come."""
        self._is_refused = True

    # ---- keys

    async def take(self, event: Typed) -> None:
        """Let an event act, now or after what came before it."""
        if not self._is_held:
            await self._hand(event)
        elif self._overtakes(event):
            self._waiting.clear()
            await self._deliver(event)
        else:
            self._waiting.append((event, self._app.screen))

    def _overtakes(self, event: Typed) -> bool:
        """Whether a key leaves all that waits behind: to quit, or out of what takes long to open."""
        if not isinstance(event, events.Key):
            return False
        is_late = not self._waiting or monotonic() - self._since > PATIENCE_SECONDS
        return event.key in AT_ONCE or (event.key == "escape" and is_late and self._is_opening)

    async def _hand(self, event: Typed) -> None:
        focused = self._app.focused
        stays = isinstance(focused, EditsAtOnce) and focused.takes(event)
        if stays:
            await self._deliver(event)
            return
        under_way = _UnderWay(self._way_up(), self._app.screen)
        self._is_opening_asked = self._is_refused = False
        await self._deliver(event)
        self._under_way, self._since = under_way, monotonic()
        if not self._is_held:
            self._is_held = True
            work: Any = self._give_in_order  # not begun yet: textual's types know only work with a result
            self._app.run_worker(work, group="keys")

    async def _give_in_order(self) -> None:
        try:
            while self._under_way is not None:
                under_way, self._under_way = self._under_way, None
                await self._rest(under_way)
                while self._waiting and self._under_way is None:
                    event, meant_for = self._waiting.popleft()
                    if not self._is_dropped(event, meant_for):
                        await self._hand(event)
        finally:
            self._is_held = False

    def _is_dropped(self, event: Typed, meant_for: Screen[Any]) -> bool:
        """A question that came up after a key was pressed does not hear it."""
        screen = self._app.screen
        if not isinstance(screen, DeafModal) or screen.hears(event):
            return False
        return screen.is_deaf or screen is not meant_for

    # ---- when a key has acted

    @property
    def _is_opening(self) -> bool:
        return any(worker.group in OPENING and not worker.is_finished for worker in self._app.workers)

    def _way_up(self) -> Sequence[MessagePump]:
        """Who hears a key, one after the other."""
        app = self._app
        return (app.focused or app.screen).ancestors_with_self

    async def _rest(self, under_way: "_UnderWay") -> None:
        """Wait until a key has gone its way, and nothing that it set off is under way."""
        app, path = self._app, under_way.path
        rounds = 0
        while rounds < MOST_ROUNDS:
            screen, focused = app.screen, app.focused
            for node in path:
                await _reached(node, node.call_later)
            await _reached(screen, screen.call_after_refresh)
            path = self._way_up()
            if self._is_opening:
                await asyncio.sleep(LOOK_SECONDS)
                continue
            rounds += 1
            is_still = app.screen is screen and app.focused is focused and screen.is_mounted
            if is_still and not any(node.message_queue_size for node in path):
                break
        if self._is_refused or (self._is_opening_asked and app.screen is under_way.screen):
            self._waiting.clear()


async def _reached(node: MessagePump, ask: Callable[[Callable[[], object]], bool]) -> None:
    """Wait until a node has come to what is asked of it now; one that is going does not come to it."""
    is_done = asyncio.Event()
    is_asked = ask(is_done.set)
    for _ in range(SOON):
        await asyncio.sleep(0)
        if is_done.is_set():
            return
    end = monotonic() + PATIENCE_SECONDS
    while is_asked and not is_done.is_set() and node.is_running and monotonic() < end:
        try:
            await asyncio.wait_for(is_done.wait(), LOOK_SECONDS)
        except TimeoutError:
            continue
