"""Before a customer is added, those stand beside the form who may be the same person."""

from pathlib import Path

import pytest

from db.duplicates.candidates import Draft
from db.engine import Database
from tests.duplicates.base import People, fill
from tests.tui.practice import console_of, screen_text, showing
from tests.tui.test_duplicates_queue import opened
from tests.tui.waiting import wait_for
from tui.screens.add_customer import AddCustomerScreen, draft_of
from tui.widgets.field import Field
from tui.widgets.lookalikes import Lookalikes


@pytest.fixture
def people(sqlite_database: Database) -> People:
    return fill(sqlite_database)


def form() -> AddCustomerScreen:
    return AddCustomerScreen("add-customer")


async def typed(pilot, screen: AddCustomerScreen, *words: str) -> Lookalikes:
    await wait_for(pilot, lambda: screen.query(Field), "the form")
    for word in words:
        await pilot.press(*word, "enter")
    found = screen.query_one(Lookalikes)
    await wait_for(pilot, lambda: found.is_settled, "the answer")
    return found


async def test_who_may_be_the_same_person_is_shown_while_one_types(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    screen = form()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        found = await typed(pilot, screen, "Joan", "Featherstone", "1980-05-17")
        assert [each.customer_id for each in found.found] == [people.joan, people.third, people.again]
        shown = screen_text(console_of(pilot))
        assert "⚠ May be a customer already" in shown
        assert f"C-{people.joan} Joan Featherstone" in shown
        assert "same birth date" in shown


async def test_nothing_stands_there_for_somebody_new(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    screen = form()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        found = await typed(pilot, screen, "Zoltan", "Nagy")
        assert found.found == ()
        assert not found.display


async def test_ctrl_l_goes_there_o_opens_and_what_was_typed_waits(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    screen = form()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        await typed(pilot, screen, "Joan", "Featherstone", "1980-05-17")
        await pilot.press("ctrl+l", "o")
        await wait_for(pilot, lambda: opened(pilot) == [people.joan], "the customer")
        pilot.app.pop_screen()
        await wait_for(pilot, lambda: pilot.app.screen is screen, "the form")
        assert screen._values["family_name"] == "Featherstone"
        await pilot.press("escape")
        assert not screen.query_one(Lookalikes).has_focus
        assert pilot.app.screen is screen


async def test_an_answer_that_comes_late_is_dropped(
    people: People, sqlite_database: Database, tmp_path: Path
) -> None:
    screen = form()
    async with showing(sqlite_database, tmp_path, screen) as pilot:
        found = await typed(pilot, screen, "Joan", "Featherstone", "1980-05-17")
        await found._look(lambda: screen.console.bridge.call(lambda: 1), found._asked - 1)  # type: ignore[arg-type, return-value]  # of an older question
        assert len(found.found) == 3


def test_what_cannot_be_read_is_not_compared() -> None:
    assert draft_of({"family_name": "Lee", "birth_date": "1980-0", "email": "x@"}) == Draft(
        family_name="Lee", emails=("x@",)
    )
