"""What the screens for admins and auditors look like, at both first-class sizes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from db.engine import Database
from tests.conftest import Clock
from tests.tui.office import furnish
from tests.tui.practice import SIZES, Bench
from tests.tui.waiting import wait_for
from tui.screens.audit import AuditScreen
from tui.screens.dedup import DedupScreen
from tui.screens.event import EventScreen
from tui.screens.locked import LockedScreen
from tui.screens.operators import OperatorsScreen
from tui.screens.outbox import OutboxScreen
from tui.screens.roles import RolesScreen
from tui.screens.settings import SettingsScreen
from tui.screens.templates import TemplatesScreen
from tui.widgets.diff import Diff

SCREENS: dict[str, Callable[[], Screen[Any]]] = {
    "audit": AuditScreen,
    "dedup": lambda: DedupScreen("by-email"),
    "event": lambda: EventScreen(1),
    "locked": lambda: LockedScreen(5),
    "operators": OperatorsScreen,
    "outbox": OutboxScreen,
    "roles": RolesScreen,
    "settings": SettingsScreen,
    "templates": TemplatesScreen,
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCREENS)
def test_office(
    name: str, size, sqlite_database: Database, clock: Clock, tmp_path: Path, snap_compare, monkeypatch
):
    furnish(sqlite_database)
    monkeypatch.setattr("db.audit.event.new_salt", lambda: "00" * 16)
    monkeypatch.setattr("db.audit.chain.APP_VERSION", "1.0.0")
    app = Bench(replace(sqlite_database, clock=clock), tmp_path, role="admin")

    async def shown(pilot: Any) -> None:
        await wait_for(pilot, lambda: app.operations, "the sign-in")
        screen = SCREENS[name]()
        app.push_screen(screen)
        await wait_for(
            pilot, lambda: app.screen is screen and getattr(screen, "is_settled", True), "the screen"
        )
        if name == "event":
            await wait_for(pilot, lambda: screen.query_one(Diff).lines, "the event")

    assert snap_compare(app, run_before=shown, terminal_size=size)
