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
