"""A console for tests: the real app, bridge and database, with nothing but the screen under test on top."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen

from db.engine import Database
from tests.factories import actor
from tests.tui.waiting import wait_for
from tui.app import Console
from tui.bridge import Bridge

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
SIZES = ((80, 24), (120, 40))


class Bench(Console):
    """The console with an empty home."""

    def __init__(self, database: Database, folder: Path, *, role: str = "lead") -> None:
        bridge = Bridge(lambda: database, actor(role), mailbox=folder / "mailbox")
        super().__init__(bridge, environment="SANDBOX", incident_folder=folder / "incidents", now=lambda: NOW)
        self.results: list[Any] = []
        self.opened: list[int] = []

    def get_default_screen(self) -> Screen[None]:
        """Nothing below the screen under test."""
        return Screen()

    def open_customer(self, customer_id: int) -> None:
        """Remember who was opened, and put something on top."""
        self.opened.append(customer_id)
        self.push_screen(Screen())


@asynccontextmanager
async def showing(
    database: Database,
    folder: Path,
    screen: Screen[Any],
    *,
    size: tuple[int, int] = (80, 24),
    role: str = "lead",
) -> AsyncIterator[Pilot[int]]:
    """Run the console with one screen on top, signed in."""
    app = Bench(database, folder, role=role)
    async with app.run_test(size=size, notifications=True) as pilot:
        await wait_for(pilot, lambda: app.operations, "the sign-in")
        app.push_screen(screen, app.results.append)
        await wait_for(pilot, lambda: app.screen is screen and screen.is_mounted, "the screen")
        yield pilot
    app.bridge.close()


async def customer_view(database: Database, customer_id: int) -> Any:
    """Read a customer as the console does."""
    bridge = Bridge(lambda: database, actor())
    try:
        return await bridge.customer(customer_id)
    finally:
        bridge.close()


def console_of(pilot: Pilot[int]) -> Console:
    """Return the console that a pilot drives."""
    app = pilot.app
    assert isinstance(app, Console)
    return app


def screen_text(app: Console) -> str:
    """Return what is on the screen as plain text, line by line."""
    lines = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in lines)
