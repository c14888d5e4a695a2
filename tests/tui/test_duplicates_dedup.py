"""A duplicate detection mode that is tried on leads to the merge of who collides, and to the queue."""

from pathlib import Path

import pytest

from db.engine import Database
from tests.duplicates.base import People, fill
from tests.factories import actor
from tests.operations.acting import do
from tests.tui.practice import console_of, screen_text, showing
from tests.tui.waiting import wait_for
from tui.screens.dedup import DedupScreen
from tui.screens.duplicates import DuplicatesScreen
from tui.screens.menu import MenuScreen
from tui.screens.merge import MergeScreen


@pytest.fixture
def people(sqlite_database: Database) -> People:
    return fill(sqlite_database)


async def groups(pilot, screen: DedupScreen) -> None:
    await wait_for(pilot, lambda: screen.is_settled and screen.items, "the groups")
    await pilot.press("enter")


async def menu(pilot) -> str:
    await pilot.press("enter")
    await wait_for(
        pilot, lambda: isinstance(pilot.app.screen, MenuScreen) and not pilot.app.screen.is_deaf, "the menu"
    )
    return screen_text(console_of(pilot))


async def test_P4_who_collides_is_merged_from_the_try_on(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    screen = DedupScreen("by-email")
    async with showing(sqlite_database, tmp_path, screen, role="admin") as pilot:
        await groups(pilot, screen)
        await pilot.press("m")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, MergeScreen), "the merge")
        assert isinstance(pilot.app.screen, MergeScreen)
        assert set(pilot.app.screen.ids) == {people.joan, people.again, people.daniel}


async def test_before_the_mode_is_in_force_nobody_is_in_the_queue_because_of_it(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    screen = DedupScreen("by-email")
    async with showing(sqlite_database, tmp_path, screen, role="admin") as pilot:
        await groups(pilot, screen)
        shown = await menu(pilot)
        assert "once the mode is in force" in shown
        assert f"Open C-{people.daniel}" in shown


async def test_P4_who_collides_under_the_mode_in_force_is_shown_in_the_queue(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    do(sqlite_database, "change-dedup-mode", actor("admin"), mode="by-email")
    screen = DedupScreen("by-email")
    async with showing(sqlite_database, tmp_path, screen, role="admin") as pilot:
        await groups(pilot, screen)
        await menu(pilot)
        await pilot.press("down", "enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, DuplicatesScreen), "the queue")
        queue = pilot.app.screen
        assert isinstance(queue, DuplicatesScreen)
        await wait_for(pilot, lambda: len(queue.items) == 2, "the pairs of the first of them")
