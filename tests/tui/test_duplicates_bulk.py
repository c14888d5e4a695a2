"""Equal ones are judged in bulk: what would happen first, a reason, a question, then one after another."""

from datetime import date
from pathlib import Path

import pytest

from db.engine import Database
from tests.duplicates.base import JOAN, queued, scanned
from tests.duplicates.test_judging import NORA
from tests.factories import actor, add_customer, add_operators
from tests.operations.acting import do
from tests.tui.practice import console_of, screen_text, showing
from tests.tui.test_duplicates_queue import reason, said, settled
from tests.tui.waiting import wait_for
from tui.screens.bulk import BulkScreen
from tui.screens.duplicates import DuplicatesScreen
from tui.widgets.dialog import Dialog


@pytest.fixture
def twice(sqlite_database: Database) -> Database:
    """Joan twice and Nora twice, exactly."""
    add_operators(sqlite_database)
    other = {**NORA, "birth_date": date(1991, 2, 3), "address": ("7 Elm Road", "Sparks", "NV", "89431")}
    for given in (JOAN, JOAN, other, other):
        add_customer(sqlite_database, **given)
    scanned(sqlite_database)
    return sqlite_database


async def tried(pilot, screen: BulkScreen) -> str:
    await wait_for(pilot, lambda: screen.is_settled, "the preview")
    return screen_text(console_of(pilot))


async def confirmed(pilot, answer: str = "tab") -> None:
    await wait_for(
        pilot, lambda: isinstance(pilot.app.screen, Dialog) and not pilot.app.screen.is_deaf, "the question"
    )
    await pilot.press(answer, "enter")


async def test_the_preview_says_who_would_go_into_whom_and_changes_nothing(
    twice: Database, tmp_path: Path
) -> None:
    screen = BulkScreen()
    async with showing(twice, tmp_path, screen) as pilot:
        shown = await tried(pilot, screen)
        assert "2 groups would be merged." in shown
        assert "→ C-1" in shown
        assert "→ C-3" in shown
    assert len(queued(twice)) == 2


async def test_all_are_merged_after_a_reason_and_a_question_and_the_queue_is_empty(
    twice: Database, tmp_path: Path
) -> None:
    queue = DuplicatesScreen()
    async with showing(twice, tmp_path, queue) as pilot:
        await settled(pilot, queue)
        await pilot.press("a")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, BulkScreen), "the preview")
        screen = pilot.app.screen
        assert isinstance(screen, BulkScreen)
        await tried(pilot, screen)
        await pilot.press("ctrl+s")
        await reason(pilot, "typed twice")
        await confirmed(pilot)
        await wait_for(pilot, lambda: screen.said, "the end")
        assert screen.said == "2 groups merged."
        await pilot.press("escape")
        await wait_for(pilot, lambda: pilot.app.screen is queue and not queue.items, "the empty queue")
        assert "2 groups merged." in said(queue)
        assert "All pairs are judged" in screen_text(console_of(pilot))


async def test_cancel_is_where_the_cursor_is_and_nothing_happens(twice: Database, tmp_path: Path) -> None:
    screen = BulkScreen()
    async with showing(twice, tmp_path, screen) as pilot:
        await tried(pilot, screen)
        await pilot.press("ctrl+s")
        await reason(pilot, "typed twice")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, Dialog) and not pilot.app.screen.is_deaf)
        await pilot.press("enter")
        await wait_for(pilot, lambda: pilot.app.screen is screen, "the preview again")
        assert screen.said is None
    assert len(queued(twice)) == 2


async def test_a_group_that_is_left_out_stays(twice: Database, tmp_path: Path) -> None:
    screen = BulkScreen()
    async with showing(twice, tmp_path, screen) as pilot:
        await tried(pilot, screen)
        await pilot.press("space")
        assert "1 group would be merged." in screen_text(console_of(pilot))
        left = screen.items[0].group.ids
        await pilot.press("ctrl+s")
        await reason(pilot, "typed twice")
        await confirmed(pilot)
        await wait_for(pilot, lambda: screen.said == "1 group merged.", "the end")
    (row,) = queued(twice)
    assert (row.a.customer_id, row.b.customer_id) == left


async def test_a_group_that_cannot_be_merged_says_why_and_stays(twice: Database, tmp_path: Path) -> None:
    do(twice, "change-birth-date", actor(), customer=2, birth_date="1981-01-01")
    screen = BulkScreen()
    async with showing(twice, tmp_path, screen, size=(120, 40)) as pilot:
        shown = await tried(pilot, screen)
        assert "1 group would be merged; 1 group stays in the queue" in shown
        while screen.item is not None and screen.item.group.ids != (1, 2):
            await pilot.press("down")
        assert "C-1 and C-2 differ by now." in screen_text(console_of(pilot))


async def test_a_merge_with_a_warning_is_left_out_until_it_is_taken_in(
    twice: Database, tmp_path: Path
) -> None:
    do(twice, "suspend-customer", actor(), customer=4)
    screen = BulkScreen()
    async with showing(twice, tmp_path, screen, size=(120, 40)) as pilot:
        shown = await tried(pilot, screen)
        assert "1 group would be merged; 1 with a warning left out." in shown
        while screen.item is not None and screen.item.group.ids != (3, 4):
            await pilot.press("down")
        assert "⚠ mind" in screen_text(console_of(pilot))
        await pilot.press("space")
        assert "2 groups would be merged." in screen_text(console_of(pilot))


async def test_all_are_said_to_be_two_people(twice: Database, tmp_path: Path) -> None:
    screen = BulkScreen()
    async with showing(twice, tmp_path, screen) as pilot:
        await tried(pilot, screen)
        await pilot.press("shift+tab", "right")
        await wait_for(pilot, lambda: screen.is_settled and screen.how.value == "dismiss", "the preview")
        await wait_for(pilot, lambda: "judged to be two people" in screen_text(console_of(pilot)))
        await pilot.press("ctrl+s")
        await reason(pilot, "twins")
        await confirmed(pilot)
        await wait_for(pilot, lambda: screen.said == "2 groups judged to be two people.", "the end")
    assert queued(twice) == []


async def test_where_nobody_is_equal_it_says_so(sqlite_database: Database, tmp_path: Path) -> None:
    add_operators(sqlite_database)
    screen = BulkScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await tried(pilot, screen)
        await wait_for(pilot, lambda: "No group of open pairs is equal" in screen_text(console_of(pilot)))
        await pilot.press("ctrl+s")
        await wait_for(pilot, lambda: said_of(screen), "the answer")


def said_of(screen: BulkScreen) -> str:
    return screen.status.sentence
