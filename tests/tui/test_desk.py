"""Home before anything is typed: what is open, what waits, who was open last."""

from collections.abc import Callable

import pytest

from db.engine import Database
from tests.duplicates.base import fill, scanned
from tests.tui.conftest import Practice
from tests.tui.office import furnish
from tests.tui.practice import SIZES, console_of, screen_text
from tests.tui.test_operation import do
from tests.tui.waiting import wait_for
from tui.messages import CustomerRequested
from tui.widgets.section import Section


def says(pilot, *texts: str) -> Callable[[], bool]:
    return lambda: all(text in screen_text(console_of(pilot)) for text in texts)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_an_idle_desk_says_so_and_whole(practice: Practice, size: tuple[int, int]) -> None:
    async with practice.opened(size=size) as pilot:
        await wait_for(pilot, says(pilot, "No interaction is open", "and no mail"), "the desk")
        assert "Nobody was open in this session" in screen_text(console_of(pilot))


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_what_is_open_and_what_waits_stands_there(practice: Practice, size: tuple[int, int]) -> None:
    do(practice.database, "start-interaction", role="lead", channel="phone", direction="inbound")
    async with practice.opened(size=size) as pilot:
        await wait_for(pilot, says(pilot, "● call 1 · ", "about nobody yet"), "the interaction")


async def test_mails_that_wait_are_counted(sqlite_database: Database, tmp_path) -> None:
    furnish(sqlite_database)
    found = Practice.__new__(Practice)
    found.database, found.folder = sqlite_database, tmp_path
    async with found.opened() as pilot:
        await wait_for(pilot, says(pilot, "… 1 mail waits in the outbox"), "the outbox")


async def test_duplicates_wait_for_who_may_judge_them(sqlite_database: Database, tmp_path) -> None:
    fill(sqlite_database)
    scanned(sqlite_database)
    found = Practice.__new__(Practice)
    found.database, found.folder = sqlite_database, tmp_path
    async with found.opened() as pilot:
        await wait_for(pilot, says(pilot, "≈ 3 pairs may be one person"), "the pairs")
    async with found.opened("support") as pilot:
        await wait_for(pilot, says(pilot, "No interaction is open"), "the desk")
        assert "may be one person" not in screen_text(console_of(pilot))


async def test_who_was_open_stands_there_on_coming_back(practice: Practice) -> None:
    async with practice.opened() as pilot:
        pilot.app.post_message(CustomerRequested(practice.joan))
        await wait_for(pilot, lambda: isinstance(pilot.app.focused, Section))
        await pilot.press("escape")
        await wait_for(pilot, says(pilot, "Recent customers", f"C-{practice.joan}  Joan Anderson"), "home")


async def test_where_nobody_is_found_the_desk_makes_room(practice: Practice) -> None:
    async with practice.opened() as pilot:
        await wait_for(pilot, says(pilot, "Open now"), "the desk")
        await pilot.press(*"xyzxyz")
        await wait_for(pilot, says(pilot, "Nobody matches"), "the answer")
        assert "Open now" not in screen_text(console_of(pilot))
        await pilot.press("escape")
        await wait_for(pilot, says(pilot, "Open now", "Find a customer"), "the desk again")
