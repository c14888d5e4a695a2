"""Waits in pilot tests: for a condition, never for a time."""

import asyncio
from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

DEADLINE_SECONDS = 20.0


async def wait_for(pilot: Pilot[Any], predicate: Callable[[], object], what: str = "the condition") -> None:
    """Let the app work until the predicate holds; fail after 20 s, saying what was waited for."""
    loop = asyncio.get_running_loop()
    end = loop.time() + DEADLINE_SECONDS
    while not predicate():
        if loop.time() > end:
            raise AssertionError(f"waited in vain for {what}")
        await pilot.pause(0.01)
    await pilot.pause()


async def still(pilot: Pilot[Any]) -> None:
    """Draw everything anew, and wait until it stays so: bars come and go while a screen finds its size."""
    for widget in (pilot.app.screen, *pilot.app.screen.walk_children()):
        widget.refresh(layout=True)
    before, equal = "", 0
    for _ in range(200):
        await pilot.pause(0.02)
        now = pilot.app.export_screenshot()
        equal = equal + 1 if now == before else 0
        before = now
        if any(worker.is_running and worker.group == "record" for worker in pilot.app.workers):
            continue  # what is recorded of this visit is history in the next one
        is_reading = any(worker.is_running for worker in pilot.app.workers)
        if equal >= (15 if is_reading else 3):  # a watch for mail runs on and on
            return
    raise AssertionError("the screen does not come to rest")
