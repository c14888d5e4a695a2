"""What the customer's own pages look like, at both first-class sizes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db.engine import Database
from db.steps import NOT_SIGNED_IN
from tests.conftest import Clock
from tests.factories import add_operators
from tests.tui.practice import SIZES, Bench
from tests.tui.waiting import wait_for
from tui import portal_pages as pages
from tui.screens.portal import PortalScreen
from tui.widgets.portal_page import PortalPage

SHOWN = {
    "identifier": (pages.IDENTIFIER, "", False),
    "password": (pages.PASSWORD, NOT_SIGNED_IN, True),
    "code": (pages.CODE, "A code is on its way to (•••) •••-0142.", False),
    "signed-in": (pages.SIGNED_IN, "Customer C-1042, until 2026-03-02 22:00 unless you sign out.", False),
    "claim": (pages.CLAIM, pages.NO_DATE, True),
    "new-password": (pages.NEW_PASSWORD, pages.NOT_THE_SAME, True),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SHOWN)
def test_portal(name: str, size, sqlite_database: Database, clock: Clock, tmp_path: Path, snap_compare):
    add_operators(sqlite_database)
    app = Bench(replace(sqlite_database, clock=clock), tmp_path)
    page, sentence, has_failed = SHOWN[name]

    async def shown(pilot: Any) -> None:
        await wait_for(pilot, lambda: app.operations, "the sign-in")
        screen = PortalScreen()
        app.push_screen(screen)
        await wait_for(pilot, lambda: screen.is_settled, "the first page")
        address = f"https://account.example.com{page.path}"
        await screen.query_one(PortalPage).turn(page, address, sentence, has_failed=has_failed)

    assert snap_compare(app, run_before=shown, terminal_size=size)
