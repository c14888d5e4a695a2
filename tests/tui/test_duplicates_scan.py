"""A scan from the console: it can be watched, stopped, and goes on where it was."""

import threading
from pathlib import Path

import pytest

from db.duplicates import scan as scanning
from db.engine import Database
from tests.duplicates.base import fill
from tests.tui.practice import console_of, screen_text, showing
from tests.tui.test_duplicates_queue import reason, said, settled
from tests.tui.waiting import wait_for
from tui.screens.duplicates import DuplicatesScreen
from tui.widgets.work_line import WorkLine


async def test_n_scans_and_the_queue_fills(sqlite_database: Database, tmp_path: Path) -> None:
    fill(sqlite_database)
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        await pilot.press("n")
        await reason(pilot, "")
        await wait_for(pilot, lambda: len(screen.items) == 3, "the pairs")
        assert "5 customers scanned: 3 pairs in 1 group are likely one person." in said(screen)
        assert "Scanned 20" in screen_text(console_of(pilot))


async def test_a_scan_shows_how_far_it_is_is_stopped_with_esc_and_goes_on_there(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(sqlite_database)
    monkeypatch.setattr(scanning, "BATCH", 1)
    go_on, compared = threading.Event(), scanning._rows
    calls: list[int] = []

    def slow(*given):
        calls.append(1)
        if len(calls) == 2:
            go_on.wait(20)
        return compared(*given)

    monkeypatch.setattr(scanning, "_rows", slow)
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        await pilot.press("n")
        await reason(pilot, "")
        await wait_for(pilot, lambda: "comparing  ━" in screen_text(console_of(pilot)), "the bar")
        await pilot.press("n")
        assert "A scan is under way" in said(screen)
        await pilot.press("escape")
        await wait_for(pilot, lambda: "cancelling" in screen_text(console_of(pilot)), "the answer to esc")
        go_on.set()
        await wait_for(pilot, lambda: not screen.query_one(WorkLine).is_busy, "the end")
        await wait_for(pilot, lambda: "Stopped at" in said(screen), "how far it came")
        assert pilot.app.screen is screen
        await wait_for(pilot, lambda: "n goes on there" in screen_text(console_of(pilot)), "the summary")
        await pilot.press("n")
        await reason(pilot, "")
        await wait_for(pilot, lambda: "customers scanned" in said(screen), "the end of the scan")
        assert len(screen.items) == 3


async def test_a_scan_is_stopped_when_its_screen_is_left(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(sqlite_database)
    monkeypatch.setattr(scanning, "BATCH", 1)
    go_on, compared = threading.Event(), scanning._rows

    def slow(*given):
        go_on.wait(20)
        return compared(*given)

    monkeypatch.setattr(scanning, "_rows", slow)
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        await pilot.press("n")
        await reason(pilot, "")
        await wait_for(pilot, lambda: screen.query_one(WorkLine).is_busy, "the scan")
        screen.dismiss(None)
        await wait_for(pilot, lambda: pilot.app.screen is not screen, "the way back")
        go_on.set()
    with sqlite_database.reading() as connection:
        from db.queries.duplicate_scan import read_scan

        stopped = read_scan(connection)
    assert stopped is None or stopped.is_stopped
