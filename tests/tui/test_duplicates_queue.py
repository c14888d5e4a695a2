"""The queue on the console: pairs side by side, judged with one key, taken back, filtered."""

from pathlib import Path

import pytest

from db.engine import Database
from tests.duplicates.base import People, fill, judge, pairs, queued, scanned
from tests.factories import actor, add_customer
from tests.operations.acting import do
from tests.tui.practice import Bench, screen_text, showing
from tests.tui.waiting import wait_for
from tui.screens.duplicates import DuplicatesScreen
from tui.screens.menu import MenuScreen
from tui.screens.merge import MergeScreen
from tui.widgets.ask_reason import AskReason
from tui.widgets.status import StatusLine


@pytest.fixture
def people(sqlite_database: Database) -> People:
    found = fill(sqlite_database)
    scanned(sqlite_database)
    return found


async def settled(pilot, screen: DuplicatesScreen) -> None:
    await wait_for(pilot, lambda: screen.is_settled and (screen.pair_view or not screen.items), "the pairs")


def text(pilot) -> str:
    return screen_text(pilot.app)


def said(screen: DuplicatesScreen) -> str:
    return screen.query_one(StatusLine).sentence


async def reason(pilot, words: str) -> None:
    await wait_for(
        pilot, lambda: isinstance(pilot.app.screen, AskReason) and not pilot.app.screen.is_deaf, "the reason"
    )
    await pilot.press(*("space" if letter == " " else letter for letter in words), "enter")


def opened(pilot) -> list[int]:
    assert isinstance(pilot.app, Bench)
    return pilot.app.opened


async def test_the_surest_pair_stands_first_and_both_stand_side_by_side(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen, size=(120, 40)) as pilot:
        await settled(pilot, screen)
        assert [row.score.weight for row in screen.items] == sorted(
            (row.score.weight for row in screen.items), reverse=True
        )
        shown = text(pilot)
        assert "3 open · Scanned" in shown
        assert f"C-{people.joan} Joan" in shown
        assert "household cap" in shown
        assert "1980-05-17" in shown


async def test_a_pair_that_is_looked_at_is_recorded_for_both(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    from sqlalchemy import select

    from db.models import AuditEvent

    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await settled(pilot, screen)

        def seen() -> set[int | None]:
            chosen = select(AuditEvent.customer_id).where(AuditEvent.operation == "open-customer")
            with sqlite_database.reading() as connection:
                return set(connection.execute(chosen).scalars())

        first = screen.items[0]
        await wait_for(pilot, lambda: seen() == {first.a.customer_id, first.b.customer_id}, "both events")


async def test_two_people_are_said_with_a_reason_and_taken_back_with_one_key(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        await pilot.press("full_stop")
        await reason(pilot, "sisters")
        await wait_for(pilot, lambda: len(screen.items) == 2, "the pair to go")
        assert "are two people. u takes it back." in said(screen)
        await pilot.press("u")
        await wait_for(pilot, lambda: len(screen.items) == 3, "the pair to come back")
        assert "are open again" in said(screen)
    assert len(queued(sqlite_database)) == 3


async def test_a_pair_is_put_off_with_one_key_and_the_next_one_is_selected(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        second = screen.items[1]
        await pilot.press("comma")
        await wait_for(pilot, lambda: len(screen.items) == 2, "the pair to go")
        assert screen.item is not None
        assert screen.item.id == second.id
        await pilot.press("f", "right")
        await wait_for(pilot, lambda: len(screen.items) == 1, "what was put off")
        assert screen.items[0].state == "later"
        await pilot.press("escape", "u")
        await wait_for(pilot, lambda: not screen.items, "the pair to be open again")
    assert len(queued(sqlite_database)) == 3


async def test_m_opens_the_merge_of_the_two_or_of_the_whole_group(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        await pilot.press("m")
        await wait_for(
            pilot, lambda: isinstance(pilot.app.screen, MenuScreen) and not pilot.app.screen.is_deaf
        )
        assert "All 3 of the group" in text(pilot)
        await pilot.press("down", "enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, MergeScreen), "the merge")
        assert isinstance(pilot.app.screen, MergeScreen)
        assert set(pilot.app.screen.ids) == {people.joan, people.again, people.third}


async def test_who_was_merged_meanwhile_is_gone_and_it_is_said(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        first = screen.items[0]
        judge(sqlite_database, first.a.customer_id, first.b.customer_id, "dismiss")
        await pilot.press("f5")
        await wait_for(pilot, lambda: len(screen.items) == 2, "the others")
        assert "somebody merged or judged it meanwhile" in said(screen)


async def test_after_a_merge_it_is_said_who_is_gone_and_u_takes_it_back(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        first = screen.items[0]
        one, other = first.a.customer_id, first.b.customer_id
        applied = do(sqlite_database, "merge-customers", actor(), customer=one, absorbed=f"C-{other}")
        screen._merged(applied)
        await wait_for(pilot, lambda: f"Merged: C-{other} → C-{one}." in said(screen), "who is gone")
        assert "1 other pair of theirs gone with it. u takes it back." in said(screen)
        assert len(screen.items) == 1
        await pilot.press("u")
        await wait_for(pilot, lambda: pilot.app.screen is not screen, "the way back")


async def test_support_looks_and_is_told_who_may_judge(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen, role="support") as pilot:
        await settled(pilot, screen)
        for key in ("m", "full_stop", "comma", "n", "a"):
            await pilot.press(key)
            await wait_for(pilot, lambda: "Ask a team lead" in said(screen), "the refusal")
            assert pilot.app.screen is screen
            screen.status.clear()
    assert len(queued(sqlite_database)) == 3


async def test_1_and_2_open_the_sides(people: People, sqlite_database: Database, tmp_path: Path) -> None:
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        first = screen.items[0]
        await pilot.press("2")
        await wait_for(pilot, lambda: opened(pilot) == [first.b.customer_id], "the customer")


async def test_enter_lists_what_can_be_done(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        await pilot.press("enter")
        await wait_for(
            pilot, lambda: isinstance(pilot.app.screen, MenuScreen) and not pilot.app.screen.is_deaf
        )
        await pilot.press("down", "down", "enter")
        await wait_for(pilot, lambda: len(screen.items) == 2, "the pair to be put off")


async def test_the_filters_narrow_by_score_by_kind_and_by_name(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        await pilot.press("f", "tab", "tab", "tab", *"joanie")
        await wait_for(
            pilot,
            lambda: pairs(list(screen.items)) == [(people.joan, people.third), (people.again, people.third)],
        )
        await pilot.press("shift+tab", *"99")
        await wait_for(pilot, lambda: screen.is_settled and not screen.items, "nobody")
        assert "No pair fits these filters. f changes them." in text(pilot)
        await pilot.press("backspace", "backspace", *"x")
        await wait_for(pilot, lambda: "Write the least score in bits" in said(screen), "what is wrong")


async def test_space_folds_the_pair_away(people: People, sqlite_database: Database, tmp_path: Path) -> None:
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        assert "birth date" in text(pilot)
        await pilot.press("space")
        assert "birth date" not in text(pilot)
        await pilot.press("space")
        assert "birth date" in text(pilot)


async def test_the_queue_comes_in_pages(
    people: People, sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.queueing.PAGE", 2)
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        surest = screen.items[0].id
        assert len(screen.items) == 2
        await pilot.press("right_square_bracket")
        await wait_for(pilot, lambda: len(screen.items) == 1, "the last one")
        assert "page 2" in text(pilot)
        await pilot.press("left_square_bracket")
        await wait_for(pilot, lambda: screen.items[0].id == surest, "the first page")


async def test_an_empty_queue_says_that_nobody_has_scanned(sqlite_database: Database, tmp_path: Path) -> None:
    fill(sqlite_database)
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        assert "Nobody has looked for duplicates yet. n starts a scan" in text(pilot)


async def test_an_empty_queue_says_that_all_are_judged(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    for row in queued(sqlite_database):
        judge(sqlite_database, row.a.customer_id, row.b.customer_id, "dismiss")
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        assert "All pairs are judged. n scans again" in text(pilot)


async def test_who_is_not_a_customer_any_more_is_explained_and_nothing_breaks(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    add_customer(sqlite_database, given_name="Zed")
    screen = DuplicatesScreen()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await settled(pilot, screen)
        await pilot.press("y")
        assert said(screen)
