"""Who may be the same person stands on the customer's screen, behind everything else."""

from pathlib import Path

import pytest

from db.engine import Database
from db.models import PairState
from tests.duplicates.base import People, fill, judge, queued
from tests.factories import add_customer
from tests.tui.practice import console_of, screen_text, showing
from tests.tui.test_duplicates_queue import opened, reason
from tests.tui.waiting import wait_for
from tui.screens.customer import CustomerScreen
from tui.screens.merge import MergeScreen
from tui.widgets.candidate_section import CandidateSection


@pytest.fixture
def people(sqlite_database: Database) -> People:
    return fill(sqlite_database)


async def found(pilot, screen: CustomerScreen) -> CandidateSection:
    await wait_for(
        pilot,
        lambda: screen.query(CandidateSection) and screen.query_one(CandidateSection).shown.rows,
        "the candidates",
    )
    return screen.query_one(CandidateSection)


async def entered(pilot, screen: CustomerScreen) -> CandidateSection:
    section = await found(pilot, screen)
    section.enter()
    await pilot.pause()
    return section


async def test_who_may_be_the_same_person_stands_there_with_score_and_reasons(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    screen = CustomerScreen(people.joan)
    async with showing(sqlite_database, tmp_path, screen, size=(120, 40)) as pilot:
        section = await found(pilot, screen)
        assert [row.key for row in section.shown.rows] == [str(people.third), str(people.again)]
        shown = screen_text(console_of(pilot))
        assert "Possible duplicates" in shown
        assert "same address · same surname" in shown or "same phone" in shown


async def test_who_has_no_duplicate_sees_no_section(sqlite_database: Database, tmp_path: Path) -> None:
    from tests.factories import add_operators

    add_operators(sqlite_database)
    alone = add_customer(sqlite_database)
    screen = CustomerScreen(alone)
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await wait_for(pilot, lambda: screen.query(CandidateSection), "the section")
        await wait_for(pilot, lambda: not screen.workers._workers, "the search")
        assert not screen.query_one(CandidateSection).display


async def test_enter_opens_one(people: People, sqlite_database: Database, tmp_path: Path) -> None:
    screen = CustomerScreen(people.joan)
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await entered(pilot, screen)
        await pilot.press("enter")
        await wait_for(pilot, lambda: opened(pilot) == [people.third], "the customer")


async def test_m_merges_with_the_selected_one(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    screen = CustomerScreen(people.joan)
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await entered(pilot, screen)
        await pilot.press("m")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, MergeScreen), "the merge")
        assert isinstance(pilot.app.screen, MergeScreen)
        assert set(pilot.app.screen.ids) == {people.joan, people.third}


async def test_who_was_dismissed_is_not_shown(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    judge(sqlite_database, people.joan, people.third, "dismiss")
    screen = CustomerScreen(people.joan)
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        section = await entered(pilot, screen)
        assert [row.key for row in section.shown.rows] == [str(people.again)]
        await pilot.press("full_stop")
        await reason(pilot, "sisters")
        await wait_for(pilot, lambda: not section.shown.rows, "the other to go")
        assert "are two people" in screen.status.sentence
    assert len(queued(sqlite_database, state=PairState.DISMISSED, least=-1000.0)) == 2
